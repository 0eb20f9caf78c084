"""Switches: whether the site is controlled, and whether a load is managed."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import CONF_CONTROL, CONF_MANAGED
from .coordinator import EvenloadConfigEntry, EvenloadCoordinator
from .entity import LoadEntity, SiteEntity, add_loads
from .load_wiring import LoadWiring

PARALLEL_UPDATES = 0

CONTROL = SwitchEntityDescription(key="control", translation_key="control")
MANAGED = SwitchEntityDescription(
    key="managed", translation_key="managed", entity_category=EntityCategory.CONFIG
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: EvenloadConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches."""
    async_add_entities([ControlSwitch(entry.runtime_data, CONTROL)])
    add_loads(entry, async_add_entities, _of_load)


def _of_load(coordinator: EvenloadCoordinator, load: LoadWiring) -> list[ManagedSwitch]:
    return [ManagedSwitch(coordinator, MANAGED, load)]


class ControlSwitch(SiteEntity, SwitchEntity):
    """Off: a dry run, in which everything is computed and nothing is commanded."""

    @property
    @override
    def is_on(self) -> bool:
        return self.coordinator.wiring.settings.control

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self.coordinator.change_options({CONF_CONTROL: True})

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self.coordinator.change_options({CONF_CONTROL: False})


class ManagedSwitch(LoadEntity, SwitchEntity):
    """Off: the load is left alone and counts as part of the house."""

    @property
    @override
    def is_on(self) -> bool:
        return self.coordinator.wiring.loads[self.load_id].managed

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self.coordinator.change_load(self.load_id, {CONF_MANAGED: True})

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self.coordinator.change_load(self.load_id, {CONF_MANAGED: False})
