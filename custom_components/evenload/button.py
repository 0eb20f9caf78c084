"""Buttons: what a person asks of a charging station."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.components.button.const import ButtonDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from evenload.ocpp.calling import Answered
from evenload.ocpp.server import CentralSystem

from .coordinator import EvenloadConfigEntry, EvenloadCoordinator
from .entity import add_loads
from .load_wiring import LoadWiring
from .station_actions import answered, not_connected
from .station_entity import StationEntity, StationPlugEntity, add_stations, station_plug

PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class StationButtonDescription(ButtonEntityDescription):
    """What a station is asked."""

    ask: Callable[[CentralSystem, str], Awaitable[Answered]]


@dataclass(frozen=True, kw_only=True)
class PlugButtonDescription(ButtonEntityDescription):
    """What a station is asked for one of its plugs."""

    ask: Callable[[CentralSystem, str, int], Awaitable[Answered]]


RESTART = StationButtonDescription(
    key="restart",
    device_class=ButtonDeviceClass.RESTART,
    entity_category=EntityCategory.CONFIG,
    ask=lambda central, identity: central.reset(identity),
)
PLUG_BUTTONS = (
    PlugButtonDescription(
        key="start_charging",
        translation_key="start_charging",
        ask=lambda central, identity, plug: central.start_charging(identity, plug),
    ),
    PlugButtonDescription(
        key="stop_charging",
        translation_key="stop_charging",
        ask=lambda central, identity, plug: central.stop_charging(identity, plug),
    ),
    PlugButtonDescription(
        key="unlock",
        translation_key="unlock",
        entity_category=EntityCategory.CONFIG,
        ask=lambda central, identity, plug: central.unlock(identity, plug),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: EvenloadConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of charging stations."""
    add_stations(entry, async_add_entities, _of_station)
    add_loads(entry, async_add_entities, _of_load)


def _of_station(
    coordinator: EvenloadCoordinator, identity: str, subentry_id: str
) -> list[ButtonEntity]:
    return [StationButton(coordinator, RESTART, identity, subentry_id)]


def _of_load(coordinator: EvenloadCoordinator, load: LoadWiring) -> list[ButtonEntity]:
    plug = station_plug(load)
    if plug is None:
        return []
    return [PlugButton(coordinator, description, plug) for description in PLUG_BUTTONS]


class StationButton(StationEntity, ButtonEntity):
    """Asks something of a station."""

    entity_description: StationButtonDescription

    @override
    async def async_press(self) -> None:
        central = _central(self.coordinator, self.identity)
        await answered(self.identity, self.entity_description.ask(central, self.identity))


class PlugButton(StationPlugEntity, ButtonEntity):
    """Asks something of a station for one plug."""

    entity_description: PlugButtonDescription

    @override
    async def async_press(self) -> None:
        central = _central(self.coordinator, self.identity)
        asked = self.entity_description.ask(central, self.identity, self.number)
        await answered(self.identity, asked)


def _central(coordinator: EvenloadCoordinator, identity: str) -> CentralSystem:
    central = coordinator.stations.central
    if central is None:
        raise not_connected(identity)
    return central
