"""The scenarios that ship: each tells what it is, can be lived in, and would be dark without a manager."""

from importlib.resources import files

import pytest

from evenload.simulate.plant import Plant
from evenload.simulate.run import run
from evenload.simulate.scenario import read_house, scenario_names
from evenload.simulate.settings import FaultKind
from evenload.simulate.strategies import Evenload, Naive

WEEK = 7 * 86400
NAMES = ("car-park", "demo-house", "faults", "heat-pump", "off-grid", "terrace-house", "two-cars")


def text_of(name: str) -> str:
    path = files("evenload.simulate") / "scenarios" / f"{name}.yaml"
    return path.read_text(encoding="utf-8")


def test_these_scenarios_ship():
    assert scenario_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_begins_with_what_it_is(name):
    comment = []
    for line in text_of(name).splitlines():
        if not line.startswith("# "):
            break
        comment.append(line)
    assert len(comment) >= 2


@pytest.mark.parametrize("name", sorted({*NAMES} - {"demo-house"}))
def test_without_load_management_a_week_goes_dark_and_not_by_itself(name):
    """Only the demo's house can live with its loads unmanaged for a while: it is there to be looked at."""
    plant = Plant(read_house(name))
    fuse = run(plant, Naive(), seconds=WEEK, until_dark=True).result["fuse"]
    assert fuse["trips_by_us"] > 0


@pytest.mark.parametrize("name", NAMES)
def test_the_controller_keeps_an_evening_of_it_alight(name):
    house = read_house(name, ["plant.start=2026-05-04T17:00"])
    result = run(Plant(house), Evenload(), seconds=2700).result
    assert result["fuse"]["trips_by_us"] == 0
    assert result["starvation"]["longest_s"] <= result["starvation"]["allowed_s"]


def test_in_the_scenario_faults_everything_that_can_break_breaks():
    assert {fault.kind for fault in read_house("faults").plant.faults} == set(FaultKind)


def test_the_car_park_has_two_plugs_a_charger_on_a_tree_of_metered_circuits():
    house = read_house("car-park")
    assert [len(charger.plugs) for charger in house.site.chargers] == [2] * 12
    assert {circuit.id for circuit in house.site.circuits if circuit.parent != "main"}
    assert all(part.meter is not None for part in house.plant.circuits.values())
    assert len(house.plant.circuits) == 4
