"""A frozen meter: alive to look at, and blind.

A meter that keeps reporting the very same values proves nothing by that; a house may be quiet. But
it must show what the managed loads do, less what battery and sun do. While that witness is more
than 2 A (and three of the meter's own steps) from where it was, and the meter shows no change at
all, nothing is raised. Does it stay away for long enough to be seen, the meter has missed a move.
One missed move is a doubt; to settle it, a load is lowered by more than that (`probe`). Two are a
verdict, and so is a doubt that lasts for a quarter of an hour. Any other value ends it.

A load may report later than the meter what it does. Until then the witness is known between bounds
only, and what the meter itself has shown of the step is taken to be where it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from evenload.controller.moment import Target
from evenload.controller.plan import SitePlan
from evenload.controller.state import LoadMemory, Stillness
from evenload.model.allocation import Reason

LEAST_MOVE = 2.0
"""[A]"""

STEPS = 3.0
"""How many of the meter's own steps a move must be."""

WHOLE = 1.0
"""The step of a meter that shows whole amperes [A]."""

SPARE = 10.0
"""How much longer than interval and lag a move must last [s]."""

VERDICT = 2
"""So many missed moves are a verdict."""

LONGEST_DOUBT = 900.0
"""And so is a doubt that lasts so long [s]."""

CLEARLY = 0.5
"""By how much more than the least move a load is lowered to see whether the meter shows it [A]."""


def watch_stillness(
    before: Stillness | None,
    values: tuple[float, ...],
    *,
    least: float,
    most: float,
    now: float,
    delay: float,
) -> Stillness:
    """Return how still the meter is.

    `least` and `most` [A] bound what it must see by other measurements, `delay` [s] is its interval
    and lag together.
    """
    if before is None:
        return Stillness(values=values, witness_current=(least + most) / 2.0)
    if values != before.values:
        shown = before.witness_current + sum(values) - sum(before.values)
        return Stillness(values=values, witness_current=min(max(shown, least), most))
    witness_current = min(max(before.witness_current, least), most)
    if abs(witness_current - before.witness_current) <= _least_move(values):
        return before if before.moving_since is None else replace(before, moving_since=None)
    if before.moving_since is None:
        return replace(before, moving_since=now)
    if now - before.moving_since < delay + SPARE:
        return before
    return Stillness(
        values=values,
        witness_current=witness_current,
        moves=before.moves + 1,
        missed_at=now if before.missed_at is None else before.missed_at,
    )


def is_frozen(stillness: Stillness | None, now: float) -> bool:
    """Return whether the meter has to be taken for frozen."""
    if stillness is None or stillness.missed_at is None:
        return False
    return stillness.moves >= VERDICT or now - stillness.missed_at > LONGEST_DOUBT


def probe(
    stillness: Stillness | None,
    targets: list[Target],
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    voltages: Sequence[float],
) -> None:
    """Lower in place one load, last in order, that can give enough to see, while there is a doubt."""
    if stillness is None or stillness.moves == 0 or stillness.moving_since is not None:
        return
    fall = _least_move(stillness.values) + CLEARLY
    for place in reversed(plan.serving):
        load_plan, target = plan.loads[place], targets[place]
        memory = loads[load_plan.load.id]
        drawn = max(memory.draw.currents)
        level = load_plan.levels.highest((drawn - fall) / load_plan.currents(1.0, voltages))
        if 0.0 < level < min(target.setpoint, memory.setpoint):
            targets[place] = target.cut_to(level, Reason.FAILSAFE, None)
            return


def _least_move(values: tuple[float, ...]) -> float:
    shows_whole = all(value == round(value) for value in values)
    return max(LEAST_MOVE, STEPS * WHOLE) if shows_whole else LEAST_MOVE
