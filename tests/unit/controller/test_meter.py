"""Readings that cannot be trusted: refused, waited out, then failsafe; and back by itself."""

import math
from dataclasses import replace

import pytest

from evenload.controller import ControllerState, step
from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings, LoadControl
from evenload.model.decision import SiteStatus, TroubleCode
from evenload.model.sentences import sentence, status_sentence, trouble_sentence
from evenload.model.site import Mode, Phase
from evenload.model.snapshot import Sample
from tests.unit.controller.rig import Rig, boiler, car, site

A = Phase.A


def troubles(rig: Rig) -> list[tuple[TroubleCode, str]]:
    return [(trouble.code, trouble.about) for trouble in rig.decision.troubles]


def running() -> Rig:
    rig = Rig(site(car(), boiler(mode=Mode.STANDARD, priority=2), fuse=35.0))
    rig.run(90)
    assert (rig.setpoint("car"), rig.setpoint("boiler")) == (16.0, 2300.0)
    return rig


def test_a_silent_meter_means_failsafe_within_the_timeout_and_says_so() -> None:
    rig = running()
    rig.is_silent = True
    rig.run(29)
    assert rig.decision.status is SiteStatus.OK
    assert rig.setpoint("car") == 16.0
    rig.run(4)
    assert rig.decision.status is SiteStatus.FAILSAFE
    assert troubles(rig) == [(TroubleCode.METER_SILENT, "grid")]
    assert (rig.setpoint("car"), rig.reason("car")) == (6.0, Reason.FAILSAFE)
    assert (rig.setpoint("boiler"), rig.reason("boiler")) == (0.0, Reason.FAILSAFE)
    assert all(c.urgent for _, d in rig.log[-4:] for c in d.commands)


def test_it_recovers_by_itself_by_the_ordinary_way_up() -> None:
    rig = running()
    rig.is_silent = True
    rig.run(60)
    rig.is_silent = False
    rig.run(3)
    assert rig.decision.status is SiteStatus.OK
    assert rig.decision.troubles == ()
    assert rig.setpoint("car") == 6.0
    rig.until(lambda: rig.setpoint("car") == 16.0, within=60)


def test_the_trouble_keeps_its_beginning() -> None:
    rig = running()
    rig.is_silent = True
    rig.run(40)
    (first,) = rig.decision.troubles
    rig.run(40)
    assert rig.decision.troubles == (first,)


def test_a_slow_meter_is_silent_only_after_three_of_its_own_intervals() -> None:
    rig = Rig(site(car()), interval=15.0)
    rig.run(120)
    rig.is_silent = True
    silent_for = rig.until(lambda: rig.decision.status is SiteStatus.FAILSAFE, within=60)
    assert 30.0 < silent_for <= 47.0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 3450.0, 16000.0, -200.0])
def test_what_cannot_be_is_refused(value: float) -> None:
    rig = running()
    rig.garble = lambda currents: dict.fromkeys(currents, value)
    rig.run(5)
    assert (TroubleCode.METER_IMPLAUSIBLE, "grid/A") in troubles(rig)
    assert rig.setpoint("car") == 16.0
    rig.run(40)
    assert rig.decision.status is SiteStatus.FAILSAFE
    assert rig.setpoint("car") == 6.0


def test_the_refused_value_is_named() -> None:
    rig = running()
    rig.garble = lambda currents: dict.fromkeys(currents, 3450.0)
    rig.run(3)
    assert rig.decision.troubles[0].given == 3450.0


def test_a_phase_that_is_not_there_is_named_and_is_waited_for() -> None:
    phases = (Phase.A, Phase.B, Phase.C)
    rig = Rig(site(car(), phases=phases))
    rig.run(60)
    rig.garble = lambda currents: {p: v for p, v in currents.items() if p is not Phase.B}
    rig.run(5)
    assert troubles(rig) == [(TroubleCode.METER_MISSING, "grid/B")]
    assert rig.decision.status is SiteStatus.OK
    rig.run(40)
    assert rig.decision.status is SiteStatus.FAILSAFE


def test_a_house_without_any_meter_commands_nothing_and_ends_in_failsafe() -> None:
    rig = Rig(site(car()))
    rig.is_silent = True
    rig.run(100)
    assert rig.commands("car") == []
    assert rig.decision.status is SiteStatus.FAILSAFE
    assert troubles(rig) == [(TroubleCode.METER_MISSING, "grid/A")]


