"""What survives a restart: what the controller has learnt, and the energy of each load.

Modes, priorities and wiring are not here; they live in the entry and its subentries.
"""

from collections.abc import Callable
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from .const import DOMAIN

VERSION = 1
SAVE_INTERVAL = 60.0
"""Time between two savings [s]: what a crash may cost."""


class Memory:
    """The file of one site."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the file; nothing is read yet."""
        self._store = Store[dict[str, Any]](
            hass, VERSION, f"{DOMAIN}.{entry_id}", atomic_writes=True
        )
        self._is_due = False

    async def async_recall(self) -> dict[str, Any]:
        """Return what was saved last; empty when nothing was."""
        recalled = await self._store.async_load()
        return recalled if isinstance(recalled, dict) else {}

    def keep(self, content: Callable[[], dict[str, Any]]) -> None:
        """See to it that the content is saved within the interval, or when Home Assistant stops."""

        def take() -> dict[str, Any]:
            self._is_due = False
            return content()

        if not self._is_due:
            self._is_due = True
            self._store.async_delay_save(take, SAVE_INTERVAL)

    async def async_save(self, content: dict[str, Any]) -> None:
        """Save now."""
        await self._store.async_save(content)

    async def async_forget(self) -> None:
        """Delete the file."""
        await self._store.async_remove()
