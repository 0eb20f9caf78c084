"""Setting a site up, changing it, and every way in which that can go wrong."""

import pytest
from homeassistant.components.energy.data import async_get_manager
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState, FlowType
from homeassistant.data_entry_flow import FlowResultType

from custom_components.evenload.const import DEFAULT_OCPP_HOST
from evenload.model.control import FuseKind, ImportAverage, Protection, Window
from tests.homeassistant.house import OPTIONS, SITE, site_entry

GRID = {key: SITE[key] for key in ("grid_a", "grid_b", "grid_c")}
PREFERENCES = {
    "limits": {"excess_threshold": 0, "margin": 0},
    "main_fuse": {"protection": "strict"},
    "tariff": {"average_window": "15min", "average_follows_peak": False},
    "behaviour": {"distribution": "priority", "preset": "balanced", "meter_timeout": 30},
    "ocpp": {"ocpp_enabled": False},
}
NO_BATTERY = {"battery": {"battery_target": 80}}
SOURCES = GRID | NO_BATTERY | PREFERENCES | {"solar_power": "sensor.solar"}
BATTERY = {
    "battery_power": "sensor.battery_power",
    "battery_soc": "sensor.battery_soc",
    "battery_max_charge": 5000,
    "battery_max_discharge": 4000,
    "battery_target": 70,
}


async def at_sources(hass, phases="3"):
    flow = await hass.config_entries.flow.async_init("evenload", context={"source": SOURCE_USER})
    assert flow["step_id"] == "user"
    return await configure(hass, flow, {"fuse_current": 20, "phases": phases})


async def configure(hass, flow, answers):
    return await hass.config_entries.flow.async_configure(flow["flow_id"], answers)


async def set_up(hass, entry):
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


def suggested(form):
    """Return what a form suggests, by field, sections included."""
    values = {}
    for key, field in form.schema.items():
        if hasattr(field, "schema"):
            values |= suggested(field.schema)
        elif key.description:
            values[str(key)] = key.description["suggested_value"]
    return values


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
    assert entry.data == SITE | {"battery_target": 80}
    assert entry.options == {
        "average_follows_peak": False,
        "average_window": "15min",
        "control": False,
        "distribution": "priority",
        "excess_threshold": 0,
        "manual_override": 7200,
        "margin": 0,
        "meter_timeout": 30,
        "ocpp_enabled": False,
        "ocpp_host": DEFAULT_OCPP_HOST,
        "ocpp_port": 9220,
        "preset": "balanced",
        "protection": "strict",
    }
    kind, flow_id = result["next_flow"]
    assert kind is FlowType.CONFIG_SUBENTRIES_FLOW
    first = hass.config_entries.subentries.async_get(flow_id)
    assert first["handler"] == (entry.entry_id, "charger")


async def test_a_site_with_a_battery_reads_it(hass, house):
    hass.states.async_set("sensor.battery_power", "-200", {"unit_of_measurement": "W"})
    hass.states.async_set("sensor.battery_soc", "63", {"unit_of_measurement": "%"})
    flow = await configure(hass, await at_sources(hass), SOURCES | {"battery": BATTERY})
    assert "**63 %**" in flow["description_placeholders"]["readings"]
    entry = (await configure(hass, flow, {}))["result"]
    await hass.async_block_till_done()
    battery = entry.runtime_data.wiring.site.battery
    assert (battery.max_charge, battery.max_discharge, battery.soc_target) == (5000, 4000, 70)
    snapshot = entry.runtime_data.history.moments[-1].snapshot
    assert snapshot.battery_soc.value == 63
    assert snapshot.battery_power.value == -200


async def test_the_energy_dashboards_sensors_are_suggested(hass, house):
    await (await async_get_manager(hass)).async_update(
        {
            "energy_sources": [
                grid_source("sensor.grid_power"),
                {
                    "type": "solar",
                    "stat_energy_from": "sensor.solar_energy",
                    "stat_rate": "sensor.solar",
                    "config_entry_solar_forecast": None,
                },
                {
                    "type": "battery",
                    "stat_energy_from": "sensor.out",
                    "stat_energy_to": "sensor.in",
                    "stat_rate": "sensor.battery_power",
                    "stat_soc": "sensor.battery_soc",
                },
            ]
        }
    )
    three_phases = suggested((await at_sources(hass))["data_schema"])
    assert three_phases == {
        "solar_power": "sensor.solar",
        "battery_power": "sensor.battery_power",
        "battery_soc": "sensor.battery_soc",
    }
    one_phase = suggested((await at_sources(hass, phases="1"))["data_schema"])
    assert one_phase["grid_a"] == "sensor.grid_power"


