"""One websocket to one station: time, bytes and bounds around its session.

What a station sends is taken at most so fast; faster, its socket is left unread and TCP makes it wait.
What it does not take in is not piled up: a station that reads nothing is let go.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from typing import cast

from aiohttp import WebSocketError, WSCloseCode, WSMessage, WSMsgType, web

from evenload.ocpp.nouns import Moment, TroubleCode
from evenload.ocpp.station import Station

_LOGGER = logging.getLogger(__name__)
_RATE = 50.0
"""Messages a second that are taken from one station in the long run."""
_BURST = 200.0
"""Messages that it may send at once beyond that, as after a time offline."""
_WELL_BEHAVED = 600.0
"""A station that stays for so long has stopped to send what is too long [s]."""
_MOST_FRAMES = 200
"""Frames that may wait for a station to take them in."""


class Connection:
    """A websocket and the session behind it."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        station: Station,
        address: str,
        clock: Callable[[], Moment],
        after: Callable[[Station], None],
    ) -> None:
        """Stand ready; `after` is called whenever the session may have something to say."""
        self.address = address
        self.since = clock().now
        self._socket = socket
        self._station = station
        self._clock = clock
        self._after = after
        self._frames: deque[str] = deque()
        self._wake = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._allowance = _BURST
        self._counted_at = self.since
        self._replaced = False
        self._leaving: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Serve the station until one of both ends the connection."""
        writer = asyncio.create_task(self._write())
        try:
            self._step()
            async for message in self._socket:
                if message.type is not WSMsgType.TEXT:
                    self._note_too_long(message)
                    continue
                if self._replaced:
                    break
                moment = self._clock()
                self._receive(cast("str", message.data), moment)
                self._step()
                await self._slow_down(moment.now)
        finally:
            if self._timer is not None:
                self._timer.cancel()
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer

    def _receive(self, text: str, moment: Moment) -> None:
        try:
            self._station.receive(text, moment)
        except Exception:  # a defect of ours that one station meets must not end its connection
            _LOGGER.exception("a message of %s was not understood", self._station.state.identity)

    def flush(self) -> None:
        """Send what the session has to send, and see when it wants to be woken."""
        frames = self._station.take_frames()
        if frames:
            self._frames.extend(frames)
            self._wake.set()
        if len(self._frames) > _MOST_FRAMES and self._leaving is None:
            self._leaving = asyncio.create_task(self.close(b"takes nothing in"))
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        wake_at = self._station.wake_at
        if wake_at is not None and not self._replaced:
            delay = max(0.0, wake_at - self._clock().now)
            self._timer = asyncio.get_running_loop().call_later(delay, self._tick)

    def forget(self) -> None:
        """Take and send nothing more: the station has made another connection."""
        self._replaced = True

    async def close(self, why: bytes) -> None:
        """End the connection."""
        if self._timer is not None:
            self._timer.cancel()
        with contextlib.suppress(ConnectionError, TimeoutError):
            await self._socket.close(code=WSCloseCode.GOING_AWAY, message=why)

    def _note_too_long(self, message: WSMessage) -> None:
        """Tell of a frame that is too long, for which the websocket itself ends the connection."""
        error, state = message.data, self._station.state
        if not isinstance(error, WebSocketError) or error.code != WSCloseCode.MESSAGE_TOO_BIG:
            return
        if TroubleCode.FRAME_TOO_LONG not in state.troubles:
            _LOGGER.warning("charging station %s was let go: %s", state.identity, error)
        state.set_trouble(TroubleCode.FRAME_TOO_LONG, present=True)

    def _tick(self) -> None:
        self._timer = None
        moment = self._clock()
        if moment.now - self.since > _WELL_BEHAVED:
            self._station.state.set_trouble(TroubleCode.FRAME_TOO_LONG, present=False)
        self._station.tick(moment)
        self._step()

    def _step(self) -> None:
        if not self._replaced:
            self._after(self._station)

    async def _write(self) -> None:
        """Send frames in their order, as fast as the station takes them in."""
        with contextlib.suppress(ConnectionError):
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._frames:
                    await self._socket.send_str(self._frames.popleft())

    async def _slow_down(self, now: float) -> None:
        """Leave the socket unread for a while when messages come too fast."""
        self._allowance = min(_BURST, self._allowance + (now - self._counted_at) * _RATE) - 1.0
        self._counted_at = now
        if self._allowance < 0.0:
            await asyncio.sleep(-self._allowance / _RATE)
