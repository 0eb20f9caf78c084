"""When a load runs: least times on and off, starts, and what it draws meanwhile.

For each slot k there is y = 1 where the load runs at any time in it, z = 1 where it starts in it and
w = 1 where it is the last slot of a run, so that y[k] - y[k-1] = z[k] - w[k-1]. Two runs may stand in
neighbouring slots. A run of `min_on` touches at least min_on / slot slots unless its load goes away,
and a rest of `min_off` leaves at least min_off / slot - 1 untouched; the rows for both are those that
describe least times exactly (Rajan and Takriti 2005, "Minimum up/down polytopes of the unit
commitment problem"). In slots longer than `min_off` a load could end and begin again unseen, so there
its minimum does not bind at all.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evenload.simulate.bound.load import BoundedLoad
from evenload.simulate.bound.program import Program, Term

_DAY = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One load's variables in the program, by slot."""

    load: BoundedLoad
    on: Sequence[int]
    """y"""
    begins: Sequence[int]
    """z"""
    ends: Sequence[int]
    """w"""
    runs: Sequence[int]
    """For which part of the slot it draws, 0 to 1."""
    draws: Sequence[int]
    """What it draws on average [W]."""


def add_running(program: Program, load: BoundedLoad, slot: int) -> Running:
    """Add a load's variables and rows to the program; slots are `slot` seconds long."""
    can = [float(highest > 0.0) for highest in load.highest]
    running = Running(
        load=load,
        on=[program.variable(0.0, each, whole=not load.is_free) for each in can],
        begins=[program.variable(0.0, each, worth=_ramps_worth(load)) for each in can],
        ends=[program.variable(0.0, each) for each in can],
        runs=[program.variable(0.0, each) for each in can],
        draws=[program.variable(0.0, float(most)) for most in load.highest],
    )
    kept = max(0.0, 1.0 - load.pause / slot) if slot <= load.min_off else 0.0
    for k in range(load.highest.size):
        _add_slot(program, running, k, kept)
        if not load.is_free:
            _add_least_times(program, running, k, slot)
    _add_starts(program, running, slot)
    _add_room(program, running, slot)
    return running


def _ramps_worth(load: BoundedLoad) -> float:
    """Return the most that may be gained below the minimum at one start and its stop [Wh].

    Beside a surplus S, drawing S gains S, the minimum 2 S - low and nothing 0: the difference is low / 2
    at most.
    """
    return load.settle * float(load.lowest.max(initial=0.0)) / 3600.0


def _add_slot(program: Program, running: Running, k: int, kept: float) -> None:
    """Add what binds within a slot; in the middle of a run it runs for `kept` of it at least."""
    load, on, runs = running.load, running.on[k], running.runs[k]
    begins, ends, draws = running.begins[k], running.ends[k], running.draws[k]
    change: list[Term] = [(on, 1.0), (begins, -1.0)]
    if k > 0:
        change += [(running.on[k - 1], -1.0), (running.ends[k - 1], 1.0)]
    program.row(change, low=0.0, high=0.0)
    program.row([(begins, 1.0), (on, -1.0)], high=0.0)
    program.row([(ends, 1.0), (on, -1.0)], high=0.0)
    program.row([(runs, 1.0), (on, -1.0)], high=0.0)
    if kept > 0.0:
        program.row([(runs, 1.0), (on, -kept), (begins, kept), (ends, kept)], low=0.0)
    program.row([(draws, 1.0), (runs, -float(load.highest[k]))], high=0.0)
    program.row([(draws, 1.0), (runs, -float(load.lowest[k]))], low=0.0)


def _add_least_times(program: Program, running: Running, k: int, slot: int) -> None:
    load, is_here = running.load, running.load.highest > 0.0
    touched = math.ceil(load.min_on / slot)
    if touched > 1:
        begins = [
            (running.begins[j], 1.0)
            for j in range(max(0, k - touched + 1), k + 1)
            if is_here[j : j + touched].all()
        ]
        program.row([*begins, (running.on[k], -1.0)], high=0.0)
    untouched = math.floor(load.min_off / slot) - 1
    if untouched > 0 and k > 0:
        ends = [
            (running.ends[j], 1.0)
            for j in range(max(0, k - untouched), k)
            if is_here[j : k + 1].all()
        ]
        program.row([*ends, (running.on[k], 1.0)], high=1.0)


def _add_starts(program: Program, running: Running, slot: int) -> None:
    if running.load.starts is None:
        return
    a_day = _DAY // slot
    for first in range(0, len(running.begins), a_day):
        begins = running.begins[first : first + a_day]
        program.row([(place, 1.0) for place in begins], high=float(running.load.starts))


def _add_room(program: Program, running: Running, slot: int) -> None:
    """Add rows for the energy it can have taken, one wherever that is about to change."""
    room = running.load.room
    if room is None:
        return
    hours = slot / 3600.0
    taken_before: int | None = None
    first = 0
    for k in range(room.size):
        if k + 1 < room.size and room[k + 1] <= room[k]:
            continue
        taken = program.variable(0.0, float(room[k]))
        terms: list[Term] = [(draw, hours) for draw in running.draws[first : k + 1]]
        if taken_before is not None:
            terms.append((taken_before, 1.0))
        program.row([*terms, (taken, -1.0)], low=0.0, high=0.0)
        taken_before, first = taken, k + 1
