"""Setting a site up, changing it, and every way in which that can go wrong."""

import pytest
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState, FlowType
from homeassistant.data_entry_flow import FlowResultType

from tests.homeassistant.house import SITE, site_entry

GRID = {key: SITE[key] for key in ("grid_a", "grid_b", "grid_c")}
SECTIONS = {
    "battery": {"battery_target": 80},
    "limits": {"excess_threshold": 0, "margin": 0},
    "behaviour": {"distribution": "priority", "preset": "balanced", "meter_timeout": 30},
}
SOURCES = GRID | SECTIONS | {"solar_power": "sensor.solar"}


async def at_sources(hass, phases="3"):
    flow = await hass.config_entries.flow.async_init("evenload", context={"source": SOURCE_USER})
    assert flow["step_id"] == "user"
    return await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"fuse_current": 20, "phases": phases}
    )


async def configure(hass, flow, answers):
    return await hass.config_entries.flow.async_configure(flow["flow_id"], answers)


async def test_a_site_is_set_up_and_goes_on_with_its_first_charger(hass, house):
    flow = await at_sources(hass)
    assert flow["step_id"] == "sources"
    flow = await configure(hass, flow, SOURCES)
    assert flow["step_id"] == "confirm"
    assert "A: **2.0 A**" in flow["description_placeholders"]["readings"]
    result = await configure(hass, flow, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert entry.title == hass.config.location_name
    assert entry.data["fuse_current"] == 20
    assert entry.data["grid_c"] == "sensor.grid_c"
    assert entry.options["preset"] == "balanced"
    kind, flow_id = result["next_flow"]
    assert kind is FlowType.CONFIG_SUBENTRIES_FLOW
    first = hass.config_entries.subentries.async_get(flow_id)
    assert first["handler"] == (entry.entry_id, "charger")
