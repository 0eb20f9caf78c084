"""Adding and changing chargers and switched loads, and every way in which that can go wrong."""

import pytest
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.homeassistant.house import BOILER, PLUG, SITE, site_entry
from tests.homeassistant.test_config_flow import suggested
from tests.homeassistant.test_setup import set_up

MEASUREMENT = {f"current_l{leg}": f"sensor.station_l{leg}" for leg in (1, 2, 3)}
LEVELS = {"phase_map": "ABC", "min_current": 6, "max_current": 16, "step": 1, "safe_current": 6}
WIRED = {
    "name": "Wallbox",
    "limit_entity": "number.station_limit",
    "enable_entity": "switch.station_charging",
    "status_entity": "sensor.station_status",
    "measurement": MEASUREMENT,
    "levels": LEVELS,
}
CHARGER_ANSWERS = WIRED | {"mode": "solar", "priority": 2}
SWITCHED = {
    "name": "Boiler",
    "switch_entity": "switch.boiler",
    "rated_power": 2000,
    "power_sensor": "sensor.boiler_power",
    "phase_map": "A",
    "behaviour": {"min_on": 60, "min_off": 120},
}
LOAD_ANSWERS = SWITCHED | {"mode": "eco", "priority": 3}


@pytest.fixture
async def entry(hass, house) -> MockConfigEntry:
    return await set_up(hass, site_entry(charger=None, load=None))


async def begin(hass, entry, kind, answers=None):
    """Open the dialogue that adds something; a charger is of no device, a load is behind a switch."""
    manager = hass.config_entries.subentries
    flow = await manager.async_init((entry.entry_id, kind), context={"source": SOURCE_USER})
    if kind == "charger":
        flow = await manager.async_configure(flow["flow_id"], answers or {})
    if kind == "load":
        flow = await manager.async_configure(flow["flow_id"], {"next_step_id": "switch"})
    return flow


async def configure(hass, flow, answers):
    return await hass.config_entries.subentries.async_configure(flow["flow_id"], answers)


async def add(hass, entry, kind, answers):
    result = await configure(hass, await begin(hass, entry, kind), answers)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    return list(entry.subentries.values())[-1]


async def test_a_charger_is_added_and_managed_at_once(hass, house, entry):
    subentry = await add(hass, entry, "charger", CHARGER_ANSWERS)
    assert subentry.title == "Wallbox"
    assert subentry.data == {
        "charger_max_current": 16,
        "plugs": [PLUG | {"mode": "solar", "priority": 2}],
    }
    assert hass.states.get("select.wallbox_mode").state == "solar"
    assert hass.states.get("number.wallbox_priority").state == "2"


async def test_a_switched_load_is_added_and_managed_at_once(hass, house, entry):
    subentry = await add(hass, entry, "load", LOAD_ANSWERS)
    assert subentry.title == "Boiler"
    assert subentry.data == BOILER | {"mode": "eco", "priority": 3, "min_off": 120}
    load = entry.runtime_data.wiring.site.loads[0]
    assert (load.levels, load.mode, load.priority) == ((2000,), "eco", 3)
    assert hass.states.get("select.boiler_mode").state == "eco"


async def test_the_entities_of_a_chargers_device_are_suggested(
    hass, house, entry, device_registry, entity_registry
):
    maker = MockConfigEntry(domain="maker")
    maker.add_to_hass(hass)
    device = device_registry.async_get_or_create(
        config_entry_id=maker.entry_id, identifiers={("maker", "1")}, name="Garage"
    )

    def provide(domain, name, state, **details):
        entity = entity_registry.async_get_or_create(
            domain, "maker", name, device_id=device.id, suggested_object_id=name, **details
        )
        hass.states.async_set(entity.entity_id, state)

    provide("number", "limit", "6", unit_of_measurement="A")
    provide("number", "brightness", "50", unit_of_measurement="%")
    provide("switch", "charging", "off")
    provide("sensor", "status", "Preparing")
    provide("sensor", "power", "0", original_device_class="power")
    for leg in (1, 2, 3):
        provide("sensor", f"current_{leg}", "0", original_device_class="current")
    flow = await begin(hass, entry, "charger", {"device": device.id})
    assert suggested(flow["data_schema"]) == {
        "name": "Garage",
        "limit_entity": "number.limit",
        "enable_entity": "switch.charging",
        "status_entity": "sensor.status",
        "power_sensor": "sensor.power",
        "current_l1": "sensor.current_1",
        "current_l2": "sensor.current_2",
        "current_l3": "sensor.current_3",
    }


