"""A static split divides the fuse once, and never looks again."""

from dataclasses import replace

import pytest

from evenload.model.site import Kind, Leg, Load, Mode, Phase
from evenload.simulate.strategies import Static
from evenload.simulate.strategies.static import shares
from tests.unit.simulate.moments import moment, plug, site_of

BOILER = Load(id="boiler", kind=Kind.SWITCH, phases={Leg.L1: Phase.A}, levels=(2300.0,))


@pytest.mark.parametrize(
    ("loads", "fuse", "expected"),
    [
        ((plug("car"),), 25.0, {"car": 12.0}),
        ((plug("car"), plug("second")), 25.0, {"car": 8.0, "second": 8.0}),
        ((plug("car"), BOILER), 25.0, {"car": 7.0, "boiler": 2300.0}),
        ((plug("car"), plug("second", priority=2)), 16.0, {"car": 8.0, "second": 0.0}),
        ((plug("car"),), 8.0, {"car": 0.0}),
        ((plug("car"),), 63.0, {"car": 16.0}),
    ],
)
def test_household_and_adjustable_loads_share_what_switches_leave(loads, fuse, expected):
    assert shares(site_of(*loads, fuse=fuse)) == expected


def test_a_phase_is_shared_by_those_on_it_alone():
    one, three = plug("one"), plug("three", legs=3)
    assert shares(site_of(one, three, phases=3, fuse=20.0)) == {"one": 6.0, "three": 6.0}
    moved = replace(one, phases={Leg.L1: Phase.B}, id="moved", circuit="moved-charger")
    assert shares(site_of(one, moved, phases=3, fuse=20.0)) == {"one": 10.0, "moved": 10.0}


def test_a_charger_is_shared_by_its_plugs():
    first, second = plug("first"), replace(plug("second"), circuit="first-charger")
    site = site_of(first, fuse=63.0)
    charger = replace(site.chargers[0], plugs=(first, second), max_current=20.0)
    assert shares(replace(site, chargers=(charger,))) == {"first": 10.0, "second": 10.0}


def test_it_tells_who_comes_and_goes_and_heeds_off():
    car = plug("car", mode=Mode.STANDARD)
    site, strategy = site_of(car), Static()
    told = strategy.decide(moment(site, 0.0, [0.0], {"car": 0.0}), 0.0)
    assert [command.setpoint for command in told] == [12.0]
    assert not strategy.decide(moment(site, 5.0, [40.0], {"car": 12.0}), 5.0)
    told = strategy.decide(moment(site, 10.0, [0.0], {}), 10.0)
    assert [command.setpoint for command in told] == [0.0]
    off = site_of(replace(car, mode=Mode.OFF))
    assert not strategy.decide(moment(off, 15.0, [0.0], {"car": 0.0}), 15.0)
