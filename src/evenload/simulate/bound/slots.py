"""From seconds to slots: what a slot says of every second in it."""

from collections.abc import Iterator

import numpy as np

from evenload.simulate.bound.load import Floats

_NEAR = 1.0
"""Gains that differ by less over a slot are one [W]."""


def in_slots(values: Floats, slot: int) -> Floats:
    """Return values as rows of `slot` each; the last row is filled with its own last value.

    >>> in_slots(np.array([1.0, 2.0, 3.0]), 2)
    array([[1., 2.],
           [3., 3.]])
    """
    missing = -values.size % slot
    return np.pad(values, (0, missing), mode="edge").reshape(-1, slot)


def best_gains(surplus: Floats, lowest: Floats, highest: Floats) -> Floats:
    """Return min(S, high, 2 S - low) for every second, each row in falling order [W].

    It is the gain of drawing the best there is between `lowest` and `highest` [W, one a row] beside the
    surplus S >= 0: what is drawn beyond S costs as much as what is drawn below it gains.
    """
    low, high = lowest[:, np.newaxis], highest[:, np.newaxis]
    best = np.minimum(np.minimum(surplus, high), 2.0 * surplus - low)
    return np.sort(best, axis=1)[:, ::-1]


def tangents(gains: Floats) -> Iterator[tuple[float, float]]:
    """Yield (offset, slope) of lines that are nowhere below the gain of a part of a slot.

    `gains` are those of one slot's seconds in falling order [W]. Whoever runs for a part u of the slot
    gains at most what its best seconds give; as a function of u that is concave.
    """
    count = gains.size
    if gains[0] - gains[-1] < _NEAR:
        yield 0.0, float(gains[0])
        return
    sums = np.cumsum(gains) / count
    for place in (0, count // 2, count - 1):
        slope = float(gains[place])
        yield float(sums[place]) - slope * (place + 1) / count, slope
