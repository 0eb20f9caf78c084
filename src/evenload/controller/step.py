"""One pass of the controller: state and snapshot in, state and decision out, no clock of its own.

    judge -> observe -> allocate -> condition -> make safe -> tell

0. *Needs* first: what each load needs by itself, and the mode by which that serves it (`need`).
1. *Judge* every source: is it live, fresh, whole, frozen, the right way round? (`sources`, `meters`,
   `stillness`, `polarity`)
2. *Observe*: what each load draws, whether it obeys, sleeps or was operated by hand, what it uses; and
   from that and the meter what the house is (`draw`, `comply`, `asleep`, `hand`, `usage`, `house`,
   `adopt`, `learn`). `view` has what is known then.
3. *Allocate*: ask the engine who gets how much, equals in the order of their turns (`ask`,
   `rotation`, `evenload.engine`); a load whose phase map the meter contradicts may be on any phase.
4. *Condition*: start, stop, raise and lower when it is time, and as often as budgets allow
   (`condition`, `patience`, `surplus`, `phases`, `wear`).
5. *Make safe*: every limit holds for what is told; what the meter shows above a limit is cut; what
   no meter watches falls back (`limits`, `thermal`, `reflex`, `failsafe`). These only ever lower.
6. *Tell* the devices what changed, and again what did not arrive (`tell`, `lease`); `finish` says why.

Run it when the grid meter reports and at least every 2 s, so that delays end and silence is noticed.
"""

from collections.abc import Mapping, Sequence

from evenload.controller.ask import readings
from evenload.controller.battery import battery_reading
from evenload.controller.change import replace
from evenload.controller.decide import (
    condition_all,
    fall_back_where_blind,
    note_wishes,
    reserved_base,
    wishes,
)
from evenload.controller.finish import finish
from evenload.controller.habitual import habitual_base
from evenload.controller.lease import fallbacks, has_leases
from evenload.controller.limits import keep_limits
from evenload.controller.measured import add_pending, measured_phases, relieve_all
from evenload.controller.meter_memory import Trial
from evenload.controller.moment import Target
from evenload.controller.need import judge_needs
from evenload.controller.observe import (
    is_day,
)
from evenload.controller.phases import note_phases
from evenload.controller.plan import plan_for
from evenload.controller.reflex import Reflex
from evenload.controller.rotation import say_turns
from evenload.controller.sources import GRID
from evenload.controller.state import ControllerState, PendingCut
from evenload.controller.store import is_leaking
from evenload.controller.surplus import note_sun, surplus_for_each, to_nearest
from evenload.controller.tell import Told, tell
from evenload.controller.thermal import hold
from evenload.controller.trial import give_back, try_meter
from evenload.controller.view import View, look
from evenload.detect.worst_case import worst_case
from evenload.model.allocation import Allocations
from evenload.model.decision import Decision
from evenload.model.readings import BatteryReading
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
    needs, snapshot = judge_needs(state.needs, snapshot, now)
    state = state if needs is state.needs else replace(state, needs=needs)
    plan = plan_for(snapshot.site, snapshot.settings, state.plan, needs.chosen)
    view = look(state, snapshot, plan, now)
    plan = view.plan
    allocations = _allocate(view)
    wished = wishes(plan, view.loads, snapshot.devices, allocations)
    say_turns(plan, view.loads, wished, now)
    if allocations is not None:
        to_nearest(plan, view.loads, wished, allocations, view.moment)
    if not snapshot.settings.control:
        _fall_back(view, wished)
        return finish(view, wished, allocations, _nothing_told(view), pending={}, overloaded=False)
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
        fallbacks=fallbacks(plan, view.loads, _reserved(view), view.sources.voltages)
        if has_leases(plan)
        else {},
    )
    return finish(view, targets, allocations, told, pending=pending, overloaded=overloaded)


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


def _allocate(view: View) -> Allocations | None:
    """Return the engine's answer; None while there is no meter to reckon with."""
    if not view.houses or MAIN in view.blind:
        return None
    told = readings(
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
        satisfied=view.state.needs.satisfied,
        now=view.moment.now,
    )
    doubtful = view.snapshot.doubtful_maps
    if doubtful:
        told = worst_case(view.plan.site, told, doubtful)
    return view.plan.allocator.allocate(told)


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
