"""Translates a command of the controller into service calls on the load's entities.

A pause goes through the switch where there is one, because many chargers refuse a limit of zero.
A resumed charger gets its limit before it is switched on, so that it never starts at an old one.
"""

from homeassistant.components.select import ATTR_OPTION, ATTR_OPTIONS, SERVICE_SELECT_OPTION
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_ON,
)
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from evenload.model.decision import Command
from evenload.model.quantities import CURRENT_UNITS, POWER_UNITS
from evenload.model.site import Load
from evenload.units import power_of

from .call import ActionCall, Call, turn
from .kinds import Appliance
from .load_wiring import EntityLoadWiring, PlugWiring
from .ocpp_plug import OcppPlugWiring
from .phase_words import option_for, phases_meant


def calls_for(
    hass: HomeAssistant, wiring: EntityLoadWiring, command: Command, voltage: float
) -> tuple[Call | ActionCall, ...]:
    """Return the calls, in order, that carry `command` out."""
    match wiring:
        case PlugWiring():
            return (
                *_phase_calls(hass, wiring, command.phases),
                *_plug_calls(hass, wiring, command.setpoint, voltage),
            )
        case OcppPlugWiring():
            return wiring.calls(command.setpoint, voltage, dt_util.utcnow())
        case Appliance():
            return wiring.calls(hass, command.setpoint, voltage)


def _phase_calls(hass: HomeAssistant, wiring: PlugWiring, phases: int | None) -> tuple[Call, ...]:
    """Return the call that gives a car one phase or three, where it has not got them yet."""
    if phases is None or wiring.phases is None:
        return ()
    state = hass.states.get(wiring.phases)
    if state is None or phases_meant(state.state) == phases:
        return ()
    option = option_for(state.attributes.get(ATTR_OPTIONS, ()), phases)
    if option is None:
        return ()
    return (
        Call(entity_id=wiring.phases, service=SERVICE_SELECT_OPTION, data={ATTR_OPTION: option}),
    )


def _plug_calls(
    hass: HomeAssistant, wiring: PlugWiring, setpoint: float, voltage: float
) -> tuple[Call, ...]:
    if setpoint <= 0 and wiring.enable is not None:
        return (turn(wiring.enable, on=False),)
    limit = Call(
        entity_id=wiring.limit,
        service="set_value",
        data={"value": _in_unit_of(hass, wiring.limit, wiring.load, setpoint, voltage)},
    )
    if wiring.enable is None or hass.states.is_state(wiring.enable, STATE_ON):
        return (limit,)
    return (limit, turn(wiring.enable, on=True))


def _in_unit_of(
    hass: HomeAssistant, entity_id: str, load: Load, current: float, voltage: float
) -> float:
    """Return `current` [A per leg] in the unit of the number that sets it; amperes if it has none."""
    state = hass.states.get(entity_id)
    unit: str = "A" if state is None else state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, "A")
    if unit in POWER_UNITS:
        return power_of(current, [voltage] * len(load.phases)) / POWER_UNITS[unit]
    return current / CURRENT_UNITS.get(unit, 1.0)
