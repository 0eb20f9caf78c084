"""What in the house can be set to an amount."""

from typing import override

from homeassistant.components.number import NumberDeviceClass, NumberEntity, NumberMode
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
    """Add a number for each."""
    async_add_entities(HouseNumber(entry, value) for value in values_of(entry, Part.NUMBER))


class HouseNumber(HouseEntity, NumberEntity):
    """One amount that a device can be told; it shows what the device says it carries."""

    _attr_mode = NumberMode.SLIDER

    def __init__(self, entry: HouseConfigEntry, value: Value) -> None:
        """Describe it as the house does."""
        super().__init__(entry, value)
        if value.device_class is not None:
            self._attr_device_class = NumberDeviceClass(value.device_class)
        self._attr_native_unit_of_measurement = value.unit
        self._attr_native_min_value = value.minimum
        self._attr_native_max_value = value.maximum
        self._attr_native_step = value.step

    @property
    @override
    def native_value(self) -> float | None:
        """What the device carries."""
        return self.reported if isinstance(self.reported, (int, float)) else None

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Tell the device; its own report says whether it obeyed."""
        await self._feed.send({"type": "set", "key": self.described.key, "value": value})
