"""A frozen meter: alive to look at, and blind.

A meter that keeps reporting the very same values proves nothing by that; a house may be quiet. But
it must show what the managed loads do, less what battery and sun do. When that witness moves by
more than 2 A (and three of the meter's own steps) and stays away for long enough to be seen, the
meter has missed a move. One missed move is a doubt, two are a verdict. Any other value ends it.
"""

from dataclasses import replace

from evenload.controller.state import Stillness

LEAST_MOVE = 2.0
"""[A]"""

STEPS = 3.0
"""How many of the meter's own steps a move must be."""

WHOLE = 1.0
"""The step of a meter that shows whole amperes [A]."""

SPARE = 10.0
"""How much longer than interval and lag a move must last [s]."""

DOUBT = 1
VERDICT = 2


def watch_stillness(
    before: Stillness | None,
    values: tuple[float, ...],
    *,
    witness_current: float,
    now: float,
    delay: float,
) -> Stillness:
    """Return how still the meter is.

    `witness_current` [A] is what it must see by other measurements, `delay` [s] its interval and
    lag together.
    """
    if before is None or values != before.values:
        return Stillness(values=values, witness_current=witness_current)
    if abs(witness_current - before.witness_current) <= _least_move(values):
        return before if before.moving_since is None else replace(before, moving_since=None)
    if before.moving_since is None:
        return replace(before, moving_since=now)
    if now - before.moving_since < delay + SPARE:
        return before
    return Stillness(values=values, witness_current=witness_current, moves=before.moves + 1)


def _least_move(values: tuple[float, ...]) -> float:
    shows_whole = all(value == round(value) for value in values)
    return max(LEAST_MOVE, STEPS * WHOLE) if shows_whole else LEAST_MOVE
