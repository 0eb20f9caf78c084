"""One pass of the controller: state and snapshot in, state and decision out, no clock of its own.

    judge -> observe -> allocate -> condition -> make safe -> tell

1. *Judge* every source: is it live, fresh, whole, frozen? (`meters`, `stillness`, `sources`)
2. *Observe*: what each load draws, whether it obeys, what it uses; and from that and the meter what
   the house is (`draw`, `comply`, `usage`, `house`, `adopt`, `learn`).
3. *Allocate*: ask the engine who gets how much (`ask`, `evenload.engine`).
4. *Condition*: start, stop, raise and lower when it is time (`condition`, `patience`).
5. *Make safe*: every limit holds for what is told; what the meter shows above a limit is cut; what
   no meter watches falls back (`limits`, `reflex`, `failsafe`). These only ever lower.
6. *Tell* the devices what changed, and again what did not arrive (`tell`).

Run it when the grid meter reports and at least every 2 s, so that delays end and silence is noticed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenload.controller.ask import readings
from evenload.controller.battery import battery_reading, next_zone
from evenload.controller.change import replace
from evenload.controller.decide import (
    condition_all,
    fall_back_where_blind,
    note_wishes,
    reserved_base,
    wishes,
)
from evenload.controller.draw import is_known
from evenload.controller.flows import Flows
from evenload.controller.guard import Guard, guard
from evenload.controller.habitual import habitual_base
from evenload.controller.hidden import watch_hidden
from evenload.controller.lease import fallbacks, has_leases
from evenload.controller.limits import keep_limits
from evenload.controller.measured import add_pending, measured_phases, relieve_all
from evenload.controller.moment import Moment, Target
from evenload.controller.observe import (
    House,
    circuit_houses,
    has_adopted_one,
    is_day,
    learn_reactions,
    observe_house,
    observe_loads,
)
from evenload.controller.phases import note_phases
from evenload.controller.plan import SitePlan, plan_for
from evenload.controller.polarity import reversed_places, watch_polarity
from evenload.controller.reflex import Reflex
from evenload.controller.report import device_faults, load_decisions, site_status, troubles
from evenload.controller.rotation import in_turn, say_turns
from evenload.controller.sources import GRID, Fault, Sources, faults, judge_sources
from evenload.controller.state import (
    BatteryMemory,
    ControllerState,
    HiddenSurplus,
    LoadMemory,
    PendingCut,
    Polarity,
    Stillness,
    Trial,
)
from evenload.controller.stillness import frozen_meters, observe_stillness
from evenload.controller.store import is_leaking, persistent_leak, watch_battery
from evenload.controller.surplus import note_sun, surplus_for_each, to_nearest
from evenload.controller.tell import Told, tell
from evenload.controller.thermal import hold
from evenload.controller.trial import Doubt, doubt, give_back, try_meter, watch_trial
from evenload.model.allocation import Allocations
from evenload.model.decision import Decision, TroubleCode
from evenload.model.readings import BatteryReading, BatteryZone
from evenload.model.site import MAIN, Phase
from evenload.model.snapshot import Snapshot


def step(
    state: ControllerState, snapshot: Snapshot, now: float
) -> tuple[ControllerState, Decision]:
    """Return the next state, and what each load may draw now, why, and what to command.

    `now` is in seconds of the monotonic clock that the snapshot's times come from. The same
    arguments give the same answer. The snapshot's site must have been checked
    (`evenload.model.check`).
    """
    plan = plan_for(snapshot.site, snapshot.settings, state.plan)
    view = _observe(state, snapshot, plan, now)
    plan = view.plan
    allocations = _allocate(view)
    wished = wishes(plan, view.loads, snapshot.devices, allocations)
    say_turns(plan, view.loads, wished, now)
    if allocations is not None:
        to_nearest(plan, view.loads, wished, allocations, view.moment)
    if not snapshot.settings.control:
        _fall_back(view, wished)
        return _finish(view, wished, allocations, _nothing_told(view), pending={}, overloaded=False)
    note_wishes(plan, view.loads, wished, now)
    _follow_sun(view, wished, allocations)
    targets = condition_all(plan, view.loads, wished, view.moment, view.sources)
    view = replace(view, trial=_try_meter(view, targets, wished))
    overloaded, pending = _make_safe(view, targets, wished, allocations)
    told = tell(
        targets,
        plan,
        view.loads,
        snapshot.devices,
        view.moment,
        interval=view.sources.grid.memory.interval,
        meter=view.sources.shown,
        watch=view.state.watch,
        fallbacks=fallbacks(plan, _reserved(view)) if has_leases(plan) else {},
    )
    return _finish(view, targets, allocations, told, pending=pending, overloaded=overloaded)


def _follow_sun(view: View, wished: Sequence[Target], allocations: Allocations | None) -> None:
    """Note how long there has been enough sun for each load, and on how many phases."""
    if allocations is None:
        return
    left = surplus_for_each(view.plan, allocations)
    note_sun(
        view.plan,
        view.loads,
        wished,
        left,
        view.moment,
        elapsed=view.moment.now - view.state.smoothed_at,
    )
    note_phases(view.plan, view.loads, wished, allocations, left=left, moment=view.moment)


@dataclass(frozen=True, kw_only=True)
class View:
    """Everything that is known in this pass before anything is decided."""

    state: ControllerState
    snapshot: Snapshot
    plan: SitePlan
    sources: Sources
    loads: dict[str, LoadMemory]
    house: House
    houses: Mapping[str, Sequence[float]]
    """By source, as raises should see it; empty while the grid meter cannot be trusted."""
    stillness: Mapping[str, Stillness]
    doubt: Doubt
    """What keeps the grid meter from being believed."""
    trial: Trial | None
    frozen: frozenset[str]
    """The meters that have to be taken for frozen."""
    polarity: Polarity | None
    zone: BatteryZone | None
    blind: frozenset[str]
    """Fuses that no meter watches though one should: `main`, circuits."""
    moment: Moment
    guard: Guard
    """What the main fuse allows."""
    hidden: HiddenSurplus
    battery: BatteryMemory


def _observe(state: ControllerState, snapshot: Snapshot, plan: SitePlan, now: float) -> View:
    sources = judge_sources(state, snapshot, now)
    loads = observe_loads(state, snapshot, plan, sources, now)
    plan = in_turn(plan, loads, snapshot.devices, now)
    state = learn_reactions(state, sources, loads, now)
    adopted = has_adopted_one(state, loads)
    house = observe_house(state, snapshot, plan, sources, loads=loads, has_adopted=adopted, now=now)
    stillness = observe_stillness(
        state, snapshot, plan, sources, loads=loads, has_adopted=adopted, now=now
    )
    frozen = frozen_meters(stillness, now)
    trial = watch_trial(state, sources, loads, now)
    doubted = doubt(state, plan, sources, stillness=stillness.get(GRID), loads=loads, now=now)
    blind = {name for name, judgement in sources.circuits.items() if judgement.is_blind}
    blind |= frozen - {GRID}
    polarity = watch_polarity(state.polarity, plan, sources, loads)
    if sources.grid.is_blind or GRID in frozen or reversed_places(polarity):
        blind.add(MAIN)
    houses: Mapping[str, Sequence[float]] = {}
    if house.for_raises is not None:
        houses = circuit_houses(state, plan, sources, loads, house.for_raises)
    moment = _moment(snapshot, sources, loads, now, is_doubtful=doubted.blocks)
    zone = _zone(state, snapshot, sources)
    flows = Flows.seen(snapshot, plan, sources, loads)
    return View(
        state=state,
        snapshot=snapshot,
        plan=plan,
        sources=sources,
        loads=loads,
        house=house,
        houses=houses,
        stillness=stillness,
        doubt=doubted,
        trial=trial,
        frozen=frozen,
        polarity=polarity,
        zone=zone,
        blind=frozenset(blind),
        moment=moment,
        guard=guard(state.guard, snapshot, plan, loads, sources, house=house.currents, now=now),
        hidden=watch_hidden(state.hidden, flows, plan, loads, snapshot.devices, now=now),
        battery=watch_battery(
            state.battery,
            snapshot.site.battery,
            flows,
            zone=zone,
            is_day=is_day(house.sun_at, now),
            is_settled=moment.may_use_pool,
            now=now,
        ),
    )


def _zone(state: ControllerState, snapshot: Snapshot, sources: Sources) -> BatteryZone | None:
    battery, judgement = snapshot.site.battery, sources.battery
    if battery is None or judgement is None or judgement.memory.values is None:
        return None
    return next_zone(state.zone, battery, judgement.memory.values[1])


def _moment(
    snapshot: Snapshot,
    sources: Sources,
    loads: Mapping[str, LoadMemory],
    now: float,
    *,
    is_doubtful: bool,
) -> Moment:
    settled_at = max((memory.draw.settled_at for memory in loads.values()), default=0.0)
    grid, battery = sources.grid, sources.battery
    is_doubtful = is_doubtful or not all(
        is_known(loads[identifier].draw)
        for identifier, device in snapshot.devices.items()
        if device.available and identifier in loads
    )
    may_raise = grid.is_fresh and not is_doubtful and grid.memory.complete_at >= settled_at
    may_use_pool = may_raise and (
        battery is None or (battery.is_fresh and battery.memory.complete_at >= settled_at)
    )
    return Moment(
        now=now,
        settings=snapshot.settings,
        voltages=sources.voltages,
        may_raise=may_raise,
        may_use_pool=may_use_pool,
    )


def _allocate(view: View) -> Allocations | None:
    """Return the engine's answer; None while there is no meter to reckon with."""
    if not view.houses or MAIN in view.blind:
        return None
    return view.plan.allocator.allocate(
        readings(
            view.snapshot,
            view.plan,
            view.loads,
            houses=view.houses,
            voltages=view.sources.voltages,
            battery=_battery(view),
            fuse=_fuse(view),
            import_limit=view.guard.import_budget,
            hidden_power=view.hidden.offered_power,
            is_leaking=is_leaking(view.battery, view.moment.now),
            now=view.moment.now,
        )
    )


