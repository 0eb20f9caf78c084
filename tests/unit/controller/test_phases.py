"""One phase or three: the regime that serves better, seldom switched, and never more than fits."""

import json
from itertools import pairwise

import pytest

from evenload.controller import dump_state, load_state
from evenload.model.control import ControlSettings, LoadControl, PhaseSwitching, Preset
from evenload.model.site import Kind, Mode, Phase
from tests.unit.controller.rig import ALL_LEGS, Rig, car, site

PHASES = (Phase.A, Phase.B, Phase.C)


def switching(*, preset: Preset = Preset.BALANCED, mode: Mode = Mode.SOLAR, **more) -> Rig:
    treat = LoadControl.of_kind(Kind.EV, preset)
    treat = LoadControl(
        start_share=treat.start_share,
        hold_share=treat.hold_share,
        phase_switching=PhaseSwitching(**more),
    )
    settings = ControlSettings(preset=preset, loads={"car": treat})
    rig = Rig(site(car(mode=mode, phases=ALL_LEGS), phases=PHASES), settings)
    rig.devices["car"].phases = 3
    return rig


def switches(rig: Rig, given: int = 3) -> list[int]:
    """Return what the charger, which gave `given` phases, was switched to, in order."""
    told = [
        command.phases
        for _, decision in rig.log
        for command in decision.commands
        if command.load == "car"
    ]
    return [phases for before, phases in pairwise([given, *told]) if phases != before]


def test_a_little_sun_starts_the_car_on_one_phase() -> None:
    rig = switching()
    rig.solar = 1900.0
    rig.run(200)
    assert rig.devices["car"].phases == 1
    assert rig.setpoint("car") == 8.0
    assert rig.of("car").power == pytest.approx(8 * 230.0)


def test_much_sun_starts_it_on_three() -> None:
    rig = switching()
    rig.solar = 7000.0
    rig.run(200)
    assert rig.devices["car"].phases == 3
    assert rig.setpoint("car") == 10.0
    assert switches(rig) == []


def test_more_sun_switches_up_after_the_delay_and_less_down_again() -> None:
    rig = switching()
    rig.solar = 3000.0
    rig.run(400)
    assert (rig.devices["car"].phases, rig.setpoint("car")) == (1, 13.0)
    rig.solar = 5800.0
    waited = rig.until(lambda: rig.devices["car"].phases == 3, within=300)
    assert 120.0 <= waited <= 170.0
    rig.run(90)
    assert rig.setpoint("car") == 8.0
    rig.solar = 2350.0
    waited = rig.until(lambda: rig.devices["car"].phases == 1, within=300)
    assert 120.0 <= waited <= 170.0
    rig.run(90)
    assert rig.setpoint("car") == 10.0
    assert all(setpoint > 0.0 for _, setpoint in rig.commands("car"))


def test_it_steps_down_to_one_phase_before_it_stops() -> None:
    rig = switching()
    rig.solar = 7000.0
    rig.run(500)
    rig.solar = 0.0
    rig.until(lambda: rig.setpoint("car") == 0.0, within=900)
    assert switches(rig) == [1]


def test_a_switch_goes_to_the_minimum_and_nothing_rises_until_it_is_surely_over() -> None:
    rig = switching(pause=15.0)
    rig.solar = 3600.0
    rig.run(400)
    rig.solar = 9000.0
    rig.until(lambda: len(switches(rig)) == 2, within=300)
    assert rig.setpoint("car") == 6.0
    raised_after = rig.until(lambda: rig.setpoint("car") > 6.0, within=120)
    assert raised_after >= 15.0


def test_the_hours_budget_of_switches_holds() -> None:
    rig = switching(delay=30.0, per_hour=2)
    for _ in range(8):
        rig.solar = 6000.0
        rig.run(150)
        rig.solar = 2350.0
        rig.run(150)
    assert switches(rig) == [1, 3]


def test_the_sessions_budget_of_switches_holds_until_the_next_car() -> None:
    rig = switching(delay=30.0, per_hour=99, per_session=3)
    for _ in range(6):
        rig.solar = 6000.0
        rig.run(150)
        rig.solar = 2350.0
        rig.run(150)
    assert len(switches(rig)) == 3


def test_without_room_for_three_phases_it_stays_on_one() -> None:
    rig = switching()
    rig.solar = 3000.0
    rig.run(300)
    rig.house[Phase.C] = 21.0
    rig.solar = 14000.0
    rig.run(400)
    assert (rig.devices["car"].phases, rig.setpoint("car")) == (1, 16.0)


def test_a_fuse_that_leaves_too_little_for_three_phases_leaves_one() -> None:
    rig = switching(mode=Mode.STANDARD)
    rig.run(120)
    assert (rig.devices["car"].phases, rig.setpoint("car")) == (3, 16.0)
    rig.house[Phase.B] = 22.0
    rig.run(900)
    assert (rig.devices["car"].phases, rig.setpoint("car")) == (1, 16.0)
    rig.house[Phase.B] = 1.0
    rig.run(400)
    assert (rig.devices["car"].phases, rig.setpoint("car")) == (3, 16.0)


def test_a_switch_never_overloads_a_phase() -> None:
    rig = switching()
    rig.house[Phase.B] = rig.house[Phase.C] = 15.0
    worst = 0.0
    for solar in (11000.0, 12500.0, 10000.0, 13500.0) * 3:
        rig.solar = solar
        for _ in range(250):
            rig.tick()
            worst = max(worst, *rig.flow().values())
    assert worst <= 25.0 + 1e-6


def test_a_car_of_one_leg_gains_nothing_from_three_phases_and_is_not_switched() -> None:
    rig = switching()
    rig.devices["car"].legs = rig.devices["car"].legs[:1]
    rig.solar = 7000.0
    rig.run(1500)
    assert rig.setpoint("car") == 16.0
    assert len(switches(rig)) <= 2


def test_after_a_restart_the_charger_gives_what_it_gave() -> None:
    rig = switching()
    rig.solar = 2350.0
    rig.run(400)
    again = Rig(rig.site, rig.settings, start=rig.now)
    again.devices, again.solar = rig.devices, rig.solar
    again.run(120)
    assert switches(again, given=1) == []
    assert again.setpoint("car") == 10.0


def test_a_restart_forgets_neither_the_phases_nor_how_often_they_were_switched() -> None:
    rig = switching()
    rig.solar = 2350.0
    rig.run(400)
    kept = load_state(json.loads(json.dumps(dump_state(rig.state, rig.now))), rig.now).loads["car"]
    before = rig.state.loads["car"].phases
    assert kept.phases is not None
    assert before is not None
    assert (kept.phases.told, kept.phases.in_session) == (before.told, before.in_session) == (1, 1)
    assert kept.phases.switches == before.switches
