"""A load that could have run and was left without anything is found, and no other."""

from dataclasses import replace

import pytest

from evenload.simulate.plant import Plant
from evenload.simulate.run import run
from evenload.simulate.scenario import parse_house
from evenload.simulate.settings import Fault, FaultKind
from tests.unit.simulate.strategies import Scripted

MINUTE = 60
PLUG = {"min": 6, "max": 16}


def house(left="standard", right="standard", *, right_priority=2, fuse=25, **charger):
    plugs = [
        PLUG | {"id": "left", "mode": left},
        PLUG | {"id": "right", "mode": right, "priority": right_priority},
    ]
    row = {"id": "row", "max_current": 32, "phases": {"L1": "A"}, "plugs": plugs} | charger
    sun = {"solar": {"peak": 5000, "sky": "clear"}} if "solar" in (left, right) else {}
    return parse_house(
        {
            "site": {"phases": ["A"], "fuse": fuse},
            "chargers": [row],
            "plant": sun
            | {
                "start": "2026-06-15T12:00",
                "household": {"size": "quiet"},
                "devices": {name: {"kind": "car", "soc": 20} for name in ("left", "right")},
            },
        }
    )


def hungry(given, script) -> dict[str, int]:
    result = run(Plant(given), Scripted(script), seconds=10 * MINUTE).result
    return {name: load["starved_s"] for name, load in result["loads"].items()}


def test_a_car_that_nothing_is_given_starves():
    assert hungry(house(), {})["left"] == 10 * MINUTE


def test_one_that_charges_does_not_until_it_stops():
    starved = hungry(house(), {0: {"left": 16.0}, 5 * MINUTE: {"left": 0.0}})["left"]
    assert starved == pytest.approx(5 * MINUTE, abs=20)


def test_nor_does_one_that_is_off():
    assert hungry(house("off"), {})["left"] == 0


def test_what_ranks_before_it_may_take_everything():
    taken = {0: {"left": 16.0}}
    assert hungry(house(fuse=20), taken)["right"] <= 10
    assert hungry(house(fuse=30), taken)["right"] == 10 * MINUTE
    assert hungry(house(fuse=30, max_active=1), taken)["right"] <= 10
    assert hungry(house(fuse=30, max_current=20), taken)["right"] <= 10


def test_an_equal_that_keeps_everything_starves_the_other():
    given = house(fuse=20, right_priority=1)
    assert hungry(given, {0: {"left": 16.0}})["right"] == 10 * MINUTE


def test_a_solar_car_starves_while_the_sun_is_exported():
    assert hungry(house("off", "solar"), {})["right"] == 10 * MINUTE


def test_a_solar_car_does_not_while_another_takes_the_sun():
    assert hungry(house("standard", "solar"), {0: {"left": 16.0}})["right"] <= 20


def test_what_starved_longest_stands_beside_what_is_allowed():
    result = run(Plant(house()), Scripted({}), seconds=MINUTE).result
    assert result["starvation"] == {"longest_s": MINUTE, "allowed_s": 3600 + 1800}


def test_nobody_starves_while_something_is_broken():
    given = house()
    broken = Fault(kind=FaultKind.HOME_ASSISTANT_GONE, at=12 * 3600, duration=8 * MINUTE)
    plant = given.plant.model_copy(update={"faults": (broken,)})
    assert hungry(replace(given, plant=plant), {})["left"] == pytest.approx(2 * MINUTE, abs=20)
