"""Budgets: what starts and commands wear out is used sparingly, and said."""

from dataclasses import replace
from itertools import pairwise

import pytest

from evenload.controller import dump_state, load_state
from evenload.controller.wear import DAY, HOUR, Wear, next_command_at, rest_of
from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings, LoadControl
from evenload.model.decision import Rest
from evenload.model.readings import LoadState
from evenload.model.sentences import sentence
from evenload.model.site import Mode, Phase
from tests.unit.controller.rig import Rig, boiler, car, site

A = Phase.A
EAGER = LoadControl(min_on=0.0, min_off=0.0, stop_delay=0.0, start_delay=0.0, starts_per_hour=100)


def restless(treat: LoadControl, load: str = "car", **settings) -> Rig:
    loads = (car(mode=Mode.SOLAR),) if load == "car" else (boiler(),)
    return Rig(site(*loads), ControlSettings(loads={load: treat}, **settings))


def clouds(rig: Rig, count: int, watts: float = 3000.0) -> None:
    for _ in range(count):
        rig.solar = watts
        rig.run(60)
        rig.solar = 0.0
        rig.run(60)


def starts(rig: Rig, load: str = "car") -> list[float]:
    running = [(now, d.loads[load].setpoint > 0.0) for now, d in rig.log]
    return [now for (_, was), (now, is_on) in pairwise(running) if is_on and not was]


@pytest.mark.parametrize("budget", ["starts_per_hour", "starts_per_day", "starts_per_session"])
@pytest.mark.parametrize("load", ["car", "boiler"])
def test_a_budget_of_starts_is_kept_and_named(budget: str, load: str) -> None:
    rig = restless(replace(EAGER, **{budget: 3}), load)
    clouds(rig, 8)
    assert len(starts(rig, load)) == (2 if budget == "starts_per_session" else 3)
    rig.solar = 3000.0
    rig.run(20)
    resting = rig.of(load)
    assert (resting.reason, resting.by) == (Reason.RESTING, budget)
    assert "often enough" in sentence(rig.site, load, resting, now=rig.now)


@pytest.mark.parametrize("load", ["car", "boiler"])
def test_rest_ends_when_it_was_said_to_end(load: str) -> None:
    rig = restless(replace(EAGER, starts_per_hour=2), load)
    clouds(rig, 4)
    rig.solar = 3000.0
    rig.run(4)
    until = rig.of(load).until
    assert until == starts(rig, load)[0] + HOUR
    rig.until(lambda: rig.setpoint(load) > 0.0, within=HOUR)
    assert 0.0 <= rig.now - until <= 15.0


def test_the_next_car_has_a_budget_of_its_own() -> None:
    rig = restless(replace(EAGER, starts_per_session=1))
    clouds(rig, 3)
    assert len(starts(rig)) == 1
    rig.devices["car"].state = LoadState.DISCONNECTED
    rig.run(30)
    rig.devices["car"].state = LoadState.CONNECTED
    clouds(rig, 1)
    assert len(starts(rig)) == 2


def test_rest_for_a_session_has_no_end_that_a_clock_knows() -> None:
    wear = Wear(starts=(1.0, 2.0), session_starts=2)
    pause = rest_of(wear, replace(EAGER, starts_per_session=2), 2.0, 10.0, is_patient=True)
    assert pause is not None
    assert (pause.budget, pause.until) == (Rest.STARTS_PER_SESSION, None)


def test_the_second_half_of_a_sessions_starts_is_spaced_out() -> None:
    treat = replace(EAGER, starts_per_session=12)
    waits: list[float] = []
    for count in range(6, 12):
        wear = Wear(starts=(1000.0,), session_starts=count)
        pause = rest_of(wear, treat, 1000.0, 1000.0, is_patient=True)
        waits.append(0.0 if pause is None or pause.until is None else pause.until - 1000.0)
    assert waits == [0.0, 900.0, 1800.0, 3600.0, 7200.0, 7200.0]


