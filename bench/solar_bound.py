"""The most that any strategy could have gained from the sun, knowing the whole day beforehand.

A load that draws P while the surplus is S takes min(P, S) from the sun and P - S from the grid, so
its net solar gain is min(P, 2 S - P), S counted as 0 where the house imports. The bound may choose
the best level anew in every second; what binds it are the levels themselves (so the minimum and the
steps), the least times on and off and the number of starts. Being on or off is settled in slots by
dynamic programming, exactly for that model. A strategy may choose the beginning of its slots more
freely, which is worth less than one slot's gain a start: `SLOT` is short.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

SLOT = 5
"""[s]"""

JOULES_PER_KWH = 3.6e6
NEVER = -1e18


@dataclass(frozen=True, slots=True, kw_only=True)
class Wear:
    """What equipment is owed."""

    min_on: float = 300.0
    """[s]"""
    min_off: float = 300.0
    """[s]"""
    starts: int = 6
    """In all."""


def gain_power(power: Floats, surplus: Floats) -> Floats:
    """Return the net solar gain of drawing `power` beside `surplus` [W]."""
    return np.minimum(power, 2.0 * np.maximum(surplus, 0.0) - power)


def best_gain(surplus: Floats, levels: Sequence[Floats], wear: Wear) -> float:
    """Return the highest net solar gain of a day [kWh].

    `surplus` [W] is by second, each of `levels` the power of one level by second [W].
    """
    best = np.full(surplus.size, NEVER)
    for power in levels:
        best = np.maximum(best, gain_power(power, surplus))
    whole = best.size // SLOT * SLOT
    return _schedule(best[:whole].reshape(-1, SLOT).sum(axis=1) / JOULES_PER_KWH, wear)


def _schedule(gains: Floats, wear: Wear) -> float:
    """Return the most that being on in some slots and off in the others gains.

    `on[s, k]` is the best so far with `s` starts left, on for k + 1 slots or, in the last place, for
    at least its least time; `off` alike.
    """
    on = np.full((wear.starts + 1, max(1, round(wear.min_on / SLOT))), NEVER)
    off = np.full((wear.starts + 1, max(1, round(wear.min_off / SLOT))), NEVER)
    off[wear.starts, -1] = 0.0
    for gain in gains:
        may_stop, may_start = on[:, -1].copy(), off[:, -1].copy()
        on, off = _aged(on), _aged(off)
        on[:-1, 0] = np.maximum(on[:-1, 0], may_start[1:])
        off[:, 0] = np.maximum(off[:, 0], may_stop)
        on += gain
    return float(max(on.max(), off.max()))


def _aged(values: Floats) -> Floats:
    """Return the values one slot later: each has been in its state for longer."""
    aged = np.full_like(values, NEVER)
    aged[:, 1:] = values[:, :-1]
    aged[:, -1] = np.maximum(aged[:, -1], values[:, -1])
    return aged
