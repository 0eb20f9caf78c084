"""The diagnostics download."""

import json

import pytest
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)

from tests.homeassistant.house import site_entry
from tests.homeassistant.test_setup import set_up

# Home Assistant's own web server names its parts in a way that aiohttp advises against.
pytestmark = pytest.mark.filterwarnings(r"ignore:It is recommended to use web\.(AppKey|RequestKey)")


async def test_it_tells_settings_and_decisions_but_no_names(hass, house, hass_client):
    entry = await set_up(hass, site_entry())
    await house.pass_time(30)
    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    text = json.dumps(told)
    assert "Wallbox" not in text
    assert "Boiler" not in text
    assert told["data"]["grid_a"] == "sensor.grid_a"
    assert told["site"]["fuse"] == {"A": 20, "B": 20, "C": 20}
    assert [subentry["title"] for subentry in told["subentries"]] == ["**REDACTED**"] * 2
    assert "version" in told["memory"]["controller"]
    moment = told["moments"][-1]
    assert moment["readings"]["grid"]["A"]["value"] == 18
    assert moment["decision"]["limits"]["main/A"].keys() == {"base", "allocated", "limit"}
    (commanded,) = [m["decision"]["commands"] for m in told["moments"] if m["decision"]["commands"]]
    assert commanded[0]["setpoint"] == 16


async def test_it_keeps_ten_minutes_and_no_more(hass, house, hass_client):
    entry = await set_up(hass, site_entry())
    for _ in range(10):
        house.freezer.tick(65)
        await house.pass_time(5)
    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    times = [moment["decision"]["at"] for moment in told["moments"]]
    assert 500 < times[-1] - times[0] <= 600


async def test_a_device_tells_of_its_load_alone(hass, house, hass_client):
    entry = await set_up(hass, site_entry())
    await house.pass_time(3)
    charger, boiler = entry.subentries
    device = dr.async_get(hass).async_get_device_by_identifier(("evenload", boiler), entry.entry_id)
    told = await get_diagnostics_for_device(hass, hass_client, entry, device)
    text = json.dumps(told)
    assert "switch.boiler" in text
    assert charger not in text
    assert told["problems"] == []
    assert told["moments"][-1]["devices"][boiler]["state"] == "off"


async def test_the_sites_device_tells_everything(hass, house, hass_client):
    entry = await set_up(hass, site_entry())
    device = dr.async_get(hass).async_get_device_by_identifier(
        ("evenload", entry.entry_id), entry.entry_id
    )
    told = await get_diagnostics_for_device(hass, hass_client, entry, device)
    assert set(entry.subentries) <= set(told["moments"][-1]["decision"]["loads"]) | {
        subentry["subentry_id"] for subentry in told["subentries"]
    }
