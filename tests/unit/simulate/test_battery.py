"""The simulated battery follows the house within its limits."""

import pytest

from evenload.model.site import Battery as BatterySite
from evenload.simulate.devices.battery import Battery
from evenload.simulate.settings import Battery as BatteryPart

SECOND = 1 / 3600


def a_battery(**settings) -> Battery:
    part = BatteryPart(**{"capacity": 10_000.0, "soc": 50.0, "lag": 2} | settings)
    site = BatterySite(max_charge=3000.0, max_discharge=4000.0, soc_min=20.0)
    return Battery(part, site)


def follow(battery: Battery, need: float, seconds: int, hours: float = SECOND) -> list[float]:
    return [battery.advance(need, hours) for _ in range(seconds)]


def test_it_brings_the_exchange_with_the_grid_to_zero_after_its_lag():
    battery = a_battery(lag=3)
    assert follow(battery, 1500.0, 5) == [0.0, 0.0, 0.0, 1500.0, 1500.0]
    assert follow(battery, -800.0, 5)[-1] == -800.0


def test_it_keeps_its_power_limits():
    assert follow(a_battery(), 9000.0, 5)[-1] == 4000.0
    assert follow(a_battery(), -9000.0, 5)[-1] == -3000.0


def test_it_stops_at_its_lowest_and_highest_state_of_charge():
    empty = a_battery(soc=20.5)
    assert follow(empty, 4000.0, 3000)[-1] == 0.0
    assert empty.soc == pytest.approx(20.0, abs=0.05)
    full = a_battery(soc=99.5)
    assert follow(full, -3000.0, 3000)[-1] == 0.0
    assert full.soc == pytest.approx(100.0, abs=0.05)


def test_what_comes_back_is_what_went_in_less_the_loss():
    battery = a_battery(efficiency=0.81, lag=1)
    follow(battery, -2000.0, 3601)
    charged = battery.soc - 50.0
    assert charged == pytest.approx(100 * 2000 * 0.9 / 10_000, rel=0.01)
    start = battery.soc
    follow(battery, 1620.0, 3600)
    assert start - battery.soc == pytest.approx(charged, rel=0.01)
