"""The most that loads could have gained from the sun.

Net solar gain is the solar energy into loads less the grid energy they caused. With a battery, what
it delivers to loads is neither; it may be charged and discharged in whatever way serves them best.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from evenload.simulate.bound.load import BoundedLoad, Floats
from evenload.simulate.bound.program import Bound, Program, Term, times
from evenload.simulate.bound.running import Running, add_running
from evenload.simulate.bound.slots import best_gains, in_slots, tangents

GAP = 2e-3
"""A bound this near to the best plan found is near enough."""
SECONDS = 60.0
"""Longest time that HiGHS is given [s]; afterwards its bound so far is returned."""
_TOGETHER = 4
"""For more loads than this, which of them draw at the same second plays no part: a looser bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A battery, used in whatever way serves the loads best."""

    energy: float
    """What it holds at the beginning and can give to loads [Wh]."""
    capacity: float
    """[Wh]"""
    charge: float
    """[W]"""
    discharge: float
    """[W]"""


def most_solar_gain(
    surplus: Floats,
    loads: Sequence[BoundedLoad],
    *,
    slot: int,
    store: Store | None = None,
    gap: float = GAP,
    seconds: float = SECONDS,
) -> Bound:
    """Return the most that `loads` together could have gained [Wh].

    `surplus` is solar production less the household in every second [W]; loads are given in slots of
    `slot` seconds. Raises BoundError where HiGHS ends without a bound.
    """
    program = Program()
    suns = in_slots(np.maximum(surplus, 0.0), slot)
    means, hours = suns.mean(axis=1), slot / 3600.0
    running = [add_running(program, load, slot) for load in loads]
    gains = [program.variable(-np.inf, np.inf, worth=hours) for _ in means]
    stored = _add_store(program, store, means, hours)
    for k, (gained, mean) in enumerate(zip(gains, means, strict=True)):
        given, taken = ([(stored[k][0], 1.0)], [(stored[k][1], 1.0)]) if stored else ([], [])
        draws = [(each.draws[k], 1.0) for each in running]
        program.row([(gained, 1.0), *times(draws, -1.0)], high=0.0)
        program.row([(gained, 1.0), *taken], high=float(mean))
        program.row(
            [(gained, 1.0), *draws, *times(taken, 2.0), *times(given, -1.0)],
            high=2.0 * float(mean),
        )
    if store is None and len(running) <= _TOGETHER:
        _add_states(program, gains, running, suns)
    return program.solve(gap=gap, seconds=seconds)


def net_solar_gain(
    surplus: Floats,
    *,
    levels: Sequence[float],
    step: int = 1,
    min_on: float = 300.0,
    min_off: float = 300.0,
    starts: int = 6,
    slot: int = 60,
) -> Bound:
    """Return the most that one load with these levels [W] could have gained [Wh].

    `surplus` is solar production less the household [W], one value every `step` seconds; `starts` holds
    for each day from its beginning. A charger that switches phases has the levels of both.
    """
    seconds = np.repeat(surplus, step)
    count = -(-seconds.size // slot)
    load = BoundedLoad(
        lowest=np.full(count, min(levels)),
        highest=np.full(count, max(levels)),
        min_on=min_on,
        min_off=min_off,
        starts=starts,
    )
    return most_solar_gain(seconds, [load], slot=slot)


def _add_store(
    program: Program, store: Store | None, means: Floats, hours: float
) -> list[tuple[int, int]]:
    """Add a battery and return its variables by slot: what it gives to loads and what it takes [W]."""
    if store is None:
        return []
    found: list[tuple[int, int]] = []
    before: int | None = None
    for mean in means:
        given = program.variable(0.0, store.discharge)
        taken = program.variable(0.0, min(store.charge, float(mean)))
        held = program.variable(0.0, store.capacity)
        terms = [(held, 1.0), (given, hours), (taken, -hours)]
        if before is not None:
            terms.append((before, -1.0))
        program.row(terms, high=store.energy if before is None else 0.0)
        found.append((given, taken))
        before = held
    return found


def _add_states(
    program: Program, gains: Sequence[int], running: Sequence[Running], suns: Floats
) -> None:
    """Split each slot into parts in which the same loads draw, each gaining what its best seconds give."""
    count = len(gains)
    parts: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    drawing: list[list[list[Term]]] = [[[] for _ in running] for _ in range(count)]
    for places in _sets(len(running)):
        together = [running[place] for place in places]
        best = best_gains(
            suns,
            np.sum([each.load.lowest for each in together], axis=0),
            np.sum([each.load.highest for each in together], axis=0),
        )
        for k in range(count):
            part = program.variable(0.0, 1.0)
            gained = program.variable(-np.inf, np.inf)
            parts[k].append((part, gained))
            for place in places:
                drawing[k][place].append((part, 1.0))
            for offset, slope in tangents(best[k]):
                program.row([(gained, 1.0), (part, -slope)], high=offset)
    for k, gained in enumerate(gains):
        program.row([(part, 1.0) for part, _ in parts[k]], high=1.0)
        program.row([(gained, 1.0), *((each, -1.0) for _, each in parts[k])], high=0.0)
        for place, each in enumerate(running):
            program.row([*drawing[k][place], (each.runs[k], -1.0)], low=0.0, high=0.0)


def _sets(count: int) -> Iterator[tuple[int, ...]]:
    """Yield every set of loads but the empty one, by their places."""
    for size in range(1, count + 1):
        yield from combinations(range(count), size)
