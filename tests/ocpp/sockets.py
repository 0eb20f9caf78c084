"""A central system and stations on real sockets of this machine."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from evenload.ocpp.nouns import Change, Event, PlugSnapshot, Version
from evenload.ocpp.server import Attempt, CentralSystem, Options
from evenload.ocpp.state import StationSettings
from evenload.simulate.settings import CarPart
from evenload.simulate.stations.behaviour import Behaviour
from evenload.simulate.stations.client import Dial, StationClient
from evenload.simulate.stations.outlet import CarOutlet
from evenload.simulate.stations.station import VirtualStation

HOST = "127.0.0.1"
PATIENCE = 20.0
"""Longest time that a test waits for anything [s]."""


@dataclass
class Running:
    """A central system that listens."""

    central: CentralSystem
    port: int
    events: list[Event] = field(default_factory=list)
    strangers: list[Attempt] = field(default_factory=list)
    scheme: str = "ws"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{HOST}:{self.port}/ocpp"

    def plug(self, number: int = 1, identity: str = "garage") -> PlugSnapshot | None:
        found = self.central.snapshot(identity)
        return None if found is None else found.plugs.get(number)

    def count(self, change: Change) -> int:
        return sum(event.change is change for event in self.events)


@asynccontextmanager
async def central_system(
    stations: dict[str, StationSettings] | None = None, **options: object
) -> AsyncIterator[Running]:
    events: list[Event] = []
    strangers: list[Attempt] = []
    known = {"garage": StationSettings()} if stations is None else stations
    central = CentralSystem(Options(stations=known, **options), events.append, strangers.append)  # type: ignore[arg-type]
    port = await central.start(host=HOST, port=0)
    try:
        yield Running(central, port, events, strangers)
    finally:
        await central.stop()


@asynccontextmanager
async def virtual_station(
    running: Running,
    version: Version = Version.V16,
    *,
    plugs: int = 2,
    identity: str = "garage",
    password: str | None = None,
    behaviour: Behaviour | None = None,
) -> AsyncIterator[StationClient]:
    # A car that follows at once keeps these tests short.
    car = CarPart(kind="car", response=0, ramp=100.0, ramp_down=100.0)
    outlets = [CarOutlet(car, seed=1, plug=number) for number in range(1, plugs + 1)]
    station = VirtualStation(version, outlets, behaviour)
    dial = Dial(url=running.url, identity=identity, password=password, verify=False, redial=0.2)
    client = StationClient(station, dial)
    task = asyncio.create_task(client.run())
    try:
        yield client
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - a state of another program's, not an event
            await asyncio.sleep(0.02)


@asynccontextmanager
async def raw_socket(
    running: Running, identity: str = "garage", protocols: tuple[str, ...] = (Version.V16,)
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{running.url}/{identity}", protocols=protocols) as socket,
    ):
        yield socket


async def ask(
    socket: aiohttp.ClientWebSocketResponse, action: str, payload: dict[str, object]
) -> list[object]:
    """Send a call and return its answer, passing over the central system's own calls."""
    await socket.send_str(json.dumps([2, action, action, payload]))
    async with asyncio.timeout(PATIENCE):
        while True:
            frame = json.loads(await socket.receive_str())
            if frame[1] == action:
                return frame
