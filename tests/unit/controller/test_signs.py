"""What a grid meter says, however it says it: no direction, powers alone, one total of all phases."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from evenload.model.allocation import Reason
from evenload.model.decision import SiteStatus, TroubleCode
from evenload.model.site import Mode, Phase
from evenload.model.snapshot import Sample, Snapshot
from tests.unit.controller.rig import ALL_LEGS, VOLTAGE, Rig, boiler, car, site

A, B, C = Phase.A, Phase.B, Phase.C
PHASES = (A, B, C)


def codes(rig: Rig) -> set[TroubleCode]:
    return {trouble.code for trouble in rig.decision.troubles}


def unsigned(snapshot: Snapshot) -> Snapshot:
    """Take the direction away from the currents."""
    grid = {phase: Sample(abs(one.value), one.at) for phase, one in snapshot.grid.items()}
    return replace(snapshot, grid=grid)


def powers(snapshot: Snapshot) -> dict[Phase, Sample]:
    return {phase: Sample(one.value * VOLTAGE, one.at) for phase, one in snapshot.grid.items()}


def with_powers(snapshot: Snapshot) -> Snapshot:
    return replace(unsigned(snapshot), grid_power=powers(snapshot))


def powers_alone(snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, grid={}, grid_power=powers(snapshot))


def total_alone(snapshot: Snapshot) -> Snapshot:
    if not snapshot.grid:
        return snapshot
    total = sum(one.value for one in powers(snapshot).values())
    at = max(one.at for one in snapshot.grid.values())
    return replace(snapshot, grid={}, grid_total=Sample(total, at))


def living(rig: Rig, alter: Callable[[Snapshot], Snapshot]) -> Rig:
    rig.alter = alter
    return rig


def test_a_current_without_a_direction_takes_it_from_its_power() -> None:
    rig = living(Rig(site(car(mode=Mode.SOLAR))), with_powers)
    rig.solar = 3500.0
    rig.run(240)
    assert codes(rig) == {TroubleCode.METER_UNSIGNED}
    assert rig.setpoint("car") == pytest.approx(15.0, abs=1.0)
    assert rig.decision.base[A] == pytest.approx(-3500.0 / VOLTAGE, abs=0.5)


def test_a_current_that_was_negative_once_has_a_direction_for_ever() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)))
    rig.solar = 3500.0
    rig.run(60)
    assert rig.state.signs.is_signed
    assert not rig.state.signs.is_unsigned
    assert codes(rig) == set()


def sunny(rig: Rig) -> Rig:
    """Let the sun rise and fall under an unsigned meter, with a house that uses little."""
    rig.house[A] = 1.0
    for watts in (500.0, 1500.0, 2800.0, 1200.0, 3000.0, 1000.0, 2500.0, 500.0):
        rig.solar = watts
        rig.run(40)
    return rig


def test_where_only_the_sun_shows_that_it_has_none_it_is_refused() -> None:
    rig = sunny(living(Rig(site(car(mode=Mode.SOLAR))), unsigned))
    assert rig.state.signs.is_unsigned
    assert TroubleCode.METER_REFUSED in codes(rig)
    assert TroubleCode.METER_MISSING not in codes(rig)
    rig.run(40)
    assert rig.decision.status is SiteStatus.FAILSAFE


def test_a_house_that_uses_more_than_the_sun_gives_keeps_its_meter() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)))
    rig.house[A] = 18.0
    for watts in (500.0, 1500.0, 2800.0, 1200.0, 3000.0, 1000.0, 2500.0):
        rig.solar = watts
        rig.run(40)
    assert not rig.state.signs.is_unsigned
    assert codes(rig) == set()


def test_powers_alone_become_currents_with_something_kept_free() -> None:
    rig = living(Rig(site(car(maximum=32.0), fuse=25.0)), powers_alone)
    rig.house[A] = 8.0
    rig.run(150)
    assert rig.decision.base[A] == pytest.approx(8.0, abs=0.1)
    spread = 25.0 * 0.05 / 0.95
    assert 25.0 - 8.0 - spread - 1.5 <= rig.setpoint("car") <= 25.0 - 8.0 - 0.5
    rig.house[A] = 24.0
    rig.run(10)
    assert rig.flow()[A] <= 24.5 or rig.setpoint("car") == 0.0


def test_a_measured_voltage_leaves_half_an_ampere_to_keep_free() -> None:
    rig = living(
        Rig(site(car(maximum=32.0), fuse=25.0)),
        lambda snapshot: replace(powers_alone(snapshot), voltage={A: Sample(VOLTAGE, rig.now)}),
    )
    rig.house[A] = 8.5
    rig.run(150)
    assert rig.setpoint("car") == 16.0


def test_a_total_of_three_phases_is_never_split() -> None:
    rig = living(Rig(site(car(maximum=32.0), phases=PHASES, fuse=25.0)), total_alone)
    rig.house |= {A: 1.0, B: 3.0, C: 8.0}
    rig.run(150)
    assert codes(rig) == {TroubleCode.PHASES_NOT_MEASURED}
    assert rig.setpoint("car") == 11.0
    rig.house[C] = 13.0
    rig.run(20)
    assert rig.setpoint("car") == 6.0
    rig.house[C] = 20.0
    rig.run(20)
    assert rig.setpoint("car") == 0.0


def test_the_export_of_a_total_helps_no_phase() -> None:
    rig = living(
        Rig(site(car(maximum=32.0, phases=ALL_LEGS), phases=PHASES, fuse=20.0)), total_alone
    )
    rig.solar = 9000.0
    rig.run(200)
    assert rig.setpoint("car") == 18.0


def test_surplus_of_a_total_is_followed_as_of_phases() -> None:
    by_phase = Rig(site(car(mode=Mode.SOLAR), phases=PHASES))
    by_total = living(Rig(site(car(mode=Mode.SOLAR), phases=PHASES)), total_alone)
    for rig in (by_phase, by_total):
        rig.house |= {A: 1.0, B: 0.5, C: 0.5}
        rig.solar = 3300.0
        rig.run(240)
    assert by_total.setpoint("car") == by_phase.setpoint("car") > 10.0


def test_the_total_of_a_single_phase_is_its_power() -> None:
    rig = living(Rig(site(boiler(mode=Mode.SOLAR))), total_alone)
    rig.solar = 3000.0
    rig.run(120)
    assert codes(rig) == set()
    assert rig.setpoint("boiler") == 2300.0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e9])
def test_a_power_that_cannot_be_is_refused(value: float) -> None:
    def wrong(snapshot: Snapshot) -> Snapshot:
        samples = {A: Sample(value, rig.now)} if rig.now > 1100.0 else powers(snapshot)
        return replace(snapshot, grid={}, grid_power=samples)

    rig = living(Rig(site(car())), wrong)
    rig.run(90)
    before = rig.setpoint("car")
    assert before == 16.0
    rig.run(20)
    assert TroubleCode.METER_IMPLAUSIBLE in codes(rig)
    assert rig.setpoint("car") == before
    rig.run(40)
    assert rig.decision.status is SiteStatus.FAILSAFE
    assert rig.reason("car") is Reason.FAILSAFE


def test_currents_older_than_their_powers_only_delay() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)), interval=2.0)

    def old_currents(snapshot: Snapshot) -> Snapshot:
        old = [report for report in rig.reports if report[A].at <= rig.now - 8.0]
        past = old[-1] if old else snapshot.grid
        return replace(unsigned(replace(snapshot, grid=past)), grid_power=powers(snapshot))

    rig.alter = old_currents
    for watts in (3500.0, 500.0, 3500.0, 500.0, 3500.0):
        rig.solar = watts
        rig.run(150)
    assert rig.state.signs.is_unsigned
    assert rig.setpoint("car") == pytest.approx(15.0, abs=1.0)