def test_the_safe_current_is_the_users() -> None:
    for safe, expected in ((8.0, 8.0), (0.0, 0.0), (5.0, 0.0), (32.0, 15.0)):
        settings = ControlSettings(loads={"car": LoadControl(safe_current=safe)})
        rig = Rig(site(car(maximum=15.0)), settings)
        rig.run(60)
        rig.is_silent = True
        rig.run(40)
        assert rig.setpoint("car") == expected


def test_an_appliance_must_fit_beside_the_safe_currents_else_the_last_go_off() -> None:
    rig = Rig(site(*(car(name) for name in ("one", "two", "three")), fuse=25.0))
    rig.run(200)
    rig.is_silent = True
    rig.run(40)
    assert [rig.setpoint(name) for name in ("one", "two", "three")] == [6.0, 6.0, 0.0]


def test_what_the_house_drew_last_is_kept_free_too() -> None:
    rig = Rig(site(car("one"), car("two", priority=2), fuse=32.0))
    rig.house[A] = 18.0
    rig.run(200)
    assert (rig.setpoint("one"), rig.setpoint("two")) == (8.0, 6.0)
    rig.is_silent = True
    rig.run(40)
    assert (rig.setpoint("one"), rig.setpoint("two")) == (6.0, 6.0)
    rig.is_silent = False
    rig.house[A] = 20.0
    rig.run(60)
    rig.is_silent = True
    rig.run(40)
    assert (rig.setpoint("one"), rig.setpoint("two")) == (6.0, 6.0)
    rig.is_silent = False
    rig.house[A] = 1.0
    rig.run(120)
    rig.is_silent = True
    rig.run(20)
    rig.house[A] = 25.0
    rig.run(20)
    assert (rig.setpoint("one"), rig.setpoint("two")) == (6.0, 6.0)


def test_failsafe_never_raises() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)))
    rig.run(60)
    rig.is_silent = True
    rig.run(120)
    assert rig.commands("car") == []


def test_off_stays_off_and_works_in_failsafe() -> None:
    rig = running()
    rig.is_silent = True
    rig.run(60)
    rig.set_mode("car", Mode.OFF)
    rig.run(3)
    assert (rig.setpoint("car"), rig.reason("car")) == (0.0, Reason.OFF)


def test_a_frozen_meter_is_found_by_what_it_must_have_seen() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)))
    rig.solar = 3000.0
    rig.run(150)
    rig.is_frozen = True
    found = None
    for watts in (2000.0, 3000.0, 2000.0, 3000.0):
        rig.solar = watts
        rig.run(40)
        if found is None and rig.decision.status is SiteStatus.FAILSAFE:
            found = watts
    assert found is not None
    assert troubles(rig) == [(TroubleCode.METER_FROZEN, "grid")]
    assert rig.reason("car") is Reason.FAILSAFE
    (trouble,) = rig.decision.troubles
    assert trouble_sentence(rig.site, trouble) == (
        "The values of the grid meter stand still though loads changed."
    )
    assert status_sentence(rig.decision.status) == (
        "The grid meter cannot be trusted; loads have only what is safe without it."
    )
    assert sentence(rig.site, "car", rig.of("car")) == (
        "The grid meter cannot be trusted, so car gets only what is safe without it, 6 A."
    )
    rig.is_frozen = False
    rig.house[A] = 1.0
    rig.run(5)
    assert rig.decision.status is not SiteStatus.FAILSAFE


def unsettled(*loads) -> Rig:
    """Return a house in which a fine meter has never stood still for long, and all loads have run long."""
    rig = Rig(site(*loads), interval=5.0)
    for number in range(100):
        rig.house[A] = 1.0 + 0.1 * (number % 3)
        rig.run(5)
    return rig


def test_a_fine_meter_that_freezes_is_found_out_though_loads_can_only_be_stopped() -> None:
    rig = unsettled(car(maximum=6.0), boiler(mode=Mode.STANDARD, priority=2))
    assert (rig.setpoint("car"), rig.setpoint("boiler")) == (6.0, 2300.0)
    rig.is_frozen = True
    assert rig.until(lambda: "failsafe" in rig.decision.status, within=120) > 30
    assert rig.setpoint("boiler") == 0.0


def test_a_fine_meter_in_a_house_that_stands_still_seldom_costs_a_pause() -> None:
    rig = unsettled(car(maximum=6.0), boiler(mode=Mode.STANDARD, priority=2))
    rig.log.clear()
    rig.run(4 * 3600)
    stops = [
        at for at, setpoint in (*rig.commands("boiler"), *rig.commands("car")) if setpoint == 0.0
    ]
    assert len(stops) <= 8
    assert (rig.setpoint("car"), rig.setpoint("boiler")) == (6.0, 2300.0)
    assert SiteStatus.FAILSAFE not in {decision.status for _, decision in rig.log}


