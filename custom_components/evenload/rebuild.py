"""Builds the entities of a site anew while everything else goes on: control, and stations' connections."""

from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant

from .const import PLATFORMS

if TYPE_CHECKING:
    from .coordinator import EvenloadCoordinator


async def async_rebuild_entities(
    hass: HomeAssistant, entry: ConfigEntry[EvenloadCoordinator]
) -> None:
    """Take all entities down and set them up again, on the devices that are theirs now."""
    async with entry.setup_lock:
        if entry.state is not ConfigEntryState.LOADED:
            return
        entry.runtime_data.release_entities()
        if await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
            await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
