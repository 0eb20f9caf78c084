"""Small steps at random times, while too little is known: evidence that no reading has driven.

Where meter and charger report rarely, hardly a step of the controller has a row of the meter between
the reading that drove it and its effect, and so none of them counts. Then a load that draws is
lowered by 2 A for a moment, at a time that chance has set before anything was read. Lowering breaks
no limit; what is lowered comes back by the controller's own rules. The fall is a step that nothing
drove; the rise waits for headroom and counts as driven.
"""

from dataclasses import dataclass
from random import Random

from evenload.detect.evidence import MOVES
from evenload.detect.nouns import Verdicts
from evenload.model.site import Kind, Load

SHORTEST, LONGEST = 240.0, 900.0
"""Between two of them [s]."""

HELD = 60.0
"""For how long a load is lowered [s]."""

MOST = 12
"""So many are made of one load, until something is known of it again; more would tell no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dither:
    """When one load is lowered next, or until when it is."""

    due_at: float
    """[s, monotonic]"""
    ceiling: float | None = None
    """What it is lowered to now [A per leg]; None: it is not."""
    made: int = 0
    """How many there were."""


def first_dither(load: Load, now: float) -> Dither:
    """Return when a load is lowered for the first time, at the earliest."""
    return Dither(due_at=now + _pause(load, 0))


def advance(
    dither: Dither, load: Load, verdicts: Verdicts, now: float, *, setpoint: float
) -> Dither:
    """Return what is to be done of `load` in this pass, which carries `setpoint` [A per leg]."""
    if dither.ceiling is not None:
        if now < dither.due_at + HELD:
            return dither
        return Dither(due_at=now + _pause(load, dither.made), made=dither.made)
    if now < dither.due_at:
        return dither
    lowered = setpoint - MOVES
    if not is_wanted(load, verdicts) or dither.made >= MOST or lowered < load.minimum:
        return Dither(due_at=now + _pause(load, dither.made), made=dither.made)
    return Dither(due_at=now, ceiling=lowered, made=dither.made + 1)


def is_wanted(load: Load, verdicts: Verdicts) -> bool:
    """Return whether too little is known of a load that can be lowered at all."""
    verdict = verdicts.loads.get(load.id)
    if load.kind is not Kind.EV:
        return False
    return verdict is None or not (verdict.phases or verdict.is_elsewhere)


def _pause(load: Load, made: int) -> float:
    """Return a pause that depends on nothing that was read [s]."""
    return Random(f"{load.id} {made}").uniform(SHORTEST, LONGEST)  # noqa: S311 - no secret
