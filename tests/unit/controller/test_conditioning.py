"""The conditioning table, row by row, with the defaults: what waits for what, and how long.

Rows that have tests of their own elsewhere: overloads in `test_overload`, raising in `test_raising`,
surplus in `test_surplus`, the battery in `test_battery`, budgets in `test_wear`.
"""

from dataclasses import replace
from itertools import pairwise

import pytest

from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings, LoadControl, Preset
from evenload.model.site import Kind, Mode, Phase
from tests.unit.controller.rig import VOLTAGE, Rig, boiler, car, site

A = Phase.A
MINIMUM = 6.0 * VOLTAGE


def sunny(load, watts: float, settings: ControlSettings | None = None) -> Rig:
    rig = Rig(site(load), settings)
    rig.solar = watts
    rig.run(200)
    assert rig.setpoint(load.id) > 0.0
    return rig


def edges(rig: Rig, load: str) -> list[tuple[float, bool]]:
    running = [(now, d.loads[load].setpoint > 0.0) for now, d in rig.log]
    return [(now, is_on) for (_, was), (now, is_on) in pairwise(running) if was is not is_on]


def test_what_the_table_says_by_default() -> None:
    ev, heater = LoadControl.of_kind(Kind.EV), LoadControl.of_kind(Kind.SWITCH)
    settings = ControlSettings()
    assert (ev.start_delay, ev.stop_delay) == (60.0, 180.0)
    assert (ev.start_share, ev.hold_share) == (0.6, 0.5)
    strict = LoadControl.of_kind(Kind.EV, Preset.STRICT)
    assert (strict.start_share, strict.hold_share) == (1.0, 0.9)
    assert (ev.min_on, ev.min_off) == (300.0, 300.0)
    assert (heater.min_on, heater.min_off) == (60.0, 60.0)
    assert (ev.starts_per_hour, ev.starts_per_session) == (6, 12)
    assert (ev.command_interval, settings.daily_commands) == (10.0, 2000)
    assert (settings.overload_grace, settings.raise_interval, settings.raise_rate) == (30, 10, 2)
    assert settings.surplus_interval == 5.0


@pytest.mark.parametrize(("preset", "share"), [(Preset.STRICT, 0.9), (Preset.BALANCED, 0.5)])
def test_keep_running_while_surplus_covers_the_hold_share(preset: Preset, share: float) -> None:
    for covered, runs in ((share + 0.05, True), (share - 0.05, False)):
        rig = sunny(car(mode=Mode.SOLAR), 2000.0, ControlSettings(preset=preset))
        rig.run(300)
        rig.solar = covered * MINIMUM
        rig.run(900)
        assert (rig.setpoint("car") > 0.0) is runs


@pytest.mark.parametrize(("load", "least"), [(car(mode=Mode.SOLAR), 300.0), (boiler(), 60.0)])
def test_least_times_on_and_off(load, least: float) -> None:
    treat = replace(LoadControl.of_kind(load.kind), stop_delay=0.0, start_delay=0.0)
    rig = Rig(site(load), ControlSettings(loads={load.id: treat}))
    for _ in range(30):
        rig.solar = 3000.0
        rig.run(45)
        rig.solar = 0.0
        rig.run(45)
    spans = [later - now for (now, _), (later, _) in pairwise(edges(rig, load.id))]
    assert len(spans) >= 2
    assert least <= min(spans) <= least + 60.0


def test_a_compressor_is_as_patient_as_its_user_sets_it() -> None:
    compressor = LoadControl(min_on=600.0, min_off=600.0, starts_per_hour=3, start_delay=0.0)
    rig = Rig(site(boiler()), ControlSettings(loads={"boiler": compressor}))
    for _ in range(24):
        rig.solar = 3000.0
        rig.run(150)
        rig.solar = 0.0
        rig.run(150)
    spans = [later - now for (now, _), (later, _) in pairwise(edges(rig, "boiler"))]
    starts = [now for now, is_on in edges(rig, "boiler") if is_on]
    assert min(spans) >= 600.0
    assert all(fourth - first >= 3600.0 for first, fourth in zip(starts, starts[3:], strict=False))


