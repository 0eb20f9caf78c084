"""Numbers of what a load needs by itself: temperatures, hours of running, energy for a car."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import (
    EntityCategory,
    UnitOfEnergy,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.exceptions import ServiceValidationError

from evenload.model.site import Kind

from .const import (
    CONF_BOOST,
    CONF_DAILY_RUNTIME,
    CONF_ENERGY_TARGET,
    CONF_FLOOR,
    CONF_TARGET,
    DOMAIN,
)
from .coordinator import EvenloadCoordinator
from .entity import LoadEntity, settings_of
from .load_wiring import LoadWiring


def _temperature(key: str) -> NumberEntityDescription:
    return NumberEntityDescription(
        key=key,
        translation_key=key,
        device_class=NumberDeviceClass.TEMPERATURE,
        entity_category=EntityCategory.CONFIG,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        native_min_value=0,
        native_max_value=110,
        native_step=0.5,
    )


TEMPERATURES = (CONF_FLOOR, CONF_TARGET, CONF_BOOST)
"""They may not fall in this order."""

TEMPERATURE_NUMBERS = tuple(_temperature(key) for key in TEMPERATURES)
RUNTIME_NUMBER = NumberEntityDescription(
    key=CONF_DAILY_RUNTIME,
    translation_key=CONF_DAILY_RUNTIME,
    entity_category=EntityCategory.CONFIG,
    native_unit_of_measurement=UnitOfTime.HOURS,
    native_min_value=0,
    native_max_value=24,
    native_step=0.25,
)
ENERGY_NUMBER = NumberEntityDescription(
    key=CONF_ENERGY_TARGET,
    translation_key=CONF_ENERGY_TARGET,
    native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
    native_min_value=0,
    native_max_value=200,
    native_step=0.5,
)


def need_numbers(coordinator: EvenloadCoordinator, load: LoadWiring) -> list[NeedNumber]:
    """Return the numbers of what a load can need."""
    data = settings_of(coordinator, load.load.id)
    descriptions = [
        description
        for description in (*TEMPERATURE_NUMBERS, RUNTIME_NUMBER)
        if description.key in data
    ]
    if load.load.kind is Kind.EV:
        descriptions.append(ENERGY_NUMBER)
    return [NeedNumber(coordinator, description, load) for description in descriptions]


class NeedNumber(LoadEntity, NumberEntity):
    """A number of what a load needs, kept among its settings."""

    _attr_mode = NumberMode.BOX

    @property
    @override
    def native_value(self) -> float | None:
        default = 0.0 if self.entity_description.key == CONF_ENERGY_TARGET else None
        value: float | None = self._data.get(self.entity_description.key, default)
        return value

    @override
    async def async_set_native_value(self, value: float) -> None:
        key = self.entity_description.key
        changed = {**self._data, key: value}
        rising = [changed[each] for each in TEMPERATURES if each in changed]
        if rising != sorted(rising):
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="temperatures_fall"
            )
        self.coordinator.change_load(self.load_id, {key: value})

    @property
    def _data(self) -> Mapping[str, Any]:
        return settings_of(self.coordinator, self.load_id)
