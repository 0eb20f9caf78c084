"""What would have to change for a load to get more, found by running the engine with each change.

Nothing is derived from the reason: a change counts only if the engine, run anew with it alone, gives
the load more. Changes that have a size (amperes of a rating, watts of surplus) are tried large first
and then halved down to the smallest that still helps, rounded up to what a person would write.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from evenload.cli.explain.changes_of_limits import changes_of_limits, everything_raised
from evenload.cli.explain.changes_of_load import changes_of_load, changes_of_other
from evenload.cli.explain.changes_of_site import change_of_sun, changes_of_site
from evenload.cli.explain.moment import Change, Moment, SizedChange
from evenload.engine import allocate
from evenload.model.allocation import Allocation
from evenload.units import TOLERANCE

HALVINGS = 24
"""Enough to come from the largest trial to below the rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """One change that gives the load more."""

    change: str
    """In words, as they go on after `with`."""
    allocation: Allocation
    """What the load then gets."""


def remedies_for(moment: Moment, load: str, allocation: Allocation) -> tuple[Remedy, ...]:
    """Return the single changes that give `load` more than `allocation`, each with what it gives.

    Where none does, the changes to the load itself are tried with another one each, and then all
    limits raised together.
    """
    remedies = tuple(_found(_changes(moment, load, allocation.by), load, allocation))
    if not remedies:
        remedies = tuple(_found(_pairs(moment, load, allocation.by), load, allocation))
    return remedies or tuple(_found([everything_raised(moment)], load, allocation))


def _changes(moment: Moment, load_id: str, by: str | None) -> Iterator[Change | SizedChange]:
    yield from changes_of_load(moment, moment.load(load_id))
    yield from _around(moment, load_id, by)


def _around(moment: Moment, load_id: str, by: str | None) -> Iterator[Change | SizedChange]:
    load = moment.load(load_id)
    yield from changes_of_limits(moment, load)
    yield change_of_sun(moment, load)
    yield from changes_of_site(moment, load)
    for other in moment.site.all_loads:
        if other.id == by:
            yield from changes_of_other(moment, other)


def _pairs(moment: Moment, load_id: str, by: str | None) -> Iterator[Change | SizedChange]:
    tried: set[str] = set()
    for first in changes_of_load(moment, moment.load(load_id)):
        tried.add(first.words)
        for second in changes_of_load(first.moment, first.moment.load(load_id)):
            if second.words not in tried:
                yield second.after(first.words)
        for other in _around(first.moment, load_id, by):
            yield other.after(first.words)


def _found(changes: Iterable[Change | SizedChange], load: str, now: Allocation) -> Iterator[Remedy]:
    for change in changes:
        match change:
            case Change():
                remedy = _tried(change.words, change.moment, load, now)
            case SizedChange():
                remedy = _smallest(change, load, now)
        if remedy is not None:
            yield remedy


def _tried(words: str, moment: Moment, load: str, now: Allocation) -> Remedy | None:
    then = allocate(moment.site, moment.readings).loads[load]
    if then.power <= now.power + TOLERANCE:
        return None
    return Remedy(change=words, allocation=then)


def _smallest(change: SizedChange, load: str, now: Allocation) -> Remedy | None:
    def at(size: float) -> Remedy | None:
        return _tried(change.words(size), change.applied(size), load, now)

    if at(change.largest) is None:
        return None
    size = _halved_down(lambda trial: at(trial) is not None, change.largest)
    # Halving ends a hair above the size it looks for: what a person would write is tried first.
    in_grains = size / change.grain
    return (
        at(round(in_grains) * change.grain) or at(math.ceil(in_grains) * change.grain) or at(size)
    )


def _halved_down(helps: Callable[[float], bool], largest: float) -> float:
    low, high = 0.0, largest
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if helps(middle):
            high = middle
        else:
            low = middle
    return high
