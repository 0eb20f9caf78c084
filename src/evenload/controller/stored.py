"""Times and reactions of a saved state: the monotonic clock does not survive, so times are ages."""

import math

from evenload.controller.meter_memory import NEVER
from evenload.model.saved import quantity, sequence


def age(at: float, now: float) -> float | None:
    """Return how long ago the time `at` was [s]; None: it never was."""
    return max(0.0, now - at) if math.isfinite(at) else None


def time_of(age: object, now: float) -> float:
    """Return the time that was `age` [s] ago; None: it never was."""
    return NEVER if age is None else now - quantity(age)


def reaction(data: object) -> tuple[float, float]:
    """Return a time [s] and the size of the step it was learnt from [A], above 0."""
    seconds, step = sequence(data)
    if quantity(step) <= 0.0:
        raise ValueError(step)
    return quantity(seconds), quantity(step)
