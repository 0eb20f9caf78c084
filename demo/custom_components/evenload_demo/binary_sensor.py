"""What in the house is so or not."""

from typing import override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from . import HouseConfigEntry
from .description import Part, Value
from .entity import HouseEntity, values_of

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a binary sensor for each."""
    async_add_entities(
        HouseBinarySensor(entry, value) for value in values_of(entry, Part.BINARY_SENSOR)
    )


class HouseBinarySensor(HouseEntity, BinarySensorEntity):
    """One thing that is so or not."""

    def __init__(self, entry: HouseConfigEntry, value: Value) -> None:
        """Describe it as the house does."""
        super().__init__(entry, value)
        if value.device_class is not None:
            self._attr_device_class = BinarySensorDeviceClass(value.device_class)

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is so, as last reported."""
        return None if self.reported is None else bool(self.reported)
