"""Charging stations that dial in to Home Assistant itself, over real websockets on this machine."""

import socket
from contextlib import AsyncExitStack, suppress

import aiohttp
import pytest
from homeassistant.config_entries import SOURCE_USER
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr

from custom_components.evenload.diagnostics import async_get_config_entry_diagnostics
from evenload.ocpp.frames import LONGEST_FRAME
from evenload.ocpp.nouns import TroubleCode, Version
from evenload.ocpp.server.central import troubles_in_words
from tests.homeassistant.street import ANSWERS, STATION, explained, site, state
from tests.homeassistant.test_setup import set_up

PASSWORD = "a password of twenty"  # noqa: S105 - of a test

pytestmark = pytest.mark.usefixtures("socket_enabled", "_impatient")


async def test_both_cars_of_a_station_charge_and_share_what_it_may_draw(hass, street):
    entry = await set_up(hass, site(street, fuse=25.0))
    garage = street.dial()
    await street.until(lambda: sum(street.offers(garage)) >= 19)
    assert sum(street.offers(garage)) <= 20
    assert min(street.offers(garage)) >= 6, "the second plug's minimum is reserved"
    await street.until(lambda: state(hass, "sensor.wallbox_plug_1_station_status") == "Charging")
    assert state(hass, "binary_sensor.wallbox_station_connected") == "on"
    device = dr.async_get(hass).async_get_device_by_identifier(
        ("evenload", next(iter(entry.subentries))), entry.entry_id
    )
    assert (device.manufacturer, device.model) == ("Evenload", "Virtual station")
    street.house = [17.0, 1.0, 1.0]
    await street.until(lambda: sum(street.offers(garage)) <= 8)
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_second_plug_gets_only_what_the_first_leaves_where_they_follow_each_other(
    hass, street
):
    entry = await set_up(hass, site(street, charger=STATION | {"policy": "sequential"}, fuse=40.0))
    garage = street.dial()
    # 4 A of the station's 20 A are left, and with less than 6 A no car charges.
    await street.until_it_lasts(lambda: street.offers(garage) == [16, 0])
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": "select.wallbox_plug_1_mode", "option": "off"},
        blocking=True,
    )
    await street.until(lambda: street.offers(garage) == [0, 16])
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_each_plug_has_a_mode_of_its_own(hass, street):
    entry = await set_up(hass, site(street))
    garage = street.dial()
    await street.until(lambda: min(street.offers(garage)) >= 6)
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": "select.wallbox_plug_1_mode", "option": "off"},
        blocking=True,
    )
    await street.until(lambda: street.offers(garage)[0] == 0 and street.offers(garage)[1] >= 6)
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_station_that_nobody_knows_is_offered_and_its_plugs_are_found(hass, street):
    entry = await set_up(hass, site(street, charger=None))
    garage = street.dial()
    await street.until(lambda: bool(hass.config_entries.flow.async_progress()))
    (flow,) = hass.config_entries.flow.async_progress()
    assert (flow["handler"], flow["step_id"]) == ("evenload", "station")
    assert garage.refused == 404
    coordinator = entry.runtime_data
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], ANSWERS)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "station_added")
    await street.until(lambda: state(hass, "sensor.garage_plug_2_status") not in (None, "unknown"))
    await street.until(lambda: min(street.offers(garage)) >= 6)
    (charger,) = entry.subentries.values()
    assert [plug["plug"] for plug in charger.data["plugs"]] == ["1", "2"]
    assert state(hass, "select.garage_plug_1_mode") == "standard"
    assert entry.runtime_data is coordinator, "control goes on while plugs become devices"
    assert street.said.count("connected") == 1
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_station_may_be_added_before_it_dials_in(hass, street):
    entry = await set_up(hass, site(street, charger=None))
    flow = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "charger"), context={"source": SOURCE_USER}
    )
    assert flow["menu_options"] == ["station", "device"]
    configure = hass.config_entries.subentries.async_configure
    flow = await configure(flow["flow_id"], {"next_step_id": "station"})
    refused = await configure(flow["flow_id"], {"ocpp_identity": "x" * 60})
    assert refused["errors"] == {"ocpp_identity": "invalid_identity"}
    flow = await configure(flow["flow_id"], {"ocpp_identity": "garage"})
    assert flow["step_id"] == "new_station"
    result = await configure(flow["flow_id"], ANSWERS)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    garage = street.dial(plugs=1)
    await street.until(lambda: min(street.offers(garage)) >= 6)
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_wrong_password_keeps_a_station_out_and_no_secret_is_shown(hass, street, caplog):
    secret = f"correct horse battery {street.port}"
    charger = STATION | {"password": secret}
    entry = await set_up(hass, site(street, charger=charger))
    garage = street.dial(password=secret[::-1])
    await street.until(lambda: garage.refused == 401)
    diagnostics = await async_get_config_entry_diagnostics(hass, entry)
    for text in (str(diagnostics), caplog.text, str(hass.states.async_all())):
        assert secret not in text
    await street.until(lambda: "wrong password" in explained(hass))
    assert await hass.config_entries.async_unload(entry.entry_id)


