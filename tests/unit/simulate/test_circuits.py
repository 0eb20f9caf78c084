"""Circuits below the main fuse carry what hangs on them, are measured, and trip by themselves."""

from copy import deepcopy

import pytest

from evenload.model.decision import Command
from evenload.simulate.plant import Plant
from evenload.simulate.scenario import parse_house
from evenload.simulate.settings import FaultKind

from .houses import QUIET

METER = {"interval": 1, "lag": 0, "resolution": 0, "noise": 0}


def a_plant(rating: float = 20, **circuits) -> Plant:
    """Return a house with a garage behind a shed: the car in the garage, the boiler in the house."""
    data = deepcopy(QUIET)
    data["site"]["fuse"] = 63
    data["circuits"] = [
        {"id": "shed", "fuse": 32},
        {"id": "garage", "fuse": rating, "parent": "shed"},
    ]
    data["chargers"][0]["circuit"] = "garage"
    data["plant"]["circuits"] = circuits
    data["plant"]["household"] = {"scale": 0}
    return Plant(parse_house(data))


def live(plant: Plant, seconds: int) -> None:
    for _ in range(seconds):
        plant.advance()


def charge(plant: Plant, current: float, seconds: int = 30) -> None:
    plant.command(Command(load="car", setpoint=current))
    live(plant, seconds)


def test_a_circuit_carries_what_hangs_on_it_and_on_those_below():
    plant = a_plant(shed={"base_power": 500})
    plant.command(Command(load="boiler", setpoint=2000.0))
    charge(plant, 10.0)
    base = 500 / plant.moment.voltages[0]
    assert plant.circuits["garage"].currents == [10.0]
    assert plant.circuits["shed"].currents == [pytest.approx(10.0 + base)]
    assert plant.circuits["shed"].managed == [10.0]
    boiler = plant.devices[1].draws[0]
    assert boiler > 8.0
    assert plant.connection.currents == [pytest.approx(10.0 + base + boiler)]


def test_a_part_of_the_household_may_be_behind_a_circuit():
    data = deepcopy(QUIET)
    data["circuits"] = [{"id": "kitchen", "fuse": 16}]
    data["plant"]["circuits"] = {"kitchen": {"household_share": 0.5}}
    plant = Plant(parse_house(data))
    live(plant, 10)
    house = plant.connection.currents[0]
    assert plant.circuits["kitchen"].currents[0] == pytest.approx(house / 2)


def test_a_circuit_with_a_meter_is_reported():
    plant = a_plant(garage={"meter": METER | {"lag": 2}})
    charge(plant, 10.0)
    assert plant.snapshot().circuits["garage"]["A"].value == 10.0
    assert list(plant.snapshot().circuits) == ["garage"]
    plant.fail(FaultKind.METER_SILENT, active=True, load="garage")
    live(plant, 5)
    assert plant.snapshot().circuits["garage"]["A"].at == 29.0
    assert plant.snapshot().grid["A"].at == 34.0


def test_a_circuit_that_trips_takes_its_loads_and_leaves_the_house():
    plant = a_plant(rating=6)
    plant.command(Command(load="boiler", setpoint=2000.0))
    charge(plant, 16.0, 120)
    garage = plant.circuits["garage"]
    assert garage.dark
    assert not garage.dark_without_loads
    assert plant.devices[0].power == 0.0
    assert plant.devices[1].power > 0.0
    assert not plant.dark
    assert not plant.circuits["shed"].dark


def test_a_circuit_that_trips_by_itself_would_have_without_loads():
    plant = overloaded()
    live(plant, 300)
    assert plant.circuits["garage"].dark_without_loads


def overloaded() -> Plant:
    data = deepcopy(QUIET)
    data["circuits"] = [{"id": "garage", "fuse": 6}]
    data["plant"]["circuits"] = {"garage": {"base_power": 4000}}
    return Plant(parse_house(data))
