"""The parts of a saved state: numbers, lists and ages as JSON has them, or an error.

Every reader raises KeyError, TypeError or ValueError where the data is not what it should be, so that
one place can decide what a corrupt file means.
"""

import math
from collections.abc import Mapping, Sequence
from typing import cast

from evenload.controller.meter_memory import NEVER


def age(at: float, now: float) -> float | None:
    """Return how long ago the time `at` was [s]; None: it never was."""
    return max(0.0, now - at) if math.isfinite(at) else None


def time_of(age: object, now: float) -> float:
    """Return the time that was `age` [s] ago; None: it never was."""
    return NEVER if age is None else now - quantity(age)


def reaction(data: object) -> tuple[float, float]:
    """Return a time [s] and the size of the step it was learnt from [A], above 0."""
    pair = sequence(data)
    seconds, step = pair
    if quantity(step) <= 0.0:
        raise ValueError(step)
    return quantity(seconds), quantity(step)


def quantity(value: object) -> float:
    """Return a finite number of at least 0, or raise."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    if not 0.0 <= value < math.inf:
        raise ValueError(value)
    return float(value)


def flag(value: object) -> bool:
    """Return a yes or no, or raise."""
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def quantities(value: object) -> tuple[float, ...]:
    """Return a list of finite numbers of at least 0, or raise."""
    return tuple(quantity(item) for item in sequence(value))


def mapping(value: object) -> Mapping[str, object]:
    """Return what JSON calls an object, or raise."""
    if not isinstance(value, Mapping):
        raise TypeError(value)
    return cast("Mapping[str, object]", value)


def sequence(value: object) -> Sequence[object]:
    """Return what JSON calls an array, or raise."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(value)
    return cast("Sequence[object]", value)