def test_least_times_on_give_way_to_safety() -> None:
    rig = sunny(car(mode=Mode.SOLAR), 3000.0)
    rig.solar = 0.0
    rig.house[A] = 24.0
    rig.run(4)
    assert rig.setpoint("car") == 0.0
    assert rig.reason("car") is not Reason.HOLDING


def test_an_ev_starts_six_times_an_hour_at_most() -> None:
    treat = replace(
        LoadControl.of_kind(Kind.EV), min_on=0.0, min_off=0.0, stop_delay=0.0, start_delay=0.0
    )
    rig = Rig(site(car(mode=Mode.SOLAR)), ControlSettings(loads={"car": treat}))
    for _ in range(18):
        rig.solar = 3000.0
        rig.run(100)
        rig.solar = 0.0
        rig.run(60)
    assert sum(is_on for _, is_on in edges(rig, "car")) == 6


def test_an_ev_starts_twelve_times_a_session_at_most() -> None:
    treat = replace(
        LoadControl.of_kind(Kind.EV),
        min_on=0.0,
        min_off=0.0,
        stop_delay=0.0,
        start_delay=0.0,
        starts_per_hour=3600,
    )
    rig = Rig(site(car(mode=Mode.SOLAR)), ControlSettings(loads={"car": treat}))
    for cloud in (40.0,) * 6 + (900.0, 1800.0, 3600.0, 7200.0, 7200.0, 7200.0, 40.0):
        rig.solar = 3000.0
        rig.run(40)
        rig.solar = 0.0
        rig.run(cloud)
    assert sum(is_on for _, is_on in edges(rig, "car")) == 12
    rig.solar = 3000.0
    rig.run(40)
    assert (rig.reason("car"), rig.of("car").until) == (Reason.RESTING, None)


def test_the_change_band_on_surplus_is_the_smallest_step() -> None:
    rig = sunny(car(mode=Mode.SOLAR), 10.0 * VOLTAGE)
    assert rig.setpoint("car") == 10.0
    rig.solar = 11.1 * VOLTAGE
    rig.run(60)
    assert rig.setpoint("car") == 11.0
    commands = len(rig.commands("car"))
    for noise in (0.1, -0.1) * 20:
        rig.solar = (11.1 + noise) * VOLTAGE
        rig.run(6)
    assert len(rig.commands("car")) == commands


def test_with_little_power_left_the_current_goes_down_before_the_load_stops() -> None:
    rig = sunny(car(mode=Mode.SOLAR), 3000.0)
    rig.run(300)
    rig.log.clear()
    for watts in range(3000, 0, -60):
        rig.solar = float(watts)
        rig.run(12)
    rig.run(300)
    told = [setpoint for _, setpoint in rig.commands("car")]
    assert told == sorted(told, reverse=True)
    assert told[-2:] == [6.0, 0.0]
    reasons = [d.loads["car"].reason for _, d in rig.log]
    assert Reason.HOLDING in reasons


def test_starts_are_staged_each_after_the_slow_meter_has_shown_the_last() -> None:
    names = ("one", "two", "three", "four")
    rig = Rig(site(*(car(name, maximum=8.0) for name in names), fuse=63.0), interval=15.0, lag=8.0)
    for name in names:
        rig.devices[name].delay = 6.0
        rig.devices[name].report_interval = 10.0
    rig.run(400)
    starts = sorted(rig.commands(name)[0][0] for name in names)
    assert min(later - earlier for earlier, later in pairwise(starts)) >= 6.0 + 8.0
    assert all(rig.setpoint(name) == 8.0 for name in names)


def test_a_car_that_never_comes_up_holds_the_next_start_for_its_time_only() -> None:
    rig = Rig(site(car("asleep"), car("awake"), fuse=63.0), interval=5.0, lag=2.0)
    rig.devices["asleep"].takes = 0.0
    rig.run(90)
    first, second = rig.commands("asleep")[0][0], rig.commands("awake")[0][0]
    assert 10.0 < second - first <= 45.0
