"""Sensors: what each load may draw and why, and how the site is doing."""

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
    PERCENTAGE,
    EntityCategory,
    Platform,
    UnitOfElectricCurrent,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from evenload.model.allocation import Reason
from evenload.model.decision import LoadDecision, SiteStatus
from evenload.model.site import Kind, Phase

from .circuit_sensor import add_circuits
from .const import DOMAIN
from .coordinator import EvenloadConfigEntry, EvenloadCoordinator
from .entity import LoadEntity, SiteEntity, add_loads
from .explanation import explain_load, explain_site
from .load_wiring import LoadWiring
from .need_sensor import need_sensors
from .station_entity import add_stations
from .station_sensor import plug_sensors, station_sensors
from .wiring_sensor import polarity_of, wiring_sensors_of_load, wiring_sensors_of_site

PARALLEL_UPDATES = 0

NOT_MANAGED = "not_managed"
"""The status of a load that is left alone."""


@dataclass(frozen=True, kw_only=True)
class SiteSensorDescription(SensorEntityDescription):
    """A value of the site."""

    value: Callable[[EvenloadCoordinator], StateType]
    attributes: Callable[[EvenloadCoordinator], Mapping[str, Any]] | None = None


@dataclass(frozen=True, kw_only=True)
class LoadSensorDescription(SensorEntityDescription):
    """A value of a managed load, from what is decided for it."""

    value: Callable[[LoadDecision], StateType]


def _current(
    name: str, phase: Phase, value: Callable[[EvenloadCoordinator], StateType]
) -> SiteSensorDescription:
    return SiteSensorDescription(
        key=f"{name}_{phase.lower()}",
        translation_key=name,
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value=value,
    )


def _power(key: str, value: Callable[[EvenloadCoordinator], StateType]) -> SiteSensorDescription:
    return SiteSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value=value,
    )


def _headroom(phase: Phase) -> SiteSensorDescription:
    return _current("headroom", phase, lambda site: _rounded(site.data.headroom.get(phase), 2))


def _base(phase: Phase) -> SiteSensorDescription:
    return _current("base_load", phase, lambda site: _rounded(site.data.base.get(phase), 2))


def _rounded(value: float | None, digits: int) -> float | None:
    """Return the value without the digits that only fill the recorder's tables."""
    return None if value is None else round(value, digits) + 0.0


def _curve_used(site: EvenloadCoordinator) -> float | None:
    """Return how far the phase that is nearest to tripping has come [%]."""
    used = max(site.data.curve_used.values(), default=None)
    return None if used is None else round(100.0 * used, 1)


SITE_SENSORS = (
    SiteSensorDescription(
        key="status",
        translation_key="status",
        device_class=SensorDeviceClass.ENUM,
        options=list(SiteStatus),
        value=lambda site: site.data.status,
        attributes=explain_site,
    ),
    _power(
        "surplus",
        lambda site: _rounded(site.data.pools.surplus, 0) if site.data.pools else None,
    ),
    _power(
        "excess",
        lambda site: _rounded(site.data.pools.excess, 0) if site.data.pools else None,
    ),
    _power(
        "managed_power",
        lambda site: _rounded(sum(load.draw_power for load in site.data.loads.values()), 0),
    ),
    _power("import_budget", lambda site: _rounded(site.data.import_budget, 0)),
    SiteSensorDescription(
        key="curve_used",
        translation_key="curve_used",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        suggested_display_precision=0,
        value=_curve_used,
    ),
    SiteSensorDescription(
        key="meter_interval",
        translation_key="meter_interval",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        suggested_display_precision=1,
        value=lambda site: _rounded(site.measured.meter_interval, 1),
    ),
    SiteSensorDescription(
        key="pass_time",
        translation_key="pass_time",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MILLISECONDS,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        suggested_display_precision=2,
        value=lambda site: _rounded(site.measured.pass_time, 2),
    ),
    SiteSensorDescription(
        key="commands",
        translation_key="commands",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda site: site.dispatcher.sent,
    ),
)