def _fuse(view: View) -> Mapping[Phase, float] | None:
    """Return what may be allocated on each phase [A] beside what the meter does not see."""
    site, unseen = view.plan.site, view.house.unseen
    allowed = view.guard.fuse(
        view.plan,
        view.snapshot.devices,
        house=view.houses[GRID],
        voltages=view.sources.voltages,
    )
    if not unseen:
        return allowed
    return {
        phase: (site.fuse[phase] - site.margin if allowed is None else allowed[phase]) - more
        for phase, more in zip(site.phases, unseen, strict=True)
    }


def _battery(view: View) -> BatteryReading | None:
    judgement = view.sources.battery
    if judgement is None or judgement.is_blind or judgement.memory.values is None:
        return None
    if view.zone is None:
        return None
    return battery_reading(
        view.plan.site,
        view.battery,
        soc=judgement.memory.values[1],
        power=view.sources.battery_power,
        zone=view.zone,
        is_day=is_day(view.house.sun_at, view.moment.now),
    )


def _try_meter(view: View, targets: list[Target], wished: Sequence[Target]) -> Trial | None:
    """Lower a load in place to see whether the meter is alive, or give back what that took."""
    plan, loads = view.plan, view.loads
    trial = give_back(view.trial, targets, wished, plan, loads=loads, moment=view.moment)
    return try_meter(
        view.doubt,
        trial,
        targets,
        plan,
        loads=loads,
        sources=view.sources,
        now=view.moment.now,
    )


