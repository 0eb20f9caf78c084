"""A managed house in Home Assistant: what is read, decided, commanded and shown."""

import re
from datetime import timedelta

import pytest
from homeassistant.core import Context
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.evenload import coordinator
from custom_components.evenload.charger_words import _WORDS
from custom_components.evenload.coordinator import SHOW_DELAY
from evenload.controller import step
from tests.homeassistant.house import CHARGER, PLUG, SITE, site_entry
from tests.homeassistant.test_setup import set_up

CAR_STATUS = "sensor.wallbox_status"
SITE_STATUS = "sensor.home_status"
LIMIT = "number.station_limit"
ENABLE = "switch.station_charging"


def state(hass, entity_id):
    return hass.states.get(entity_id).state


def explanation(hass, entity_id):
    return hass.states.get(entity_id).attributes["explanation"]


def problems(hass, entity_id):
    return hass.states.get(entity_id).attributes["problems"]


async def choose(hass, entity_id, option):
    await hass.services.async_call(
        "select", "select_option", {"entity_id": entity_id, "option": option}, blocking=True
    )


async def press(hass, house, entity_id, *, on):
    """Turn one of our own switches, whose service the house has taken over."""
    entity = hass.data["switch"].get_entity(entity_id)
    await (entity.async_turn_on() if on else entity.async_turn_off())
    await hass.async_block_till_done()


@pytest.fixture
async def charging(hass, house):
    """A car in mode standard that charges with all it can get."""
    entry = await set_up(hass, site_entry())
    await house.pass_time(40)
    assert house.car_current == 16
    return entry


async def test_a_car_gets_its_limit_before_it_is_switched_on(hass, house):
    await set_up(hass, site_entry(load=None))
    await house.pass_time(40)
    assert [entity for entity, _, _ in house.calls] == [LIMIT, ENABLE]
    assert house.called(LIMIT) == [("set_value", 16.0)]
    assert float(state(hass, "sensor.wallbox_allocation")) == 16
    assert float(state(hass, "sensor.wallbox_draw")) == pytest.approx(16 * 690)
    assert state(hass, CAR_STATUS) == "full"
    assert state(hass, SITE_STATUS) == "ok"


async def test_the_site_shows_what_its_fuse_leaves(hass, house, charging):
    assert float(state(hass, "sensor.home_base_load_a")) == pytest.approx(2, abs=0.1)
    assert float(state(hass, "sensor.home_headroom_a")) == pytest.approx(2, abs=0.1)
    assert float(state(hass, "sensor.home_headroom_c")) == pytest.approx(3.5, abs=0.1)
    assert float(state(hass, "sensor.home_managed_power")) == pytest.approx(16 * 690)
    assert float(state(hass, "sensor.home_surplus")) <= 0
    assert state(hass, "binary_sensor.home_overload") == "off"


async def test_the_car_yields_to_the_kettle_at_once_and_comes_back(hass, house, charging):
    house.base[0] = 11.0
    house.calls.clear()
    await house.pass_time(1)
    assert house.called(LIMIT)[0][1] <= 9
    await house.pass_time(5)
    assert max(house.grid) <= 20
    assert state(hass, CAR_STATUS) == "limited"
    assert "main fuse, phase A" in explanation(hass, CAR_STATUS)
    house.base[0] = 2.0
    await house.pass_time(90)
    assert house.car_current == 16


async def test_off_pauses_the_car_at_the_next_report(hass, house, charging):
    house.calls.clear()
    await choose(hass, "select.wallbox_mode", "off")
    await house.pass_time(1)
    assert house.calls == [(ENABLE, "turn_off", None)]
    assert state(hass, CAR_STATUS) == "off"
    assert explanation(hass, CAR_STATUS) == "Wallbox gets nothing because its mode is off."


async def test_solar_leaves_the_grid_to_others_and_comes_back_with_the_sun(hass, house, charging):
    await choose(hass, "select.wallbox_mode", "solar")
    await house.pass_time(1)
    assert state(hass, "select.wallbox_mode") == "solar"
    assert float(state(hass, "sensor.wallbox_allocation")) <= 6
    await house.pass_time(600)
    assert house.car_current == 0
    assert state(hass, CAR_STATUS) == "waiting_for_surplus"
    house.solar = 8000.0
    await house.pass_time(400)
    assert house.boiler
    assert house.car_current == 7, "two kilowatts of 7.2 go to the boiler"
    assert state(hass, CAR_STATUS) == "surplus"


