"""The juggler-style loop does what is published of it."""

import math

import pytest

from evenload.model.allocation import Reason
from evenload.model.site import Kind, Leg, Load, Mode, Phase
from evenload.simulate.strategies import JugglerStyle
from evenload.simulate.strategies.juggler_style.load import JuggledLoad
from evenload.simulate.strategies.juggler_style.smoothing import CYCLE, Averages, Chain
from tests.unit.simulate.moments import moment, plug, site_of


def lived(site, seconds, house, *, every=1):
    """Return the commands as (second, setpoint); `house(second)` is what flows without the car [A].

    The car draws what it is told, at once.
    """
    strategy, drawn, told = JugglerStyle(), 0.0, []
    for second in range(0, seconds, every):
        snapshot = moment(site, second, [house(second) + drawn], {"car": drawn})
        for command in strategy.decide(snapshot, float(second)):
            drawn = command.setpoint
            told.append((second, drawn))
    return told


def seconds_until(chain, permit, reached):
    for cycle in range(1, 1000):
        if reached(chain.add(permit)):
            return cycle * CYCLE
    raise AssertionError("never")


def test_from_16_a_to_a_pause_it_takes_52_s():
    chain = Chain()
    chain.add(16.0)
    assert seconds_until(chain, 0.0, lambda output: output < 6.0) == 52.0


def test_it_rises_by_a_tenth_of_an_ampere_a_second():
    chain = Chain()
    chain.add(6.0)
    assert seconds_until(chain, 16.0, lambda output: output >= 15.0) == pytest.approx(90.0, abs=2)


def test_from_nothing_it_jumps_to_the_full_permit():
    assert Chain().add(16.0) == 16.0


def test_less_than_0_3_a_changes_nothing():
    chain = Chain()
    chain.add(10.0)
    for _ in range(100):
        assert chain.add(10.29) == 10.0
    for _ in range(100):
        chain.add(10.5)
    assert chain.output > 10.2


def test_an_average_takes_three_tenths_of_what_is_new():
    averages = Averages()
    assert averages.add("grid", 10.0) == 10.0
    assert averages.add("grid", 20.0) == 13.0
    assert averages.add("grid", 20.0) == pytest.approx(15.1)


def test_an_overload_ramps_down_like_everything_else():
    told = lived(
        site_of(plug("car", mode=Mode.STANDARD)), 400, lambda second: 1.0 if second < 200 else 24.0
    )
    assert told[0] == (0, 16.0)
    down = [(second, setpoint) for second, setpoint in told if second >= 200]
    assert all(setpoint >= 6.0 for second, setpoint in down if second < 250), "still over"
    paused = next(second for second, setpoint in down if setpoint == 0.0)
    assert 252 <= paused <= 252 + 15 + 10, "52 s, the input's average, and up to 15 s to tell"


def test_each_load_is_told_every_15_s():
    told = lived(site_of(plug("car")), 600, lambda second: -7.0 - second / 60)
    assert len(told) > 3
    assert all(second % 15 == 0 for second, _ in told)


def test_a_load_without_surplus_stays_at_its_minimum_for_five_minutes():
    told = lived(site_of(plug("car")), 1000, lambda second: -10.0 if second < 300 else 0.0)
    paused = next(second for second, setpoint in told if second > 300 and setpoint == 0.0)
    assert 600 <= paused <= 660
    assert (paused, 0.0) == told[-1]
    assert told[-2][1] == 6.0


def test_once_paused_it_stays_so_for_three_minutes():
    car, load = plug("car"), JuggledLoad()
    load.follow(car, 16.0, Reason.SURPLUS, 0.0)
    for cycle in range(1, 40):
        load.follow(car, 0.0, Reason.LIMITED, cycle * CYCLE)
    paused = load.paused_at
    assert paused == 52.0
    load.follow(car, 10.0, Reason.SURPLUS, paused + 178.0)
    assert load.setpoint == 0.0
    load.follow(car, 10.0, Reason.SURPLUS, paused + 180.0)
    assert load.setpoint == 10.0


def test_a_limit_ends_the_grace():
    car, load = plug("car"), JuggledLoad()
    load.follow(car, 6.0, Reason.SURPLUS, 0.0)
    load.follow(car, 0.0, Reason.WAITING_FOR_SURPLUS, 2.0)
    assert load.setpoint == 6.0
    load.follow(car, 0.0, Reason.DOES_NOT_FIT, 4.0)
    load.follow(car, 0.0, Reason.DOES_NOT_FIT, 6.0)
    assert load.setpoint == 0.0


def test_a_switch_has_neither_ramp_nor_grace():
    boiler = Load(id="boiler", kind=Kind.SWITCH, phases={Leg.L1: Phase.A}, levels=(2300.0,))
    load = JuggledLoad()
    load.follow(boiler, 2300.0, Reason.SURPLUS, 0.0)
    assert load.setpoint == 2300.0
    load.follow(boiler, 0.0, Reason.WAITING_FOR_SURPLUS, 2.0)
    assert load.setpoint == 0.0


def test_a_car_that_takes_less_steadily_leaves_the_rest_to_others():
    car = plug("car")
    load = JuggledLoad(setpoint=16.0, last_draw=9.0)
    assert [load.is_settled(car, 9.2, 230.0) for _ in range(3)] == [False, False, True]
    assert not load.is_settled(car, 12.0, 230.0)
    assert not JuggledLoad(setpoint=9.5, last_draw=9.0, steady=9).is_settled(car, 9.0, 230.0)


def test_a_meter_that_says_it_is_away_is_held_for_a_minute_then_cars_go_to_their_minimum():
    told = lived(
        site_of(plug("car", mode=Mode.STANDARD)),
        300,
        lambda second: 1.0 if second < 100 else math.nan,
    )
    assert told[0] == (0, 16.0)
    ((second, setpoint),) = told[1:]
    assert 160 <= second <= 180
    assert setpoint == 6.0


def test_a_meter_that_repeats_itself_is_trusted():
    site, strategy = site_of(plug("car", mode=Mode.STANDARD)), JugglerStyle()
    once = moment(site, 0.0, [1.0], {"car": 0.0})
    told = [command for second in range(0, 600, 2) for command in strategy.decide(once, second)]
    assert [command.setpoint for command in told] == [16.0]