def _make_safe(
    view: View, targets: list[Target], wished: list[Target], allocations: Allocations | None
) -> tuple[bool, Mapping[str, PendingCut]]:
    """Lower `targets` in place; return whether a phase is overloaded, and the cuts pending."""
    plan, loads, moment = view.plan, view.loads, view.moment
    if allocations is not None:
        keep_limits(
            targets, wished, plan, loads=loads, allocations=allocations, voltages=moment.voltages
        )
    phases = measured_phases(
        plan,
        view.sources,
        since=moment.now - moment.settings.meter_timeout,
        without=frozenset(MAIN if name == GRID else name for name in view.frozen),
        unread=view.house.unread,
    )
    if view.guard.held:
        hold(targets, plan, loads, view.guard.held)
        borne = {f"{MAIN}/{plan.site.phases[place]}" for place in view.guard.tolerated}
        phases = [phase for phase in phases if phase.name not in borne]
    reflex = Reflex(plan=plan, loads=loads, targets=targets, voltages=moment.voltages)
    overloaded, pending = relieve_all(reflex, phases, view.state.pending)
    _fall_back(view, targets)
    return overloaded, add_pending(reflex, phases, pending)


def _reserved(view: View) -> list[float]:
    """Return what is kept for the house on each phase of the main fuse while nobody watches [A]."""
    return reserved_base(
        view.plan,
        house=view.state.house,
        habitual=habitual_base(view.guard.memory.base, view.snapshot.clock),
    )


