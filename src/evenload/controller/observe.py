"""What is known of the loads and the house at this moment, from readings and memory."""

from collections.abc import Mapping, Sequence
from operator import mul

from evenload.controller.adopt import adopt, after_session, new_memory, no_draw
from evenload.controller.ask import ABSENT_DEVICE, follow_mode
from evenload.controller.asleep import idle_since
from evenload.controller.battery import DAY, PRODUCTION
from evenload.controller.change import replace
from evenload.controller.comply import judge_obedience, report_interval, settle_time
from evenload.controller.draw import ABSENT, follow, has_news, out_of_sight
from evenload.controller.hand import is_as_told, out_of_hand, watch_hand
from evenload.controller.house import (
    draw_by_phase,
    held_back,
    house_currents,
    house_of_total,
    remainder,
)
from evenload.controller.learn import (
    REMEMBERED,
    lag,
    lateness,
    reaction,
    watch_step,
    with_cut,
    with_reaction,
)
from evenload.controller.lease import after_expiry
from evenload.controller.meter_memory import Lag
from evenload.controller.phases import ONE, is_moving, observe_phases, regime
from evenload.controller.plan import LoadPlan, SitePlan
from evenload.controller.signs import unseen, whole_base
from evenload.controller.sources import GRID, Sources
from evenload.controller.state import ControllerState, LoadMemory
from evenload.controller.usage import is_sated, legs_in_use, worthwhile_ceiling
from evenload.model.brief import brief
from evenload.model.readings import LoadState
from evenload.model.site import Leg
from evenload.model.snapshot import DeviceSnapshot, Snapshot

_LATE = 2.5
"""A meter that was silent for so many of its intervals tells nothing of how quickly loads follow."""


def observe_loads(
    state: ControllerState, snapshot: Snapshot, plan: SitePlan, sources: Sources, now: float
) -> dict[str, LoadMemory]:
    """Return the memory of every load of the site, with what its device says now.

    In a dry run every load is adopted in every pass: nothing is believed but what devices do.
    """
    meter_lag = lag(state.lags, sources.grid.memory.interval)
    is_same_site = snapshot.settings.control and plan is state.plan
    loads: dict[str, LoadMemory] = {}
    for load_plan in plan.loads:
        identifier = load_plan.load.id
        device = snapshot.devices.get(identifier, ABSENT_DEVICE)
        memory = state.loads.get(identifier)
        if is_same_site and memory is not None and _is_at_rest(memory, load_plan, device):
            loads[identifier] = memory
            continue
        if memory is None:
            memory = new_memory(load_plan)
        elif _was_rewired(memory, load_plan):
            memory = replace(memory, draw=no_draw(load_plan), legs=None, is_legs_certain=False)
        memory = after_expiry(follow_mode(memory, load_plan), load_plan, now)
        if device.state is LoadState.DISCONNECTED and device.available:
            memory = after_session(memory)
        memory = observe_phases(memory, load_plan, device, now)
        if device.available and not (memory.is_adopted and snapshot.settings.control):
            memory = adopt(memory, load_plan, device, sources.voltages, now)
        elif device.available:
            memory = watch_hand(
                memory,
                load_plan,
                device,
                snapshot.settings,
                voltages=sources.voltages,
                interval=sources.grid.memory.interval,
                now=now,
            )
            memory = _observe(
                memory,
                load_plan,
                device,
                sources=sources,
                meter_lag=meter_lag,
                now=now,
            )
        else:
            memory = out_of_hand(memory)
            told_current = load_plan.currents(memory.setpoint, sources.voltages)
            memory = replace(memory, draw=out_of_sight(memory.draw, load_plan, told_current))
        loads[identifier] = memory
    return loads


def _is_at_rest(memory: LoadMemory, plan: LoadPlan, device: DeviceSnapshot) -> bool:
    """Return whether a load that is at rest says nothing new; a shortcut for the usual case."""
    rested = plan.rested
    if rested.noun is device and rested.of is not None and rested.of[0] is memory:
        return True
    if not _has_nothing_new(memory, plan, device):
        return False
    rested.of, rested.noun = (memory,), device
    return True


def _has_nothing_new(memory: LoadMemory, plan: LoadPlan, device: DeviceSnapshot) -> bool:
    draw, load = memory.draw, plan.load
    return (
        draw.is_metered
        and not draw.trail
        and memory.is_adopted
        and memory.phases is None
        and memory.mode is load.mode
        and memory.priority == load.priority
        and plan.treat.lease is None
        and device.available
        and is_as_told(memory, device)
        and not has_news(draw, device)
    )