async def give_no_password(url):
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url, protocols=(Version.V16,))


async def speak_no_ocpp(url):
    async with aiohttp.ClientSession() as session, session.ws_connect(url, protocols=("soap",)):
        pass


async def send_too_much(url):
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, protocols=(Version.V16,)) as connection,
    ):
        await connection.send_str("x" * (LONGEST_FRAME + 1))
        await connection.receive()


async def be_two(url):
    async with AsyncExitStack() as stack:
        for number in range(5):
            connector = aiohttp.TCPConnector(local_addr=(f"127.0.0.{1 + number % 2}", 0))
            session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
            with suppress(aiohttp.WSServerHandshakeError):
                connection = await session.ws_connect(url, protocols=(Version.V16,))
                stack.push_async_callback(connection.close)
                await connection.send_str('[2, "1", "Heartbeat", {}]')
                await connection.receive_str()


@pytest.mark.parametrize(
    ("misbehave", "trouble"),
    [
        (give_no_password, TroubleCode.WRONG_PASSWORD),
        (speak_no_ocpp, TroubleCode.NO_VERSION),
        (send_too_much, TroubleCode.FRAME_TOO_LONG),
        (be_two, TroubleCode.SAME_IDENTITY),
    ],
)
async def test_why_a_station_was_refused_or_let_go_is_shown_and_an_issue(
    hass, street, issue_registry, misbehave, trouble
):
    password, shown = (
        PASSWORD if misbehave is give_no_password else None,
        troubles_in_words()[trouble],
    )
    entry = await set_up(hass, site(street, charger=STATION | {"password": password}))

    def issue():
        return issue_registry.async_get_issue("evenload", f"{entry.entry_id}_garage_{trouble}")

    assert shown not in explained(hass)
    await misbehave(f"ws://127.0.0.1:{street.port}/garage")
    await street.until(lambda: shown in explained(hass) and issue() is not None)
    assert issue().translation_placeholders == {"name": "Wallbox", "identity": "garage"}
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert issue() is None


async def test_a_person_stops_and_starts_charging_with_a_button(hass, street):
    entry = await set_up(hass, site(street))

    async def press(what):
        await hass.services.async_call("button", "press", {"entity_id": what}, blocking=True)

    with pytest.raises(HomeAssistantError, match="not connected"):
        await press("button.wallbox_plug_1_stop_charging")
    garage = street.dial()
    await street.until(lambda: min(street.offers(garage)) >= 6)
    stopping = hass.async_create_task(press("button.wallbox_plug_1_stop_charging"))
    await street.until(lambda: street.offers(garage)[0] == 0)
    await stopping
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_check_is_refused_where_it_would_show_nothing(hass, street):
    entry = await set_up(hass, site(street))

    async def check(entity):
        return await hass.services.async_call(
            "evenload",
            "commissioning_check",
            {"entity_id": entity},
            blocking=True,
            return_response=True,
        )

    with pytest.raises(ServiceValidationError, match="belongs to no plug"):
        await check("sensor.home_status")
    with pytest.raises(ServiceValidationError, match="may draw 0 A now"):
        await check("sensor.wallbox_plug_1_station_status")
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_port_that_is_taken_is_told_and_disturbs_nothing_else(hass, street, caplog):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", street.port))
        taken.listen()
        entry = await set_up(hass, site(street))
        assert "cannot dial in at 127.0.0.1" in caplog.text
        assert "cannot dial in" in explained(hass)
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_change_that_is_told_after_the_end_takes_the_port_from_nobody(hass, street):
    entry = await set_up(hass, site(street))
    ended = entry.runtime_data
    assert await hass.config_entries.async_reload(entry.entry_id)
    ended.rewire()
    await ended.stations.async_follow(ended.wiring)
    await hass.async_block_till_done()
    assert ended.stations.problem is None, "it did not even try"
    garage = street.dial()
    await street.until(lambda: bool(garage.station.received))
    assert entry.runtime_data.stations.snapshot("garage").connected
    assert await hass.config_entries.async_unload(entry.entry_id)
