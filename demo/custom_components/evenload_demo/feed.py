"""The connection to the simulated house: its reports come in, settings go out.

The house is a process of its own. Its reports are passed on as they arrive, whether or not a value
has changed, because what manages the house must see when a device last spoke. When the connection
is lost the values are not available until the house answers again.

The house is always on this machine. Home Assistant's shared client would also listen for names on
the local network, which there may not be, so this has a client of its own.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable

import aiohttp
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.exceptions import HomeAssistantError

from .description import RATING, Value, rating_of, read_description

LOGGER = logging.getLogger(__name__)

RETRY_INTERVAL = 2.0
"""Time between two attempts to reach the house [s]."""

type Reported = float | bool | str | None


class Feed:
    """One house, kept connected."""

    def __init__(self, url: str) -> None:
        """Prepare to connect to the house at `url`, `http://127.0.0.1:8124`."""
        self.values: dict[str, Reported] = {}
        self.described: asyncio.Future[tuple[Value, ...]] = (
            asyncio.get_running_loop().create_future()
        )
        self._url = url
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._listeners: defaultdict[str, list[CALLBACK_TYPE]] = defaultdict(list)

    @property
    def connected(self) -> bool:
        """Whether the house is there."""
        return self._socket is not None

    @callback
    def listen(self, key: str, listener: CALLBACK_TYPE) -> Callable[[], None]:
        """Call `listener` at each report of `key`; return what ends it."""
        self._listeners[key].append(listener)
        return lambda: self._listeners[key].remove(listener)

    async def run(self) -> None:
        """Stay connected until cancelled."""
        async with aiohttp.ClientSession() as session:
            while True:
                try:
                    await self._follow(session)
                except (aiohttp.ClientError, TimeoutError) as error:
                    LOGGER.debug("The house does not answer: %s", error)
                await asyncio.sleep(RETRY_INTERVAL)

    @staticmethod
    async def answers(url: str) -> bool:
        """Return whether a house answers at `url`."""
        try:
            async with aiohttp.ClientSession() as session, session.get(url) as response:
                return response.ok
        except aiohttp.ClientError, TimeoutError:
            return False

    async def send(self, message: dict[str, object]) -> None:
        """Tell the house something; raise HomeAssistantError when it is not there."""
        if self._socket is None:
            raise HomeAssistantError("The simulated house is not connected")
        await self._socket.send_json(message)

    async def _follow(self, session: aiohttp.ClientSession) -> None:
        async with session.ws_connect(f"{self._url}/feed", heartbeat=10) as socket:
            self._socket = socket
            try:
                async for message in socket:
                    self._receive(message.json())
            finally:
                self._socket = None
                self._tell(list(self._listeners))

    def _receive(self, message: dict[str, object]) -> None:
        match message:
            case {"type": "report", "values": dict() as values}:
                self.values.update(values)
                self._tell(list(values))
            case {"type": "describe"} if not self.described.done():
                self.values[RATING] = rating_of(message)
                self.described.set_result(read_description(message))
            case {"type": "error", "about": about, "message": text}:
                LOGGER.warning("The house refused %s: %s", about, text)
            case _:
                pass

    def _tell(self, keys: list[str]) -> None:
        for key in keys:
            for listener in self._listeners[key]:
                listener()
