"""The central system: one port, many stations, and what a controller and its user do with them.

    central = CentralSystem(Options(stations={"garage": StationSettings()}), listener)
    await central.start(host="127.0.0.1", port=9220)
    central.command("garage", 1, Setpoint(current=10.0, fallback=6.0, lease=180.0))
    ...
    await central.stop()

Everything runs in the loop that started it. `command` is a plain function: what it sends goes out in the
loop's next turn. The listener is called in the same loop, once for each event, and reads
snapshots for the rest.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from aiohttp import web

from evenload.ocpp.calling import Answered
from evenload.ocpp.calls import Request
from evenload.ocpp.commission import CheckPlan, CheckReport, Stage
from evenload.ocpp.dialects.face import Dialect
from evenload.ocpp.nouns import Event, Setpoint, StationSnapshot, TroubleCode
from evenload.ocpp.server.checking import CHECK_INTERVAL, Checking
from evenload.ocpp.server.clocks import present
from evenload.ocpp.server.connection import Connection
from evenload.ocpp.server.door import Door
from evenload.ocpp.server.gate import Attempt
from evenload.ocpp.server.memory import Memory, as_data, from_data
from evenload.ocpp.starting import TOKEN
from evenload.ocpp.state import StationSettings
from evenload.ocpp.station import Station
from evenload.ocpp.transactions import TransactionIds

_LOGGER = logging.getLogger(__name__)
_SHUTDOWN = 1.0
"""How long stations have to take leave [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the central system is started with."""

    stations: Mapping[str, StationSettings] = field(default_factory=dict[str, StationSettings])
    """Stations that are known, by identity."""
    tls: ssl.SSLContext | None = None
    """For security profile 2."""
    memory: object = None
    """What `CentralSystem.memory` returned before; None, or anything damaged: begin anew."""


class NotConnectedError(Exception):
    """The station is not known, or not there."""


class CentralSystem:
    """All stations of a house, and the port they dial."""

    def __init__(
        self,
        options: Options,
        listener: Callable[[Event], None],
        on_stranger: Callable[[Attempt], None] | None = None,
    ) -> None:
        """Know the stations of the options; `on_stranger` hears of each unknown one once."""
        memory = from_data(options.memory)
        self._ids = TransactionIds(memory.last_transaction, present().utc)
        self._records = dict(memory.stations)
        self._tls = options.tls
        self._listener = listener
        self._stations: dict[str, Station] = {}
        self._connections: dict[str, Connection] = {}
        self._waiting: dict[int, asyncio.Future[Answered]] = {}
        self._last_ticket = 0
        self._checks: dict[tuple[str, int], Checking] = {}
        self._runner: web.AppRunner | None = None
        self._door = Door(self._stations, self._connections, self._after, on_stranger)
        for identity, settings in options.stations.items():
            self.add(identity, settings)

    async def start(self, *, host: str, port: int) -> int:
        """Listen, and return the port; raises OSError where that cannot be.

        `evenload.ocpp.schemas.preload` reads files: call it in an executor before.
        """
        application = web.Application(client_max_size=1024)
        application.router.add_get("/{path:.*}", self._door.open)
        runner = web.AppRunner(
            application, handle_signals=False, access_log=None, shutdown_timeout=_SHUTDOWN
        )
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port, ssl_context=self._tls)
            await site.start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        return int(runner.addresses[0][1])

    async def stop(self) -> None:
        """Let every station go and stop to listen."""
        for connection in tuple(self._connections.values()):
            await connection.close(b"central system stops")
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        for future in self._waiting.values():
            future.cancel()
        self._waiting.clear()

    # Stations.

    def add(self, identity: str, settings: StationSettings) -> None:
        """Accept a station, or change what holds for one that is accepted."""
        known = self._stations.get(identity)
        if known is not None:
            known.set_settings(settings, present())
            self._after(known)
            return
        self._door.gate.accepted(identity)
        record = self._records.pop(identity, None)
        self._stations[identity] = Station(identity, settings, self._ids, record)

    async def remove(self, identity: str) -> None:
        """Forget a station, and let it go."""
        self._stations.pop(identity, None)
        connection = self._connections.get(identity)
        if connection is not None:
            await connection.close(b"no longer known")

    @property
    def strangers(self) -> tuple[Attempt, ...]:
        """Stations that dialled in and are not accepted, the last first; at most 32."""
        return self._door.gate.strangers

    def snapshot(self, identity: str) -> StationSnapshot | None:
        """Return what is known of a station; None: it is not accepted."""
        station = self._stations.get(identity)
        if station is None:
            return None
        return station.snapshot()

    @property
    def identities(self) -> tuple[str, ...]:
        """The stations that are accepted."""
        return tuple(self._stations)

    def memory(self) -> dict[str, object]:
        """Return what must survive a restart, as data of JSON; save it upon `Change.MEMORY`."""
        records = dict(self._records)
        for identity, station in self._stations.items():
            records[identity] = station.state.record(station.version)
        return as_data(Memory(last_transaction=self._ids.last, stations=records))

    # What the controller does.

    def command(self, identity: str, plug: int, setpoint: Setpoint) -> None:
        """Tell a plug what it may draw; kept for a station that is not there.

        A leased setpoint must be repeated within its lease, best at a third of it.
        """
        checking = self._checks.get((identity, plug))
        if checking is not None and not checking.overrule(setpoint):
            return
        self._tell(identity, plug, setpoint)

    def _tell(self, identity: str, plug: int, setpoint: Setpoint) -> None:
        station = self._stations.get(identity)
        if station is not None:
            station.command(plug, setpoint, present())
            self._after(station)

    async def check(self, identity: str, plug: int, plan: CheckPlan) -> CheckReport:
        """See what a plug really does with limits, leases and silence; takes a few minutes.

        What the controller commands meanwhile is kept for the end, unless it is less than the plug
        was told for the check: that ends it. Raises NotConnectedError.
        """
        station = self._stations.get(identity)
        if station is None or not station.connected or plug not in station.state.plugs:
            raise NotConnectedError(identity)
        checking = Checking(plan, present().now)
        self._checks[identity, plug] = checking
        try:
            while checking.check.stage is not Stage.DONE:
                await self._look(station, plug, checking)
                await asyncio.sleep(CHECK_INTERVAL)
        finally:
            del self._checks[identity, plug]
            self._door.keep_out(identity, None)
            if checking.kept is not None:
                self._tell(identity, plug, checking.kept)
        return checking.check.report

    async def _look(self, station: Station, plug: int, checking: Checking) -> None:
        identity, now = station.state.identity, present().now
        setpoint = checking.check.advance(station.snapshot().plugs[plug], now)
        if setpoint is not None:
            self._tell(identity, plug, setpoint)
        silence = checking.check.silence
        self._door.keep_out(identity, None if silence is None else silence[1])
        connection = self._connections.get(identity)
        if silence is not None and silence[0] <= now < silence[1] and connection is not None:
            await connection.close(b"commissioning check")
        elif station.connected and checking.asks(now) and station.speaks is not None:
            station.request(station.speaks.trigger("MeterValues", plug), present())
            self._after(station)

    # What a person does; each returns the station's answer.

    async def start_charging(self, identity: str, plug: int, token: str = TOKEN) -> Answered:
        """Start a transaction of a token, listed or not; raises NotConnectedError."""
        self.welcome(identity, token)
        number = self._ids.give()
        return await self._ask(identity, lambda speaker: speaker.start(plug, token, number))

    def welcome(self, identity: str, token: str) -> None:
        """Let a token charge once, whatever the station's list says."""
        station = self._stations.get(identity)
        if station is not None:
            station.state.guests.welcome(token)

    async def stop_charging(self, identity: str, plug: int) -> Answered:
        """End a plug's transaction; raises NotConnectedError, also where none runs."""
        known = self.snapshot(identity)
        session = known.plugs[plug].session if known is not None and plug in known.plugs else None
        if session is None or session.ended is not None:
            raise NotConnectedError(identity)
        return await self._ask(identity, lambda speaker: speaker.stop(plug, session.id))

    async def reset(self, identity: str, *, hard: bool = False) -> Answered:
        """Restart a station: at once, or gently; raises NotConnectedError."""
        return await self._ask(identity, lambda speaker: speaker.reset(hard=hard))

    async def trigger(self, identity: str, message: str, plug: int | None = None) -> Answered:
        """Ask for a message, such as `StatusNotification`; raises NotConnectedError."""
        return await self._ask(identity, lambda speaker: speaker.trigger(message, plug))

    async def unlock(self, identity: str, plug: int) -> Answered:
        """Unlock a plug's cable; raises NotConnectedError."""
        return await self._ask(identity, lambda speaker: speaker.unlock(plug))

    async def write_setting(self, identity: str, name: str, value: str) -> Answered:
        """Change a setting, `Key` or in 2.x `Component/Variable`; raises NotConnectedError."""
        return await self._ask(identity, lambda speaker: speaker.write_setting(name, value))

    async def read_setting(self, identity: str, name: str) -> Answered:
        """Read a setting; raises NotConnectedError."""
        return await self._ask(identity, lambda speaker: speaker.read_setting(name))

    async def _ask(self, identity: str, make: Callable[[Dialect], Request]) -> Answered:
        station = self._stations.get(identity)
        speaker = None if station is None else station.speaks
        if station is None or speaker is None or not station.connected:
            raise NotConnectedError(identity)
        self._last_ticket += 1
        ticket = self._last_ticket
        future: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._waiting[ticket] = future
        try:
            if not station.request(replace(make(speaker), ticket=ticket), present()):
                raise NotConnectedError(identity)
            self._after(station)
            return await future
        finally:
            self._waiting.pop(ticket, None)

    def _after(self, station: Station) -> None:
        """Pass on what a station's session has to say, after anything was done to it."""
        connection = self._connections.get(station.state.identity)
        if connection is not None:
            connection.flush()
        for answered in station.take_answers():
            future = self._waiting.get(answered.ticket)
            if future is not None and not future.done():
                future.set_result(answered)
        for event in station.take_events():
            try:
                self._listener(event)
            except Exception:  # a listener's defect must not end a station's connection
                _LOGGER.exception("what follows %s of %s has failed", event.change, event.station)


def troubles_in_words() -> Mapping[TroubleCode, str]:
    """Return what each trouble means, in a sentence."""
    return {
        TroubleCode.LIMIT_REFUSED: "it takes no charging profile, so its current cannot be set",
        TroubleCode.NO_FALLBACK: "it keeps its last setpoint when Evenload is silent",
        TroubleCode.SCHEDULE_DIFFERS: "it says that it will follow another limit",
        TroubleCode.LIMITED_OUTSIDE: "something else limits it",
        TroubleCode.UNANSWERED: "it does not answer",
        TroubleCode.MALFORMED: "it sends messages that are not OCPP",
        TroubleCode.FRAME_TOO_LONG: "it has sent a message that is too long, and was let go",
        TroubleCode.NO_VERSION: "it offers no version of OCPP that Evenload speaks",
        TroubleCode.SAME_IDENTITY: "two stations use this identity in turn",
        TroubleCode.WRONG_PASSWORD: "it was refused for a wrong password",
        TroubleCode.CLOCK_WRONG: "its clock is wrong by more than a minute",
    }
