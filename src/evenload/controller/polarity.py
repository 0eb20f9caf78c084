"""A phase whose meter counts the wrong way round: load looks like export, and the fuse is not watched.

Our own loads show it. Whenever all of them are known and at rest, what they draw on each phase is
compared with the last time; where it has moved by 3 A and more, the meter must have moved as much
the same way. A meter that moved as much the other way speaks against its sign. Three such steps
without one that fits are the verdict: the phase is reversed. Nothing watches that fuse then, so
loads fall back as behind a silent meter until a step fits again, or for an hour: then one more step
the wrong way round is enough.

A house that moves by twice the step the other way at the same moment looks the same; not three times
in a row.
"""

from collections.abc import Mapping

from evenload.controller.draw import is_known
from evenload.controller.house import draw_by_phase
from evenload.controller.plan import SitePlan
from evenload.controller.sources import Sources
from evenload.controller.state import LoadMemory, Polarity

STEP = 3.0
"""What loads draw on a phase must have moved by this to say anything [A]."""

ALIKE = 0.3
"""The meter has moved as much when it differs by less than this share of the step."""

VERDICT = 3
"""So many steps the wrong way round make a verdict."""

AT_REST = 5.0
"""A reading this much later than what loads did shows it, whatever the meter's lag [s]."""

RETRY = 3600.0
"""A verdict without further steps is tried again after so long: somebody may have turned it [s]."""

FRESH = 120.0
"""A comparison with a time longer ago says nothing: the house has moved since [s]."""


def watch_polarity(
    before: Polarity | None, plan: SitePlan, sources: Sources, loads: Mapping[str, LoadMemory]
) -> Polarity | None:
    """Return what is known of the meter's signs after this pass's reading."""
    grid = sources.grid
    meter, at = grid.memory.values, grid.memory.complete_at
    if meter is None or sources.view.is_total or not grid.is_new or not _at_rest(loads, at):
        return before
    drawn = draw_by_phase(plan, loads)
    if before is None or len(before.against) != len(drawn):
        return Polarity(drawn=tuple(drawn), meter=meter, at=at, against=(0,) * len(drawn))
    against, found_at = before.against, before.found_at
    if at > found_at + RETRY:
        against = tuple(min(count, VERDICT - 1) for count in against)
    if at <= before.at + FRESH:
        steps = [now - then for now, then in zip(drawn, before.drawn, strict=True)]
        if all(abs(step) < STEP for step in steps):
            return before
        moves = [now - then for now, then in zip(meter, before.meter, strict=True)]
        against = tuple(map(_judge, against, steps, moves, strict=True))
        found_at = at
    return Polarity(drawn=tuple(drawn), meter=meter, at=at, against=against, found_at=found_at)


def _at_rest(loads: Mapping[str, LoadMemory], at: float) -> bool:
    return all(
        is_known(memory.draw) and at >= memory.draw.settled_at + AT_REST
        for memory in loads.values()
    )


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
    if polarity is None:
        return ()
    return tuple(place for place, against in enumerate(polarity.against) if against >= VERDICT)