async def test_the_sun_runs_the_boiler_and_its_setting_stops_it(hass, house):
    await set_up(hass, site_entry(charger=None))
    await house.pass_time(30)
    assert state(hass, "sensor.boiler_status") == "waiting_for_surplus"
    house.solar = 9000.0
    await house.pass_time(120)
    assert house.boiler
    assert house.called("switch.boiler") == [("turn_on", None)]
    assert float(state(hass, "sensor.boiler_draw")) == 2000
    house.solar = 0.0
    await house.pass_time(300)
    assert not house.boiler


async def test_without_control_nothing_is_commanded_and_all_is_shown(hass, house):
    await set_up(hass, site_entry(options={"control": False}))
    await house.pass_time(60)
    assert house.calls == []
    assert state(hass, CAR_STATUS) == "dry_run"
    assert "dry run" in explanation(hass, CAR_STATUS)
    await press(hass, house, "switch.home_control", on=True)
    await house.pass_time(40)
    assert house.car_current == 16
    await press(hass, house, "switch.home_control", on=False)
    house.calls.clear()
    house.base[0] = 15.0
    await house.pass_time(10)
    assert house.calls == []


async def test_a_silent_meter_brings_the_safe_current_and_a_live_one_ends_that(
    hass, house, charging, caplog
):
    house.meter_works = False
    await house.pass_time(40)
    assert state(hass, SITE_STATUS) == "failsafe"
    assert state(hass, "binary_sensor.home_failsafe") == "on"
    assert state(hass, "binary_sensor.home_meter_problem") == "on"
    assert house.car_current == 6
    assert state(hass, CAR_STATUS) == "failsafe"
    assert re.search(r"for \d+ s by the grid meter", explanation(hass, SITE_STATUS))
    assert "cannot be trusted" in explanation(hass, CAR_STATUS)
    house.meter_works = True
    await house.pass_time(90)
    assert state(hass, SITE_STATUS) == "ok"
    assert state(hass, "binary_sensor.home_failsafe") == "off"
    assert house.car_current == 16
    told = [r.levelname for r in caplog.records if r.name.endswith("trouble_log")]
    assert told == ["WARNING", "INFO"], "told once when it is lost, once when it is back"


async def test_a_meter_that_is_gone_is_missed_by_name(hass, house, charging):
    house.meter_works = False
    for phase in "abc":
        hass.states.async_remove(f"sensor.grid_{phase}")
    await house.pass_time(40)
    assert house.car_current == 6
    assert "sensor.grid_a: does not exist" in problems(hass, SITE_STATUS)[0]
    assert "sensor.grid_a" in explanation(hass, SITE_STATUS)


async def test_a_meter_that_gives_words_is_not_believed(hass, house, charging):
    house.meter_works = False
    for _ in range(40):
        hass.states.async_set("sensor.grid_a", "error", {"unit_of_measurement": "A"})
        await house.pass_time(1)
    assert house.car_current == 6
    assert "sensor.grid_a: shows 'error'" in problems(hass, SITE_STATUS)[0]


async def test_a_meter_whose_unit_changes_is_not_believed(hass, house, charging):
    house.meter_works = False
    for _ in range(40):
        for phase in "abc":
            hass.states.async_set(f"sensor.grid_{phase}", "3", {"unit_of_measurement": "kWh"})
        await house.pass_time(1)
    assert house.car_current == 6
    assert "sensor.grid_a: is in kWh" in problems(hass, SITE_STATUS)[0]


async def test_an_entity_that_does_not_exist_is_named_and_disturbs_nothing_else(hass, house):
    gone = PLUG | {"limit_entity": "number.gone"}
    await set_up(hass, site_entry(charger={**CHARGER, "plugs": [gone]}))
    house.solar = 9000.0
    await house.pass_time(120)
    assert "number.gone: does not exist" in problems(hass, CAR_STATUS)[0]
    assert "number.gone" in explanation(hass, CAR_STATUS)
    assert house.called("number.gone") == []
    assert house.boiler
    assert state(hass, SITE_STATUS) == "ok"
    assert problems(hass, SITE_STATUS) == []


