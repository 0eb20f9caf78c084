"""Numbers: the site's limits, and each load's priority."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import EntityCategory, UnitOfPower
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from evenload.model.site import Site
from evenload.units import power_of

from .const import CONF_EXCESS_THRESHOLD, CONF_IMPORT_LIMIT, CONF_PRIORITY
from .coordinator import EvenloadConfigEntry, EvenloadCoordinator
from .entity import LoadEntity, SiteEntity, add_loads
from .load_wiring import LoadWiring
from .need_number import need_numbers

PARALLEL_UPDATES = 0

LOWEST_PRIORITY = 99


@dataclass(frozen=True, kw_only=True)
class SiteNumberDescription(NumberEntityDescription):
    """A limit of the site in watts."""

    value: Callable[[Site], float | None]
    """Reads it; None: no limit, which is shown as all that the connection carries."""


SITE_NUMBERS = (
    SiteNumberDescription(
        key=CONF_IMPORT_LIMIT,
        translation_key=CONF_IMPORT_LIMIT,
        value=lambda site: site.import_limit,
    ),
    SiteNumberDescription(
        key=CONF_EXCESS_THRESHOLD,
        translation_key=CONF_EXCESS_THRESHOLD,
        value=lambda site: site.excess_threshold,
    ),
)
PRIORITY = NumberEntityDescription(
    key="priority",
    translation_key="priority",
    entity_category=EntityCategory.CONFIG,
    native_min_value=1,
    native_max_value=LOWEST_PRIORITY,
    native_step=1,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: EvenloadConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers."""
    coordinator = entry.runtime_data
    async_add_entities(SiteNumber(coordinator, description) for description in SITE_NUMBERS)
    add_loads(entry, async_add_entities, _of_load)


def _of_load(coordinator: EvenloadCoordinator, load: LoadWiring) -> list[NumberEntity]:
    return [PriorityNumber(coordinator, PRIORITY, load), *need_numbers(coordinator, load)]


class SiteNumber(SiteEntity, NumberEntity):
    """A limit from 0 to all that the connection carries."""

    entity_description: SiteNumberDescription
    _attr_device_class = NumberDeviceClass.POWER
    _attr_entity_category = EntityCategory.CONFIG
    _attr_mode = NumberMode.BOX
    _attr_native_min_value = 0
    _attr_native_step = 1
    _attr_native_unit_of_measurement = UnitOfPower.WATT

    @property
    @override
    def native_max_value(self) -> float:
        site = self.coordinator.wiring.site
        return sum(power_of(rating, [site.voltage]) for rating in site.fuse.values())

    @property
    @override
    def native_value(self) -> float:
        value = self.entity_description.value(self.coordinator.wiring.site)
        return self.native_max_value if value is None else value

    @override
    async def async_set_native_value(self, value: float) -> None:
        no_limit = self.entity_description.key == CONF_IMPORT_LIMIT and (
            value >= self.native_max_value
        )
        self.coordinator.change_options({self.entity_description.key: None if no_limit else value})


class PriorityNumber(LoadEntity, NumberEntity):
    """The place of a load within its tier; 1 is served first."""

    _attr_mode = NumberMode.BOX

    @property
    @override
    def native_value(self) -> int:
        return self.coordinator.wiring.loads[self.load_id].load.priority

    @override
    async def async_set_native_value(self, value: float) -> None:
        self.coordinator.change_load(self.load_id, {CONF_PRIORITY: int(value)})
