"""Conversions between amperes and watts, and rounding to steps: here and nowhere else.

Currents are amperes per leg, powers watts over all legs, voltages volts from phase to neutral.
"""

import math
from collections.abc import Iterable

TOLERANCE = 1e-9
"""Two quantities nearer than this are one: below any meter's resolution, above float noise."""

REPORTED_DECIMALS = 3
"""Decimals of every quantity that is printed or written to JSON."""


def power_of(current: float, voltages: Iterable[float]) -> float:
    """Return the power [W] of `current` [A] flowing in each leg whose voltages [V] are given."""
    return current * sum(voltages)


def current_of(power: float, voltages: Iterable[float]) -> float:
    """Return the current [A] in each leg when `power` [W] spreads over legs of these voltages [V].

    Raises ZeroDivisionError when no voltage is given: a load without legs has no current.
    """
    return power / sum(voltages)


def floor_to_step(value: float, *, minimum: float, maximum: float, step: float) -> float | None:
    """Return the highest level not above `value`, or None when `value` is below the minimum.

    The levels are the minimum, the multiples of `step` between, and the maximum: with a minimum of
    500 W and steps of 400 W they are 500, 800, 1200 ...
    """
    if value < minimum - TOLERANCE:
        return None
    if value >= maximum - TOLERANCE:
        return maximum
    return max(minimum, math.floor((value + TOLERANCE) / step) * step)


def reported(value: float) -> float:
    """Return `value` as it is shown to people and written to JSON, without a negative zero."""
    return round(value, REPORTED_DECIMALS) + 0.0
