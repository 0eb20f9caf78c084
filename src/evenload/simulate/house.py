"""The simulated house as a process of its own, in real time, for others to connect to.

    python -m evenload.simulate.house SCENARIO --port N [--speed X] [--ocpp URL]

It listens on the loopback interface. `GET /` says that it runs. A client of the WebSocket `/feed` is
told first what there is (`describe`), then the last value of everything, then each report as a
device makes it; it may set what can be set and switch faults on and off. Clients come and go without
anything in the house changing; what a client gets wrong is answered with an `error` and has no
effect. With `--ocpp` its chargers dial a central system instead of being told about and set here. This
module and nothing below it reads a real clock.
"""

import argparse
import asyncio
import contextlib
import json
import math
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import cast

from aiohttp import WSMsgType, web

from evenload.model.decision import Command
from evenload.model.finding import ConfigurationError
from evenload.model.site import Kind
from evenload.ocpp.nouns import Version
from evenload.simulate.describe import FAULTS, describe
from evenload.simulate.devices.feed import Value
from evenload.simulate.plant import Plant
from evenload.simulate.scenario import read_house
from evenload.simulate.settings import FaultKind
from evenload.simulate.stations.client import StationClient
from evenload.simulate.stations.of_plant import plugs_of, station_clients

LOOPBACK = "127.0.0.1"
_LATE = 5.0
"""A house that has fallen further behind than this skips what it missed [s]."""
_PATIENCE = 500
"""Messages that may wait for a client; one that takes none for longer is let go."""


class RefusedError(Exception):
    """What a client asked for makes no sense; says about what, and why."""

    def __init__(self, about: str, message: str) -> None:
        """`about` is the key that the client gave."""
        self.about = about
        super().__init__(message)


class LiveHouse:
    """A plant with its clients."""

    def __init__(
        self, plant: Plant, scenario: str, *, elsewhere: frozenset[str] = frozenset()
    ) -> None:
        """Describe the plant under the name of its scenario.

        The loads `elsewhere`, by id, are described and set in another way; what becomes of them is
        reported all the same, for those who watch the house.
        """
        self.plant = plant
        self._elsewhere = elsewhere
        self._description = json.dumps(describe(plant, scenario, elsewhere))
        self._clients: dict[web.WebSocketResponse, asyncio.Queue[str]] = {}
        for fault in FAULTS:
            plant.feed.state(f"fault.{fault}", value=False)

    def advance(self) -> None:
        """Live through one second and pass on what was reported in it."""
        self.plant.advance()
        fresh = self.plant.feed.fresh
        if fresh:
            self._broadcast(_report(fresh))
            fresh.clear()

    async def run(self) -> None:
        """Live in real time until cancelled."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            self.advance()
            due = max(due + 1.0, loop.time() - _LATE)
            await asyncio.sleep(max(0.0, due - loop.time()))

    def application(self) -> web.Application:
        """Return the web application that clients talk to."""
        application = web.Application()
        application.add_routes([web.get("/", self._health), web.get("/feed", self._serve)])
        application.on_shutdown.append(self._close)
        return application

    def receive(self, text: str) -> None:
        """Do what a client's message says; raises RefusedError where that makes no sense."""
        try:
            message: object = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise RefusedError("", f"no JSON: {error}") from error
        match message:
            case {"type": "set", "key": str(key), "value": bool() | int() | float() as value}:
                self._set(key, value)
            case {"type": "fault", "key": str(key), "value": bool(active)}:
                self._fail(key, active=active)
            case {"type": "set" | "fault", "key": str(key)}:
                raise RefusedError(key, "needs a value, true or false for faults and switches")
            case _:
                allowed = '{"type": "set" or "fault", "key": ..., "value": ...}'
                raise RefusedError("", f"not understood; expected {allowed}")

    def _set(self, key: str, value: float) -> None:
        name, _, what = key.rpartition(".")
        load = next((each.load for each in self.plant.devices if each.load.id == name), None)
        expected = load is not None and ("on" if load.kind is Kind.SWITCH else "setpoint")
        if load is None or what != expected or load.id in self._elsewhere:
            raise RefusedError(key, "cannot be set")
        most = load.levels[-1] if load.levels else load.maximum
        if load.kind is Kind.SWITCH:
            if not isinstance(value, bool):
                raise RefusedError(key, "needs true or false")
            setpoint = most if value else 0.0
        elif isinstance(value, bool):
            raise RefusedError(key, "needs a number")
        elif not math.isfinite(value) or not 0.0 <= value <= most:
            raise RefusedError(key, f"needs 0 to {most:g}")
        else:
            setpoint = float(value)
        self.plant.command(Command(load=load.id, setpoint=setpoint))

    def _fail(self, key: str, *, active: bool) -> None:
        if key not in FAULTS:
            raise RefusedError(key, f"no fault; known are {', '.join(FAULTS)}")
        self.plant.fail(FaultKind(key), active=active)
        self.plant.feed.state(f"fault.{key}", value=active)

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "status": "ok",
                "second": self.plant.second,
                "clients": len(self._clients),
                "tripped": self.plant.dark,
            }
        )

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one client for as long as it stays."""
        socket = web.WebSocketResponse(heartbeat=20.0)
        await socket.prepare(request)
        waiting: asyncio.Queue[str] = asyncio.Queue(_PATIENCE)
        waiting.put_nowait(self._description)
        waiting.put_nowait(_report(self.plant.feed.values))
        self._clients[socket] = waiting
        sender = asyncio.create_task(_send(socket, waiting))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._answer(cast("str", message.data), waiting)
        finally:
            self._clients.pop(socket, None)
            sender.cancel()
        return socket

    def _answer(self, text: str, waiting: asyncio.Queue[str]) -> None:
        try:
            self.receive(text)
        except RefusedError as refusal:
            answer = {"type": "error", "about": refusal.about, "message": str(refusal)}
            with contextlib.suppress(asyncio.QueueFull):
                waiting.put_nowait(json.dumps(answer))

    def _broadcast(self, text: str) -> None:
        """Pass a message to every client; the house waits for none of them."""
        for client, waiting in tuple(self._clients.items()):
            try:
                waiting.put_nowait(text)
            except asyncio.QueueFull:
                del self._clients[client]

    async def _close(self, _application: web.Application) -> None:
        for client in tuple(self._clients):
            await client.close()


async def _send(socket: web.WebSocketResponse, waiting: asyncio.Queue[str]) -> None:
    """Send what waits for one client until it has gone."""
    with contextlib.suppress(ConnectionError):
        while True:
            await socket.send_str(await waiting.get())


def _report(values: Mapping[str, Value]) -> str:
    """Return the message that passes on `values`; what is no number is null, as JSON has no NaN."""
    sent = {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in values.items()
    }
    return json.dumps({"type": "report", "values": sent})


async def serve(
    house: LiveHouse,
    port: int,
    *,
    stations: Sequence[StationClient] = (),
    until_stdin_closes: bool = False,
) -> None:
    """Let the house live and listen until the process is told to end; raises OSError on a busy port."""
    runner = web.AppRunner(house.application(), handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    try:
        await web.TCPSite(runner, LOOPBACK, port).start()
        bound = cast("tuple[str, int]", runner.addresses[0])
        sys.stdout.write(f"listening on http://{bound[0]}:{bound[1]}\n")
        sys.stdout.flush()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(house.run())]
            tasks += [group.create_task(station.run()) for station in stations]
            if until_stdin_closes:
                tasks.append(group.create_task(_wait_for_end_of_stdin(ended)))
            await ended.wait()
            for task in tasks:
                task.cancel()
    finally:
        await runner.cleanup()


async def _wait_for_end_of_stdin(ended: asyncio.Event) -> None:
    """Set `ended` when whoever started this process has gone."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    try:
        while await reader.read(1024):
            pass
        ended.set()
    finally:
        transport.close()


