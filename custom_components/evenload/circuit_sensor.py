"""Sensors of circuits: how much of each phase of their fuse is spoken for, and what is left."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, UnitOfElectricCurrent
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from evenload.model.allocation import LimitUse
from evenload.model.site import Phase

from .const import DOMAIN
from .coordinator import EvenloadConfigEntry, EvenloadCoordinator


@dataclass(frozen=True, kw_only=True)
class CircuitSensorDescription(SensorEntityDescription):
    """A value of one phase of a circuit."""

    value: Callable[[LimitUse], float]


def _utilisation(use: LimitUse) -> float:
    """Return the share of the limit that flows or is allotted [%]; all of it where the limit is 0."""
    return 100.0 * (use.base + use.allocated) / use.limit if use.limit > 0 else 100.0


CIRCUIT_SENSORS = (
    CircuitSensorDescription(
        key="utilisation",
        translation_key="utilisation",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value=_utilisation,
    ),
    CircuitSensorDescription(
        key="headroom",
        translation_key="circuit_headroom",
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value=lambda use: use.limit - use.base - use.allocated,
    ),
)


class CircuitSensor(CoordinatorEntity[EvenloadCoordinator], SensorEntity):
    """A value of one phase of a circuit."""

    _attr_has_entity_name = True
    entity_description: CircuitSensorDescription

    def __init__(
        self,
        coordinator: EvenloadCoordinator,
        description: CircuitSensorDescription,
        circuit_id: str,
        phase: Phase,
    ) -> None:
        """Belong to the circuit's device."""
        super().__init__(coordinator)
        self.entity_description = description
        self._limit = f"{circuit_id}/{phase}"
        self._attr_unique_id = f"{circuit_id}_{description.key}_{phase.lower()}"
        self._attr_translation_placeholders = {"phase": phase}
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, circuit_id)})

    @property
    @override
    def native_value(self) -> StateType:
        use = self.coordinator.data.limits.get(self._limit)
        return None if use is None else round(self.entity_description.value(use), 2) + 0.0


@callback
def add_circuits(
    entry: EvenloadConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensors of every circuit, now and whenever a circuit or a phase of one is added."""
    coordinator = entry.runtime_data
    known: set[tuple[str, Phase]] = set()

    @callback
    def add_new() -> None:
        for identifier, wiring in coordinator.wiring.circuits.items():
            new = [phase for phase in wiring.circuit.fuse if (identifier, phase) not in known]
            known.update((identifier, phase) for phase in new)
            async_add_entities(
                [
                    CircuitSensor(coordinator, description, identifier, phase)
                    for phase in new
                    for description in CIRCUIT_SENSORS
                ],
                config_subentry_id=identifier,
            )

    add_new()
    coordinator.while_shown(coordinator.async_add_listener(add_new))