async def test_what_a_device_has_twice_is_left_to_the_user(
    hass, house, entry, device_registry, entity_registry
):
    maker = MockConfigEntry(domain="maker")
    maker.add_to_hass(hass)
    device = device_registry.async_get_or_create(
        config_entry_id=maker.entry_id, identifiers={("maker", "1")}, name="Garage"
    )
    for name in ("left", "right"):
        entity_registry.async_get_or_create("switch", "maker", name, device_id=device.id)
        entity_registry.async_get_or_create(
            "sensor", "maker", name, device_id=device.id, original_device_class="current"
        )
    flow = await begin(hass, entry, "charger", {"device": device.id})
    assert suggested(flow["data_schema"]) == {"name": "Garage"}


def changed(**changes):
    """Return the charger's answers with some changed, wherever they stand; None takes one away."""
    answers = dict(CHARGER_ANSWERS)
    for key, value in changes.items():
        section = next((s for s in ("measurement", "levels") if key in answers[s]), None)
        target = dict(answers[section]) if section else answers
        target.pop(key, None)
        if value is not None:
            target[key] = value
        if section:
            answers[section] = target
    return answers


@pytest.mark.parametrize(
    ("changes", "errors", "named"),
    [
        ({"limit_entity": "number.x"}, {"limit_entity": "not_found"}, "number.x"),
        ({"enable_entity": "switch.x"}, {"enable_entity": "not_found"}, "switch.x"),
        ({"status_entity": "sensor.x"}, {"status_entity": "not_found"}, "sensor.x"),
        ({"current_l2": "sensor.solar"}, {"base": "wrong_unit"}, "sensor.solar (W)"),
        ({"current_l2": None}, {"base": "legs_incomplete"}, None),
        (
            {"measurement": {}},
            {"base": "draw_not_measured"},
            None,
        ),
        (
            {"enable_entity": None},
            {"limit_entity": "cannot_pause"},
            "number.station_limit (6 A)",
        ),
        (
            {"max_current": 40},
            {"limit_entity": "out_of_range"},
            "number.station_limit (6-32 A)",
        ),
        ({"min_current": 10, "max_current": 8}, {"base": "invalid_site"}, "min"),
    ],
)
async def test_a_charger_that_cannot_work_is_refused_by_name_and_a_good_one_then_accepted(
    hass, entry, changes, errors, named
):
    answers = {**CHARGER_ANSWERS, **changes} if "measurement" in changes else changed(**changes)
    flow = await configure(hass, await begin(hass, entry, "charger"), answers)
    assert flow["step_id"] == "charger"
    assert flow["errors"] == errors
    if named is not None:
        (error,) = errors.values()
        assert named in flow["description_placeholders"][error]
    result = await configure(hass, flow, CHARGER_ANSWERS)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_limit_in_watts_is_checked_in_watts(hass, house, entry):
    attributes = {"unit_of_measurement": "kW", "min": 0, "max": 11.1}
    hass.states.async_set("number.power", "0", attributes)
    flow = await begin(hass, entry, "charger")
    flow = await configure(hass, flow, changed(limit_entity="number.power", max_current=17))
    assert flow["errors"] == {"limit_entity": "out_of_range"}
    answers = changed(limit_entity="number.power", enable_entity=None)
    result = await configure(hass, flow, answers)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("changes", "errors", "named"),
    [
        ({"switch_entity": "switch.x"}, {"switch_entity": "not_found"}, "switch.x"),
        ({"power_sensor": "sensor.grid_a"}, {"power_sensor": "wrong_unit"}, "sensor.grid_a (A)"),
        ({"switch_entity": "switch.off"}, {"switch_entity": "unavailable"}, "switch.off"),
    ],
)
async def test_a_switched_load_that_cannot_work_is_refused_by_name_and_then_accepted(
    hass, entry, changes, errors, named
):
    hass.states.async_set("switch.off", "unavailable")
    flow = await configure(hass, await begin(hass, entry, "load"), LOAD_ANSWERS | changes)
    assert flow["errors"] == errors
    (error,) = errors.values()
    assert named in flow["description_placeholders"][error]
    result = await configure(hass, flow, LOAD_ANSWERS)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("kind", "answers", "field"),
    [("charger", CHARGER_ANSWERS, "limit_entity"), ("load", LOAD_ANSWERS, "switch_entity")],
)
async def test_nothing_is_driven_twice(hass, entry, kind, answers, field):
    await add(hass, entry, kind, answers)
    flow = await configure(hass, await begin(hass, entry, kind), answers)
    assert flow["errors"] == {field: "driven_already"}


