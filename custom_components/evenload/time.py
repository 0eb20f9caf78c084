"""Times of day by which a load must be ready."""

from datetime import time
from typing import override

from homeassistant.components.time import TimeEntity, TimeEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from evenload.model.site import Kind

from .const import CONF_READY_BY, CONF_VOLUME
from .coordinator import EvenloadConfigEntry, EvenloadCoordinator
from .entity import LoadEntity, add_loads, settings_of
from .load_wiring import LoadWiring

PARALLEL_UPDATES = 0

READY_BY = TimeEntityDescription(key=CONF_READY_BY, translation_key=CONF_READY_BY)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: EvenloadConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the times."""
    add_loads(entry, async_add_entities, _of_load)


def _of_load(coordinator: EvenloadCoordinator, load: LoadWiring) -> list[ReadyByTime]:
    # How long a store of heat takes is reckoned from its volume.
    can_be_late = load.load.kind is Kind.EV or CONF_VOLUME in settings_of(coordinator, load.load.id)
    return [ReadyByTime(coordinator, READY_BY, load)] if can_be_late else []


class ReadyByTime(LoadEntity, TimeEntity):
    """When a load must be ready; unknown until it is set."""

    @property
    @override
    def native_value(self) -> time | None:
        text = settings_of(self.coordinator, self.load_id).get(CONF_READY_BY)
        return None if text is None else time.fromisoformat(text)

    @override
    async def async_set_value(self, value: time) -> None:
        self.coordinator.change_load(self.load_id, {CONF_READY_BY: value.isoformat()})
