"""What each load should be told: the engine's wish, conditioned, then made safe.

Three things come after conditioning, each only ever lowering: `limits` holds every limit for what
is told, `reflex` answers the meter alone, and `failsafe` takes over where no meter watches.
"""

from collections.abc import Mapping, Sequence

from evenload.controller.change import replace
from evenload.controller.condition import condition, note_wish
from evenload.controller.failsafe import fall_back
from evenload.controller.moment import Moment, Target
from evenload.controller.patience import AT_ONCE
from evenload.controller.phases import choose_phases
from evenload.controller.plan import LoadPlan, SitePlan
from evenload.controller.rotation import giving_way
from evenload.controller.sources import Sources
from evenload.controller.state import LoadMemory
from evenload.model.allocation import Allocation, Allocations, Pools, Reason
from evenload.model.readings import LoadState
from evenload.model.site import Mode
from evenload.model.snapshot import DeviceSnapshot


def wishes(
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    devices: Mapping[str, DeviceSnapshot],
    allocations: Allocations | None,
) -> list[Target]:
    """Return what each load would get if nothing depended on time."""
    return [
        _wish(
            load_plan,
            loads[load_plan.load.id],
            devices.get(load_plan.load.id),
            allocations,
        )
        for load_plan in plan.loads
    ]


def _wish(
    plan: LoadPlan,
    memory: LoadMemory,
    device: DeviceSnapshot | None,
    allocations: Allocations | None,
) -> Target:
    """Return the engine's grant, or what is certain without one; as it is, where nothing is."""
    if device is not None and not device.available:
        return Target(setpoint=memory.setpoint, reason=Reason.UNREACHABLE)
    if memory.obedience.is_unresponsive:
        setpoint = 0.0 if plan.load.mode is Mode.OFF else memory.setpoint
        return Target(setpoint=setpoint, reason=Reason.UNRESPONSIVE)
    if memory.hand.until is not None:
        return Target(setpoint=memory.setpoint, reason=Reason.OVERRIDDEN, until=memory.hand.until)
    if allocations is None:
        return _wish_without_meter(plan, memory, device)
    allocation = allocations.loads[plan.load.id]
    if memory.is_sated and allocation.reason is Reason.SATISFIED:
        return _sated_wish(plan, memory, allocations.pools)
    return _granted_wish(plan, allocation)


def _granted_wish(plan: LoadPlan, allocation: Allocation) -> Target:
    of = (allocation,)
    known = plan.wished.made_of(of)
    if known is not None:
        return known
    granted = allocation.current if plan.is_ev else plan.levels.highest(allocation.power)
    target = Target(setpoint=granted, reason=allocation.reason, by=allocation.by)
    return plan.wished.keep(of, target)


def _sated_wish(plan: LoadPlan, memory: LoadMemory, pools: Pools) -> Target:
    """Return the wish of a load that is on and takes nothing: on, while it would be let run.

    Nothing is reserved for it, so others use what it leaves.
    """
    load = plan.load
    share = load.eco_share if load.mode is Mode.ECO else load.solar_share
    pool = pools.excess if load.mode is Mode.EXCESS else pools.surplus
    if plan.is_patient and pool < share * plan.lowest_power:
        return Target(setpoint=0.0, reason=Reason.WAITING_FOR_SURPLUS)
    offered = min(memory.setpoint, plan.levels.lowest) if plan.is_ev else memory.setpoint
    return Target(setpoint=offered, reason=Reason.SATISFIED)


def _wish_without_meter(
    plan: LoadPlan, memory: LoadMemory, device: DeviceSnapshot | None
) -> Target:
    if plan.load.mode is Mode.OFF:
        return Target(setpoint=0.0, reason=Reason.OFF)
    if device is None or device.state is LoadState.DISCONNECTED:
        return Target(setpoint=0.0, reason=Reason.NOT_CONNECTED)
    if device.state is LoadState.FAULTED:
        return Target(setpoint=0.0, reason=Reason.FAULTED)
    return Target(setpoint=memory.setpoint, reason=Reason.STARTING)


def note_wishes(
    plan: SitePlan, loads: dict[str, LoadMemory], wished: Sequence[Target], now: float
) -> None:
    """Note in place since when each wish stands."""
    for load_plan, wish in zip(plan.loads, wished, strict=True):
        identifier = load_plan.load.id
        loads[identifier] = note_wish(loads[identifier], wish, now)


def condition_all(
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    wished: Sequence[Target],
    moment: Moment,
    sources: Sources,
) -> list[Target]:
    """Return what to tell each load as far as time decides it, one start a pass."""
    targets = list(wished)
    doubtful = {name for name, judgement in sources.circuits.items() if not judgement.is_fresh}
    may_start = True
    giving = giving_way(plan, loads, wished, moment.now)
    for place in plan.serving:
        load_plan = plan.loads[place]
        memory = loads[load_plan.load.id]
        is_watched = doubtful.isdisjoint(load_plan.circuits)
        target = condition(
            memory,
            load_plan,
            wished[place],
            moment if is_watched else replace(moment, may_raise=False, may_use_pool=False),
            may_start=may_start,
            gives_way=place in giving,
        )
        if memory.phases is not None:
            target = choose_phases(memory, load_plan, target, moment)
        targets[place] = target if sources.grid.is_live else _adopted(memory, target)
        may_start = may_start and not memory.setpoint <= 0.0 < target.setpoint
    return targets


def _adopted(memory: LoadMemory, target: Target) -> Target:
    """Return the target with what is true of a load that ran when the controller started."""
    is_new = memory.reason is None or memory.reason is Reason.ADOPTED
    if not is_new or memory.setpoint <= 0.0 or target.setpoint != memory.setpoint:
        return target
    if target.reason in AT_ONCE or target.reason is Reason.OVERRIDDEN:
        return target
    return Target(setpoint=target.setpoint, reason=Reason.ADOPTED)


def reserved_base(
    plan: SitePlan, *, house: Sequence[float] | None, habitual: Sequence[float] | None
) -> list[float]:
    """Return what is kept free on each phase of the main fuse while nobody watches [A].

    That is what the `house` drew last, or hardly ever exceeds at this hour, or an appliance.
    """
    known = house if house is not None else (0.0,) * len(plan.site.phases)
    usual = habitual if habitual is not None else known
    reserve = plan.settings.appliance_reserve
    return [max(reserve, current, often) for current, often in zip(known, usual, strict=True)]


def fall_back_where_blind(
    targets: list[Target],
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    *,
    blind: frozenset[str],
    reserved: Sequence[float],
) -> None:
    """Lower in place what no meter watches; `blind` are circuits, `main` for the whole site."""
    for name in blind:
        fall_back(
            targets,
            plan.behind[name],
            plan,
            loads=loads,
            reserved=reserved,
        )
