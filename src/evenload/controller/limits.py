"""Every limit holds for what is told, not only for what the engine granted.

The engine's grants fit together. Waiting breaks that: a load that holds at its minimum, or has to
stay on a little longer, takes room that the engine gave to another. So each limit is reckoned again
with what is about to be told. Where it is exceeded, raises are taken back first, last in order
first; then loads are brought down to what the engine granted, which fits.
"""

from collections.abc import Iterator, Mapping, Sequence

from evenload.controller.moment import Target
from evenload.controller.phases import legs_given
from evenload.controller.plan import LoadPlan, SitePlan
from evenload.controller.state import LoadMemory
from evenload.model.allocation import Allocations, LimitUse, Reason
from evenload.model.brief import brief
from evenload.model.site import Phase
from evenload.units import TOLERANCE

ACTIVE, IMPORT, INVERTER, DIMMING = "active", "import", "inverter", "dimming"
"""The names of the engine's limits that are no fuses."""


@brief
class Share:
    """What one load puts on one limit."""

    place: int
    """Of the load, in the site's order."""
    per_unit: float
    """In the limit's unit, for each unit of the load's setpoint."""


@brief
class _Mark:
    """What a unit of one load's setpoint puts on the fuses above it."""

    phases: tuple[str, ...]
    """Those on which limits count it."""
    current: float
    """[A per leg]"""


def keep_limits(
    targets: list[Target],
    wishes: list[Target],
    plan: SitePlan,
    *,
    loads: Mapping[str, LoadMemory],
    allocations: Allocations,
    voltages: tuple[float, ...],
) -> None:
    """Lower `targets` in place until every limit holds again.

    A limit that the base alone exceeds grants nothing, so that all of its loads come down to 0.
    """
    if all(target.setpoint <= wish.setpoint for target, wish in zip(targets, wishes, strict=True)):
        return
    told = [loads[load_plan.load.id].setpoint for load_plan in plan.loads]
    marks = [_mark(load_plan, loads[load_plan.load.id], plan, voltages) for load_plan in plan.loads]
    for name, use in allocations.limits.items():
        shares = tuple(_shares(name, plan, marks, targets, voltages))
        over = _over(use, shares, targets)
        if over > TOLERANCE:
            over = _take_back_raises(over, shares, targets, wishes, told)
        if over > TOLERANCE:
            _bring_down(over, name, shares=shares, targets=targets, wishes=wishes, plan=plan)


def _over(use: LimitUse, shares: tuple[Share, ...], targets: list[Target]) -> float:
    told = sum(targets[share.place].setpoint * share.per_unit for share in shares)
    return use.base + told - use.limit


def _take_back_raises(
    over: float,
    shares: tuple[Share, ...],
    targets: list[Target],
    wishes: list[Target],
    told: list[float],
) -> float:
    for share in reversed(shares):
        target = targets[share.place]
        if over <= TOLERANCE:
            break
        if target.setpoint > told[share.place]:
            over -= (target.setpoint - told[share.place]) * share.per_unit
            reason = Reason.STARTING if told[share.place] <= 0.0 else wishes[share.place].reason
            targets[share.place] = Target(setpoint=told[share.place], reason=reason)
    return over


def _bring_down(
    over: float,
    name: str,
    *,
    shares: tuple[Share, ...],
    targets: list[Target],
    wishes: list[Target],
    plan: SitePlan,
) -> None:
    for share in reversed(shares):
        if over <= TOLERANCE:
            break
        target, wish = targets[share.place], wishes[share.place]
        if target.setpoint <= wish.setpoint:
            continue
        needed = target.setpoint - over / share.per_unit
        level = max(wish.setpoint, plan.loads[share.place].levels.highest(needed))
        level = min(level, target.setpoint)
        over -= (target.setpoint - level) * share.per_unit
        reason = wish.reason if level == wish.setpoint else Reason.LIMITED
        targets[share.place] = target.cut_to(
            level, reason, wish.by if level == wish.setpoint else name
        )


def _shares(
    name: str,
    plan: SitePlan,
    marks: Sequence[_Mark | None],
    targets: Sequence[Target],
    voltages: Sequence[float],
) -> Iterator[Share]:
    """Yield what loads put on a limit by its name, in serving order; nothing for an unbalance."""
    owner, _, part = name.partition("/")
    for place in plan.behind.get(owner, plan.serving):
        mark = marks[place]
        if mark is None:
            continue
        if owner in plan.behind and part == ACTIVE:
            per_unit = 1.0 / targets[place].setpoint if targets[place].setpoint > 0.0 else 0.0
        else:
            per_unit = _per_unit(owner, part, plan=plan, place=place, mark=mark, voltages=voltages)
        if per_unit > 0.0:
            yield Share(place=place, per_unit=per_unit)


def _per_unit(
    owner: str,
    part: str,
    *,
    plan: SitePlan,
    place: int,
    mark: _Mark,
    voltages: Sequence[float],
) -> float:
    """Return what a unit of the load's setpoint puts on a limit: amperes on a fuse, else watts."""
    if owner in plan.behind or (owner == INVERTER and part):
        if part not in mark.phases:
            return 0.0
        if owner in plan.behind:
            return mark.current
        return mark.current * voltages[plan.site.phases.index(Phase(part))]
    load_plan = plan.loads[place]
    if owner in (IMPORT, INVERTER) or (owner == DIMMING and _is_dimmed(plan, load_plan)):
        return load_plan.power(1.0, voltages)
    return 0.0


def _mark(
    load_plan: LoadPlan, memory: LoadMemory, plan: SitePlan, voltages: Sequence[float]
) -> _Mark | None:
    """Return what a load puts on any fuse; None: it is left out of all."""
    if memory.obedience.is_unresponsive or memory.is_sated or memory.hand.until is not None:
        return None
    return _Mark(phases=_phases(load_plan, memory, plan), current=load_plan.currents(1.0, voltages))


def _phases(load_plan: LoadPlan, memory: LoadMemory, plan: SitePlan) -> tuple[str, ...]:
    phases = plan.site.phases
    given = None if memory.phases is None else legs_given(memory, load_plan)
    legs, is_certain = given if given is not None else (memory.legs, memory.is_legs_certain)
    if legs is None or not is_certain:
        return tuple([phases[place] for place in load_plan.places])
    return tuple([phases[load_plan.place_of[leg]] for leg in load_plan.legs if leg in legs])


def _is_dimmed(plan: SitePlan, load_plan: LoadPlan) -> bool:
    return plan.site.dimming is not None and load_plan.load.id in plan.site.dimming.loads
