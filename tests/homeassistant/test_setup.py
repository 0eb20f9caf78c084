"""Starting, stopping and restarting a site."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CoreState
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from tests.homeassistant.house import CHARGER, PLUG, SITE, site_entry


async def set_up(hass, entry):
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


async def test_a_restart_interrupts_no_session_and_forgets_nothing(hass, house):
    entry = await set_up(hass, site_entry())
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": "select.boiler_mode", "option": "excess"},
        blocking=True,
    )
    await house.pass_time(60)
    energy = float(hass.states.get("sensor.wallbox_energy").state)
    assert house.car_current == 16
    assert energy > 0.03
    house.calls.clear()

    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
    await house.pass_time(10)
    assert house.calls == []
    assert await hass.config_entries.async_setup(entry.entry_id)
    await house.pass_time(60)

    assert house.calls == []
    assert house.car_current == 16
    assert hass.states.get("select.wallbox_mode").state == "standard"
    assert hass.states.get("select.boiler_mode").state == "excess"
    assert float(hass.states.get("sensor.wallbox_energy").state) >= energy


async def test_nothing_is_raised_before_the_meter_has_proved_to_be_alive(hass, house):
    house.meter_works = False
    await set_up(hass, site_entry())
    await house.pass_time(20)
    assert house.calls == []
    assert hass.states.get("sensor.home_status").state in ("waiting_for_meter", "failsafe")
    house.meter_works = True
    await house.pass_time(60)
    assert hass.states.get("sensor.home_status").state == "ok"
    assert house.car_current == 16


async def test_what_was_saved_is_read_even_if_it_is_spoilt(hass, house, hass_storage):
    entry = site_entry()
    hass_storage[f"evenload.{entry.entry_id}"] = {
        "version": 1,
        "minor_version": 1,
        "key": f"evenload.{entry.entry_id}",
        "data": {"controller": {"version": "?", "loads": 7}, "energy": ["nobody"]},
    }
    await set_up(hass, entry)
    await house.pass_time(40)
    assert house.car_current == 16


async def test_a_site_saves_what_it_knows_and_deletes_it_when_it_is_removed(
    hass, house, hass_storage
):
    entry = await set_up(hass, site_entry())
    await house.pass_time(90)
    saved = hass_storage[f"evenload.{entry.entry_id}"]["data"]
    assert "version" in saved["controller"]
    assert sum(saved["energy"].values()) > 0
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert f"evenload.{entry.entry_id}" not in hass_storage


async def test_a_site_that_makes_no_sense_says_what_is_wrong(hass, house):
    entry = site_entry(data=SITE | {"phases": 1})
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "invalid_site"
    assert "phases" in entry.error_reason_translation_placeholders["findings"]


async def test_each_load_is_a_device_of_its_own_behind_the_site(hass, house):
    entry = await set_up(hass, site_entry())
    registry = dr.async_get(hass)
    site = registry.async_get_device_by_identifier(("evenload", entry.entry_id), entry.entry_id)
    assert site.name == "Home"
    devices = dr.async_entries_for_config_entry(registry, entry.entry_id)
    assert {device.name: device.via_device_id for device in devices} == {
        "Home": None,
        "Wallbox": site.id,
        "Boiler": site.id,
    }


async def test_several_plugs_are_child_devices_that_share_their_charger(hass, house):
    second = {
        key: value
        for key, value in PLUG.items()
        if key not in ("enable_entity", "current_l1", "current_l2", "current_l3")
    } | {
        "plug": "2",
        "limit_entity": "number.second",
        "status_entity": "sensor.second",
        "mode": "solar",
    }
    hass.states.async_set("sensor.second", "Preparing")
    hass.states.async_set("number.second", "0", {"unit_of_measurement": "A", "min": 0, "max": 16})
    charger = {**CHARGER, "plugs": [PLUG, second]}
    entry = await set_up(hass, site_entry(charger=charger, load=None))
    registry = dr.async_get(hass)
    children = [
        device.name for device in dr.async_child_entries_for_config_entry(registry, entry.entry_id)
    ]
    assert children == ["Plug 1", "Plug 2"]
    assert hass.states.get("select.wallbox_plug_1_mode").state == "standard"
    assert hass.states.get("select.wallbox_plug_2_mode").state == "solar"
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": "select.wallbox_plug_2_mode", "option": "off"},
        blocking=True,
    )
    await house.pass_time(40)
    (subentry,) = entry.subentries.values()
    assert [plug["mode"] for plug in subentry.data["plugs"]] == ["standard", "off"]
    assert house.car_current == 16
    assert house.called("number.second") == []


async def test_entities_that_few_need_are_disabled_at_first(hass, house, entity_registry):
    entry = await set_up(hass, site_entry())
    disabled = {
        entity.entity_id
        for entity in er.async_entries_for_config_entry(entity_registry, entry.entry_id)
        if entity.disabled
    }
    assert disabled == {
        "sensor.home_commands",
        "sensor.home_fuse_curve_used",
        "sensor.home_meter_interval",
        "sensor.home_meter_lag",
        "sensor.home_pass_time",
    }


async def test_devices_that_come_late_after_a_restart_are_not_interrupted(hass, house):
    entry = await set_up(hass, site_entry())
    await house.pass_time(60)
    assert house.car_current == 16
    assert await hass.config_entries.async_unload(entry.entry_id)
    for state in hass.states.async_all():
        if "station" in state.entity_id or "grid" in state.entity_id:
            hass.states.async_remove(state.entity_id)
    house.calls.clear()
    assert await hass.config_entries.async_setup(entry.entry_id)
    house.freezer.tick(8)
    await hass.async_block_till_done()
    await house.pass_time(60)
    assert house.calls == []
    assert house.car_current == 16


async def test_devices_that_are_not_there_yet_at_the_start_are_no_news(hass, house, caplog):
    hass.set_state(CoreState.starting)
    hass.states.async_remove("number.station_limit")
    await set_up(hass, site_entry())
    await hass.async_block_till_done()
    assert "cannot be reached" not in caplog.text
    hass.set_state(CoreState.running)
    house.charger_exists = False
    await house.pass_time(50)
    assert "cannot be reached" not in caplog.text
    await house.pass_time(30)
    assert caplog.text.count("The device of Wallbox cannot be reached") == 1


async def test_nothing_is_commanded_while_home_assistant_stops(hass, house):
    await set_up(hass, site_entry())
    await house.pass_time(60)
    house.calls.clear()
    hass.set_state(CoreState.stopping)
    house.base[0] = 15.0
    house.meter_works = False
    for phase in "abc":
        hass.states.async_set(f"sensor.grid_{phase}", "unavailable")
    await house.pass_time(60)
    assert house.calls == []
    hass.set_state(CoreState.running)


async def test_an_entity_that_is_renamed_is_followed(hass, house, entity_registry):
    for name in ("grid_a", "station_l1"):
        hass.states.async_remove(f"sensor.{name}")
        entity_registry.async_get_or_create("sensor", "maker", name, suggested_object_id=name)
    entry = await set_up(hass, site_entry())
    coordinator = entry.runtime_data
    for name in ("grid_a", "station_l1"):
        entity_registry.async_update_entity(f"sensor.{name}", new_entity_id=f"sensor.new_{name}")
    await hass.async_block_till_done()
    assert entry.data["grid_a"] == "sensor.new_grid_a"
    assert entry.data["grid_b"] == "sensor.grid_b"
    (plug,) = next(iter(entry.subentries.values())).data["plugs"]
    assert plug["current_l1"] == "sensor.new_station_l1"
    assert {"sensor.new_grid_a", "sensor.new_station_l1"} <= coordinator.wiring.entities
    assert entry.runtime_data is coordinator


async def test_a_decision_that_fails_is_told_once_and_the_next_starts_afresh(
    hass, house, monkeypatch, caplog
):
    await set_up(hass, site_entry())
    await house.pass_time(40)

    def fail(*_):
        raise ArithmeticError("of all things")

    with monkeypatch.context() as patched:
        patched.setattr("custom_components.evenload.coordinator.step", fail)
        await house.pass_time(5)
    assert hass.states.get("sensor.home_status").state == "unavailable"
    assert caplog.text.count("failed and starts afresh") == 1
    assert house.car_current == 16
    await house.pass_time(60)
    assert hass.states.get("sensor.home_status").state == "ok"
    assert house.car_current == 16
