"""The house of `cut.py`: a scripted meter, switches, and charging stations that note what reaches them.

It speaks as `evenload.simulate.house` does, so the demo's integration gives it to Home Assistant. What the
rest of the house draws is a script that chance makes: a staircase that climbs until the fuse has no room,
then a drop. Meter and stations live in this one process, and note times on one clock.
"""

import asyncio
import contextlib
import json
import random
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, cast, override

from aiohttp import web

from evenload.ocpp.frames import Call, parse
from evenload.ocpp.nouns import Moment, Version
from evenload.simulate.settings import CarPart
from evenload.simulate.stations.behaviour import Behaviour
from evenload.simulate.stations.client import Dial, StationClient
from evenload.simulate.stations.outlet import CarOutlet
from evenload.simulate.stations.station import VirtualStation

HOST = "127.0.0.1"
PHASES = ("A", "B", "C")
STATIONS = 8
PLUGS = 2
"""Of each station."""
BOILERS = 4
LOADS = STATIONS * PLUGS + BOILERS
RATED = 2000.0
"""Of each boiler [W]."""
VOLTAGE = 230.0
FUSE = 300.0
"""[A]"""
LOW, HIGH = 20.0, 170.0
"""Between them the rest of the house climbs [A], so that its loads' minimums always fit."""
STEPS = (2.0, 6.0)
"""Lowest and highest step of the staircase [A]."""
REST = 45
"""Reports at the foot of the staircase, on which loads take more."""
WITHOUT_PROFILE = 16.0
"""What a plug offers before it has been told anything [A]."""
INTERVAL = (0.9, 1.1)
"""Shortest and longest time between two reports [s]."""


