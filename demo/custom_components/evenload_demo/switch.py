"""What in the house can be switched: its devices, and what makes them misbehave."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from . import HouseConfigEntry
from .description import Part
from .entity import HouseEntity, values_of

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a switch for each."""
    async_add_entities(HouseSwitch(entry, value) for value in values_of(entry, Part.SWITCH))


class HouseSwitch(HouseEntity, SwitchEntity):
    """One switch; it shows what the house says, not what was asked of it."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on, as last reported."""
        return None if self.reported is None else bool(self.reported)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch on."""
        await self._set(on=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch off."""
        await self._set(on=False)

    async def _set(self, *, on: bool) -> None:
        if self.described.fault is None:
            await self._feed.send({"type": "set", "key": self.described.key, "value": on})
        else:
            await self._feed.send({"type": "fault", "key": self.described.fault, "value": on})
