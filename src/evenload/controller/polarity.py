"""A phase whose meter counts the wrong way round: load looks like export, and the fuse is not watched.

Our own loads show it. What they draw on each phase is compared before and after each step of 5 A and
more, at moments when they have been at rest for long enough that any meter shows it: the meter must
have moved as much the same way. A meter that moved as much the other way speaks against its sign.
Five such steps without one that fits are the verdict: the phase is reversed. Nothing watches that
fuse then, so loads fall back as behind a silent meter until a step fits again, or for an hour: then
one more step the wrong way round is enough.

A house that moves by twice the step the other way within the same minute looks the same. That happens
to one step in thirty of a restless house, and not to five in a row.
"""

from collections.abc import Mapping, Sequence

from evenload.controller.change import replace
from evenload.controller.house import draw_by_phase
from evenload.controller.meter_memory import Polarity
from evenload.controller.plan import SitePlan
from evenload.controller.sources import Sources
from evenload.controller.state import LoadMemory

STEP = 5.0
"""What loads draw on a phase must have moved by this to say anything [A]."""

STILL = 0.5
"""What loads draw on a phase rests while it moves by less than this [A]."""

ALIKE = 0.3
"""The meter has moved as much when it differs by less than this share of the step."""

VERDICT = 5
"""So many steps the wrong way round make a verdict."""

EVERY = 5.0
"""How often that is looked at [s]."""

AT_REST = 20.0
"""Loads rest when they have not moved for so long and an interval of the meter [s]."""

RETRY = 3600.0
"""A verdict without further steps is tried again after so long: somebody may have turned it [s]."""

FRESH = 120.0
"""Before and after lie no further apart: the house moves as well [s]."""


def watch_polarity(
    before: Polarity | None, plan: SitePlan, sources: Sources, loads: Mapping[str, LoadMemory]
) -> Polarity | None:
    """Return what is known of the meter's signs after this pass's reading."""
    grid = sources.grid
    meter, at = grid.memory.values, grid.memory.complete_at
    if meter is None or sources.view.is_total or not grid.is_new:
        return before
    if before is not None and at < before.looked_at + EVERY:
        return before
    drawn = tuple(draw_by_phase(plan, loads))
    if before is None or len(before.against) != len(drawn):
        return Polarity(
            drawn=drawn, meter=meter, at=at, against=(0,) * len(drawn), moved_at=at, looked_at=at
        )
    if _has_moved(drawn, before.seen or before.drawn):
        return replace(before, seen=drawn, moved_at=at, looked_at=at)
    if at < before.moved_at + AT_REST + (grid.memory.interval or 0.0):
        return replace(before, looked_at=at)
    against, found_at = before.against, before.found_at
    if at > found_at + RETRY:
        against = tuple(min(count, VERDICT - 1) for count in against)
    steps = [now - then for now, then in zip(drawn, before.drawn, strict=True)]
    if at <= before.at + FRESH and any(abs(step) >= STEP for step in steps):
        moves = [now - then for now, then in zip(meter, before.meter, strict=True)]
        against = tuple(map(_judge, against, steps, moves, strict=True))
        found_at = at
    return replace(
        before,
        drawn=drawn,
        seen=(),
        meter=meter,
        at=at,
        looked_at=at,
        against=against,
        found_at=found_at,
    )


def _has_moved(drawn: Sequence[float], before: Sequence[float]) -> bool:
    return any(abs(now - then) > STILL for now, then in zip(drawn, before, strict=True))


def _judge(against: int, step: float, move: float) -> int:
    """Return how many steps in a row have spoken against a phase's sign."""
    if abs(step) < STEP:
        return against
    near = ALIKE * abs(step)
    if abs(move - step) <= near:
        return 0
    return min(against + 1, VERDICT) if abs(move + step) <= near else against


def reversed_places(polarity: Polarity | None) -> tuple[int, ...]:
    """Return the places of the phases that are found to be reversed."""
    if polarity is None or VERDICT not in polarity.against:
        return ()
    return tuple(place for place, against in enumerate(polarity.against) if against >= VERDICT)
