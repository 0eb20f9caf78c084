"""A load whose power a number sets: in W or kW, in A on each of its phases, or in % of its maximum."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import override

import probatio
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    PERCENTAGE,
    STATE_OFF,
    STATE_ON,
    UnitOfPower,
)
from homeassistant.core import HomeAssistant

from evenload.model.quantities import CURRENT_UNITS, POWER_UNITS
from evenload.model.readings import LoadState
from evenload.model.site import Kind
from evenload.model.snapshot import DeviceSnapshot, Sample

from .call import Call, turn
from .const import (
    CONF_ENABLE_ENTITY,
    CONF_MAX_POWER,
    CONF_MIN_POWER,
    CONF_NUMBER_ENTITY,
    CONF_POWER_SENSOR,
    CONF_POWER_STEP,
)
from .fields import Fields, entity, number, power_sensor
from .flow_errors import FormErrors
from .inspect_entity import Expected
from .kind_switch import SWITCH_DOMAINS
from .load_kind import Appliance, LoadKind
from .preferences import Settings
from .reports import Reports


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerAppliance(Appliance):
    """A load whose power a number sets."""

    number: str
    enable: str | None
    """The switch that lets it run; None: the number at 0 stops it."""

    @property
    @override
    def driven(self) -> tuple[str, ...]:
        return (self.number,) if self.enable is None else (self.number, self.enable)

    @override
    def expected(self, entity_id: str) -> Expected:
        return Expected.LEVEL if entity_id == self.number else Expected.STATE

    @override
    def device(self, reports: Reports, voltage: float) -> DeviceSnapshot:
        setpoint = self._setpoint(reports, voltage)
        return DeviceSnapshot(
            state=LoadState.ON if setpoint is not None and setpoint.value > 0 else LoadState.OFF,
            available=all(reports.current(entity_id) is not None for entity_id in self.driven),
            power=self.drawn(reports),
            setpoint=setpoint,
            by_hand_at=reports.set_by_person_at(*self.driven),
        )

    @override
    def calls(self, hass: HomeAssistant, setpoint: float, voltage: float) -> tuple[Call, ...]:
        if setpoint <= 0 and self.enable is not None:
            return (turn(self.enable, on=False),)
        state = hass.states.get(self.number)
        unit = None if state is None else state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        value = setpoint / self._watts_per_unit(unit, voltage)
        told = Call(entity_id=self.number, service="set_value", data={"value": round(value, 3)})
        if self.enable is None or hass.states.is_state(self.enable, STATE_ON):
            return (told,)
        return (told, turn(self.enable, on=True))

    def _setpoint(self, reports: Reports, voltage: float) -> Sample | None:
        told, enable = reports.last(self.number), reports.last(self.enable)
        if enable is not None and enable.value == STATE_OFF:
            return Sample(0.0, enable.at)
        if told is None or told.number is None:
            return None
        power = told.number * self._watts_per_unit(told.unit, voltage)
        return Sample(power, told.at if enable is None else max(told.at, enable.at))

    def _watts_per_unit(self, unit: str | None, voltage: float) -> float:
        """Return the power of one unit of the number [W]; without a unit it is one of watts."""
        unit = UnitOfPower.WATT if unit is None else unit
        if unit == PERCENTAGE:
            return self.load.maximum / 100.0
        if unit in CURRENT_UNITS:
            return CURRENT_UNITS[unit] * voltage * len(self.load.phases)
        return POWER_UNITS.get(unit, 1.0)


class PowerKind(LoadKind):
    """Asks for a load whose power a number sets."""

    name = "power"
    kind = Kind.POWER
    inspected: Mapping[str, Expected] = {
        CONF_NUMBER_ENTITY: Expected.LEVEL,
        CONF_ENABLE_ENTITY: Expected.STATE,
        CONF_POWER_SENSOR: Expected.POWER,
    }

    @override
    def fields(self) -> Fields:
        return {
            probatio.Required(CONF_NUMBER_ENTITY): entity("number", "input_number"),
            probatio.Optional(CONF_ENABLE_ENTITY): entity(*SWITCH_DOMAINS),
            probatio.Required(CONF_MIN_POWER): number(1, 1e6, UnitOfPower.WATT),
            probatio.Required(CONF_MAX_POWER): number(1, 1e6, UnitOfPower.WATT),
            probatio.Required(CONF_POWER_STEP, default=100): number(1, 1e5, UnitOfPower.WATT),
            probatio.Optional(CONF_POWER_SENSOR): power_sensor(),
        }

    @override
    def driven(self, answers: Settings) -> Mapping[str, tuple[str, ...]]:
        fields = (CONF_NUMBER_ENTITY, CONF_ENABLE_ENTITY)
        return {field: (answers[field],) for field in fields if field in answers}

    @override
    def check(self, hass: HomeAssistant, answers: Settings, errors: FormErrors) -> None:
        entity_id = answers[CONF_NUMBER_ENTITY]
        state = hass.states.get(entity_id)
        if state is None:
            return
        lowest = float(state.attributes.get("min", 0.0))
        if lowest > 0 and CONF_ENABLE_ENTITY not in answers:
            errors.add(CONF_NUMBER_ENTITY, "cannot_stop", f"{entity_id} ({lowest:g})")

    @override
    def appliance(self, subentry: ConfigSubentry, circuit: str) -> PowerAppliance:
        data = subentry.data
        return PowerAppliance(
            load=self.load(
                subentry,
                circuit,
                minimum=float(data[CONF_MIN_POWER]),
                maximum=float(data[CONF_MAX_POWER]),
                step=float(data[CONF_POWER_STEP]),
            ),
            number=data[CONF_NUMBER_ENTITY],
            enable=data.get(CONF_ENABLE_ENTITY),
            **self.common(subentry),
        )


POWER = PowerKind()