def identities() -> list[str]:
    return [f"garage-{number}" for number in range(1, STATIONS + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report of the meter."""

    at: float
    """When it was sent [s, monotonic]."""
    overload: float
    """By how much the fuse's rating was exceeded on the worst phase [A]; 0: it was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setpoint:
    """One limit that has reached a station."""

    plug: str
    current: float
    """[A]"""
    at: float
    """[s, monotonic]"""


class NotingStation(VirtualStation):
    """A station that notes each setpoint before it does anything else with it."""

    def note_into(self, setpoints: list[Setpoint], identity: str) -> None:
        """Note what comes in `setpoints`, as of the station `identity`."""
        self._setpoints, self._identity = setpoints, identity

    @override
    def receive(self, text: str, moment: Moment) -> None:
        """Take a frame of the central system."""
        match parse(text):
            case Call(_, "SetChargingProfile", payload):
                found = limit_in(payload)
                if found is not None:
                    plug, current = found
                    name = f"{self._identity}/{plug}"
                    self._setpoints.append(Setpoint(plug=name, current=current, at=moment.now))
            case _:
                pass
        super().receive(text, moment)


def limit_in(payload: Mapping[str, Any]) -> tuple[int, float] | None:
    """Return the plug and the limit of a profile's first period [A]; None: it is the station's own."""
    plug = int(payload.get("connectorId", payload.get("evseId", 0)))
    if plug == 0:
        return None
    profile = payload.get("csChargingProfiles", payload.get("chargingProfile"))
    schedule = cast("Any", profile)["chargingSchedule"]
    first = schedule[0] if isinstance(schedule, list) else schedule
    return plug, float(first["chargingSchedulePeriod"][0]["limit"])


class LoadedHouse:
    """The house, while `served`; `reports` and `setpoints` are what it noted."""

    def __init__(self, seed: int, *, url: str) -> None:
        """Stand ready with hungry cars; stations will dial `url`."""
        self.reports: list[Report] = []
        self.setpoints: list[Setpoint] = []
        self.passing = True
        """Whether the staircase stands still at its foot."""
        self._chance = random.Random(seed)
        self._base = LOW
        self._rest = 0
        self._heating = [False] * BOILERS
        self._sockets: set[web.WebSocketResponse] = set()
        self._clients = [self._client(index, name, url) for index, name in enumerate(identities())]
        self._running: list[asyncio.Task[None]] = []

    def _client(self, index: int, identity: str, url: str) -> StationClient:
        car = CarPart(kind="car", soc=10, ramp=16)
        outlets = [CarOutlet(car, seed=index, plug=plug) for plug in range(1, PLUGS + 1)]
        version = Version.V201 if index % 2 else Version.V16
        station = NotingStation(version, outlets, Behaviour())
        station.note_into(self.setpoints, identity)
        return StationClient(station, Dial(url=url, identity=identity, redial=1.0))

    @contextlib.asynccontextmanager
    async def served(self, port: int) -> AsyncGenerator[None]:
        """Answer at `port` and report until left."""
        site = web.Application()
        site.router.add_get("/", self._greet)
        site.router.add_get("/feed", self._feed)
        runner = web.AppRunner(site)
        await runner.setup()
        await web.TCPSite(runner, HOST, port).start()
        self._running.append(asyncio.create_task(self._report_for_ever()))
        try:
            yield
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)
            await runner.cleanup()

    def dial(self) -> None:
        """Let all stations dial in."""
        self._running += [asyncio.create_task(client.run()) for client in self._clients]

    @property
    def charging(self) -> int:
        """How many cars charge."""
        return sum(plug.outlet.power > 0 for each in self._clients for plug in each.station.plugs)

    def _currents(self) -> dict[str, float]:
        """Return what flows through the main fuse [A]."""
        flows = dict.fromkeys(PHASES, self._base)
        for client in self._clients:
            for plug in client.station.plugs:
                for phase, draw in zip(PHASES, plug.outlet.draws, strict=True):
                    flows[phase] += draw
        for index, heating in enumerate(self._heating):
            flows[PHASES[index % 3]] += RATED / VOLTAGE if heating else 0.0
        return flows

    async def _report_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._chance.uniform(*INTERVAL))
            if not self.passing:
                self._climb()
            await self._report()

    def _climb(self) -> None:
        """Go one step up; from the top to the foot."""
        if self._rest > 0:
            self._rest -= 1
            return
        self._base += self._chance.uniform(*STEPS)
        if self._base > HIGH:
            self._base, self._rest = LOW, REST

    def _report_of_now(self) -> str:
        values: dict[str, object] = {
            f"grid.{phase}": round(flow, 2) for phase, flow in self._currents().items()
        }
        for index, heating in enumerate(self._heating):
            values[f"boiler{index}.heating"] = heating
            values[f"boiler{index}.power"] = RATED if heating else 0.0
        return json.dumps({"type": "report", "values": values})

    async def _report(self) -> None:
        report = self._report_of_now()
        overload = max(0.0, *(flow - FUSE for flow in self._currents().values()))
        self.reports.append(Report(at=time.monotonic(), overload=overload))
        for socket in tuple(self._sockets):
            with contextlib.suppress(ConnectionError):
                await socket.send_str(report)

    async def _greet(self, _: web.Request) -> web.Response:
        return web.Response(text="a loaded house")

    async def _feed(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json(description())
        await socket.send_str(self._report_of_now())
        self._sockets.add(socket)
        try:
            async for message in socket:
                self._set(message.json())
        finally:
            self._sockets.discard(socket)
        return socket

    def _set(self, message: Mapping[str, Any]) -> None:
        for index in range(BOILERS):
            if message.get("key") == f"boiler{index}.heating":
                self._heating[index] = bool(message["value"])


def description() -> dict[str, object]:
    """Return what the house says of itself, as the demo's integration reads it."""
    boilers = [f"boiler{index}" for index in range(BOILERS)]
    current = {"device": "grid", "unit": "A", "device_class": "current"}
    power = {"unit": "W", "device_class": "power"}
    sensors: list[dict[str, str]] = [
        {"key": f"grid.{phase}", "name": f"Current {phase}", **current} for phase in PHASES
    ]
    sensors += [
        {"key": f"{each}.power", "name": "Power", "device": each, **power} for each in boilers
    ]
    names = {each: f"Boiler {number}" for number, each in enumerate(boilers, 1)}
    names |= {"grid": "Grid meter", "fuse": "Main fuse"}
    return {
        "type": "describe",
        "devices": [{"id": key, "name": name} for key, name in names.items()],
        "sensors": sensors,
        "controls": [
            {"key": f"{each}.heating", "kind": "switch", "device": each, "name": "Heating"}
            for each in boilers
        ],
        "faults": [],
        "site": {"fuse": dict.fromkeys(PHASES, FUSE)},
    }
