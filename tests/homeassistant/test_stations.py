"""Charging stations that dial in to Home Assistant itself, over real websockets on this machine."""

import asyncio
import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr

from custom_components.evenload import preferences
from custom_components.evenload.diagnostics import async_get_config_entry_diagnostics
from evenload.model.control import ControlSettings, LoadControl
from evenload.ocpp.nouns import Version
from evenload.simulate.settings import CarPart
from evenload.simulate.stations.behaviour import Behaviour
from evenload.simulate.stations.client import Dial, StationClient
from evenload.simulate.stations.outlet import CarOutlet
from evenload.simulate.stations.station import VirtualStation
from tests.homeassistant.house import OPTIONS, SITE, site_entry
from tests.homeassistant.test_setup import set_up

pytestmark = pytest.mark.usefixtures("socket_enabled")

PATIENCE = 60.0
"""Longest time that anything here may take [s]."""

METER_INTERVAL = 1.0
"""[s]"""

LASTING = 6.0
"""What has been so for so long stays so [s]."""

NO_LOADS: Mapping[str, LoadControl] = {}


def impatient(*, loads: Mapping[str, LoadControl] = NO_LOADS, **given: Any) -> ControlSettings:
    """Return settings that soon raise again: here it matters who gets what, and elsewhere when."""
    quick = {
        each: replace(load, command_interval=1.0, settle_time=4.0) for each, load in loads.items()
    }
    return ControlSettings(
        loads=quick, raise_interval=1.0, overload_grace=2.0, raise_rate=16.0, **given
    )


PLUG = {
    "plug": "1",
    "managed": True,
    "mode": "standard",
    "priority": 1,
    "phase_map": "ABC",
    "min_current": 6.0,
    "max_current": 16.0,
    "step": 1.0,
    "safe_current": 6.0,
}
STATION = {
    "ocpp_identity": "garage",
    "charger_max_current": 20.0,
    "policy": "concurrent",
    "lease": 60.0,
    "plugs": [PLUG, PLUG | {"plug": "2", "priority": 2}],
}
DATA = {key: value for key, value in SITE.items() if key != "solar_power"}
ANSWERS = {
    "name": "Garage",
    "mode": "standard",
    "priority": 1,
    "station": {"charger_max_current": 20, "policy": "concurrent", "lease": 60},
    "levels": {
        "phase_map": "ABC",
        "min_current": 6,
        "max_current": 16,
        "step": 1,
        "safe_current": 6,
    },
}


class Street:
    """A house's meter, and the stations that dial in to its Home Assistant."""

    def __init__(self, hass: HomeAssistant, port: int) -> None:
        self.hass = hass
        self.port = port
        self.house = [1.0, 1.0, 1.0]
        self.report_due = 0.0
        self.stations: list[StationClient] = []
        self.running: list[asyncio.Task[None]] = []

    def dial(
        self, plugs: int = 2, *, identity: str = "garage", password: str | None = None
    ) -> StationClient:
        """Let a station with a hungry car at each plug dial in."""
        cars = [
            CarOutlet(CarPart(kind="car", soc=20, ramp=16), seed=1, plug=n) for n in range(plugs)
        ]
        station = VirtualStation(Version.V16, cars, Behaviour(meter_interval=1.0))
        url = f"ws://127.0.0.1:{self.port}/"
        client = StationClient(
            station, Dial(url=url, identity=identity, password=password, redial=0.2)
        )
        self.stations.append(client)
        self.running.append(self.hass.loop.create_task(client.run()))
        return client

    def report(self) -> None:
        """Let the meter report what flows."""
        for place, phase in enumerate("abc"):
            cars = sum(
                plug.outlet.draws[place]
                for client in self.stations
                for plug in client.station.plugs
            )
            self.hass.states.async_set(
                f"sensor.grid_{phase}",
                str(round(self.house[place] + cars, 2)),
                {"unit_of_measurement": "A", "device_class": "current"},
                force_update=True,
            )

    async def until(self, come_true: Callable[[], bool]) -> None:
        """Let time pass until something is so."""
        async with asyncio.timeout(PATIENCE):
            while not come_true():
                if self.hass.loop.time() >= self.report_due:
                    self.report_due = self.hass.loop.time() + METER_INTERVAL
                    self.report()
                await asyncio.sleep(0.1)

    async def until_it_lasts(self, come_true: Callable[[], bool]) -> None:
        """Let time pass until something has been so for a while."""
        true_since: float | None = None

        def lasts() -> bool:
            nonlocal true_since
            now = self.hass.loop.time()
            true_since = (now if true_since is None else true_since) if come_true() else None
            return true_since is not None and now - true_since >= LASTING

        await self.until(lasts)

    def offers(self, client: StationClient) -> list[float]:
        """Return what each plug's car draws on its first leg [A]."""
        return [round(plug.outlet.draws[0], 1) for plug in client.station.plugs]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(preferences, "ControlSettings", impatient)


@pytest.fixture
async def street(hass: HomeAssistant):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    street = Street(hass, port)
    street.report()
    yield street
    for task in street.running:
        task.cancel()
    await asyncio.gather(*street.running, return_exceptions=True)


def site(street: Street, *, charger=STATION, fuse=20.0):
    port = {"ocpp_enabled": True, "ocpp_host": "127.0.0.1", "ocpp_port": street.port}
    data = DATA | {"fuse_current": fuse}
    return site_entry(data=data, options=OPTIONS | port, charger=charger, load=None)


def state(hass, entity_id):
    found = hass.states.get(entity_id)
    return None if found is None else found.state


def explained(hass):
    """Return why the first plug has what it has."""
    return hass.states.get("sensor.wallbox_plug_1_status").attributes["explanation"]


async def test_both_cars_of_a_station_charge_and_share_what_it_may_draw(hass, street):
    entry = await set_up(hass, site(street))
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
    street.house = [12.0, 1.0, 1.0]
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
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], ANSWERS)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "station_added")
    await street.until(lambda: state(hass, "sensor.garage_plug_2_status") not in (None, "unknown"))
    await street.until(lambda: min(street.offers(garage)) >= 6)
    (charger,) = entry.subentries.values()
    assert [plug["plug"] for plug in charger.data["plugs"]] == ["1", "2"]
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
