"""Turn the simulated house into devices and entities of Home Assistant, as real ones would be."""

import asyncio

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady

from .const import CONF_URL
from .feed import Feed

type HouseConfigEntry = ConfigEntry[Feed]

PLATFORMS = (Platform.BINARY_SENSOR, Platform.NUMBER, Platform.SENSOR, Platform.SWITCH)

PATIENCE = 10.0
"""How long the house may take to describe itself [s]."""


async def async_setup_entry(hass: HomeAssistant, entry: HouseConfigEntry) -> bool:
    """Connect to the house and add what it describes."""
    feed = Feed(entry.data[CONF_URL])
    task = entry.async_create_background_task(hass, feed.run(), "evenload_demo feed")
    try:
        await asyncio.wait_for(asyncio.shield(feed.described), PATIENCE)
    except TimeoutError as error:
        task.cancel()
        raise ConfigEntryNotReady("The simulated house does not answer") from error
    entry.runtime_data = feed
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: HouseConfigEntry) -> bool:
    """Remove the entities; the connection ends with the entry's tasks."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
