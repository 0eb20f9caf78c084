"""What all entities of the house share."""

from typing import override

from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity

from . import HouseConfigEntry
from .const import DOMAIN
from .description import Part, Value
from .feed import Feed


def values_of(entry: HouseConfigEntry, part: Part) -> list[Value]:
    """Return the house's values that are this part of Home Assistant."""
    return [value for value in entry.runtime_data.described.result() if value.part is part]


class HouseEntity(Entity):
    """One value of the house; each report is written, also when it is the same again."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: HouseConfigEntry, value: Value) -> None:
        """Show `value` as the house reports it."""
        self.described = value
        self._attr_unique_id = f"{entry.entry_id}_{value.key}"
        self._attr_name = value.name
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, f"{entry.entry_id}_{value.device.id}")},
            name=value.device.name,
            manufacturer="Evenload",
            model="Simulated",
        )

        self._feed: Feed = entry.runtime_data

    @property
    @override
    def available(self) -> bool:
        """Whether the house is connected."""
        return self._feed.connected

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the house's reports."""
        self.async_on_remove(self._feed.listen(self.described.key, self.async_write_ha_state))

    @property
    def reported(self) -> float | bool | str | None:
        """What the house said last; None: nothing yet."""
        return self._feed.values.get(self.described.key)
