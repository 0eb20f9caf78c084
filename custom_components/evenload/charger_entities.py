"""Finds the entities of a charger among those of its device, by what they measure and set."""

from collections.abc import Iterable

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import CONF_NAME, Platform, UnitOfElectricCurrent
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from .charger_words import load_state_of
from .const import (
    CONF_CURRENT_SENSORS,
    CONF_ENABLE_ENTITY,
    CONF_LIMIT_ENTITY,
    CONF_POWER_SENSOR,
    CONF_STATUS_ENTITY,
)


def suggested_for_charger(hass: HomeAssistant, device_id: str) -> dict[str, str]:
    """Return the charger's name and entities, by the field of the dialogue they answer.

    What a device has more than once in the same role is left to the user, but for currents: three
    of them are its legs, in the order of their ids.
    """
    registry = er.async_get(hass)
    entries = sorted(
        er.async_entries_for_device(registry, device_id), key=lambda entry: entry.entity_id
    )
    suggested: dict[str, str] = {}
    device = dr.async_get(hass).async_get(device_id)
    if device is not None and (name := device.name_by_user or device.name):
        suggested[CONF_NAME] = name
    _suggest_only(suggested, CONF_LIMIT_ENTITY, _limits(entries))
    _suggest_only(suggested, CONF_ENABLE_ENTITY, _of_domain(entries, Platform.SWITCH))
    _suggest_only(suggested, CONF_STATUS_ENTITY, _statuses(hass, entries))
    _suggest_only(suggested, CONF_POWER_SENSOR, _sensors(entries, SensorDeviceClass.POWER))
    currents = _sensors(entries, SensorDeviceClass.CURRENT)
    if len(currents) in (1, len(CONF_CURRENT_SENSORS)):
        suggested.update(zip(CONF_CURRENT_SENSORS, currents, strict=False))
    return suggested


def _suggest_only(suggested: dict[str, str], field: str, candidates: list[str]) -> None:
    if len(candidates) == 1:
        suggested[field] = candidates[0]


def _of_domain(entries: Iterable[er.RegistryEntry], domain: str) -> list[str]:
    return [entry.entity_id for entry in entries if entry.domain == domain]


def _limits(entries: Iterable[er.RegistryEntry]) -> list[str]:
    return [
        entry.entity_id
        for entry in entries
        if entry.domain == Platform.NUMBER
        and entry.unit_of_measurement == UnitOfElectricCurrent.AMPERE
    ]


def _sensors(entries: Iterable[er.RegistryEntry], device_class: SensorDeviceClass) -> list[str]:
    return [
        entry.entity_id
        for entry in entries
        if entry.domain == Platform.SENSOR
        and (entry.device_class or entry.original_device_class) == device_class
    ]


def _statuses(hass: HomeAssistant, entries: Iterable[er.RegistryEntry]) -> list[str]:
    """Return the sensors that say a word which chargers use for their status."""
    states = (hass.states.get(entity) for entity in _of_domain(entries, Platform.SENSOR))
    return [
        state.entity_id
        for state in states
        if state is not None and load_state_of(state.state) is not None
    ]
