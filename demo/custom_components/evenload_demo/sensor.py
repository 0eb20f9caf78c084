"""The house's measurements."""

from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from . import HouseConfigEntry
from .description import Part, Value
from .entity import HouseEntity, values_of

PARALLEL_UPDATES = 0

DECIMALS = {SensorDeviceClass.CURRENT: 1, SensorDeviceClass.TEMPERATURE: 1}
"""How many are shown; other measurements are shown whole."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a sensor for each measurement."""
    async_add_entities(HouseSensor(entry, value) for value in values_of(entry, Part.SENSOR))


def state_class_of(device_class: SensorDeviceClass | None) -> SensorStateClass | None:
    """Return how statistics treat a measurement of this class."""
    if device_class is SensorDeviceClass.ENERGY:
        return SensorStateClass.TOTAL_INCREASING
    if device_class is None or device_class is SensorDeviceClass.ENUM:
        return None
    return SensorStateClass.MEASUREMENT


class HouseSensor(HouseEntity, SensorEntity):
    """One measurement."""

    def __init__(self, entry: HouseConfigEntry, value: Value) -> None:
        """Describe the measurement as the house does."""
        super().__init__(entry, value)
        device_class = SensorDeviceClass(value.device_class) if value.device_class else None
        self._attr_device_class = device_class
        self._attr_state_class = state_class_of(device_class)
        self._attr_native_unit_of_measurement = value.unit
        if value.options is not None:
            self._attr_options = list(value.options)
            self._attr_translation_key = "status"
        if device_class is not None and value.unit is not None:
            self._attr_suggested_display_precision = DECIMALS.get(device_class, 0)

    @property
    @override
    def native_value(self) -> float | bool | str | None:
        """What the house measured last."""
        return self.reported
