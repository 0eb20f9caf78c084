"""Reads the Energy dashboard's preferences, so that the user need not say twice what is there."""

from homeassistant.components.energy.data import async_get_manager
from homeassistant.core import HomeAssistant

from evenload.model.site import Phase

from .const import (
    CONF_BATTERY_POWER,
    CONF_BATTERY_SOC,
    CONF_GRID,
    CONF_SOLAR_POWER,
)


async def async_suggested_sources(hass: HomeAssistant, phases: tuple[Phase, ...]) -> dict[str, str]:
    """Return the sensors that the Energy dashboard knows, by the field they answer.

    Its grid power is a total: it answers for the only phase of a single-phase site and for none
    of three. Of several inverters or batteries the first is suggested.
    """
    manager = await async_get_manager(hass)
    suggested: dict[str, str] = {}
    for source in (manager.data or manager.default_preferences())["energy_sources"]:
        if source["type"] == "grid" and len(phases) == 1:
            _suggest(suggested, CONF_GRID[phases[0]], source.get("stat_rate"))
        if source["type"] == "solar":
            _suggest(suggested, CONF_SOLAR_POWER, source.get("stat_rate"))
        if source["type"] == "battery":
            _suggest(suggested, CONF_BATTERY_POWER, source.get("stat_rate"))
            _suggest(suggested, CONF_BATTERY_SOC, source.get("stat_soc"))
    return suggested


def _suggest(suggested: dict[str, str], field: str, entity_id: str | None) -> None:
    if entity_id is not None:
        suggested.setdefault(field, entity_id)
