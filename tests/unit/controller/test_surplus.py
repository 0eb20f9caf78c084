"""Following the sun: start when it stays, hold through clouds, follow without chatter."""

import random
from itertools import pairwise

import pytest

from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings, LoadControl, Preset
from evenload.model.site import Kind, Mode, Phase
from tests.unit.controller.rig import ALL_LEGS, Rig, boiler, car, site

A = Phase.A


def sunny(*loads, watts: float = 3000.0, **more) -> Rig:
    rig = Rig(site(*loads), **more)
    rig.solar = watts
    rig.run(150)
    return rig


def test_a_solar_car_starts_when_there_has_been_surplus_for_a_minute() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)))
    rig.run(20)
    assert rig.reason("car") is Reason.WAITING_FOR_SURPLUS
    rig.solar = 3000.0
    rig.run(30)
    assert rig.reason("car") is Reason.STARTING
    assert rig.now < rig.of("car").until <= rig.now + 60.0
    rig.run(70)
    assert rig.reason("car") is Reason.SURPLUS
    assert rig.setpoint("car") == 13.0


def test_a_gap_in_the_clouds_starts_nothing() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)))
    for _ in range(8):
        rig.solar = 3000.0
        rig.run(25)
        rig.solar = 0.0
        rig.run(55)
    assert rig.commands("car") == []


@pytest.mark.parametrize(("preset", "watts"), [(Preset.STRICT, 1380.0), (Preset.BALANCED, 828.0)])
def test_the_preset_says_how_much_sun_starts_a_car(preset: Preset, watts: float) -> None:
    for enough, more in ((False, -30.0), (True, 30.0)):
        rig = Rig(site(car(mode=Mode.SOLAR)), ControlSettings(preset=preset))
        rig.solar = watts + more
        rig.run(200)
        assert (rig.setpoint("car") == 6.0) is enough


def test_it_follows_the_sun_down_and_up() -> None:
    rig = sunny(car(mode=Mode.SOLAR), watts=3300.0)
    assert rig.setpoint("car") == 14.0
    rig.solar = 1900.0
    rig.run(20)
    assert rig.setpoint("car") == 8.0
    rig.solar = 3300.0
    rig.run(90)
    assert rig.setpoint("car") == 14.0


def test_commands_that_follow_surplus_are_ten_seconds_apart() -> None:
    rig = sunny(car(mode=Mode.SOLAR))
    for watts in range(3600, 1500, -30):
        rig.solar = float(watts)
        rig.run(2)
    times = [at for at, _ in rig.commands("car")]
    assert len(times) > 5
    assert min(b - a for a, b in pairwise(times)) >= 10.0


def test_when_the_sun_is_gone_it_holds_at_its_minimum_and_then_stops() -> None:
    rig = sunny(car(mode=Mode.SOLAR))
    rig.run(300)
    rig.solar = 0.0
    rig.run(20)
    assert (rig.setpoint("car"), rig.reason("car")) == (6.0, Reason.HOLDING)
    until = rig.of("car").until
    assert 150.0 < until - rig.now <= 180.0
    rig.run(until - rig.now + 2)
    assert rig.setpoint("car") == 0.0
    rig.run(5)
    assert rig.of("car").reason in (Reason.RESTING, Reason.WAITING_FOR_SURPLUS)


def test_a_cloud_does_not_stop_it() -> None:
    rig = sunny(car(mode=Mode.SOLAR))
    rig.run(300)
    rig.solar = 0.0
    rig.run(170)
    rig.solar = 3000.0
    rig.run(120)
    assert rig.setpoint("car") == 13.0
    assert all(setpoint > 0.0 for _, setpoint in rig.commands("car"))


def test_it_runs_on_at_its_minimum_while_half_of_that_is_there() -> None:
    rig = sunny(car(mode=Mode.SOLAR))
    rig.solar = 750.0
    rig.run(1200)
    assert (rig.setpoint("car"), rig.reason("car")) == (6.0, Reason.SURPLUS)
    rig.solar = 600.0
    rig.run(500)
    assert rig.setpoint("car") == 0.0


def test_it_stays_on_for_its_least_time_and_off_for_its_least_time() -> None:
    treat = LoadControl(min_on=600.0, min_off=400.0, stop_delay=10.0, start_delay=5.0)
    rig = Rig(site(car(mode=Mode.SOLAR)), ControlSettings(loads={"car": treat}))
    rig.solar = 3000.0
    rig.until(lambda: rig.setpoint("car") > 0.0, within=90)
    rig.solar = 0.0
    on_for = rig.until(lambda: rig.setpoint("car") == 0.0, within=700)
    assert 599.0 <= on_for <= 603.0
    rig.solar = 3000.0
    rig.run(3)
    assert rig.reason("car") is Reason.RESTING
    off_for = rig.until(lambda: rig.setpoint("car") > 0.0, within=500)
    assert 399.0 <= off_for + 3.0 <= 430.0


