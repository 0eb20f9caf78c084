"""What a load needs by itself, beside its mode."""

from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.helpers.typing import StateType

from evenload.model.readings import Need

from .coordinator import EvenloadCoordinator
from .entity import LoadEntity
from .load_wiring import LoadWiring

NEED = SensorEntityDescription(
    key="need",
    translation_key="need",
    device_class=SensorDeviceClass.ENUM,
    options=list(Need),
)


def need_sensors(coordinator: EvenloadCoordinator, load: LoadWiring) -> list[SensorEntity]:
    """Return the sensor of what a load needs; none for one that has no needs of its own."""
    treat = coordinator.wiring.settings.loads.get(load.load.id)
    return [NeedSensor(coordinator, NEED, load)] if treat is not None and treat.has_need else []


class NeedSensor(LoadEntity, SensorEntity):
    """What a load needs."""

    @property
    @override
    def native_value(self) -> StateType:
        need = None if self.decision is None else self.decision.need
        return None if need is None else need.need
