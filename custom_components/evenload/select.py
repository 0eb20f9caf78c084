"""Choices: how loads of one tier share, and how each load may be powered."""

from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from evenload.model.site import Distribution, Mode

from .const import CONF_DISTRIBUTION, CONF_MODE
from .coordinator import EvenloadConfigEntry, EvenloadCoordinator
from .entity import LoadEntity, SiteEntity, add_loads
from .load_wiring import LoadWiring

PARALLEL_UPDATES = 0

DISTRIBUTION = SelectEntityDescription(
    key="distribution",
    translation_key="distribution",
    entity_category=EntityCategory.CONFIG,
    options=list(Distribution),
)
MODE = SelectEntityDescription(key="mode", translation_key="mode", options=list(Mode))


async def async_setup_entry(
    hass: HomeAssistant,
    entry: EvenloadConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects."""
    async_add_entities([DistributionSelect(entry.runtime_data, DISTRIBUTION)])
    add_loads(entry, async_add_entities, _of_load)


def _of_load(coordinator: EvenloadCoordinator, load: LoadWiring) -> list[ModeSelect]:
    return [ModeSelect(coordinator, MODE, load)]


class DistributionSelect(SiteEntity, SelectEntity):
    """How power is shared among loads of one tier."""

    @property
    @override
    def current_option(self) -> str:
        return self.coordinator.wiring.site.distribution

    @override
    async def async_select_option(self, option: str) -> None:
        self.coordinator.change_options({CONF_DISTRIBUTION: option})


class ModeSelect(LoadEntity, SelectEntity):
    """How a load may be powered."""

    @property
    @override
    def current_option(self) -> str:
        return self.coordinator.wiring.loads[self.load_id].load.mode

    @override
    async def async_select_option(self, option: str) -> None:
        self.coordinator.change_load(self.load_id, {CONF_MODE: option})
