"""Surplus that the inverter hides by holding export back is found step by step."""

import random
from dataclasses import replace

from evenload.model.control import ControlSettings
from evenload.model.site import Battery, Mode, Phase
from tests.unit.controller.rig import VOLTAGE, Rig, car, site

A = Phase.A


class Curtailed:
    """A house whose inverter gives no more than is used, and the export it allows."""

    def __init__(self, *, limit: float = 0.0, has_solar_sensor: bool = True) -> None:
        settings = ControlSettings(export_limit=limit)
        self.rig = Rig(site(car(mode=Mode.SOLAR)), settings)
        self.rig.solar_sensor = has_solar_sensor
        noise = random.Random(1)
        self.rig.garble = lambda currents: {
            phase: current + noise.gauss(0.0, 0.02) for phase, current in currents.items()
        }
        self.rig.house[A] = 1.5
        self.limit = limit
        self.potential = 0.0

    def run(self, seconds: int) -> None:
        for _ in range(seconds):
            used = self.rig.house[A] + self.rig.devices["car"].current
            self.rig.solar = max(0.0, min(self.potential, used * VOLTAGE + self.limit))
            self.rig.tick()


def test_a_car_finds_the_sun_that_a_zero_export_inverter_hides() -> None:
    house = Curtailed()
    house.potential = 3500.0
    house.run(700)
    assert 12.0 <= house.rig.setpoint("car") <= 14.0


def test_without_the_setting_it_waits_for_ever() -> None:
    house = Curtailed()
    house.rig.settings = ControlSettings()
    house.potential = 3500.0
    house.run(700)
    assert house.rig.setpoint("car") == 0.0


def test_beyond_a_cap_it_finds_more_than_is_exported() -> None:
    house = Curtailed(limit=1000.0)
    house.potential = 3500.0
    house.run(700)
    assert 12.0 <= house.rig.setpoint("car") <= 14.0


def test_it_steps_back_when_there_is_no_more_and_seldom_tries_again() -> None:
    house = Curtailed()
    house.potential = 2500.0
    house.run(900)
    house.rig.log.clear()
    imported = 0.0
    for _ in range(1800):
        house.run(1)
        imported += max(0.0, house.rig.flow()[A]) * VOLTAGE / 3600.0
    assert 8.0 <= house.rig.setpoint("car") <= 10.0
    assert imported < 15.0
    assert len(house.rig.commands("car")) < 30


def test_at_night_nothing_is_tried_with_or_without_a_solar_sensor() -> None:
    for has_solar_sensor in (True, False):
        house = Curtailed(has_solar_sensor=has_solar_sensor)
        house.run(900)
        assert house.rig.commands("car") == []


def test_a_battery_that_covers_the_house_is_no_hidden_sun() -> None:
    house = Curtailed(has_solar_sensor=False)
    rig = house.rig
    battery = Battery(max_charge=3000.0, max_discharge=3000.0, soc_target=50.0)
    rig.site = replace(rig.site, battery=battery)
    rig.battery = (70.0, rig.house[A] * VOLTAGE)
    house.run(900)
    assert rig.commands("car") == []
