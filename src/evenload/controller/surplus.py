"""What there is of the sun for each load, how long it has been enough, and the step it falls between.

**How long.** A load that lives on surplus starts when there has been enough for its start delay, and
stops when there has been too little for its stop delay. Both times *leak* instead of beginning
anew, so that a sky (or an oven) that goes on and off is judged by what it gives on the whole:

    enough:   + 1 a second while the engine would let it run,
              - (1 - cover / start_share) while not
    too little:   + (1 - cover / hold_share), at least half, while the engine would not let it run,
              - 1 while it would, on several legs - 2

where cover is the surplus left for it as a share of its minimum's power. Without any surplus that is
one a second; the less is missing, the longer it stays. A minimum on three legs costs three times as
much from the grid as on one, so the time there is too little is counted for each leg. Cars wear with
every start: from the fourth within 24 hours on, each takes twice as much sun as the one before, and
from the seventh on an hour of it.

**Which step.** With surplus S a power P gains min(P, S) - max(0, P - S), sun taken less grid energy
caused. Of the two levels that S lies between the nearer one gains more. The engine grants the lower;
with the balanced preset the load that follows the surplus last gets the upper, where more than half
of the step is there and every limit has room for it. A battery would have to give the rest, so with
one this is left alone.
"""

from collections.abc import Mapping, Sequence

from evenload.controller.change import replace
from evenload.controller.cover import hold_share, legs_kept, start_share
from evenload.controller.moment import Moment, Target
from evenload.controller.phases import legs_given
from evenload.controller.plan import LoadPlan, SitePlan
from evenload.controller.state import LoadMemory
from evenload.model.allocation import Allocations, Reason
from evenload.model.control import Preset
from evenload.model.site import Mode, Site
from evenload.units import TOLERANCE

LEAST_RATE = 0.5
"""The time of too little surplus runs at least so fast, however little is missing."""

FORGOTTEN = 2.0
"""How many seconds of too little surplus a second of enough makes up for on several legs."""

LONGEST_PASS = 10.0
"""A pass that comes later after the one before counts for no more than this [s]."""

FREE_STARTS = 3
"""After so many starts within 24 hours each further one takes twice as much sun as the one before."""

MOST_STARTS, RARE = 6, 60.0
"""After so many starts within 24 hours a further one takes so many times as much sun: an hour of it."""

DAY = 86400.0

RAISED, KEPT = 0.55, 0.4
"""The share of a step that must be there to go up by it, and to stay there."""

_NO_SUN = frozenset(
    {Reason.WAITING_FOR_SURPLUS, Reason.BATTERY_FIRST, Reason.BELOW_EXCESS_THRESHOLD, Reason.HELD}
)
"""Reasons of a load at 0 that leave open whether there is surplus enough."""


def surplus_for_each(plan: SitePlan, allocations: Allocations) -> tuple[float, ...]:
    """Return by place what is left of its pool for each load after those before it [W]."""
    left = [0.0] * len(plan.loads)
    earlier_power = 0.0
    for place in plan.serving:
        load = plan.loads[place].load
        pools = allocations.pools
        pool = pools.excess if load.mode is Mode.EXCESS else pools.surplus
        left[place] = pool - earlier_power
        earlier_power += allocations.loads[load.id].power
    return tuple(left)


def note_sun(
    plan: SitePlan,
    loads: dict[str, LoadMemory],
    wished: Sequence[Target],
    left: Sequence[float],
    moment: Moment,
    *,
    elapsed: float,
) -> None:
    """Note in `loads` how long there has been enough, or too little, for those that live on it."""
    voltages, now = moment.voltages, moment.now
    elapsed = min(elapsed, LONGEST_PASS)
    for place, load_plan in enumerate(plan.loads):
        if not load_plan.is_patient:
            continue
        identifier = load_plan.load.id
        memory = loads[identifier]
        wish = wished[place]
        is_on = memory.setpoint > 0.0
        if wish.setpoint > 0.0:
            is_settled = is_on and memory.short_for <= 0.0
        else:
            is_settled = not is_on and memory.sunny_for <= 0.0 and wish.reason is not Reason.HELD
        if is_settled:
            continue
        cover = left[place] / least_power(memory, load_plan, voltages)
        sunny_for, short_for = (
            (0.0, _short_for(memory, load_plan, wish, cover, elapsed))
            if is_on
            else (_sunny_for(memory, load_plan, wish, cover, elapsed=elapsed, now=now), 0.0)
        )
        if (sunny_for, short_for) != (memory.sunny_for, memory.short_for):
            loads[identifier] = replace(memory, sunny_for=sunny_for, short_for=short_for)


