"""The least cost of giving loads what they got.

Export is deducted. Within a slot the house's powers are means: what is imported in one second and
exported in another nets, which can only make it cheaper, as does leaving out minimums, least times
and the battery's losses. The battery ends with as much as it did.
"""

from collections.abc import Sequence

import numpy as np

from evenload.simulate.bound.foresight import Foresight
from evenload.simulate.bound.gain import SECONDS
from evenload.simulate.bound.load import Floats
from evenload.simulate.bound.program import Program, Term, times
from evenload.simulate.bound.slots import in_slots

_WATT_HOURS = 1000.0
"""In a kilowatt-hour, which prices are for."""


def least_cost(foresight: Foresight, energies: Sequence[float], *, stored: float = 0.0) -> float:
    """Return the least cost of a run [currency] in which each load gets its energy [Wh].

    `energies` are in the order of the loads; `stored` is what the battery holds at the end above its
    lowest state of charge [Wh]. Raises BoundError where that cannot be.
    """
    program = Program()
    hours = foresight.slot / 3600.0
    nets = in_slots(-foresight.surplus, foresight.slot).mean(axis=1)
    draws: list[list[Term]] = [[] for _ in nets]
    for load, energy in zip(foresight.loads, energies, strict=True):
        taken: list[Term] = []
        rooms = load.room
        for k, most in enumerate(load.highest):
            place = program.variable(0.0, float(most))
            draws[k].append((place, 1.0))
            taken.append((place, hours))
        program.row(taken, low=energy)
        if rooms is not None:
            for k in np.flatnonzero(np.diff(rooms, append=np.inf)):
                program.row(taken[: k + 1], high=float(rooms[k]))
    _add_battery(program, foresight, draws, hours, stored)
    _add_prices(program, foresight, nets, draws, hours)
    return -program.solve(gap=0.0, seconds=SECONDS).value


def _add_battery(
    program: Program,
    foresight: Foresight,
    draws: Sequence[list[Term]],
    hours: float,
    stored: float,
) -> None:
    """Let the battery take and give what serves best; what it takes counts as a draw."""
    store = foresight.store
    if store is None:
        return
    before: int | None = None
    for k, drawn in enumerate(draws):
        least = min(stored, store.capacity) if k == len(draws) - 1 else 0.0
        held = program.variable(least, store.capacity)
        taken = program.variable(-store.discharge, store.charge)
        start = store.energy if before is None else 0.0
        terms: list[Term] = [(held, 1.0), (taken, -hours)]
        if before is not None:
            terms.append((before, -1.0))
        program.row(terms, high=start)
        drawn.append((taken, 1.0))
        before = held


def _add_prices(
    program: Program,
    foresight: Foresight,
    nets: Floats,
    draws: Sequence[Sequence[Term]],
    hours: float,
) -> None:
    """Make every slot cost at least what its net import does at its own prices."""
    buying = in_slots(foresight.import_price, foresight.slot).min(axis=1) / _WATT_HOURS * hours
    selling = in_slots(foresight.export_price, foresight.slot).max(axis=1) / _WATT_HOURS * hours
    most = sum((load.highest for load in foresight.loads), np.zeros_like(nets))
    reach = 0.0 if foresight.store is None else foresight.store.discharge + foresight.store.charge
    for k, drawn in enumerate(draws):
        cost = program.variable(-np.inf, np.inf, worth=-1.0)
        for offset, slope in _lines(
            float(buying[k]), float(selling[k]), nets[k] - reach, nets[k] + most[k] + reach
        ):
            program.row([(cost, 1.0), *times(drawn, -slope)], low=offset + slope * float(nets[k]))


def _lines(
    buying: float, selling: float, lowest: float, highest: float
) -> list[tuple[float, float]]:
    """Return (offset, slope) of lines below the cost of a net import between two values [W].

    Where selling earns more than buying costs, that is one line from end to end.
    """
    if selling <= buying:
        return [(0.0, buying), (0.0, selling)]
    ends = [net * (buying if net > 0.0 else selling) for net in (lowest, highest)]
    slope = (ends[1] - ends[0]) / max(highest - lowest, 1.0)
    return [(ends[0] - slope * lowest, slope)]
