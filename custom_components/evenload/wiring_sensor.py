"""Sensors of what was found about the wiring: phase maps, the meter's signs and its lag."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfTime
from homeassistant.helpers.typing import StateType

from evenload.detect.nouns import LoadVerdict
from evenload.model.site import Phase

from .coordinator import EvenloadCoordinator
from .detection import seen_map
from .entity import LoadEntity, SiteEntity
from .load_wiring import LoadWiring

DETECTED_MAP = SensorEntityDescription(
    key="detected_map",
    translation_key="detected_map",
    entity_category=EntityCategory.DIAGNOSTIC,
)
METER_LAG = SensorEntityDescription(
    key="meter_lag",
    translation_key="meter_lag",
    device_class=SensorDeviceClass.DURATION,
    native_unit_of_measurement=UnitOfTime.SECONDS,
    state_class=SensorStateClass.MEASUREMENT,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
    suggested_display_precision=1,
)


def polarity_of(phase: Phase) -> SensorEntityDescription:
    """Return the sensor of which way a phase of the meter counts."""
    return SensorEntityDescription(
        key=f"polarity_{phase.lower()}",
        translation_key="polarity",
        device_class=SensorDeviceClass.ENUM,
        options=["right", "reversed"],
        entity_category=EntityCategory.DIAGNOSTIC,
    )


class DetectedMapSensor(LoadEntity, SensorEntity):
    """On which phases a load's legs were found; a question mark where that is not known yet."""

    @property
    @override
    def native_value(self) -> StateType:
        verdict = self._verdict
        if not verdict.phases:
            return None
        legs = self.coordinator.wiring.loads[self.load_id].load.phases
        return seen_map(legs, verdict.phases)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        verdict = self._verdict
        return {
            "confidence": round(verdict.confidence, 4),
            "steps": verdict.steps,
            "elsewhere": verdict.is_elsewhere,
            "lag": None if verdict.lag is None else round(verdict.lag, 1),
        }

    @property
    def _verdict(self) -> LoadVerdict:
        return self.coordinator.detection.verdicts.loads.get(self.load_id, LoadVerdict())


class PolaritySensor(SiteEntity, SensorEntity):
    """Which way a phase of the meter counts."""

    def __init__(self, coordinator: EvenloadCoordinator, phase: Phase) -> None:
        """Belong to the site's device."""
        super().__init__(coordinator, polarity_of(phase))
        self._phase = phase
        self._attr_translation_placeholders = {"phase": phase}

    @property
    @override
    def native_value(self) -> StateType:
        verdict = self.coordinator.detection.verdicts.polarity.get(self._phase)
        if verdict is None or verdict.is_reversed is None:
            return None
        return "reversed" if verdict.is_reversed else "right"


class MeterLagSensor(SiteEntity, SensorEntity):
    """How much later than a load's own report the meter shows its steps."""

    def __init__(self, coordinator: EvenloadCoordinator) -> None:
        """Belong to the site's device."""
        super().__init__(coordinator, METER_LAG)

    @property
    @override
    def native_value(self) -> StateType:
        lags = [each.lag for each in self.coordinator.detection.verdicts.loads.values()]
        known = sorted(lag for lag in lags if lag is not None)
        return known[len(known) // 2] if known else None


def wiring_sensors_of_site(coordinator: EvenloadCoordinator) -> list[SensorEntity]:
    """Return the sensors of the site's wiring."""
    phases = coordinator.wiring.site.phases
    return [MeterLagSensor(coordinator), *(PolaritySensor(coordinator, phase) for phase in phases)]


def wiring_sensors_of_load(
    coordinator: EvenloadCoordinator, load: LoadWiring
) -> list[SensorEntity]:
    """Return the sensor of a load's wiring."""
    return [DetectedMapSensor(coordinator, DETECTED_MAP, load)]
