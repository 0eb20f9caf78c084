"""Loads that need something by themselves, in Home Assistant: a tank, a pump, a car that must leave."""

import pytest
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from tests.homeassistant.house import CHARGER, PLUG, site_entry
from tests.homeassistant.test_kinds import COMMON, begin
from tests.homeassistant.test_setup import set_up
from tests.homeassistant.test_subentry_flow import configure

SWITCHED = COMMON | {"name": "Tank", "switch_entity": "switch.tank", "rated_power": 2000}
TANK = SWITCHED | {
    "temperature_sensor": "sensor.tank_temperature",
    "temperatures": {"floor": 40, "target": 50, "boost": 60},
    "water": {},
}
PUMP = SWITCHED | {"name": "Pump", "runtime": {"daily_runtime": 4}}


def is_on(house) -> bool:
    return house.extra["switch.tank"][0] == "on"


def temperature(house, value, unit="°C"):
    house.extra["sensor.tank_temperature"] = (str(value), {"unit_of_measurement": unit})
    house.report()


@pytest.fixture
async def entry(hass, house):
    house.base = [0.0, 0.0, 0.0]
    house.extra = {"switch.tank": ("off", {})}
    house.extra_power = lambda house: 2000.0 if is_on(house) else 0.0
    temperature(house, 45)
    return await set_up(hass, site_entry(charger=None, load=None))


async def add(hass, entry, kind, answers):
    result = await configure(hass, await begin(hass, entry, kind), answers)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    return list(entry.subentries.values())[-1]


async def set_number(hass, entity_id, value):
    """Set one of our own numbers, whose service the house has taken over."""
    await hass.data["number"].get_entity(entity_id).async_set_native_value(value)
    await hass.async_block_till_done()


async def test_a_tank_waits_for_the_sun_until_it_is_below_its_floor(hass, house, entry):
    await add(hass, entry, "tank", TANK)
    await house.pass_time(90)
    assert not is_on(house)
    assert hass.states.get("sensor.tank_need").state == "wants"
    temperature(house, 39)
    await house.pass_time(60)
    assert is_on(house)
    assert hass.states.get("sensor.tank_need").state == "must"
    said = hass.states.get("sensor.tank_status").attributes["explanation"]
    assert said.startswith("Tank is below its floor and is heated to 43 °C, from any source.")


async def test_a_tank_stores_sun_up_to_its_boost_and_no_more(hass, house, entry):
    await add(hass, entry, "tank", TANK)
    temperature(house, 55)
    house.solar = 3000.0
    await house.pass_time(90)
    assert is_on(house)
    assert hass.states.get("sensor.tank_need").state == "can_store"
    temperature(house, 140, "°F")
    await house.pass_time(70)
    assert not is_on(house)
    assert hass.states.get("sensor.tank_status").state == "satisfied"


async def test_its_temperatures_are_numbers_that_may_not_fall(hass, house, entry):
    await add(hass, entry, "tank", TANK)
    await set_number(hass, "number.tank_floor_temperature", 47)
    await house.pass_time(60)
    assert is_on(house)
    with pytest.raises(ServiceValidationError):
        await set_number(hass, "number.tank_target_temperature", 46)
    assert float(hass.states.get("number.tank_target_temperature").state) == 50


async def test_a_tank_without_its_thermometer_is_left_to_its_mode(hass, house, entry):
    await add(hass, entry, "tank", TANK)
    temperature(house, "unavailable")
    await house.pass_time(60)
    assert not is_on(house)
    assert hass.states.get("sensor.tank_need").state == "wants"
    problems = hass.states.get("sensor.tank_status").attributes["problems"]
    assert any("sensor.tank_temperature" in problem for problem in problems)


async def test_a_tank_is_ready_by_its_time(hass, house, entry):
    water = {"ready_by": "18:00:00", "volume": 200}
    await add(hass, entry, "tank", TANK | {"water": water})
    soon = dt_util.now().replace(microsecond=0) + dt_util.dt.timedelta(minutes=30)
    await hass.data["time"].get_entity("time.tank_ready_by").async_set_value(soon.time())
    await house.pass_time(60)
    assert is_on(house)
    said = hass.states.get("sensor.tank_status").attributes["explanation"]
    assert f"must reach 50 °C by {soon:%H:%M}" in said


async def test_a_pump_runs_for_its_hours_even_without_sun(hass, house, entry):
    subentry = await add(hass, entry, "pump", PUMP)
    await house.pass_time(60)
    assert not is_on(house)
    await set_number(hass, "number.pump_hours_a_day", 24)
    await house.pass_time(60)
    assert is_on(house)
    assert subentry.data["daily_runtime"] == 24
    await set_number(hass, "number.pump_hours_a_day", 0)
    await house.pass_time(70)
    assert not is_on(house)
    assert hass.states.get("sensor.pump_status").state == "satisfied"


async def test_a_car_that_must_leave_charges_from_the_grid_in_mode_solar(hass, house):
    charger = CHARGER | {"plugs": [PLUG | {"mode": "solar"}]}
    await set_up(hass, site_entry(charger=charger, load=None))
    await house.pass_time(60)
    assert house.car_current == 0
    soon = dt_util.now().replace(microsecond=0) + dt_util.dt.timedelta(minutes=40)
    await hass.data["time"].get_entity("time.wallbox_ready_by").async_set_value(soon.time())
    await set_number(hass, "number.wallbox_energy_target", 5)
    await house.pass_time(60)
    assert house.car_current == 16
    said = hass.states.get("sensor.wallbox_status").attributes["explanation"]
    assert "must get" in said
    await set_number(hass, "number.wallbox_energy_target", 0)
    await house.pass_time(400)
    assert house.car_current == 0


@pytest.mark.parametrize(
    ("kind", "answers", "error"),
    [
        ("tank", {"temperatures": {"floor": 55, "target": 50}}, "temperatures_fall"),
        ("tank", {"water": {"ready_by": "18:00:00"}}, "ready_by_needs_volume"),
        ("tank", {"temperature_sensor": "sensor.grid_a"}, "wrong_unit"),
        (
            "pump",
            {
                "runtime": {
                    "daily_runtime": 4,
                    "window_start": "10:00:00",
                    "window_end": "12:00:00",
                }
            },
            "window_too_short",
        ),
    ],
)
async def test_what_makes_no_sense_is_refused(hass, entry, kind, answers, error):
    given = {"tank": TANK, "pump": PUMP}[kind] | answers
    result = await configure(hass, await begin(hass, entry, kind), given)
    assert list(result["errors"].values()) == [error]