def _sunny_for(
    memory: LoadMemory,
    plan: LoadPlan,
    wish: Target,
    cover: float,
    *,
    elapsed: float,
    now: float,
) -> float:
    share = start_share(memory, plan)
    if wish.setpoint > 0.0 or (wish.reason is Reason.HELD and cover >= share):
        rate = 1.0 / _caution(memory, plan, now)
        return min(memory.sunny_for + rate * elapsed, plan.treat.start_delay)
    if wish.reason not in _NO_SUN:
        return 0.0
    missing = 1.0 if share <= 0.0 else min(1.0, max(0.0, 1.0 - cover / share))
    return max(0.0, memory.sunny_for - missing * elapsed)


def _caution(memory: LoadMemory, plan: LoadPlan, now: float) -> float:
    """Return how many times longer there must be sun for an ev that was started often today."""
    if not plan.is_ev:
        return 1.0
    today = sum(1 for start in memory.wear.starts if start > now - DAY)
    if today >= MOST_STARTS:
        return RARE
    return 2.0 ** max(0, today - FREE_STARTS)


def _short_for(
    memory: LoadMemory, plan: LoadPlan, wish: Target, cover: float, elapsed: float
) -> float:
    if wish.setpoint > 0.0:
        pace = 1.0 if legs_kept(memory, plan) == 1 else FORGOTTEN
        return max(0.0, memory.short_for - pace * elapsed)
    share = hold_share(memory, plan)
    missing = 1.0
    if wish.reason in _NO_SUN and share > 0.0:
        missing = min(1.0, max(LEAST_RATE, 1.0 - cover / share))
    return memory.short_for + missing * legs_kept(memory, plan) * elapsed


def patience_left(memory: LoadMemory, plan: LoadPlan) -> float:
    """Return how much longer a load that is short of surplus stays on, without any of it [s]."""
    return max(0.0, plan.treat.stop_delay - memory.short_for) / legs_kept(memory, plan)


def least_power(memory: LoadMemory, plan: LoadPlan, voltages: Sequence[float]) -> float:
    """Return the power of the load's minimum on the legs it would use [W]."""
    if not plan.is_ev:
        return plan.levels.lowest
    given = legs_given(memory, plan)
    legs = memory.legs if given is None else given[0]
    legs = plan.used_legs if legs is None else legs
    return plan.levels.lowest * sum(
        voltages[place] for leg, place in zip(plan.legs, plan.places, strict=True) if leg in legs
    )


def to_nearest(
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    wished: list[Target],
    allocations: Allocations,
    moment: Moment,
) -> None:
    """Raise in place the load that follows surplus last to the nearer level, where that is higher."""
    if moment.settings.preset is Preset.STRICT or not _may_round(plan.site):
        return
    left = allocations.pools.surplus - sum(one.power for one in allocations.loads.values())
    if left <= 0.0:
        return
    for place in reversed(plan.serving):
        load_plan, wish = plan.loads[place], wished[place]
        if wish.reason is not Reason.SURPLUS or load_plan.load.mode is Mode.EXCESS:
            continue
        memory = loads[load_plan.load.id]
        if wish.setpoint <= 0.0 or wish.setpoint >= load_plan.levels.top:
            continue
        upper = load_plan.levels.after(wish.setpoint)
        unit = least_power(memory, load_plan, moment.voltages) / load_plan.levels.lowest
        step_power = (upper - wish.setpoint) * unit
        share = KEPT if memory.setpoint == upper else RAISED
        if left >= share * step_power and _fits(
            plan, place, allocations, upper - wish.setpoint, moment
        ):
            wished[place] = replace(wish, setpoint=upper)
        return


def _may_round(site: Site) -> bool:
    """Return whether nothing but fuses bounds what loads take beyond the surplus."""
    return (
        site.battery is None
        and site.phase_netting
        and site.grid_import_allowed
        and not site.off_grid
        and site.import_limit is None
        and site.unbalance_limit is None
        and site.dimming is None
    )


def _fits(
    plan: SitePlan, place: int, allocations: Allocations, rise: float, moment: Moment
) -> bool:
    """Return whether every fuse of the load leaves room to rise by `rise`, in its unit."""
    load_plan = plan.loads[place]
    current = load_plan.currents(rise, moment.voltages)
    for phase_place in load_plan.places:
        phase = plan.site.phases[phase_place]
        for circuit in load_plan.circuits:
            use = allocations.limits.get(f"{circuit}/{phase}")
            if use is not None and use.base + use.allocated + current > use.limit + TOLERANCE:
                return False
    return True
