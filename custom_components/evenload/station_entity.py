"""What the entities of charging stations and their plugs have in common."""

from collections.abc import Callable, Iterable
from typing import override

from homeassistant.core import callback
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from evenload.ocpp.nouns import PlugSnapshot, StationSnapshot

from .coordinator import EvenloadConfigEntry, EvenloadCoordinator
from .devices import charger_device
from .entity import LoadEntity
from .load_wiring import LoadWiring, StationPlugWiring


class StationEntity(CoordinatorEntity[EvenloadCoordinator]):
    """An entity of a charging station as a whole."""

    _attr_has_entity_name = True

    def __init__(
        self,
        coordinator: EvenloadCoordinator,
        description: EntityDescription,
        identity: str,
        subentry_id: str,
    ) -> None:
        """Belong to the charger's device."""
        super().__init__(coordinator)
        self.entity_description = description
        self.identity = identity
        self._attr_unique_id = f"{subentry_id}_{description.key}"
        self._attr_device_info = charger_device(subentry_id)

    @property
    @override
    def available(self) -> bool:
        return super().available and self.identity in self.coordinator.wiring.stations

    @property
    def station(self) -> StationSnapshot | None:
        """What is known of the station; None while nobody can dial in."""
        return self.coordinator.stations.snapshot(self.identity)


class StationPlugEntity(LoadEntity):
    """An entity of one plug of a charging station."""

    def __init__(
        self,
        coordinator: EvenloadCoordinator,
        description: EntityDescription,
        load: StationPlugWiring,
    ) -> None:
        """Belong to the plug's device."""
        super().__init__(coordinator, description, load)
        self.identity = load.identity
        self.number = load.number

    @property
    def plug(self) -> PlugSnapshot | None:
        """What is known of the plug; None while its station was not heard yet."""
        station = self.coordinator.stations.snapshot(self.identity)
        return None if station is None else station.plugs.get(self.number)


@callback
def add_stations(
    entry: EvenloadConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    entities_of: Callable[[EvenloadCoordinator, str, str], Iterable[Entity]],
) -> None:
    """Add the entities of every station, now and whenever one is accepted."""
    coordinator = entry.runtime_data
    known: set[str] = set()

    @callback
    def add_new() -> None:
        for identity, station in coordinator.wiring.stations.items():
            if station.subentry_id not in known:
                known.add(station.subentry_id)
                async_add_entities(
                    entities_of(coordinator, identity, station.subentry_id),
                    config_subentry_id=station.subentry_id,
                )

    add_new()
    coordinator.while_shown(coordinator.async_add_listener(add_new))


def station_plug(load: LoadWiring) -> StationPlugWiring | None:
    """Return the load if it is a plug of a station, else None."""
    return load if isinstance(load, StationPlugWiring) else None
