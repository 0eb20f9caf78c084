"""A virtual station on a real websocket, in real time."""

import asyncio
import contextlib
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from urllib.parse import quote

import aiohttp
from aiohttp import WSMsgType
from aiohttp.hdrs import AUTHORIZATION

from evenload.ocpp.nouns import Moment
from evenload.simulate.stations.station import VirtualStation

_STEP = 1.0
"""[s]"""
_LATE = 5.0
"""A station that has fallen further behind skips what it missed [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Where a station connects to."""

    url: str
    """Without the identity: `ws://host:port/`."""
    identity: str
    password: str | None = None
    verify: bool = True
    """Whether a certificate must be one that the machine trusts."""
    redial: float = 5.0
    """Between two attempts [s]."""


class StationClient:
    """Runs one virtual station until it is cancelled."""

    def __init__(
        self,
        station: VirtualStation,
        dial: Dial,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        """`tell` is given a sentence whenever the connection changes."""
        self.station = station
        self.refused: int | None = None
        """The HTTP status of the last attempt that was refused."""
        self._dial = dial
        self._tell: Callable[[str], None] = tell or _keep_quiet
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._hung_up = False

    async def run(self) -> None:
        """Live, and dial again whenever the connection is lost."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._live())
            group.create_task(self._keep_connected())

    async def hang_up(self) -> None:
        """Lose the connection and stay away from it."""
        self._hung_up = True
        if self._socket is not None:
            await self._socket.close()

    def pick_up(self) -> None:
        """Dial again."""
        self._hung_up = False

    async def _live(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            self.station.advance(_present())
            await self._flush()
            due = max(due + _STEP, loop.time() - _LATE)
            await asyncio.sleep(max(0.0, due - loop.time()))

    async def _keep_connected(self) -> None:
        while True:
            if not self._hung_up:
                await self._connect()
            await asyncio.sleep(self._dial.redial)

    async def _connect(self) -> None:
        dial = self._dial
        headers: dict[str, str] = {}
        if dial.password is not None:
            headers[AUTHORIZATION] = _basic(dial.identity, dial.password)
        url = f"{dial.url.rstrip('/')}/{quote(dial.identity, safe='')}"
        try:
            async with (
                aiohttp.ClientSession(headers=headers) as session,
                session.ws_connect(
                    url, protocols=(self.station.version,), ssl=dial.verify, heartbeat=30.0
                ) as socket,
            ):
                await self._talk(socket)
        except aiohttp.WSServerHandshakeError as error:
            self.refused = error.status
            self._tell(f"refused: {error.status} {error.message}")
        except (aiohttp.ClientError, OSError) as error:
            self._tell(f"no connection: {error}")

    async def _talk(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        if socket.protocol != self.station.version:
            self._tell(f"refused: the central system does not speak {self.station.version}")
            return
        self._tell("connected")
        self._socket, self.refused = socket, None
        self.station.connect(_present())
        await self._flush()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self.station.receive(cast("str", message.data), _present())
                    await self._flush()
        finally:
            self._socket = None
            self.station.disconnect()
            self._tell("disconnected")

    async def _flush(self) -> None:
        if self._socket is None:
            return
        with contextlib.suppress(ConnectionError, aiohttp.ClientError):
            for frame in self.station.take_frames():
                await self._socket.send_str(frame)


def _basic(user: str, password: str) -> str:
    """Return what proves identity and password (RFC 7617)."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def _keep_quiet(_sentence: str) -> None:
    """Tell nobody."""


def _present() -> Moment:
    return Moment(time.monotonic(), datetime.now(UTC))
