"""Sends the controller's commands to the devices: the one place where anything is commanded.

A plug of a charging station is told by the central system at once. For everything else commands are
service calls. They come with cuts first and go out in that order, each device on its own: a slow or failing
one holds up no other. While a device is still busy with one command, only the newest of those
that follow waits; what is outdated is never sent. A cut does not even wait for that: it takes the
place of what is under way, unless that is a cut itself.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant, callback

from evenload.model.decision import Command

from .calls import calls_for
from .load_wiring import EntityLoadWiring, StationPlugWiring
from .stations import Stations
from .wiring import Wiring

_LOGGER = logging.getLogger(__name__)

CALL_TIMEOUT = 30.0
"""How long a device may take to accept a command [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One command and what is needed to send it."""

    command: Command
    load: EntityLoadWiring
    name: str
    voltage: float
    """Phase to neutral [V]."""


class Dispatcher:
    """Sends commands, one at a time to each device."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, stations: Stations) -> None:
        """Send nothing yet."""
        self._hass = hass
        self._stations = stations
        self._entry = entry
        self._waiting: dict[str, Order] = {}
        self._under_way: dict[str, tuple[Order, asyncio.Task[None]]] = {}
        self._failing: dict[str, str] = {}
        self.sent = 0
        """Commands sent since the start."""

    @property
    def failing(self) -> dict[str, str]:
        """What went wrong with the last command, by the id of the load."""
        return dict(self._failing)

    @callback
    def send(self, wiring: Wiring, commands: Iterable[Command]) -> None:
        """Send commands in their order."""
        for command in commands:
            load = wiring.loads[command.load]
            if isinstance(load, StationPlugWiring):
                self._stations.command(load, command)
                self.sent += 1
                continue
            order = Order(
                command=command,
                load=load,
                name=wiring.site.name_of(command.load),
                voltage=wiring.site.voltage,
            )
            busy = self._under_way.get(command.load)
            if busy is None:
                self._start(order)
                continue
            self._waiting[command.load] = order
            current, task = busy
            if command.urgent and not current.command.urgent:
                task.cancel()

    @callback
    def stop(self) -> None:
        """Drop what waits; what is under way ends with the entry."""
        self._waiting.clear()

    def _start(self, order: Order) -> None:
        identifier = order.command.load
        task = self._entry.async_create_background_task(
            self._hass, self._serve(order), name=f"evenload command {identifier}"
        )
        self._under_way[identifier] = (order, task)
        task.add_done_callback(lambda _: self._next(identifier))

    def _next(self, load: str) -> None:
        """Go on with what waits for a load, if anything does."""
        del self._under_way[load]
        waiting = self._waiting.pop(load, None)
        if waiting is not None:
            self._start(waiting)

    async def _serve(self, order: Order) -> None:
        load = order.command.load
        self.sent += 1
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                await self._call(order)
        except Exception as error:  # noqa: BLE001 - any integration may be behind the entity
            if load not in self._failing:
                _LOGGER.warning("Cannot command %s: %s", order.name, _words(error))
            self._failing[load] = _words(error)
        else:
            if self._failing.pop(load, None) is not None:
                _LOGGER.info("%s accepts commands again", order.name)

    async def _call(self, order: Order) -> None:
        for call in calls_for(self._hass, order.load, order.command, order.voltage):
            await self._hass.services.async_call(
                call.domain, call.service, call.service_data, blocking=True, context=Context()
            )


def _words(error: Exception) -> str:
    """Return what an error says; a timeout says nothing, so its name."""
    return str(error) or type(error).__name__