def test_starts_within_an_hour_are_limited() -> None:
    treat = LoadControl(min_on=0.0, min_off=0.0, stop_delay=0.0, start_delay=0.0, starts_per_hour=3)
    rig = Rig(site(car(mode=Mode.SOLAR)), ControlSettings(loads={"car": treat}))
    for _ in range(10):
        rig.solar = 3000.0
        rig.run(120)
        rig.solar = 0.0
        rig.run(120)
    starts = [at for at, setpoint in rig.commands("car") if setpoint > 0.0]
    began = [now for now, d in rig.log if d.loads["car"].reason is Reason.RESTING]
    assert starts[0] < began[0]
    running = [d.loads["car"].setpoint > 0.0 for _, d in rig.log]
    count = sum(1 for a, b in pairwise(running) if b and not a)
    assert count == 3


def test_a_boiler_starts_when_the_sun_covers_it_and_the_car_takes_the_rest() -> None:
    rig = sunny(boiler(), car(mode=Mode.SOLAR, priority=2), watts=4400.0)
    assert (rig.setpoint("boiler"), rig.setpoint("car")) == (2300.0, 9.0)


def test_noise_and_a_spike_in_the_sun_do_not_raise() -> None:
    rig = sunny(car(mode=Mode.SOLAR), watts=2000.0)
    before = len(rig.commands("car"))
    rig.solar = 3500.0
    rig.run(3)
    rig.solar = 2000.0
    rig.run(30)
    assert len(rig.commands("car")) == before


def test_eco_runs_at_its_minimum_from_the_grid_and_takes_the_sun_on_top() -> None:
    rig = Rig(site(car(mode=Mode.ECO)))
    rig.run(60)
    assert (rig.setpoint("car"), rig.reason("car")) == (6.0, Reason.MINIMUM)
    rig.solar = 2400.0
    rig.run(60)
    assert (rig.setpoint("car"), rig.reason("car")) == (10.0, Reason.SURPLUS)


def test_a_three_phase_car_that_uses_one_leg_starts_on_the_sun_for_one() -> None:
    phases = (Phase.A, Phase.B, Phase.C)
    rig = Rig(site(car(mode=Mode.SOLAR, phases=ALL_LEGS), phases=phases))
    rig.devices["car"].legs = rig.devices["car"].legs[:1]
    assert rig.devices["car"].kind is Kind.EV
    rig.solar = 1900.0
    rig.run(300)
    assert rig.setpoint("car") == 8.0


def test_of_two_levels_it_takes_the_nearer_one_unless_it_is_strict() -> None:
    for preset, watts, level in (
        (Preset.BALANCED, 2450.0, 11.0),
        (Preset.BALANCED, 2380.0, 10.0),
        (Preset.STRICT, 2450.0, 10.0),
    ):
        rig = Rig(site(car(mode=Mode.SOLAR)), ControlSettings(preset=preset))
        rig.solar = watts
        rig.run(300)
        assert rig.setpoint("car") == level


def test_the_nearer_level_never_breaks_a_limit() -> None:
    limited = Rig(site(car(mode=Mode.SOLAR), import_limit=0.0))
    limited.solar = 2450.0
    limited.run(300)
    assert limited.setpoint("car") == 10.0


def test_sun_that_comes_and_goes_counts_by_what_it_gives_on_the_whole() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)))
    for _ in range(5):
        rig.solar = 3000.0
        rig.run(40)
        rig.solar = 500.0
        rig.run(20)
    assert rig.setpoint("car") > 0.0


def test_the_less_is_missing_the_longer_it_stays() -> None:
    times = []
    for watts in (0.0, 500.0):
        rig = sunny(car(mode=Mode.SOLAR))
        rig.run(300)
        rig.solar = watts
        times.append(rig.until(lambda rig=rig: rig.setpoint("car") == 0.0, within=900))
    assert 170.0 < times[0] < 220.0
    assert 300.0 < times[1] < 400.0


def test_on_three_legs_it_holds_for_a_third_of_the_time() -> None:
    phases = (Phase.A, Phase.B, Phase.C)
    rig = Rig(site(car(mode=Mode.SOLAR, phases=ALL_LEGS), phases=phases))
    rig.solar = 8000.0
    rig.run(600)
    rig.solar = 0.0
    assert 55.0 < rig.until(lambda: rig.setpoint("car") == 0.0, within=300) < 110.0


def test_from_the_fourth_start_of_a_day_on_each_takes_twice_as_much_sun() -> None:
    treat = LoadControl(min_on=0.0, min_off=0.0, stop_delay=0.0, starts_per_hour=99)
    rig = Rig(site(car(mode=Mode.SOLAR)), ControlSettings(loads={"car": treat}))
    noise = random.Random(1)
    rig.garble = lambda currents: {A: currents[A] + noise.gauss(0.0, 0.02)}
    waits = []
    for _ in range(6):
        rig.solar = 3000.0
        waits.append(rig.until(lambda: rig.setpoint("car") > 0.0, within=900))
        rig.solar = 0.0
        rig.run(60)
    assert max(waits[:4]) < 90.0
    assert 110.0 < waits[4] < 160.0
    assert 230.0 < waits[5] < 300.0
