"""What flows that is no managed load: the meter less the managed draw, both at one instant.

While loads move, the instant is not known: the reading may contain any draw between `low` and
`high` (see `draw`), so the house lies between

    meter - sum of high   <=   house   <=   meter - sum of low.

The house is kept as it was unless that cannot be, and is then moved just as far as it must. So a
load that ramps is not counted as house, a meter that lags does not set house and load swinging, and
while nothing moves the bounds are one and the house is exact.

What decides a *raise* is smoothed. House less sun in watts, with the battery's part,

    q = sum(house x voltage) + battery power,

passes a first-order filter, and where q has just fallen below the filtered value, the phases that
fell are given back as much of their fall as makes up the difference. So a raise waits until there
is more for a while, a lowering follows at once, and a battery that takes over from the grid (one
down, the other up, q the same) is no change at all.
"""

import math
from collections.abc import Mapping, Sequence
from operator import mul

from evenload.controller.draw import is_at_zero
from evenload.controller.plan import SitePlan
from evenload.controller.state import LoadMemory

SMOOTHING = 15.0
"""Time constant of what decides a raise [s]."""


def house_currents(
    before: Sequence[float] | None,
    meter: Sequence[float],
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    *,
    behind: Sequence[int],
) -> tuple[float, ...]:
    """Return what flows on each phase of a meter that is no managed load [A].

    `behind` are the places of the loads that the meter sees, `before` what this returned last.
    """
    least, most, likely = list(meter), list(meter), list(meter)
    for place_of_load in behind:
        load_plan = plan.loads[place_of_load]
        draw = loads[load_plan.load.id].draw
        if is_at_zero(draw):
            continue
        for place, low, high in zip(load_plan.places, draw.low, draw.high, strict=True):
            least[place] -= high
            most[place] -= low
        if before is None:
            for place, current in zip(load_plan.places, draw.currents, strict=True):
                likely[place] -= current
    if before is None:
        return tuple(likely)
    return tuple(
        [min(max(kept, low), high) for kept, low, high in zip(before, least, most, strict=True)]
    )


def house_of_total(
    before: Sequence[float] | None,
    meter: Sequence[float],
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
) -> tuple[float, ...]:
    """Return the same of a meter that knows nothing but a total, the same on each phase [A].

    The bounds are those of the sum: what a load draws on one phase is in every third of the meter.
    """
    draws = [loads[load_plan.load.id].draw for load_plan in plan.loads]
    total = sum(meter)
    least = total - sum([sum(draw.high) for draw in draws])
    most = total - sum([sum(draw.low) for draw in draws])
    kept = total - sum([sum(draw.currents) for draw in draws]) if before is None else sum(before)
    return (min(max(kept, least), most) / len(meter),) * len(meter)


def draw_by_phase(plan: SitePlan, loads: Mapping[str, LoadMemory]) -> list[float]:
    """Return what all managed loads draw on each phase, as far as is known [A]."""
    drawn = [0.0] * len(plan.site.phases)
    for load_plan in plan.loads:
        currents = loads[load_plan.load.id].draw.currents
        for place, current in zip(load_plan.places, currents, strict=True):
            drawn[place] += current
    return drawn


def remainder(elapsed: float) -> float:
    """Return what a first-order filter keeps of a difference after `elapsed` seconds, 0 to 1."""
    return math.exp(-elapsed / SMOOTHING)


def held_back(
    house: Sequence[float],
    smoothed: Sequence[float],
    *,
    voltages: Sequence[float],
    power: float,
    smoothed_power: float,
) -> tuple[float, ...]:
    """Return the house as raises should see it: with a fall of house less sun not yet believed.

    `power` is house less sun now [W], battery included, `smoothed_power` the same, filtered.
    """
    fallen = [max(0.0, slow - now) for slow, now in zip(smoothed, house, strict=True)]
    fallen_power = sum(map(mul, fallen, voltages, strict=True))
    missing = smoothed_power - power
    if missing <= 0.0 or fallen_power <= 0.0:
        return tuple(house)
    share = min(1.0, missing / fallen_power)
    return tuple([now + share * fall for now, fall in zip(house, fallen, strict=True)])
