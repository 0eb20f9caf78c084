"""The parts of a saved state: numbers, lists and words as JSON has them, or an error.

Every reader raises TypeError or ValueError where the data is not what it should be, so that one place
can decide what a corrupt file means.
"""

import math
from collections.abc import Mapping, Sequence
from typing import cast


def number(value: object) -> float:
    """Return a finite number, or raise."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    if not math.isfinite(value):
        raise ValueError(value)
    return float(value)


def quantity(value: object) -> float:
    """Return a finite number of at least 0, or raise."""
    found = number(value)
    if found < 0.0:
        raise ValueError(value)
    return found


def quantities(value: object) -> tuple[float, ...]:
    """Return a list of finite numbers of at least 0, or raise."""
    return tuple(quantity(item) for item in sequence(value))


def whole(value: object) -> int:
    """Return a whole number of at least 0, or raise."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    if value < 0:
        raise ValueError(value)
    return value


def flag(value: object) -> bool:
    """Return a yes or no, or raise."""
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


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
