"""What all entities of the integration have in common."""

from collections.abc import Callable, Iterable
from typing import override

from homeassistant.core import callback
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from evenload.model.decision import LoadDecision

from .coordinator import EvenloadConfigEntry, EvenloadCoordinator
from .devices import load_device, site_device
from .load_wiring import LoadWiring
from .preferences import Settings
from .wiring import load_settings


class SiteEntity(CoordinatorEntity[EvenloadCoordinator]):
    """An entity of the site."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: EvenloadCoordinator, description: EntityDescription) -> None:
        """Belong to the site's device."""
        super().__init__(coordinator)
        self.entity_description = description
        entry = coordinator.config_entry
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = site_device(entry)


@callback
def settings_of(coordinator: EvenloadCoordinator, load_id: str) -> Settings:
    """Return what is stored of a load."""
    subentry_id = coordinator.wiring.loads[load_id].subentry_id
    return load_settings(coordinator.config_entry.subentries[subentry_id], load_id)


class LoadEntity(CoordinatorEntity[EvenloadCoordinator]):
    """An entity of one load; it comes and goes with the load."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: EvenloadCoordinator, description: EntityDescription, load: LoadWiring
    ) -> None:
        """Belong to the load's device."""
        super().__init__(coordinator)
        self.entity_description = description
        self.load_id = load.load.id
        self._attr_unique_id = f"{self.load_id}_{description.key}"
        self._attr_device_info = load_device(coordinator.hass, coordinator.config_entry, load)

    @property
    @override
    def available(self) -> bool:
        # A load that has just been removed has nothing to show until its entities are gone too.
        return super().available and self.load_id in self.coordinator.wiring.loads

    @property
    def decision(self) -> LoadDecision | None:
        """What is decided for the load; None while it is not managed."""
        return self.coordinator.data.loads.get(self.load_id)


@callback
def add_loads(
    entry: EvenloadConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    entities_of: Callable[[EvenloadCoordinator, LoadWiring], Iterable[Entity]],
) -> None:
    """Add the entities of every load, now and whenever a load is added."""
    coordinator = entry.runtime_data
    known: set[str] = set()

    @callback
    def add_new() -> None:
        for identifier, load in coordinator.wiring.loads.items():
            if identifier not in known:
                known.add(identifier)
                async_add_entities(
                    entities_of(coordinator, load), config_subentry_id=load.subentry_id
                )

    add_new()
    coordinator.while_shown(coordinator.async_add_listener(add_new))