def _speed(text: str) -> float:
    """Return the speed that was given; raises ValueError where time would stand still."""
    speed = float(text)
    if not 0.0 < speed < math.inf:
        raise ValueError
    return speed


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m evenload.simulate.house", description="Run a simulated house in real time."
    )
    parser.add_argument("scenario", help="a site file with plant:, or the name of a scenario")
    parser.add_argument("--port", type=int, required=True, help="on 127.0.0.1; 0: any free one")
    parser.add_argument(
        "--speed", type=_speed, default=1.0, help="hastens sun, temperatures and state of charge"
    )
    parser.add_argument("--start", help="a date with a time, such as 2026-06-21T11:00")
    parser.add_argument(
        "--appliances-every", type=float, metavar="SECONDS", help="a kettle or oven comes on"
    )
    parser.add_argument(
        "--ocpp", metavar="URL", help="where its chargers dial in, as ws://host:port/"
    )
    parser.add_argument(
        "--ocpp-version",
        type=Version,
        choices=tuple(Version),
        default=Version.V16,
        help="what its chargers speak",
    )
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="changes")
    parser.add_argument("--until-stdin-closes", action="store_true")
    return parser.parse_args(given)


def _live(
    plant: Plant, arguments: argparse.Namespace
) -> tuple[LiveHouse, tuple[StationClient, ...]]:
    """Return the house and those of its chargers that dial in somewhere."""
    if arguments.ocpp is None:
        return LiveHouse(plant, arguments.scenario), ()
    stations = station_clients(plant, arguments.ocpp, arguments.ocpp_version)
    elsewhere = frozenset(
        device.load.id for charger in plant.site.chargers for device in plugs_of(plant, charger)
    )
    return LiveHouse(plant, arguments.scenario, elsewhere=elsewhere), stations


def main(given: Sequence[str] | None = None) -> int:
    """Run a house; return the exit status: 2 for bad input, 1 for a port that cannot be used."""
    arguments = _arguments(given)
    changes = list(arguments.changes)
    if arguments.start is not None:
        changes.append(f"plant.start={arguments.start}")
    if arguments.appliances_every is not None:
        changes.append(f"plant.household.appliance_interval={arguments.appliances_every}")
    try:
        house = read_house(arguments.scenario, changes)
        plant = Plant(house, speed=arguments.speed)
        live, stations = _live(plant, arguments)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        asyncio.run(
            serve(
                live,
                arguments.port,
                stations=stations,
                until_stdin_closes=arguments.until_stdin_closes,
            )
        )
    except (OSError, OverflowError) as error:
        sys.stderr.write(f"cannot listen on {LOOPBACK}:{arguments.port}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