def _was_rewired(memory: LoadMemory, plan: LoadPlan) -> bool:
    """Return whether what is remembered is about other legs than the load has now."""
    if len(memory.draw.currents) != len(plan.legs):
        return True
    return memory.legs is not None and any(leg not in plan.legs for leg in memory.legs)


def _observe(
    memory: LoadMemory,
    plan: LoadPlan,
    device: DeviceSnapshot,
    *,
    sources: Sources,
    meter_lag: Lag,
    now: float,
) -> LoadMemory:
    draw = follow(
        memory,
        plan,
        device,
        sources.voltages,
        lag=meter_lag,
        complete_at=sources.grid.memory.complete_at,
        now=now,
    )
    is_connected = device.state not in ABSENT
    if draw is memory.draw and draw.is_metered and (is_connected or not memory.is_legs_certain):
        return memory
    if draw is not memory.draw:
        memory = replace(
            memory, draw=draw, report_interval=report_interval(memory, draw.measured_at)
        )
    if is_moving(memory):
        return memory
    return _with_conduct(memory, plan, device, sources=sources, is_connected=is_connected, now=now)


def _with_conduct(
    memory: LoadMemory,
    plan: LoadPlan,
    device: DeviceSnapshot,
    *,
    sources: Sources,
    is_connected: bool,
    now: float,
) -> LoadMemory:
    """Return the memory with what the draw says of the load: whether it obeys, what it uses."""
    treat, draw = plan.treat, memory.draw
    settle, response = treat.settle_time, 0.0
    if memory.reactions:
        whole = plan.currents(plan.levels.top, sources.voltages)
        response = reaction(memory, treat, sources.grid.memory.interval, whole)
        settle = max(settle, response)
    patience = settle_time(memory, treat, response)
    obedience = judge_obedience(memory, plan, device, sources.voltages, settle=patience, now=now)
    idle = idle_since(memory, plan, settle=settle, now=draw.measured_at)
    if idle != memory.idle_since:
        memory = replace(memory, idle_since=idle)
    told_current = plan.currents(memory.setpoint, sources.voltages)
    legs, is_certain = _legs(memory, plan, is_connected=is_connected)
    seen = (
        obedience,
        worthwhile_ceiling(memory, plan, settle=settle),
        legs,
        is_certain,
        is_sated(memory, plan, told_current, settle=settle),
    )
    if seen == (
        memory.obedience,
        memory.ceiling,
        memory.legs,
        memory.is_legs_certain,
        memory.is_sated,
    ):
        return memory
    obedience, ceiling, legs, is_certain, sated = seen
    return replace(
        memory,
        obedience=obedience,
        ceiling=ceiling,
        legs=legs,
        is_legs_certain=is_certain,
        is_sated=sated,
    )


def _legs(
    memory: LoadMemory, plan: LoadPlan, *, is_connected: bool
) -> tuple[tuple[Leg, ...] | None, bool]:
    """Return the legs that the car uses when it is given all, and whether that is certain."""
    if is_connected and memory.phases is not None and regime(memory, plan) == ONE:
        return memory.legs, memory.is_legs_certain
    return legs_in_use(memory, plan, is_connected=is_connected)


@brief
class House:
    """What flows that is no managed load."""

    currents: tuple[float, ...] | None
    """By phase [A]; None: no meter has been believed yet."""
    for_raises: tuple[float, ...] | None
    """The same as raises should see it."""
    smoothed: tuple[float, ...] | None
    smoothed_power: float
    smoothed_at: float
    sun_at: float
    """When production was last seen."""
    unseen: tuple[float, ...] = ()
    """By how much more may flow on each phase than `currents` say [A]; empty: by nothing."""
    unread: tuple[float, ...] = ()
    """The same of what the meter says, loads included [A]."""