def test_a_car_that_may_use_the_grid_never_waits_for_its_own_unplugging() -> None:
    wear = Wear(starts=(1000.0,), session_starts=40)
    pause = rest_of(wear, replace(EAGER, starts_per_session=12), 1000.0, 1000.0, is_patient=False)
    assert pause is not None
    assert pause.until == 1000.0 + 1800.0


def test_a_persons_wish_goes_before_every_budget() -> None:
    rig = restless(replace(EAGER, starts_per_session=1, starts_per_day=1), daily_commands=1)
    clouds(rig, 2)
    assert rig.setpoint("car") == 0.0
    rig.set_mode("car", Mode.STANDARD)
    rig.until(lambda: rig.setpoint("car") == 16.0, within=10)


def test_the_last_half_of_a_days_commands_is_spread_over_the_day() -> None:
    rig = Rig(site(car(mode=Mode.ECO)), ControlSettings(daily_commands=40))
    rig.run(30)
    for minute in range(60):
        rig.solar = 1500.0 + 500.0 * (minute % 4)
        rig.run(30)
    told = rig.of("car").commands_in_day
    assert 20 <= told < 40
    raises = [b for (_, low), (b, high) in pairwise(rig.commands("car")) if high > low]
    used = [sum(at <= moment for at, _ in rig.commands("car")) for moment in raises]
    late = [moment for moment, count in zip(raises, used, strict=True) if count > 21]
    assert all(b - a >= DAY / 20.0 for a, b in pairwise(late))
    rig.solar = 3600.0
    rig.run(20)
    assert (rig.reason("car"), rig.of("car").by) == (Reason.RESTING, Rest.DAILY_COMMANDS)
    assert rig.of("car").until == rig.commands("car")[-1][0] + DAY / 20.0
    assert "told enough for a day" in sentence(rig.site, "car", rig.of("car"), now=rig.now)


def test_a_cut_is_never_refused_for_want_of_commands() -> None:
    rig = Rig(site(car()), ControlSettings(daily_commands=1))
    rig.run(30)
    assert rig.setpoint("car") == 16.0
    rig.house[A] = 14.0
    rig.run(5)
    assert rig.setpoint("car") == 11.0
    rig.house[A] = 30.0
    rig.run(5)
    assert rig.setpoint("car") == 0.0
    rig.house[A] = 0.0
    rig.run(600)
    assert (rig.setpoint("car"), rig.reason("car")) == (0.0, Reason.RESTING)
    assert rig.of("car").commands_in_day == 3


def test_commands_are_counted_for_24_hours() -> None:
    wear = Wear()
    for minute in range(180):
        wear = wear.told(60.0 * minute)
    assert wear.commands_at(3 * HOUR) == 180
    assert wear.commands_at(DAY + HOUR - 1.0) == 180
    assert wear.commands_at(DAY + HOUR) == 120
    assert wear.commands_at(DAY + 3 * HOUR) == 0
    assert next_command_at(wear, 180, 179 * 60.0, 3 * HOUR) == DAY + HOUR
    assert wear.told(DAY + HOUR).commands == 121


def test_budgets_survive_a_restart() -> None:
    rig = restless(replace(EAGER, starts_per_day=2))
    clouds(rig, 3)
    before = rig.state.loads["car"].wear
    rig.state = load_state(dump_state(rig.state, rig.now), rig.now)
    assert rig.state.loads["car"].wear == before
    clouds(rig, 1)
    assert len(starts(rig)) == 2


@pytest.mark.parametrize("interval", [10.0, 30.0])
def test_raises_are_as_far_apart_as_the_device_wants(interval: float) -> None:
    rig = restless(replace(EAGER, command_interval=interval))
    for watts in range(1500, 3600, 30):
        rig.solar = float(watts)
        rig.run(3)
    times = [at for at, _ in rig.commands("car")]
    assert len(times) > 5
    assert min(b - a for a, b in pairwise(times)) >= interval
