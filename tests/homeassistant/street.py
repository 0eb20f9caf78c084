"""A house whose charging stations dial in over real websockets on this machine, and its meter."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from homeassistant.core import HomeAssistant

from evenload.model.control import ControlSettings, LoadControl, PhaseSwitching
from evenload.ocpp.nouns import Version
from evenload.simulate.settings import CarPart
from evenload.simulate.stations.behaviour import Behaviour
from evenload.simulate.stations.client import Dial, StationClient
from evenload.simulate.stations.outlet import CarOutlet
from evenload.simulate.stations.station import VirtualStation
from tests.homeassistant.house import OPTIONS, SITE, VOLTAGE, site_entry

PATIENCE = 60.0
"""Longest time that anything here may take [s]."""

METER_INTERVAL = 0.5
"""Between two reports of the house's meter [s]."""

FLICKER = 0.05
"""[A]"""

SECOND = 0.25
"""What takes a station and its cars a second takes so long here [s]."""

LASTING = 4.0
"""What has been so for so long stays so [s]."""

SWITCHING = PhaseSwitching(delay=2.0, pause=2.0)

NO_LOADS: Mapping[str, LoadControl] = {}


def impatient(*, loads: Mapping[str, LoadControl] = NO_LOADS, **given: Any) -> ControlSettings:
    """Return settings that soon raise again: here it matters who gets what, and elsewhere when."""
    quick = {
        each: replace(
            load,
            command_interval=0.5,
            settle_time=2.0,
            start_delay=2.0,
            min_on=1.0,
            min_off=1.0,
            phase_switching=load.phase_switching and SWITCHING,
        )
        for each, load in loads.items()
    }
    return ControlSettings(
        loads=quick, raise_interval=0.5, overload_grace=2.0, raise_rate=32.0, **given
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
    "meter_interval": 1.0,
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
    "manner": {"meter_interval": 1},
}


class Street:
    """A house's meter, and the stations that dial in to its Home Assistant."""

    def __init__(self, hass: HomeAssistant, port: int) -> None:
        self.hass = hass
        self.port = port
        self.house = [1.0, 1.0, 1.0]
        self.sun = 0.0
        """[W], over all phases."""
        self.flicker = 0.0
        """What the house draws besides on each phase [A]."""
        self.report_due = 0.0
        self.stations: list[StationClient] = []
        self.said: list[str] = []
        """What the stations say of their connections."""
        self.running: list[asyncio.Task[None]] = []

    def dial(
        self,
        plugs: int = 2,
        *,
        identity: str = "garage",
        password: str | None = None,
        version: Version = Version.V16,
        **behaviour: Any,
    ) -> StationClient:
        """Let a station with a hungry car at each plug dial in."""
        cars = [
            CarOutlet(CarPart(kind="car", soc=20, ramp=16), seed=1, plug=n) for n in range(plugs)
        ]
        station = VirtualStation(version, cars, Behaviour(**{"meter_interval": 1.0} | behaviour))
        url = f"ws://127.0.0.1:{self.port}/"
        client = StationClient(
            station,
            Dial(url=url, identity=identity, password=password, redial=0.2),
            self.said.append,
        )
        self.stations.append(client)
        self.running.append(self.hass.loop.create_task(client.run()))
        return client

    def report(self) -> None:
        """Let the meter report what flows, which is never the same twice."""
        self.flicker = FLICKER - self.flicker
        for place, phase in enumerate("abc"):
            cars = sum(
                plug.outlet.draws[place]
                for client in self.stations
                for plug in client.station.plugs
            )
            self.hass.states.async_set(
                f"sensor.grid_{phase}",
                str(round(self.house[place] + self.flicker + cars - self.sun / 3 / VOLTAGE, 2)),
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