def _fall_back(view: View, targets: list[Target]) -> None:
    """Lower in place what no meter watches, beside the house as it was last known."""
    if not view.blind:
        return
    fall_back_where_blind(
        targets,
        view.plan,
        view.loads,
        blind=view.blind,
        reserved=_reserved(view),
    )


def _nothing_told(view: View) -> Told:
    return Told(loads=view.loads)


def _finish(
    view: View,
    targets: Sequence[Target],
    allocations: Allocations | None,
    told: Told,
    *,
    pending: Mapping[str, PendingCut],
    overloaded: bool,
) -> tuple[ControllerState, Decision]:
    now, site = view.moment.now, view.plan.site
    is_blind = MAIN in view.blind
    found = faults(view.sources, frozen=view.frozen, doubted=view.doubt.code)
    found += [
        Fault(code=TroubleCode.METER_REVERSED, about=f"{GRID}/{site.phases[place]}")
        for place in reversed_places(view.polarity)
    ]
    leaking = persistent_leak(view.battery, view.plan, told.loads, now)
    if leaking is not None:
        found.append(Fault(code=TroubleCode.BATTERY_LEAK, about=leaking))
    found += device_faults(view.plan, told.loads, view.snapshot.devices)
    found += view.guard.faults
    wrong = troubles(found, view.state.troubles, now)
    house, meter = view.house, view.sources.grid.memory.values
    is_trusted = not is_blind and house.currents is not None and meter is not None
    decision = Decision(
        at=now,
        status=site_status(
            is_blind=is_blind, is_live=view.sources.grid.is_live, is_overloaded=overloaded
        ),
        loads=load_decisions(
            view.plan,
            told.loads,
            targets,
            view.sources.voltages,
            now=now,
            is_dry_run=not view.snapshot.settings.control,
        ),
        commands=tuple(told.commands),
        base=dict(zip(site.phases, house.currents or (), strict=False)) if is_trusted else {},
        headroom={
            phase: site.fuse[phase] - current - more
            for phase, current, more in zip(
                site.phases, meter or (), house.unread or (0.0,) * len(site.phases), strict=False
            )
        }
        if is_trusted
        else {},
        limits=allocations.limits if allocations is not None else {},
        pools=allocations.pools if allocations is not None else None,
        troubles=wrong,
        curve_used=view.guard.curve_used,
        import_budget=view.guard.import_budget,
        neutral=view.guard.neutral,
        asks=view.sources.asks,
    )
    return _next_state(view, told, pending, decision), decision


def _next_state(
    view: View, told: Told, pending: Mapping[str, PendingCut], decision: Decision
) -> ControllerState:
    house = view.house
    return replace(
        view.state,
        plan=view.plan,
        meters=view.sources.memories,
        stillness=view.stillness,
        trial=view.trial,
        signs=view.sources.view.signs,
        polarity=view.polarity,
        battery_powers=view.sources.battery_powers,
        house=house.currents if house.currents is not None else view.state.house,
        circuit_houses={name: tuple(h) for name, h in view.houses.items() if name != GRID},
        smoothed=house.smoothed,
        smoothed_power=house.smoothed_power,
        smoothed_at=house.smoothed_at,
        loads=told.loads,
        pending=pending,
        watch=told.watch,
        guard=view.guard.memory,
        zone=view.zone,
        hidden=view.hidden,
        battery=view.battery,
        sun_at=house.sun_at,
        troubles={(trouble.code, trouble.about): trouble.since for trouble in decision.troubles},
    )