async def test_a_charger_that_does_not_answer_is_reported_once_and_holds_nobody_up(
    hass, house, caplog
):
    await set_up(hass, site_entry())
    house.charger_answers = False
    house.solar = 9000.0
    await house.pass_time(150)
    assert house.boiler
    assert caplog.text.count("Cannot command Wallbox: the charger does not answer") == 1
    assert "the charger does not answer" in problems(hass, CAR_STATUS)[0]
    house.charger_answers = True
    await house.pass_time(400)
    assert house.car_current > 0
    assert caplog.text.count("Wallbox accepts commands again") == 1
    assert problems(hass, CAR_STATUS) == []


async def test_a_charger_that_does_not_obey_is_told_of_once_in_each_place(hass, house, charging):
    house.charger_obeys = False
    await choose(hass, "select.wallbox_mode", "off")
    await house.pass_time(180)
    assert state(hass, CAR_STATUS) == "unresponsive"
    assert explanation(hass, CAR_STATUS).count("does not follow its commands") == 1
    assert "Wallbox does not follow its commands" in explanation(hass, SITE_STATUS)
    house.charger_obeys = True
    await house.pass_time(400)
    assert house.car_current == 0
    assert state(hass, CAR_STATUS) == "off"
    assert "does not follow" not in explanation(hass, SITE_STATUS)


async def test_an_unmanaged_load_is_part_of_the_house(hass, house, charging):
    await press(hass, house, "switch.wallbox_managed", on=False)
    house.calls.clear()
    house.base[0] = 6.0
    await house.pass_time(20)
    assert house.called(LIMIT) == []
    assert state(hass, CAR_STATUS) == "not_managed"
    assert "not managed" in explanation(hass, CAR_STATUS)
    assert state(hass, "sensor.wallbox_allocation") == "unknown"
    assert float(state(hass, "sensor.home_base_load_a")) == pytest.approx(22, abs=0.1)
    await press(hass, house, "switch.wallbox_managed", on=True)
    await house.pass_time(2)
    assert house.car_current <= 14


async def test_energy_is_counted(hass, house, charging):
    before = float(state(hass, "sensor.wallbox_energy"))
    await house.pass_time(60)
    counted = float(state(hass, "sensor.wallbox_energy")) - before
    assert counted == pytest.approx(16 * 690 / 60 / 1000, abs=0.003)


async def test_limits_and_order_are_set_by_entities(hass, house, charging):
    coordinator = charging.runtime_data
    await set_number(hass, "number.home_import_limit", 4000)
    await set_number(hass, "number.home_excess_threshold", 300)
    await set_number(hass, "number.boiler_priority", 7)
    await choose(hass, "select.home_distribution", "strict")
    await house.pass_time(1)
    site = coordinator.wiring.site
    assert (site.import_limit, site.excess_threshold, site.distribution) == (4000, 300, "strict")
    assert site.loads[0].priority == 7
    assert state(hass, "number.boiler_priority") == "7"
    assert charging.runtime_data is coordinator
    await house.pass_time(20)
    assert sum(house.grid) * 230 <= 4000
    await set_number(hass, "number.home_import_limit", 13800)
    assert coordinator.wiring.site.import_limit is None


async def set_number(hass, entity_id, value):
    entity = hass.data["number"].get_entity(entity_id)
    await entity.async_set_native_value(value)
    await hass.async_block_till_done()


async def test_a_charger_may_be_limited_in_watts_and_measured_by_one_sensor(hass, house):
    plug = {
        key: value
        for key, value in PLUG.items()
        if key not in ("current_l2", "current_l3", "enable_entity")
    } | {"limit_entity": "number.power_limit"}
    hass.states.async_set(
        "number.power_limit", "0", {"unit_of_measurement": "kW", "min": 0, "max": 11}
    )
    await set_up(hass, site_entry(charger={**CHARGER, "plugs": [plug]}, load=None))
    await house.pass_time(40)
    service, value = house.called("number.power_limit")[0]
    assert (service, value) == ("set_value", pytest.approx(16 * 690 / 1000))


