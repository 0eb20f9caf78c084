"""Inverters: what they leave for a battery, what they throttle, and how a house off the grid fails."""

from copy import deepcopy

import pytest

from evenload.model.decision import Command
from evenload.simulate.plant import Plant
from evenload.simulate.scenario import parse_house

from .houses import QUIET

NOON = "2026-06-15T12:00"
SOLAR = {"peak": 6000, "sky": "clear"}


def a_plant(*, phases="A", site=None, **parts) -> Plant:
    data = deepcopy(QUIET)
    data["site"] |= {"phases": list(phases), "fuse": 63} | (site or {})
    data["plant"] |= {"start": NOON, "household": {"scale": 0}} | parts
    return Plant(parse_house(data))


def off_grid(inverter: float = 6000, soc: float = 60.0, **parts) -> Plant:
    site = {
        "off_grid": True,
        "inverter": {"max_power": inverter, "max_power_per_phase": inverter},
        "battery": {"max_charge": 5000, "max_discharge": 8000, "soc_min": 10},
    }
    return a_plant(site=site, battery={"capacity": 10_000, "soc": soc}, **parts)


def live(plant: Plant, seconds: int) -> None:
    for _ in range(seconds):
        plant.advance()


def charge(plant: Plant, current: float, seconds: int) -> None:
    plant.command(Command(load="car", setpoint=current))
    live(plant, seconds)


def test_surplus_beyond_an_export_limit_is_hidden_until_somebody_uses_it():
    plant = a_plant(solar=SOLAR | {"export_limit": 1000})
    live(plant, 60)
    assert plant.connection.grid_power == pytest.approx(-1000, abs=5)
    assert plant.solar_power == pytest.approx(1000, abs=5)
    assert plant.sunshine > 3500
    charge(plant, 10.0, 60)
    drawn = plant.devices[0].power
    assert plant.solar_power == pytest.approx(1000 + drawn, abs=5)
    assert plant.connection.grid_power == pytest.approx(-1000, abs=5)


def test_an_inverter_without_export_gives_what_is_used_and_no_more():
    plant = a_plant(solar=SOLAR | {"export_limit": 0})
    charge(plant, 8.0, 60)
    assert abs(plant.connection.grid_power) < 5


def test_sun_and_battery_share_an_inverter():
    site = {
        "inverter": {"max_power": 4600, "max_power_per_phase": 4600},
        "battery": {"max_charge": 3000, "max_discharge": 3000, "soc_min": 10},
    }
    plant = a_plant(site=site, solar=SOLAR, battery={"capacity": 10_000})
    plant.command(Command(load="boiler", setpoint=2000.0))
    charge(plant, 16.0, 60)
    assert plant.solar_power > 3800
    assert plant.solar_power + plant.connection.battery.power == pytest.approx(4600)


@pytest.mark.parametrize(("balances", "exporting"), [(False, True), (True, False)])
def test_a_symmetric_inverter_exports_on_one_phase_while_another_imports(balances, exporting):
    site = {
        "inverter": {
            "max_power": 9000,
            "max_power_per_phase": 3000,
            "balances_phases": balances,
        },
        "battery": {"max_charge": 3000, "max_discharge": 3000, "soc_min": 10},
    }
    battery = {"capacity": 10_000, "phases": ["A", "B", "C"]}
    plant = a_plant(phases="ABC", site=site, battery=battery)
    charge(plant, 10.0, 30)
    currents = plant.connection.currents
    assert (min(currents) < -3.0) is exporting
    assert abs(plant.connection.grid_power) < 1.0


def test_off_the_grid_the_inverter_carries_all_and_is_read_in_place_of_a_meter():
    plant = off_grid(solar=SOLAR)
    charge(plant, 10.0, 30)
    snapshot = plant.snapshot()
    assert not snapshot.grid
    assert snapshot.inverter["A"].value == pytest.approx(10.0)
    assert plant.connection.grid_power == 0.0
    used = plant.devices[0].power
    assert plant.connection.battery.power == pytest.approx(used - plant.solar_power)
    assert plant.connection.battery.power < 0.0, "the sun charges it"


def test_off_the_grid_the_sun_is_throttled_when_the_battery_is_full():
    plant = off_grid(soc=100.0, solar=SOLAR)
    live(plant, 10)
    assert plant.sunshine > 3500
    assert plant.solar_power == 0.0
    charge(plant, 6.0, 30)
    assert plant.solar_power == pytest.approx(plant.devices[0].power, rel=0.05)


def test_an_inverter_bears_too_much_for_a_short_time_only():
    plant = off_grid(inverter=3000)
    charge(plant, 16.0, 7)
    assert not plant.dark
    live(plant, 10)
    assert plant.dark_reason == "inverter"
    assert not plant.unmanaged.dark
    assert plant.devices[0].power == 0.0


def test_far_too_much_ends_it_at_once():
    plant = off_grid(inverter=2000)
    charge(plant, 16.0, 8)
    assert plant.dark_reason == "inverter"


def test_an_empty_battery_at_night_leaves_the_house_dark():
    plant = off_grid(soc=6.0)
    charge(plant, 16.0, 300)
    assert plant.dark_reason == "battery"