def grid_source(stat_rate):
    return {
        "type": "grid",
        "stat_energy_from": None,
        "stat_energy_to": None,
        "stat_cost": None,
        "entity_energy_price": None,
        "number_energy_price": None,
        "stat_compensation": None,
        "entity_energy_price_export": None,
        "number_energy_price_export": None,
        "cost_adjustment_day": 0.0,
        "stat_rate": stat_rate,
    }


@pytest.mark.parametrize(
    ("shown", "error", "named"),
    [
        (None, "not_found", "sensor.odd"),
        (("unavailable", "A"), "unavailable", "sensor.odd (unavailable)"),
        (("unknown", "A"), "unavailable", "sensor.odd (unknown)"),
        (("high", "A"), "not_numeric", "sensor.odd (high)"),
        (("nan", "A"), "not_numeric", "sensor.odd (nan)"),
        (("3", "kWh"), "wrong_unit", "sensor.odd (kWh)"),
        (("3", None), "wrong_unit", "sensor.odd (no unit)"),
        (("3000", "A"), "implausible", "sensor.odd (3000 A)"),
        (("-90", "kW"), "implausible", "sensor.odd (-90 kW)"),
    ],
)
async def test_an_unusable_grid_sensor_is_refused_by_name_and_a_good_one_then_accepted(
    hass, house, shown, error, named
):
    if shown is not None:
        state, unit = shown
        hass.states.async_set("sensor.odd", state, {"unit_of_measurement": unit} if unit else {})
    flow = await configure(hass, await at_sources(hass), SOURCES | {"grid_b": "sensor.odd"})
    assert flow["step_id"] == "sources"
    assert flow["errors"] == {"grid_b": error}
    assert flow["description_placeholders"] == {error: named}
    assert suggested(flow["data_schema"])["grid_a"] == "sensor.grid_a"
    flow = await configure(hass, flow, SOURCES)
    assert flow["step_id"] == "confirm"


async def test_a_grid_sensor_that_has_long_been_silent_is_refused(hass, house):
    flow = await at_sources(hass)
    house.freezer.tick(600)
    flow = await configure(hass, flow, SOURCES)
    assert flow["errors"] == dict.fromkeys(GRID, "stale")
    assert "sensor.grid_a (10 min)" in flow["description_placeholders"]["stale"]
    house.report()
    assert (await configure(hass, flow, SOURCES))["step_id"] == "confirm"


async def test_one_sensor_cannot_measure_two_phases(hass, house):
    flow = await configure(hass, await at_sources(hass), SOURCES | {"grid_b": "sensor.grid_a"})
    assert flow["errors"] == {"grid_b": "chosen_twice"}
    assert (await configure(hass, flow, SOURCES))["step_id"] == "confirm"


async def test_everything_wrong_is_shown_at_once(hass, house):
    wrong = {"grid_a": "sensor.a", "grid_b": "sensor.b", "solar_power": "sensor.c"}
    flow = await configure(hass, await at_sources(hass), SOURCES | wrong)
    assert flow["errors"] == dict.fromkeys(wrong, "not_found")
    assert flow["description_placeholders"] == {"not_found": "sensor.a, sensor.b, sensor.c"}


async def test_a_battery_is_described_whole_or_not_at_all(hass, house):
    hass.states.async_set("sensor.battery_soc", "63", {"unit_of_measurement": "%"})
    half = {"battery": {"battery_soc": "sensor.battery_soc"}}
    flow = await configure(hass, await at_sources(hass), SOURCES | half)
    assert flow["errors"] == {"base": "battery_incomplete"}
    assert (await configure(hass, flow, SOURCES))["step_id"] == "confirm"


async def test_a_battery_sensor_of_a_wrong_unit_is_named(hass, house):
    hass.states.async_set("sensor.battery_power", "-200", {"unit_of_measurement": "Wh"})
    hass.states.async_set("sensor.battery_soc", "63", {"unit_of_measurement": "%"})
    flow = await configure(hass, await at_sources(hass), SOURCES | {"battery": BATTERY})
    assert flow["errors"] == {"base": "wrong_unit"}
    assert flow["description_placeholders"] == {"wrong_unit": "sensor.battery_power (Wh)"}


async def test_a_grid_sensor_belongs_to_one_site(hass, house):
    site_entry().add_to_hass(hass)
    flow = await configure(hass, await at_sources(hass), SOURCES)
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "already_configured"


