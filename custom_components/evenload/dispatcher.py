"""Sends the controller's commands to the devices: the one place where anything is commanded.

Commands come with cuts first and go out in that order, each device on its own: a slow or failing
one holds up no other. While a device is still busy with one command, only the newest of those
that follow waits; what is outdated is never sent.
"""

import asyncio
import logging
from collections.abc import Iterable

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant, callback

from evenload.model.decision import Command

from .calls import calls_for
from .wiring import Wiring

_LOGGER = logging.getLogger(__name__)

CALL_TIMEOUT = 10.0
"""How long a device may take to accept a command [s]."""


class Dispatcher:
    """Sends commands, one at a time to each device."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Send nothing yet."""
        self._hass = hass
        self._entry = entry
        self._waiting: dict[str, Command] = {}
        self._busy: set[str] = set()
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
            self._waiting[command.load] = command
            if command.load not in self._busy:
                self._busy.add(command.load)
                self._entry.async_create_background_task(
                    self._hass,
                    self._serve(wiring, command.load),
                    name=f"evenload command {command.load}",
                )

    async def _serve(self, wiring: Wiring, load: str) -> None:
        """Send what waits for one load until nothing does."""
        try:
            while (command := self._waiting.pop(load, None)) is not None:
                await self._send(wiring, command)
        finally:
            self._busy.discard(load)

    async def _send(self, wiring: Wiring, command: Command) -> None:
        name = wiring.site.name_of(command.load)
        calls = calls_for(
            self._hass, wiring.loads[command.load], command.setpoint, wiring.site.voltage
        )
        self.sent += 1
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                for call in calls:
                    await self._hass.services.async_call(
                        call.domain,
                        call.service,
                        call.service_data,
                        blocking=True,
                        context=Context(),
                    )
        except Exception as error:  # noqa: BLE001 - any integration may be behind the entity
            if command.load not in self._failing:
                _LOGGER.warning("Cannot command %s: %s", name, error or type(error).__name__)
            self._failing[command.load] = str(error) or type(error).__name__
        else:
            if self._failing.pop(command.load, None) is not None:
                _LOGGER.info("%s accepts commands again", name)
