"""Sensors of charging stations and their plugs: what the station itself measures and says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    MATCH_ALL,
    PERCENTAGE,
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfEnergy,
)
from homeassistant.helpers.typing import StateType

from evenload.model.snapshot import Sample
from evenload.ocpp.nouns import PlugSnapshot

from .coordinator import EvenloadCoordinator
from .load_wiring import LoadWiring
from .station_entity import StationEntity, StationPlugEntity, station_plug
from .station_found import found


@dataclass(frozen=True, kw_only=True)
class PlugSensorDescription(SensorEntityDescription):
    """A value of a plug."""

    value: Callable[[PlugSnapshot], StateType]


def _value(sample: Sample | None, digits: int) -> float | None:
    return None if sample is None else round(sample.value, digits) + 0.0


def _session_energy(plug: PlugSnapshot) -> float | None:
    return None if plug.session is None else round(plug.session.energy / 1000.0, 3)


def _highest_current(plug: PlugSnapshot) -> float | None:
    highest = max(plug.current.values(), key=lambda sample: sample.value, default=None)
    return _value(highest, 2)


STATUS_KEY = "station_status"
"""The sensor that also tells what the last commissioning check found."""

PLUG_SENSORS = (
    PlugSensorDescription(
        key=STATUS_KEY,
        translation_key="station_status",
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda plug: plug.status,
    ),
    PlugSensorDescription(
        key="session_energy",
        translation_key="session_energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=2,
        value=_session_energy,
    ),
    PlugSensorDescription(
        key="current",
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value=_highest_current,
    ),
    PlugSensorDescription(
        key="station_limit",
        translation_key="station_limit",
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value=lambda plug: _value(plug.setpoint, 2),
    ),
    PlugSensorDescription(
        key="soc",
        translation_key="soc",
        device_class=SensorDeviceClass.BATTERY,
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda plug: _value(plug.soc, 0),
    ),
    PlugSensorDescription(
        key="register",
        translation_key="register",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
        suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        suggested_display_precision=1,
        value=lambda plug: _value(plug.energy, 0),
    ),
)


FOUND = SensorEntityDescription(
    key="found",
    translation_key="found",
    entity_category=EntityCategory.DIAGNOSTIC,
)


def station_sensors(
    coordinator: EvenloadCoordinator, identity: str, subentry_id: str
) -> list[SensorEntity]:
    """Return the sensors of a station as a whole."""
    return [StationFoundSensor(coordinator, FOUND, identity, subentry_id)]


def plug_sensors(coordinator: EvenloadCoordinator, load: LoadWiring) -> list[SensorEntity]:
    """Return the sensors of a station's plug; none for any other load."""
    plug = station_plug(load)
    if plug is None:
        return []
    return [PlugSensor(coordinator, description, plug) for description in PLUG_SENSORS]


class StationFoundSensor(StationEntity, SensorEntity):
    """The version of OCPP that a station speaks, and what it was found to support."""

    _unrecorded_attributes = frozenset({MATCH_ALL})

    @property
    @override
    def native_value(self) -> StateType:
        return None if self.station is None else self.station.version

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        return None if self.station is None else found(self.station)


class PlugSensor(StationPlugEntity, SensorEntity):
    """A value of a plug."""

    entity_description: PlugSensorDescription

    @property
    @override
    def native_value(self) -> StateType:
        return None if self.plug is None else self.entity_description.value(self.plug)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        if self.entity_description.key != STATUS_KEY:
            return None
        return {"check": self.coordinator.checks.get(self.load_id)}