ALLOCATED_CURRENT = LoadSensorDescription(
    key="allocation",
    translation_key="allocation",
    device_class=SensorDeviceClass.CURRENT,
    native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=1,
    value=lambda load: _rounded(load.current, 2),
)
ALLOCATED_POWER = LoadSensorDescription(
    key="allocation",
    translation_key="allocation",
    device_class=SensorDeviceClass.POWER,
    native_unit_of_measurement=UnitOfPower.WATT,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=0,
    value=lambda load: _rounded(load.power, 0),
)
DRAW = LoadSensorDescription(
    key="draw",
    translation_key="draw",
    device_class=SensorDeviceClass.POWER,
    native_unit_of_measurement=UnitOfPower.WATT,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=0,
    value=lambda load: _rounded(load.draw_power, 0),
)
ENERGY = SensorEntityDescription(
    key="energy",
    translation_key="energy",
    device_class=SensorDeviceClass.ENERGY,
    native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
    state_class=SensorStateClass.TOTAL_INCREASING,
    suggested_display_precision=2,
)
STATUS = SensorEntityDescription(
    key="status",
    translation_key="load_status",
    device_class=SensorDeviceClass.ENUM,
    options=[*Reason, NOT_MANAGED],
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: EvenloadConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors."""
    coordinator = entry.runtime_data
    async_add_entities(SiteSensor(coordinator, description) for description in SITE_SENSORS)
    async_add_entities(wiring_sensors_of_site(coordinator))
    for phase in coordinator.wiring.site.phases:
        async_add_entities(
            PhaseSensor(coordinator, description, phase)
            for description in (_headroom(phase), _base(phase))
        )
    _forget_other_phases(hass, coordinator)
    add_loads(entry, async_add_entities, _of_load)
    add_circuits(entry, async_add_entities)
    add_stations(entry, async_add_entities, station_sensors)


@callback
def _forget_other_phases(hass: HomeAssistant, coordinator: EvenloadCoordinator) -> None:
    """Remove what is registered for phases that the site no longer has."""
    registry = er.async_get(hass)
    for phase in set(Phase) - set(coordinator.wiring.site.phases):
        for description in (_headroom(phase), _base(phase), polarity_of(phase)):
            unique_id = f"{coordinator.config_entry.entry_id}_{description.key}"
            entity_id = registry.async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id)
            if entity_id is not None:
                registry.async_remove(entity_id)


def _of_load(coordinator: EvenloadCoordinator, load: LoadWiring) -> list[SensorEntity]:
    allocation = ALLOCATED_CURRENT if load.load.kind is Kind.EV else ALLOCATED_POWER
    return [
        LoadSensor(coordinator, allocation, load),
        LoadSensor(coordinator, DRAW, load),
        LoadEnergySensor(coordinator, ENERGY, load),
        LoadStatusSensor(coordinator, STATUS, load),
        *plug_sensors(coordinator, load),
        *need_sensors(coordinator, load),
        *wiring_sensors_of_load(coordinator, load),
    ]


class SiteSensor(SiteEntity, SensorEntity):
    """A value of the site."""

    entity_description: SiteSensorDescription

    @property
    @override
    def native_value(self) -> StateType:
        return self.entity_description.value(self.coordinator)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        attributes = self.entity_description.attributes
        return None if attributes is None else attributes(self.coordinator)


class PhaseSensor(SiteSensor):
    """A value of one phase of the site."""

    def __init__(
        self, coordinator: EvenloadCoordinator, description: SiteSensorDescription, phase: Phase
    ) -> None:
        """Be named after the phase."""
        super().__init__(coordinator, description)
        self._attr_translation_placeholders = {"phase": phase}


class LoadSensor(LoadEntity, SensorEntity):
    """A value of a managed load."""

    entity_description: LoadSensorDescription

    @property
    @override
    def native_value(self) -> StateType:
        return None if self.decision is None else self.entity_description.value(self.decision)


class LoadEnergySensor(LoadEntity, SensorEntity):
    """What a load has drawn since it was added."""

    @property
    @override
    def native_value(self) -> float:
        return round(self.coordinator.energy[self.load_id] / 1000, 3)


class LoadStatusSensor(LoadEntity, SensorEntity):
    """Why a load has what it has; the sentence stands in the attributes."""

    @property
    @override
    def native_value(self) -> str:
        return NOT_MANAGED if self.decision is None else self.decision.reason

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        return explain_load(self.coordinator, self.load_id)