async def test_a_single_phase_site_asks_for_one_sensor(hass, house):
    flow = await at_sources(hass, phases="1")
    assert "grid_b" not in flow["data_schema"].schema
    answers = {key: value for key, value in SOURCES.items() if key not in ("grid_b", "grid_c")}
    flow = await configure(hass, flow, answers)
    entry = (await configure(hass, flow, {}))["result"]
    await hass.async_block_till_done()
    assert [*entry.runtime_data.wiring.site.fuse.items()] == [("A", 20)]
    assert hass.states.get("sensor.test_home_headroom_b") is None


async def test_a_site_is_rewired_while_it_runs(hass, house):
    entry = await set_up(hass, site_entry())
    coordinator = entry.runtime_data
    flow = await entry.start_reconfigure_flow(hass)
    assert suggested(flow["data_schema"]) == {"fuse_current": 20, "phases": "3"}
    flow = await configure(hass, flow, {"fuse_current": 25, "phases": "3"})
    assert suggested(flow["data_schema"])["solar_power"] == "sensor.solar"
    assert "limits" not in flow["data_schema"].schema
    flow = await configure(hass, flow, GRID | NO_BATTERY)
    result = await configure(hass, flow, {})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert entry.runtime_data is coordinator
    assert coordinator.wiring.site.fuse["A"] == 25
    assert coordinator.wiring.solar is None
    assert entry.options == OPTIONS


async def test_a_site_that_could_not_start_starts_once_it_is_put_right(hass, house):
    entry = site_entry(data=SITE | {"phases": 1})
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "invalid_site"
    flow = await entry.start_reconfigure_flow(hass)
    flow = await configure(hass, flow, {"fuse_current": 20, "phases": "3"})
    flow = await configure(hass, flow, GRID | NO_BATTERY)
    await configure(hass, flow, {})
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


async def test_phases_that_loads_still_use_are_not_taken_away(hass, house):
    entry = await set_up(hass, site_entry(load=None))
    flow = await entry.start_reconfigure_flow(hass)
    flow = await configure(hass, flow, {"fuse_current": 20, "phases": "1"})
    flow = await configure(hass, flow, {"grid_a": "sensor.grid_a"} | NO_BATTERY)
    assert flow["errors"] == {"base": "invalid_site"}
    assert "phases" in flow["description_placeholders"]["invalid_site"]


async def test_other_phases_start_the_site_anew(hass, house):
    entry = await set_up(hass, site_entry(charger=None))
    coordinator = entry.runtime_data
    flow = await entry.start_reconfigure_flow(hass)
    flow = await configure(hass, flow, {"fuse_current": 20, "phases": "1"})
    flow = await configure(hass, flow, {"grid_a": "sensor.grid_a"} | NO_BATTERY)
    await configure(hass, flow, {})
    await hass.async_block_till_done()
    assert entry.runtime_data is not coordinator
    assert hass.states.get("sensor.home_headroom_a").state != "unavailable"
    assert hass.states.get("sensor.home_headroom_b") is None


async def test_preferences_change_while_the_site_runs(hass, house):
    entry = await set_up(hass, site_entry())
    coordinator = entry.runtime_data
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    result = await hass.config_entries.options.async_configure(
        flow["flow_id"],
        {
            "limits": {"import_limit": 3000, "excess_threshold": 500, "margin": 1},
            "main_fuse": {"protection": "thermal", "fuse_kind": "gg"},
            "tariff": {
                "average_limit": 5000,
                "average_window": "rolling",
                "average_follows_peak": True,
            },
            "behaviour": {"distribution": "shared", "preset": "strict", "meter_timeout": 60},
            "ocpp": {},
        },
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert entry.runtime_data is coordinator
    site, settings = coordinator.wiring.site, coordinator.wiring.settings
    assert (site.import_limit, site.excess_threshold, site.margin) == (3000, 500, 1)
    assert (site.distribution, settings.preset, settings.meter_timeout) == ("shared", "strict", 60)
    assert (settings.protection, settings.fuse_kind) == (Protection.THERMAL, FuseKind.GG)
    assert settings.import_average == ImportAverage(
        limit=5000, window=Window.ROLLING_QUARTER, follows_peak=True
    )
    assert settings.control


async def test_thermal_protection_is_refused_without_a_known_fuse(hass, house):
    entry = await set_up(hass, site_entry())
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    answers = {
        "limits": {},
        "main_fuse": {"protection": "thermal"},
        "tariff": {},
        "behaviour": {},
        "ocpp": {},
    }
    refused = await hass.config_entries.options.async_configure(flow["flow_id"], answers)
    assert refused["errors"] == {"base": "invalid_site"}
    assert "control.protection" in refused["description_placeholders"]["invalid_site"]
    answers["main_fuse"]["fuse_kind"] = "c"
    result = await hass.config_entries.options.async_configure(flow["flow_id"], answers)
    assert result["type"] is FlowResultType.CREATE_ENTRY