def observe_house(
    state: ControllerState,
    snapshot: Snapshot,
    plan: SitePlan,
    sources: Sources,
    *,
    loads: Mapping[str, LoadMemory],
    has_adopted: bool,
    now: float,
) -> House:
    """Return the house, with its smoothed copy brought up to the newest reading."""
    meter = sources.grid.memory.values
    if meter is None:
        return House(
            currents=None,
            for_raises=None,
            smoothed=None,
            smoothed_power=0.0,
            smoothed_at=now,
            sun_at=state.sun_at,
        )
    voltages = sources.voltages
    currents, more, unread = _currents(state, plan, sources, meter, loads)
    power = sum(map(mul, currents, voltages, strict=True))
    power += sources.battery_power
    before = None if has_adopted else state.smoothed
    elapsed = max(0.0, now - state.smoothed_at)
    smoothed, smoothed_power = currents, power
    if before is not None:
        kept = remainder(elapsed)
        smoothed = tuple(
            [now + (then - now) * kept for then, now in zip(before, currents, strict=True)]
        )
        smoothed_power = power + (state.smoothed_power - power) * kept
    return House(
        currents=currents,
        for_raises=held_back(
            currents, smoothed, voltages=voltages, power=power, smoothed_power=smoothed_power
        ),
        smoothed=smoothed,
        smoothed_power=smoothed_power,
        smoothed_at=now,
        sun_at=now if _produces(snapshot, power) else state.sun_at,
        unseen=more,
        unread=unread,
    )


def _currents(
    state: ControllerState,
    plan: SitePlan,
    sources: Sources,
    meter: Sequence[float],
    loads: Mapping[str, LoadMemory],
) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Return the house, and by how much more may flow than it says, and than the meter says [A]."""
    more = unseen(sources.view, meter)
    if not sources.view.is_total:
        currents = house_currents(state.house, meter, plan, loads, behind=plan.serving)
        return currents, more, more
    currents = house_of_total(state.house, meter, plan, loads)
    more = whole_base(currents, more)
    drawn = draw_by_phase(plan, loads)
    unread = tuple(map(sum, zip(currents, more, drawn, [-c for c in meter], strict=True)))
    return currents, more, unread


def has_adopted_one(state: ControllerState, loads: Mapping[str, LoadMemory]) -> bool:
    """Return whether a load's draw, until now taken for house, has just become known."""
    for identifier, memory in loads.items():
        before = state.loads.get(identifier)
        if memory is not before and memory.is_adopted and (before is None or not before.is_adopted):
            return True
    return False


def _produces(snapshot: Snapshot, power: float) -> bool:
    """Return whether the sun is seen: by its sensor, else by a house that feeds back [W]."""
    if snapshot.solar is not None:
        return snapshot.solar.value > PRODUCTION
    return power < -PRODUCTION


def is_day(sun_at: float, now: float) -> bool:
    """Return whether production was seen lately."""
    return now - sun_at <= DAY


def learn_reactions(
    state: ControllerState, sources: Sources, loads: dict[str, LoadMemory], now: float
) -> ControllerState:
    """Return the state with the watched step's end, having noted in `loads` what it taught."""
    watch, grid, shown = state.watch, sources.grid, sources.shown
    if watch is None or shown is None or not grid.is_new:
        return state
    interval = grid.memory.interval or 0.0
    if grid.memory.reported_at - state.meters[GRID].reported_at > _LATE * interval:
        return replace(state, watch=None)
    left, seconds = watch_step(watch, shown[watch.place], grid.memory.complete_at, now)
    if seconds is None or watch.load not in loads:
        return state if left is watch else replace(state, watch=left)
    memory = loads[watch.load]
    if watch.is_start:
        loads[watch.load] = replace(memory, came_up=seconds)
        return replace(state, watch=left)
    memory = with_cut(memory, watch, grid.memory.complete_at)
    loads[watch.load] = with_reaction(memory, seconds, watch.step)
    late = lateness(memory.draw, watch, grid.memory.complete_at)
    lags = state.lags if late is None else (*state.lags, late)[-REMEMBERED:]
    return replace(state, watch=left, lags=lags)


def circuit_houses(
    state: ControllerState,
    plan: SitePlan,
    sources: Sources,
    loads: Mapping[str, LoadMemory],
    grid: Sequence[float],
) -> dict[str, tuple[float, ...]]:
    """Return by source what flows there that is no managed load [A]: the grid, metered circuits."""
    houses: dict[str, tuple[float, ...]] = {GRID: tuple(grid)}
    for name, judgement in sources.circuits.items():
        values = judgement.memory.values
        if values is not None and not judgement.is_blind:
            before = state.circuit_houses.get(name)
            houses[name] = house_currents(before, values, plan, loads, behind=plan.behind[name])
    return houses