@pytest.mark.parametrize(("phases", "watts"), [(1, 230), (3, 690)])
async def test_watts_are_those_of_the_legs_that_the_car_uses(hass, house, phases, watts):
    house.phases = phases
    house.enabled, house.limit = True, 10.0
    hass.states.async_set(
        "number.power_limit", str(10 * watts), {"unit_of_measurement": "W", "min": 0, "max": 11000}
    )
    house.report()
    plug = PLUG | {"limit_entity": "number.power_limit"}
    entry = await set_up(hass, site_entry(charger={**CHARGER, "plugs": [plug]}, load=None))
    (device,) = entry.runtime_data.history.moments[-1].snapshot.devices.values()
    assert device.setpoint.value == pytest.approx(10.0)
    await house.pass_time(60)
    service, value = house.called("number.power_limit")[-1]
    assert (service, value) == ("set_value", pytest.approx(11 * watts)), "the first step up"


async def test_a_power_meter_is_read_and_more_may_flow_than_it_says(hass, house):
    entry = await set_up(hass, site_entry(data=SITE | {"phases": 1}, charger=None))
    house.meter_works = False
    house.freezer.tick(2)
    hass.states.async_set("sensor.grid_a", "2.3", {"unit_of_measurement": "kW"})
    await hass.async_block_till_done()
    moment = entry.runtime_data.history.moments[-1]
    assert moment.snapshot.grid == {}
    assert moment.snapshot.grid_power["A"].value == 2300
    house.freezer.tick(2)
    hass.states.async_set("sensor.grid_a", "2.4", {"unit_of_measurement": "kW"})
    await hass.async_block_till_done()
    again = entry.runtime_data.history.moments[-1].snapshot
    assert again is not moment.snapshot
    assert again.site is moment.snapshot.site, "the library prepares a site once"


async def test_a_charger_is_switched_to_one_phase_when_the_sun_is_too_little_for_three(hass, house):
    plug = PLUG | {"phases_entity": "input_select.station_phases", "mode": "solar"}
    house.solar = 9000.0
    await set_up(hass, site_entry(charger=CHARGER | {"plugs": [plug]}, load=None))
    await house.pass_time(250)
    assert (house.phases, house.car_current) == (3, 12)
    house.solar = 3200.0
    await house.pass_time(300)
    assert ("select_option", "Single phase") in house.called("input_select.station_phases")
    assert house.phases == 1
    assert 6 <= house.car_current <= 13


async def test_what_a_person_sets_at_the_charger_is_left_alone_for_a_while(hass, house, charging):
    person = Context(user_id="somebody")
    house.limit = 10.0
    hass.states.async_set(
        LIMIT, "10.0", {"min": 6, "max": 32, "unit_of_measurement": "A"}, context=person
    )
    await house.pass_time(60)
    assert house.car_current == 10
    assert state(hass, CAR_STATUS) == "overridden"
    house.base[1] = 15.0
    await house.pass_time(10)
    assert house.car_current <= 6, "the fuse is protected all the same"


async def test_a_meter_that_only_tells_changes_is_asked_before_it_counts_as_gone(hass, house):
    asked = async_mock_service(hass, "homeassistant", "update_entity")
    entry = await set_up(hass, site_entry())
    await house.pass_time(60)
    assert asked == []
    entry.runtime_data._asking.ask(entry.runtime_data.wiring, ("grid",), 100.0)
    entry.runtime_data._asking.ask(entry.runtime_data.wiring, ("grid",), 110.0)
    await hass.async_block_till_done()
    assert [call.data["entity_id"] for call in asked] == [
        ["sensor.grid_a", "sensor.grid_b", "sensor.grid_c"]
    ]


@pytest.mark.parametrize(
    ("word", "status"),
    [("disconnected", "not_connected"), ("Finished", "satisfied"), ("Faulted", "faulted")],
)
async def test_what_the_charger_says_is_understood(hass, house, word, status):
    plug = PLUG | {"status_entity": "sensor.station_word"}
    hass.states.async_set("sensor.station_word", word)
    await set_up(hass, site_entry(charger={**CHARGER, "plugs": [plug]}, load=None))
    await house.pass_time(15)
    assert state(hass, CAR_STATUS) == status
    assert house.calls == []


