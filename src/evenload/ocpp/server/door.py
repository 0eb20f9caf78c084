"""What happens when something dials in: it is let in as a station, or refused and told why.

| who | is answered |
|---|---|
| no websocket, no identity | 400, 404 |
| an identity nobody has accepted | 404, and listed for the user to accept |
| an address with too many wrong passwords | 429 |
| a wrong password | 401 |
| a station whose identity two stations use in turn, while the other is there | 409 |
| a station whose commissioning check needs it away | 503 |
| no version of OCPP in common | the handshake without a sub-protocol, then closed (OCPP-J 1.6, 3.3) |

Each kind is logged once for a station until it has come in again.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, MutableMapping
from math import ceil

from aiohttp import WSCloseCode, hdrs, web

from evenload.ocpp.frames import LONGEST_FRAME
from evenload.ocpp.nouns import Moment, TroubleCode, Version
from evenload.ocpp.server.clocks import present
from evenload.ocpp.server.connection import Connection
from evenload.ocpp.server.gate import Attempt, Gate, identity_in, password_fits
from evenload.ocpp.station import Station

_LOGGER = logging.getLogger(__name__)
_HEARTBEAT = 30.0
"""Between two pings; a connection without an answer for half of it is dead [s]."""
_TWINS = 3
"""So many live connections replaced in `_TWIN_TIME` mean two stations with one identity."""
_TWIN_TIME = 600.0
_ALIVE = 30.0
"""A connection that was heard within this time is alive [s]."""


class Door:
    """Lets stations in."""

    def __init__(
        self,
        stations: MutableMapping[str, Station],
        connections: MutableMapping[str, Connection],
        after: Callable[[Station], None],
        on_stranger: Callable[[Attempt], None] | None,
    ) -> None:
        """Share the central system's stations and connections."""
        self.gate = Gate()
        self._stations = stations
        self._connections = connections
        self._after = after
        self._on_stranger = on_stranger
        self._told: set[tuple[str, str]] = set()
        self._replacements: dict[str, deque[float]] = {}
        self._kept_out: dict[str, float] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    def keep_out(self, identity: str, until: float | None) -> None:
        """Let a station not in until this time [s, monotonic]; None: let it in."""
        if until is None:
            self._kept_out.pop(identity, None)
        else:
            self._kept_out[identity] = until

    async def open(self, request: web.Request) -> web.StreamResponse:
        """Answer whoever dials in, and serve it for as long as it stays."""
        identity = identity_in(request.raw_path.partition("?")[0])
        if identity is None:
            raise web.HTTPNotFound(text="the path's last part is the station's identity")
        station = self._admitted(request, identity)
        version = _version_in_common(request)
        socket = web.WebSocketResponse(
            protocols=() if version is None else (version,),
            heartbeat=None if version is None else _HEARTBEAT,
            max_msg_size=LONGEST_FRAME,
        )
        await socket.prepare(request)
        if version is None:
            station.state.set_trouble(TroubleCode.NO_VERSION, present=True)
            self._after(station)
            self._tell_once(identity, "speaks no version of OCPP that we do")
            await socket.close(code=WSCloseCode.PROTOCOL_ERROR, message=b"no common OCPP version")
            return socket
        await self._serve(station, socket, version, request.remote or "")
        return socket

    def _admitted(self, request: web.Request, identity: str) -> Station:
        """Return the station that dials in; raises the HTTP error that refuses it."""
        moment, address = present(), request.remote or ""
        if request.headers.get(hdrs.UPGRADE, "").lower() != "websocket":
            raise web.HTTPBadRequest(text="this is where charging stations connect by websocket")
        wait = self.gate.waits_until(address, moment.now)
        if wait is not None:
            seconds = str(ceil(wait - moment.now))
            raise web.HTTPTooManyRequests(headers={hdrs.RETRY_AFTER: seconds})
        station = self._stations.get(identity)
        if station is None:
            self._list_stranger(request, identity, moment)
            raise web.HTTPNotFound(text="this station is not known here")
        self._check_password(request, station, moment)
        if self._kept_out.get(identity, moment.now) > moment.now:
            raise web.HTTPServiceUnavailable(text="a commissioning check runs")
        if self._is_twin(station, address, moment):
            raise web.HTTPConflict(text="another station uses this identity")
        return station

    def _check_password(self, request: web.Request, station: Station, moment: Moment) -> None:
        password, identity = station.state.settings.password, station.state.identity
        if password is None:
            return
        address = request.remote or ""
        if password_fits(request.headers.get(hdrs.AUTHORIZATION), identity, password):
            self.gate.passed(address)
            return
        self.gate.failed(address, moment.now)
        station.state.set_trouble(TroubleCode.WRONG_PASSWORD, present=True)
        self._after(station)
        self._tell_once(identity, "has been refused for a wrong password")
        raise web.HTTPUnauthorized(headers={hdrs.WWW_AUTHENTICATE: 'Basic realm="OCPP"'})

    def _list_stranger(self, request: web.Request, identity: str, moment: Moment) -> None:
        attempt = Attempt(
            identity=identity,
            address=request.remote or "",
            protocols=tuple(each for each in _offered(request) if each in Version),
            has_password=hdrs.AUTHORIZATION in request.headers,
            first=moment,
            last=moment,
        )
        if self.gate.knocked(attempt):
            _LOGGER.info("unknown station %s at %s", identity, attempt.address)
            if self._on_stranger is not None:
                self._on_stranger(attempt)

    def _is_twin(self, station: Station, address: str, moment: Moment) -> bool:
        """Return whether two stations take this identity from each other, and this one waits.

        A station dials again from its own address whenever its network fails; two have an address each.
        """
        identity = station.state.identity
        times = self._replacements.setdefault(identity, deque(maxlen=_TWINS))
        twins = len(times) == _TWINS and moment.now - times[0] < _TWIN_TIME
        station.state.set_trouble(TroubleCode.SAME_IDENTITY, present=twins)
        there = self._connections.get(identity)
        heard = station.heard_at
        alive = heard is not None and moment.now - heard < _ALIVE
        if there is None or there.address == address or not alive:
            return False
        if not twins:
            times.append(moment.now)
            return False
        self._after(station)
        self._tell_once(identity, "is the name of two stations that connect in turn")
        return True

    async def _serve(
        self, station: Station, socket: web.WebSocketResponse, version: Version, address: str
    ) -> None:
        identity = station.state.identity
        before = self._connections.get(identity)
        connection = Connection(socket, station, address, present, self._after)
        self._connections[identity] = connection
        if before is not None:
            before.forget()
            # A dead one would make the new one wait for its last bytes.
            leaving = asyncio.create_task(before.close(b"replaced by another connection"))
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)
        station.connect(version, present())
        for code in (TroubleCode.WRONG_PASSWORD, TroubleCode.NO_VERSION):
            station.state.set_trouble(code, present=False)
        self._told = {told for told in self._told if told[0] != identity}
        try:
            await connection.serve()
        finally:
            if self._connections.get(identity) is connection:
                del self._connections[identity]
                station.disconnect()
                self._after(station)

    def _tell_once(self, identity: str, what: str) -> None:
        if (identity, what) not in self._told:
            self._told.add((identity, what))
            _LOGGER.warning("charging station %s %s", identity, what)


def _offered(request: web.Request) -> list[str]:
    header = ",".join(request.headers.getall(hdrs.SEC_WEBSOCKET_PROTOCOL, ()))
    return [each.strip() for each in header[:500].split(",")]


def _version_in_common(request: web.Request) -> Version | None:
    """Return the first version that the station offers and we speak: its order is its preference."""
    return next((Version(each) for each in _offered(request) if each in Version), None)
