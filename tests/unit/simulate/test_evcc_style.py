"""The evcc-style loop does what is published of it."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from evenload.model.site import Battery, Circuit, Kind, Leg, Load, Mode, Phase
from evenload.simulate.strategies import EvccStyle
from tests.unit.simulate.moments import moment, plug, site_of


def always(current: float) -> Callable[[int], float]:
    """Return a house that draws the same at every second [A]."""
    return lambda _: current


def lived(site, seconds, house, **given):
    """Return the strategy's commands as (second, load, setpoint, phases).

    `house(second)` is what flows without cars on phase A [A]; cars draw what they are told, at once.
    """
    strategy, drawn, told = EvccStyle(), {load.id: 0.0 for load in site.all_loads}, []
    phases = dict.fromkeys(drawn, 3)
    for second in range(0, seconds, 5):
        legs = given.get("legs_in_use") or len(site.all_loads[0].phases)
        grid = [house(second) + sum(drawn.values())] + [
            house(second) + (sum(drawn.values()) if index < min(legs, phases["car"]) else 0.0)
            for index in range(1, len(site.phases))
        ]
        for command in strategy.decide(moment(site, second, grid, drawn, **given), float(second)):
            drawn[command.load] = command.setpoint
            if command.phases is not None:
                phases[command.load] = command.phases
                given["legs_in_use"] = command.phases
            told.append((second, command.load, command.setpoint, command.phases))
    return told


@pytest.mark.parametrize("count", [1, 2, 4])
def test_n_load_points_are_each_steered_every_n_times_30_s(count):
    names = ["car", "second", "third", "fourth"][:count]
    site = site_of(*(plug(name, mode=Mode.ECO) for name in names), fuse=200.0)
    # The sun grows by an ampere every second, so that there is something to tell at every turn.
    told = lived(site, 400, lambda second: -20.0 - second / 10)
    for name in names:
        turns = [second for second, load, _, _ in told if load == name]
        gaps = {later - earlier for earlier, later in pairwise(turns)}
        assert gaps <= {30 * count}
        assert turns


def test_it_starts_after_a_minute_of_surplus():
    told = lived(site_of(plug("car")), 300, always(-10.0))
    assert told[0] == (60, "car", 6.0, None)


def test_a_dip_of_the_surplus_begins_the_minute_anew():
    told = lived(site_of(plug("car")), 300, lambda second: 0.0 if 25 <= second < 35 else -10.0)
    assert told[0][0] == 120


def test_it_follows_surplus_with_gain_one_and_no_deadband():
    told = lived(site_of(plug("car")), 300, always(-10.0))
    assert [setpoint for _, _, setpoint, _ in told] == [6.0, 10.0]
    assert told[1][0] == 90, "at its next turn, all at once"


def test_it_holds_its_minimum_for_three_minutes_before_it_stops():
    told = lived(site_of(plug("car")), 600, lambda second: -10.0 if second < 200 else 0.0)
    after = [(second, setpoint) for second, _, setpoint, _ in told if second >= 200]
    assert after == [(210, 6.0), (390, 0.0)]


def test_eco_never_goes_below_the_minimum_and_standard_is_always_at_the_maximum():
    eco = lived(site_of(plug("car", mode=Mode.ECO)), 600, always(1.0))
    assert [setpoint for _, _, setpoint, _ in eco] == [6.0]
    standard = lived(site_of(plug("car", mode=Mode.STANDARD)), 600, always(1.0))
    assert [setpoint for _, _, setpoint, _ in standard] == [16.0]


def test_a_higher_priority_sees_what_lower_ones_take_as_available():
    first, second = plug("car", priority=1), plug("second", priority=2)
    told = lived(site_of(first, second), 900, always(-14.0))
    last = {load: setpoint for _, load, setpoint, _ in told}
    assert last["car"] == 14.0
    assert last["second"] == 0.0


def test_its_circuit_gives_what_the_highest_phase_leaves_at_its_turn():
    site = site_of(plug("car", legs=3, mode=Mode.STANDARD), phases=3)
    strategy = EvccStyle()
    (start,) = strategy.decide(moment(site, 0.0, [5.0, 1.0, 1.0], {"car": 0.0}), 0.0)
    assert start.setpoint == 16.0
    loaded = moment(site, 5.0, [31.0, 17.0, 17.0], {"car": 16.0})
    assert not strategy.decide(loaded, 5.0), "nothing happens between turns"
    (cut,) = strategy.decide(moment(site, 30.0, [31.0, 17.0, 17.0], {"car": 16.0}), 30.0)
    assert cut.setpoint == 10.0


def test_a_phase_that_the_car_does_not_use_limits_it_all_the_same():
    car = plug("car", mode=Mode.STANDARD)
    site = site_of(car, phases=3)
    (command,) = EvccStyle().decide(moment(site, 0.0, [0.0, 0.0, 17.0], {"car": 0.0}), 0.0)
    assert command.setpoint == 8.0


def test_below_its_minimum_a_circuit_stops_it():
    site = site_of(plug("car", mode=Mode.STANDARD))
    assert not EvccStyle().decide(moment(site, 0.0, [20.0], {"car": 0.0}), 0.0)


def test_a_meter_silent_for_more_than_a_minute_counts_as_full():
    site = site_of(plug("car", mode=Mode.STANDARD))
    strategy = EvccStyle()
    old = moment(site, 0.0, [1.0], {"car": 0.0})
    (start,) = strategy.decide(old, 0.0)
    assert start.setpoint == 16.0
    assert not strategy.decide(old, 60.0)
    (stop,) = strategy.decide(old, 90.0)
    assert stop.setpoint == 0.0


def test_a_circuit_without_a_meter_carries_what_load_points_draw():
    car = plug("car", mode=Mode.STANDARD)
    second = plug("second", mode=Mode.STANDARD)
    site = site_of(car, second, fuse=63.0)
    garage = Circuit(id="garage", fuse={Phase.A: 20.0})
    chargers = tuple(
        type(charger)(
            id=charger.id, plugs=charger.plugs, max_current=charger.max_current, circuit="garage"
        )
        for charger in site.chargers
    )
    site = type(site)(fuse=site.fuse, phases=site.phases, circuits=(garage,), chargers=chargers)
    (command,) = EvccStyle().decide(moment(site, 0.0, [16.0], {"car": 0.0, "second": 12.0}), 0.0)
    assert (command.load, command.setpoint) == ("car", 8.0)


def test_one_phase_becomes_three_after_a_minute_and_one_again_after_three():
    site = site_of(plug("car", legs=3), phases=3)

    def house(second):
        return -6.0 if not 600 <= second < 900 else -2.5

    told = lived(site, 1500, house, switching=True)
    switches = [(second, phases) for second, _, _, phases in told]
    ways = [switches[0]] + [each for last, each in pairwise(switches) if each[1] != last[1]]
    assert [phases for _, phases in ways] == [3, 1, 3]
    assert 780 <= ways[1][0] <= 810, "three minutes of too little for three phases"
    assert 960 <= ways[2][0] <= 990, "one minute of enough for three phases"


def test_with_surplus_for_one_phase_only_it_starts_on_one():
    site = site_of(plug("car", legs=3), phases=3)
    told = lived(site, 300, always(-3.0), switching=True)
    assert told[0][3] == 1
    assert told[-1][2] == 9.0


@pytest.mark.parametrize(("soc", "started"), [(50.0, False), (85.0, True)])
def test_a_charging_battery_is_available_from_its_priority_soc_on(soc, started):
    battery = Battery(max_charge=3000, max_discharge=3000)
    site = site_of(plug("car"), battery=battery)
    told = lived(site, 300, always(0.0), battery=(soc, -2500.0))
    assert bool(told) is started


def test_a_switch_starts_on_surplus_for_its_power_and_stops_when_that_much_is_missing():
    boiler = Load(
        id="car", kind=Kind.SWITCH, phases={Leg.L1: Phase.A}, mode=Mode.SOLAR, levels=(2300.0,)
    )
    told = lived(site_of(boiler), 300, always(-9.0))
    assert not told
    strategy = EvccStyle()
    site = site_of(boiler)
    on = [
        command
        for second in range(0, 120, 30)
        for command in strategy.decide(moment(site, second, [-10.5], {"car": 0.0}), float(second))
    ]
    assert [command.setpoint for command in on] == [2300.0]


def test_after_a_restart_it_begins_anew():
    site, strategy = site_of(plug("car", mode=Mode.STANDARD)), EvccStyle()
    (start,) = strategy.decide(moment(site, 0.0, [1.0], {"car": 0.0}), 0.0)
    strategy.restarted(10.0)
    (again,) = strategy.decide(moment(site, 10.0, [17.0], {"car": 16.0}), 10.0)
    assert again == start
