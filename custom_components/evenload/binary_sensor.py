"""Binary sensors: what is wrong with the site, each a yes or no."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from evenload.model.decision import Decision, SiteStatus, TroubleCode

from .coordinator import EvenloadConfigEntry, EvenloadCoordinator
from .entity import SiteEntity
from .station_entity import StationEntity, add_stations

PARALLEL_UPDATES = 0

METER_TROUBLES = frozenset(
    {
        TroubleCode.METER_SILENT,
        TroubleCode.METER_MISSING,
        TroubleCode.METER_IMPLAUSIBLE,
        TroubleCode.METER_FROZEN,
        TroubleCode.METER_REFUSED,
        TroubleCode.METER_REVERSED,
        TroubleCode.METER_UNSIGNED,
    }
)


@dataclass(frozen=True, kw_only=True)
class SiteBinarySensorDescription(BinarySensorEntityDescription):
    """A yes or no about a decision."""

    value: Callable[[Decision], bool]


BINARY_SENSORS = (
    SiteBinarySensorDescription(
        key="overload",
        translation_key="overload",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value=lambda decision: any(headroom < 0 for headroom in decision.headroom.values()),
    ),
    SiteBinarySensorDescription(
        key="meter_problem",
        translation_key="meter_problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda decision: any(trouble.code in METER_TROUBLES for trouble in decision.troubles),
    ),
    SiteBinarySensorDescription(
        key="failsafe",
        translation_key="failsafe",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value=lambda decision: decision.status is SiteStatus.FAILSAFE,
    ),
)


CONNECTED = BinarySensorEntityDescription(
    key="connected",
    translation_key="connected",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: EvenloadConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors."""
    async_add_entities(
        SiteBinarySensor(entry.runtime_data, description) for description in BINARY_SENSORS
    )
    add_stations(entry, async_add_entities, _of_station)


def _of_station(
    coordinator: EvenloadCoordinator, identity: str, subentry_id: str
) -> list[BinarySensorEntity]:
    return [StationConnectedSensor(coordinator, CONNECTED, identity, subentry_id)]


class SiteBinarySensor(SiteEntity, BinarySensorEntity):
    """Whether something is wrong."""

    entity_description: SiteBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool:
        return self.entity_description.value(self.coordinator.data)


class StationConnectedSensor(StationEntity, BinarySensorEntity):
    """Whether a charging station is connected."""

    @property
    @override
    def is_on(self) -> bool | None:
        return None if self.station is None else self.station.connected
