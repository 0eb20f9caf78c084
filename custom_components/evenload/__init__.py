"""Evenload in Home Assistant: connects the library that decides to a real house."""

from . import _library  # noqa: F401 - first of all: it makes the library importable

# isort: split

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from evenload.model.check import check_site

from .actions import register_actions
from .const import CONF_PHASES, DOMAIN, PLATFORMS
from .coordinator import EvenloadConfigEntry, EvenloadCoordinator
from .devices import register_devices
from .memory import Memory
from .renames import follow_renames
from .station_actions import register_station_actions
from .wiring import wiring_of

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Offer the actions, whether or not a site runs."""
    del config
    register_actions(hass)
    register_station_actions(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: EvenloadConfigEntry) -> bool:
    """Start managing a site."""
    wiring = wiring_of(entry.data, entry.options, entry.subentries)
    if findings := check_site(wiring.site):
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="invalid_site",
            translation_placeholders={"findings": "; ".join(str(f) for f in findings)},
        )
    register_devices(hass, entry)
    coordinator = EvenloadCoordinator(hass, entry, wiring)
    entry.runtime_data = coordinator
    await coordinator.async_start()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    phases = entry.data[CONF_PHASES]

    async def async_entry_changed(hass: HomeAssistant, entry: EvenloadConfigEntry) -> None:
        """Take changes over while control goes on; only other phases need a new start."""
        if entry.data[CONF_PHASES] != phases:
            hass.config_entries.async_schedule_reload(entry.entry_id)
            return
        register_devices(hass, entry)
        coordinator.rewire()

    entry.async_on_unload(entry.add_update_listener(async_entry_changed))
    entry.async_on_unload(follow_renames(hass, entry))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: EvenloadConfigEntry) -> bool:
    """Stop managing a site; its loads stay as they are."""
    unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    if unloaded:
        await entry.runtime_data.async_stop()
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: EvenloadConfigEntry) -> None:
    """Delete what was saved for the site."""
    await Memory(hass, entry.entry_id).async_forget()