async def test_a_status_that_nobody_knows_is_told_and_the_draw_looked_at(hass, house):
    plug = PLUG | {"status_entity": "sensor.station_word"}
    hass.states.async_set("sensor.station_word", "Flux compensating")
    entry = await set_up(hass, site_entry(charger={**CHARGER, "plugs": [plug]}, load=None))
    await house.pass_time(40)
    assert house.car_current == 16
    assert "'Flux compensating' is not known" in problems(hass, CAR_STATUS)[0]
    (device,) = entry.runtime_data.history.moments[-1].snapshot.devices.values()
    assert device.state == "charging"


def test_no_word_of_a_charger_means_two_things():
    words = [word for text in _WORDS.values() for word in text.split()]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("connected", "charging", "expected"),
    [("off", "off", "disconnected"), ("on", "off", "connected"), ("on", "on", "charging")],
)
async def test_two_contacts_do_for_a_status(hass, house, connected, charging, expected):
    hass.states.async_set("binary_sensor.connected", connected)
    hass.states.async_set("binary_sensor.charging", charging)
    plug = {key: value for key, value in PLUG.items() if key != "status_entity"} | {
        "connected_entity": "binary_sensor.connected",
        "charging_entity": "binary_sensor.charging",
    }
    entry = await set_up(hass, site_entry(charger={**CHARGER, "plugs": [plug]}, load=None))
    (device,) = entry.runtime_data.history.moments[-1].snapshot.devices.values()
    assert device.state == expected


async def test_a_charger_without_a_status_is_judged_by_its_draw(hass, house):
    plug = {key: value for key, value in PLUG.items() if key != "status_entity"}
    entry = await set_up(hass, site_entry(charger={**CHARGER, "plugs": [plug]}, load=None))
    (device,) = entry.runtime_data.history.moments[-1].snapshot.devices.values()
    assert device.state == "connected"
    await house.pass_time(40)
    (device,) = entry.runtime_data.history.moments[-1].snapshot.devices.values()
    assert device.state == "charging"


async def test_reports_of_one_instant_make_one_decision(hass, house, charging, monkeypatch):
    before = charging.runtime_data.history.moments[-1].decision.at
    passes = []

    def counted(*given):
        passes.append(given)
        return step(*given)

    monkeypatch.setattr(coordinator, "step", counted)
    house.freezer.tick(1)
    house.report()
    await hass.async_block_till_done()
    assert len(passes) == 1
    assert charging.runtime_data.history.moments[-1].decision.at == pytest.approx(before + 1)


async def test_a_cut_goes_out_before_anything_shows_it_and_all_shows_it_once(hass, house, charging):
    shown = []
    charging.runtime_data.async_add_listener(lambda: shown.append(1))
    house.calls.clear()
    house.base = [12.0, 1.0, 0.5]
    for _ in range(2):
        house.freezer.tick(timedelta(seconds=0.1))
        house.report()
        await hass.async_block_till_done()
    (cut,) = house.called(LIMIT)
    assert cut[1] < 16
    assert (shown, state(hass, "sensor.wallbox_allocation")) == ([], "16.0")
    house.freezer.tick(timedelta(seconds=SHOW_DELAY))
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done()
    assert (len(shown), state(hass, "sensor.wallbox_allocation")) == (1, f"{cut[1]}")


async def test_diagnostic_sensors_count(hass, house, entity_registry):
    entry = site_entry()
    entry.add_to_hass(hass)
    for key in ("commands", "meter_interval", "pass_time"):
        entity_registry.async_get_or_create(
            "sensor",
            "evenload",
            f"{entry.entry_id}_{key}",
            config_entry=entry,
            disabled_by=None,
            suggested_object_id=f"home_{key}",
        )
    assert await hass.config_entries.async_setup(entry.entry_id)
    await house.pass_time(40)
    assert state(hass, "sensor.home_commands") == "1"
    assert float(state(hass, "sensor.home_meter_interval")) == pytest.approx(1, abs=0.1)
    assert state(hass, "sensor.home_pass_time") == "0.0", "the test's clock stands still in a pass"