def test_a_load_on_the_sun_is_stopped_only_after_minutes_in_which_not_even_that_moved() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)), interval=5.0)
    rig.solar = 1400.0
    for number in range(150):
        rig.house[A] = 1.0 + 0.1 * (number % 3)
        rig.run(5)
    assert rig.setpoint("car") == 6.0
    rig.is_frozen = True
    assert 300 < rig.until(lambda: rig.setpoint("car") == 0.0, within=400) < 330


def test_a_meter_that_stands_still_in_a_still_house_is_not_frozen() -> None:
    rig = running()
    rig.is_frozen = True
    rig.run(3600)
    assert rig.decision.status is SiteStatus.OK


def test_a_frozen_meter_is_found_out_by_lowering_a_load_on_purpose() -> None:
    rig = Rig(site(car()))
    rig.run(60)
    rig.house[A] = 12.0
    rig.run(30)
    rig.house[A] = 1.0
    rig.run(3)
    rig.is_frozen = True
    rig.devices["car"].takes = 9.5
    rig.until(lambda: rig.setpoint("car") == 6.0, within=40)
    rig.until(lambda: rig.decision.status is SiteStatus.FAILSAFE, within=40)
    assert troubles(rig) == [(TroubleCode.METER_FROZEN, "grid")]


def test_current_is_not_raised_while_a_move_is_due_that_the_meter_does_not_show() -> None:
    rig = Rig(site(car(), fuse=16.0))
    rig.house[A] = 4.0
    rig.until(lambda: rig.setpoint("car") == 12.0, within=40)
    rig.is_frozen = True
    rig.house[A] = 0.0
    rig.run(120)
    assert max(decision.loads["car"].setpoint for _, decision in rig.log) == 12.0
    assert rig.decision.status is SiteStatus.FAILSAFE


def test_a_live_meter_clears_the_doubt_and_the_load_comes_back() -> None:
    rig = Rig(site(car()))
    rig.run(60)
    rig.is_frozen = True
    rig.devices["car"].takes = 12.0
    rig.run(16)
    rig.is_frozen = False
    rig.devices["car"].takes = 16.0
    rig.run(90)
    assert rig.decision.status is SiteStatus.OK
    assert rig.setpoint("car") == 16.0


def test_one_missed_move_is_a_doubt_and_raises_nothing() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)))
    rig.solar = 2400.0
    rig.run(200)
    rig.is_frozen = True
    before = rig.setpoint("car")
    rig.solar = 3600.0
    rig.run(25)
    assert rig.decision.status is SiteStatus.OK
    assert rig.setpoint("car") <= before


def test_a_car_that_reports_later_than_the_meter_is_no_frozen_meter() -> None:
    for report_interval in (10.0, 30.0, 60.0):
        rig = Rig(site(car()))
        rig.devices["car"].report_interval = report_interval
        rig.run(600)
        assert [setpoint for _, setpoint in rig.commands("car")] == [16.0]
        assert rig.decision.troubles == ()


@pytest.mark.parametrize("every", [0.1, 0.2, 0.3, 0.5])
@pytest.mark.parametrize("apart", [0.0, 0.02])
def test_a_meter_that_reports_many_times_a_second_is_live(every: float, apart: float) -> None:
    phases = (Phase.A, Phase.B, Phase.C)
    state, now = ControllerState.initial(0.0), 0.0
    rig = Rig(site(car(), phases=phases))
    grid: dict[Phase, Sample] = {}
    while now < 30.0:
        now += every
        for place, phase in enumerate(phases):
            grid[phase] = Sample(1.0 + now % 0.4, now + place * apart)
        snapshot = replace(rig.snapshot(), grid=dict(grid))
        state, decision = step(state, snapshot, now + 3.0 * apart)
    assert decision.status is SiteStatus.OK
    interval = state.meters["grid"].interval
    assert interval is not None
    assert every <= interval + 1e-9 <= 0.8
    assert decision.loads["car"].setpoint == 16.0


def test_a_meter_slower_than_its_timeout_is_learnt_and_then_believed() -> None:
    rig = Rig(site(car()), interval=45.0)
    rig.run(600)
    assert rig.decision.status is SiteStatus.OK
    assert rig.state.meters["grid"].interval == 45.0
