"""Translates a command of the controller into service calls on the load's entities.

A pause goes through the switch where there is one, because many chargers refuse a limit of zero.
A resumed charger gets its limit before it is switched on, so that it never starts at an old one.
"""

import contextlib
from collections.abc import Sequence

from homeassistant.components.select import ATTR_OPTION, ATTR_OPTIONS, SERVICE_SELECT_OPTION
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_ON,
)
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from evenload.model.decision import Command
from evenload.model.quantities import CURRENT_UNITS, POWER_UNITS
from evenload.units import power_of

from .call import ActionCall, Call, turn
from .kinds import Appliance
from .load_wiring import EntityLoadWiring, PlugWiring
from .ocpp_plug import OcppPlugWiring
from .phase_words import option_for, phases_meant
from .plug_legs import legs_used


def calls_for(
    hass: HomeAssistant, wiring: EntityLoadWiring, command: Command, voltage: float
) -> tuple[Call | ActionCall, ...]:
    """Return the calls, in order, that carry `command` out."""
    match wiring:
        case PlugWiring():
            return (
                *_phase_calls(hass, wiring, command.phases),
                *_plug_calls(hass, wiring, command, voltage),
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
    hass: HomeAssistant, wiring: PlugWiring, command: Command, voltage: float
) -> tuple[Call, ...]:
    setpoint = command.setpoint
    if setpoint <= 0 and wiring.enable is not None:
        return (turn(wiring.enable, on=False),)
    voltages = [voltage] * _legs_of(hass, wiring, command.phases)
    limit = Call(
        entity_id=wiring.limit,
        service="set_value",
        data={"value": _in_unit_of(hass, wiring.limit, setpoint, voltages)},
    )
    if wiring.enable is None or hass.states.is_state(wiring.enable, STATE_ON):
        return (limit,)
    return (limit, turn(wiring.enable, on=True))


def _legs_of(hass: HomeAssistant, wiring: PlugWiring, told: int | None) -> int:
    """Return on how many legs a limit in W is spread."""
    switch = None if wiring.phases is None else hass.states.get(wiring.phases)
    currents: list[float] = []
    for entity in wiring.current:
        state = hass.states.get(entity)
        with contextlib.suppress(ValueError):
            currents.append(float("nan" if state is None else state.state))
    return legs_used(wiring, None if switch is None else switch.state, currents, told)


def _in_unit_of(
    hass: HomeAssistant, entity_id: str, current: float, voltages: Sequence[float]
) -> float:
    """Return `current` [A per leg] in the unit of the number that sets it; amperes if it has none."""
    state = hass.states.get(entity_id)
    unit: str = "A" if state is None else state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, "A")
    if unit in POWER_UNITS:
        return power_of(current, voltages) / POWER_UNITS[unit]
    return current / CURRENT_UNITS.get(unit, 1.0)
