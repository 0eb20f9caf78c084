"""Looks at one chosen entity: whether it exists and gives what is expected of it.

The same questions are asked in the dialogues, where an answer stops the user, and at run time,
where it goes to the status, so that a sensor that disappears is missed by name.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    PERCENTAGE,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.util import dt as dt_util

from evenload.model.quantities import CURRENT_UNITS, POWER_UNITS, TEMPERATURE_UNITS, meter_current
from evenload.units import current_of

from .const import NOMINAL_VOLTAGE


class Expected(StrEnum):
    """What an entity is to give."""

    METER = "meter"
    """A current or a power of one phase of the grid."""
    CURRENT = "current"
    POWER = "power"
    SOC = "soc"
    LIMIT = "limit"
    """A number that sets a current or a power."""
    LEVEL = "level"
    """A number that sets a power, a current, or a share of the most."""
    TEMPERATURE = "temperature"
    STATE = "state"
    """Anything but a number."""


class Flaw(StrEnum):
    """What can be wrong with an entity; the dialogues translate these."""

    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"
    NOT_NUMERIC = "not_numeric"
    WRONG_UNIT = "wrong_unit"
    STALE = "stale"
    IMPLAUSIBLE = "implausible"


LASTING: Final = frozenset({Flaw.NOT_FOUND, Flaw.NOT_NUMERIC, Flaw.WRONG_UNIT})
"""What no waiting mends; an entity that is only unavailable comes back."""

UNITS: Final = {
    Expected.METER: (*CURRENT_UNITS, *POWER_UNITS),
    Expected.CURRENT: tuple(CURRENT_UNITS),
    Expected.POWER: tuple(POWER_UNITS),
    Expected.TEMPERATURE: TEMPERATURE_UNITS,
    Expected.SOC: ("%",),
    Expected.LIMIT: (*CURRENT_UNITS, *POWER_UNITS),
    Expected.LEVEL: (*CURRENT_UNITS, *POWER_UNITS, PERCENTAGE),
}

UNITLESS: Final = "A"
"""What a number without a unit is taken to be in: chargers are driven by current."""
FRESH_TIME: Final = 300.0
"""A grid meter that has been silent for this long is not chosen without a word [s]."""
PLAUSIBLE_LOAD: Final = 2.0
"""No house draws more than this many times its fuse for long: it is the unit that is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """One entity with what is wrong with it, if anything is."""

    entity_id: str
    flaw: Flaw | None
    given: str = ""
    """What it shows that is wrong, as a person reads it."""


def inspect(hass: HomeAssistant, entity_id: str, expected: Expected) -> Inspected:
    """Return whether the entity exists and gives what is expected of it."""
    state = hass.states.get(entity_id)
    if state is None:
        return Inspected(entity_id=entity_id, flaw=Flaw.NOT_FOUND)
    if state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
        return Inspected(entity_id=entity_id, flaw=Flaw.UNAVAILABLE, given=state.state)
    if expected is Expected.STATE:
        return Inspected(entity_id=entity_id, flaw=None)
    return _inspect_number(state, expected)


def inspect_meter(hass: HomeAssistant, entity_id: str, fuse_current: float) -> Inspected:
    """Return the same for a grid sensor, which must also be fresh and fit the fuse."""
    inspected = inspect(hass, entity_id, Expected.METER)
    state = hass.states.get(entity_id)
    if inspected.flaw is not None or state is None:
        return inspected
    age = (dt_util.utcnow() - state.last_reported).total_seconds()
    if age > FRESH_TIME:
        return Inspected(entity_id=entity_id, flaw=Flaw.STALE, given=f"{age / 60:.0f} min")
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    current = meter_current(float(state.state), unit, voltage=NOMINAL_VOLTAGE)
    if current is not None and abs(current) > PLAUSIBLE_LOAD * fuse_current:
        return Inspected(entity_id=entity_id, flaw=Flaw.IMPLAUSIBLE, given=f"{state.state} {unit}")
    return inspected


def current_range(
    hass: HomeAssistant, entity_id: str, *, legs: int, voltage: float
) -> tuple[float, float]:
    """Return the lowest and highest current [A per leg] that a number accepts, in A or in W."""
    state = hass.states.get(entity_id)
    if state is None:
        return 0.0, math.inf
    unit: str = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, UNITLESS)
    per_leg = (
        current_of(POWER_UNITS[unit], [voltage] * legs)
        if unit in POWER_UNITS
        else CURRENT_UNITS.get(unit, 1.0)
    )
    lowest = float(state.attributes.get("min", 0.0))
    highest = float(state.attributes.get("max", math.inf))
    return lowest * per_leg, highest * per_leg


def _inspect_number(state: State, expected: Expected) -> Inspected:
    try:
        number = float(state.state)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        return Inspected(entity_id=state.entity_id, flaw=Flaw.NOT_NUMERIC, given=state.state)
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    unitless_limit = expected in (Expected.LIMIT, Expected.LEVEL) and unit is None
    if unit not in UNITS[expected] and not unitless_limit:
        given = "no unit" if unit is None else str(unit)
        return Inspected(entity_id=state.entity_id, flaw=Flaw.WRONG_UNIT, given=given)
    return Inspected(entity_id=state.entity_id, flaw=None)
