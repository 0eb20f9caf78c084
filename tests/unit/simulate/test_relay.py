"""A simulated boiler heats water as physics has it, behind its own thermostat."""

from random import Random

import pytest

from evenload.model.decision import Command
from evenload.model.site import Kind, Leg, Load, Phase
from evenload.simulate.devices.moment import Moment
from evenload.simulate.devices.relay import Tank, draws_of_day
from evenload.simulate.settings import TankPart

HOUR, DAY = 3600, 86400
ON = Command(load="boiler", setpoint=2000.0)
LOAD = Load(id="boiler", kind=Kind.SWITCH, phases={Leg.L1: Phase.A}, levels=(2000.0,))


def a_tank(**settings) -> Tank:
    part = TankPart(**{"kind": "tank", "daily_draw": 0.0, "loss": 0.0} | settings)
    return Tank(LOAD, (0,), part, Random(1))


def live(tank: Tank, seconds: int, voltage: float = 230.0, speed: float = 1.0) -> None:
    moment = Moment(environment=0.0, speed=speed, voltages=[voltage])
    for _ in range(seconds):
        moment.advance()
        tank.advance(moment)


def test_heat_warms_water_by_its_capacity():
    tank = a_tank(volume=200.0, temperature=20.0)
    tank.command(ON, -1)
    live(tank, HOUR)
    assert tank.temperature == pytest.approx(20.0 + 2000.0 / (200.0 * 1.163), rel=0.001)


def test_a_resistive_load_draws_as_the_voltage_has_it():
    tank = a_tank(temperature=20.0)
    tank.command(ON, -1)
    live(tank, 5, voltage=242.0)
    assert tank.power == pytest.approx(2000.0 * (242.0 / 230.0) ** 2)
    assert tank.draws[0] == pytest.approx(tank.power / 242.0)


def test_its_own_thermostat_stays_in_charge():
    tank = a_tank(volume=50.0, temperature=55.0, thermostat=60.0, hysteresis=5.0, loss=0.0)
    tank.command(ON, -1)
    live(tank, 2 * HOUR)
    assert tank.temperature == pytest.approx(60.0, abs=0.1)
    assert tank.power == 0.0
    assert tank.appetite == 0.0


def test_a_tank_that_is_off_cools_towards_the_room():
    tank = a_tank(temperature=60.0, loss=2.0, ambient=20.0, volume=200.0)
    live(tank, 24 * HOUR)
    assert tank.temperature == pytest.approx(
        20.0 + 40.0 * 2.718281828 ** (-24 * 2 / 232.6), abs=0.05
    )


def test_draws_let_cold_water_in_and_cold_water_is_missed_comfort():
    tank = a_tank(temperature=50.0, daily_draw=200.0, comfort=45.0, volume=150.0)
    live(tank, DAY)
    outcome = tank.outcome()
    assert outcome["coldest"] < 30.0
    assert outcome["comfort_kelvin_hours"] > 10.0


def test_a_days_draws_add_up_to_what_is_drawn_on_average():
    chance = Random(1)
    days = [sum(draws_of_day(110.0, chance)) for _ in range(200)]
    assert sum(days) / len(days) == pytest.approx(110.0, rel=0.03)


def test_a_relay_on_a_lease_switches_itself_off_unless_it_is_told_again():
    leased = Command(load="boiler", setpoint=2000.0, lease=10.0)
    for told, power in (((0,), 0.0), ((0, 8), 2000.0)):
        tank = a_tank(temperature=20.0)
        for second in told:
            tank.command(leased, second)
        live(tank, 16)
        assert tank.told_power == power


def test_a_relay_switches_after_its_delay():
    tank = a_tank(temperature=20.0, delay=3)
    tank.command(ON, 0)
    live(tank, 3)
    assert tank.power == 0.0
    live(tank, 2)