async def test_a_charger_is_changed_while_it_charges(hass, house, entry):
    subentry = await add(hass, entry, "charger", CHARGER_ANSWERS | {"mode": "standard"})
    await house.pass_time(40)
    assert house.car_current == 16
    coordinator = entry.runtime_data
    flow = await entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    assert suggested(flow["data_schema"])["limit_entity"] == "number.station_limit"
    assert "mode" not in flow["data_schema"].schema
    house.calls.clear()
    answers = WIRED | {"name": "Garage", "levels": LEVELS | {"max_current": 10}}
    result = await configure(hass, flow, answers)
    assert result["reason"] == "reconfigure_successful"
    await house.pass_time(2)
    assert entry.runtime_data is coordinator
    assert house.calls == [("number.station_limit", "set_value", 10)]
    assert subentry.title == "Garage"
    assert subentry.data["plugs"][0]["mode"] == "standard"
    assert hass.states.get("select.wallbox_mode").attributes["friendly_name"] == "Garage Mode"


async def test_a_wrong_change_of_a_charger_changes_nothing(hass, house, entry):
    subentry = await add(hass, entry, "charger", CHARGER_ANSWERS)
    flow = await entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    flow = await configure(hass, flow, WIRED | {"limit_entity": "number.x"})
    assert flow["errors"] == {"limit_entity": "not_found"}
    assert subentry.data["plugs"][0]["limit_entity"] == "number.station_limit"
    assert suggested(flow["data_schema"])["limit_entity"] == "number.x"


async def test_a_site_that_could_not_start_starts_once_its_charger_is_put_right(hass, house):
    entry = site_entry(data=SITE | {"phases": 1}, load=None)
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    (subentry,) = entry.subentries
    flow = await entry.start_subentry_reconfigure_flow(hass, subentry)
    levels = LEVELS | {"phase_map": "A"}
    await configure(hass, flow, WIRED | {"levels": levels})
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


async def test_a_switched_load_is_changed(hass, house, entry):
    subentry = await add(hass, entry, "load", LOAD_ANSWERS)
    flow = await entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    flow = await configure(hass, flow, SWITCHED | {"switch_entity": "switch.x"})
    assert flow["errors"] == {"switch_entity": "not_found"}
    without_sensor = {key: value for key, value in SWITCHED.items() if key != "power_sensor"}
    result = await configure(hass, flow, without_sensor | {"rated_power": 1500})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert subentry.data["rated_power"] == 1500
    assert "power_sensor" not in subentry.data
    assert subentry.data["mode"] == "eco"


async def test_a_load_comes_and_goes_without_disturbing_another(hass, house, entry):
    await add(hass, entry, "charger", CHARGER_ANSWERS | {"mode": "standard"})
    await house.pass_time(40)
    coordinator = entry.runtime_data
    house.calls.clear()
    boiler = await add(hass, entry, "load", LOAD_ANSWERS)
    await house.pass_time(5)
    assert hass.states.get("sensor.boiler_status") is not None
    assert hass.config_entries.async_remove_subentry(entry, boiler.subentry_id)
    await house.pass_time(5)
    assert hass.states.get("sensor.boiler_status") is None
    registry = er.async_get(hass)
    left = er.async_entries_for_config_entry(registry, entry.entry_id)
    assert all(entity.config_subentry_id != boiler.subentry_id for entity in left)
    assert entry.runtime_data is coordinator
    assert house.called("number.station_limit") == []
    assert house.car_current == 16
    assert await hass.config_entries.async_unload(entry.entry_id)
