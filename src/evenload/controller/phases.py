"""One phase or three, where a charger can switch between them.

On one phase a car takes 1.4 to 3.7 kW, on three 4.1 to 11 kW (6 to 16 A at 230 V). Surplus decides
which *regime* serves better: three phases from where their minimum gains as much as one phase at
its maximum. With a surplus S a power P gains min(P, S) - max(0, P - S), the sun that it takes less
the grid energy that it causes, so that is at

    S = (maximum of one phase + minimum of three) / 2        balanced
    S = minimum of three phases                              strict

and a car that may take more than that minimum on one phase stays there up to its maximum. The
charger is switched when the other regime has been the better one for `delay`; at most `per_hour`
times an hour and `per_session` times a session, for the sake of its relays. A load that is off
starts in the regime that has been the better one for most of its start delay. Standard loads get three
phases wherever fuses leave room for them.

At a switch the car stands still for a while, and until that is surely over nobody can say which legs
draw: limits count all of them at the higher of both currents, and nothing is raised. So the switch
itself goes to the minimum, and the ordinary way up follows.
"""

from collections.abc import Sequence

from evenload.controller.change import replace
from evenload.controller.moment import Moment, Target
from evenload.controller.plan import LoadPlan, SitePlan
from evenload.controller.state import Blur, Draw, LoadMemory, PhaseMemory
from evenload.model.allocation import Allocations
from evenload.model.control import Preset
from evenload.model.readings import LoadState
from evenload.model.site import Leg, Mode
from evenload.model.snapshot import DeviceSnapshot
from evenload.units import TOLERANCE

HOUR = 3600.0

ONE, THREE = 1, 3


def can_switch(plan: LoadPlan) -> bool:
    """Return whether the load's charger can give it one phase or three."""
    return plan.treat.phase_switching is not None and len(plan.legs) == THREE


def observe_phases(
    memory: LoadMemory, plan: LoadPlan, device: DeviceSnapshot, now: float
) -> LoadMemory:
    """Return the memory with what is known now of the phases that its charger gives."""
    phases = memory.phases
    if not can_switch(plan):
        return memory if phases is None else replace(memory, phases=None)
    if phases is None or not memory.is_adopted:
        return replace(memory, phases=_adopted(phases, device))
    if phases.switches and phases.switches[0] <= now - HOUR:
        recent = tuple(at for at in phases.switches if at > now - HOUR)
        phases = replace(phases, switches=recent)
    if phases.moving_until is not None and now >= phases.moving_until:
        phases = replace(phases, moving_until=None)
    if phases.in_session > 0 and device.state is LoadState.DISCONNECTED:
        phases = replace(phases, in_session=0)
    return memory if phases is memory.phases else replace(memory, phases=phases)


def _adopted(phases: PhaseMemory | None, device: DeviceSnapshot) -> PhaseMemory:
    """Return what the charger gives as it says, else as is remembered, else three."""
    before = PhaseMemory(told=THREE) if phases is None else phases
    if device.phases is None:
        return before
    return replace(before, told=ONE if round(device.phases.value) == ONE else THREE)


def is_moving(memory: LoadMemory) -> bool:
    """Return whether a switch may not be over yet."""
    return memory.phases is not None and memory.phases.moving_until is not None


def legs_given(memory: LoadMemory, plan: LoadPlan) -> tuple[tuple[Leg, ...] | None, bool] | None:
    """Return the legs in use and whether that is certain, as the regime has it.

    None: the charger cannot switch. Legs of None: every leg that the settings say.
    """
    phases = memory.phases
    if phases is None:
        return None
    is_certain = not is_moving(memory)
    if regime(memory, plan) == ONE:
        return plan.legs[:1], is_certain
    if memory.legs is None:
        return (None, True) if is_certain else (plan.used_legs, False)
    return memory.legs, is_certain and memory.is_legs_certain


def regime(memory: LoadMemory, plan: LoadPlan) -> int:
    """Return how many phases the load is thought of with: while it is off on surplus, one."""
    phases = memory.phases
    if phases is None:
        return THREE
    if memory.setpoint <= 0.0 and _lives_on_surplus(plan) and _may_switch(phases, plan):
        return ONE
    return phases.told


def note_phases(
    plan: SitePlan,
    loads: dict[str, LoadMemory],
    wished: Sequence[Target],
    allocations: Allocations,
    *,
    left: Sequence[float],
    moment: Moment,
) -> None:
    """Note in `loads` since when each would be better off with the other number of phases.

    `left` is what surplus is left for each load, by place [W].
    """
    for place, load_plan in enumerate(plan.loads):
        identifier = load_plan.load.id
        memory = loads[identifier]
        if memory.phases is not None:
            better = _better(
                memory,
                load_plan,
                wished[place],
                surplus=left[place],
                has_room=_has_room(plan, place, allocations),
                moment=moment,
            )
            loads[identifier] = _with_better(memory, load_plan, better, moment.now)


def _with_better(memory: LoadMemory, plan: LoadPlan, better: int, now: float) -> LoadMemory:
    phases = memory.phases
    if phases is None:
        return memory
    if memory.setpoint <= 0.0 and not _lives_on_surplus(plan):
        # Relays of a load that is off may be set at will; the command that starts it says so.
        since, told = None, better
    else:
        is_other = better != regime(memory, plan)
        before = phases.other_since
        since, told = (now if before is None else before) if is_other else None, phases.told
    if (since, told) == (phases.other_since, phases.told):
        return memory
    return replace(memory, phases=replace(phases, other_since=since, told=told))


def _better(
    memory: LoadMemory,
    plan: LoadPlan,
    wish: Target,
    *,
    surplus: float,
    has_room: bool,
    moment: Moment,
) -> int:
    """Return how many phases would serve the load better; `surplus` is what is left for it [W]."""
    now_given = regime(memory, plan)
    if memory.is_legs_certain and memory.legs is not None and len(memory.legs) == 1:
        return now_given
    if not has_room and (now_given == ONE or wish.setpoint <= 0.0):
        return ONE
    if not _lives_on_surplus(plan):
        return THREE
    up, down = _borders(plan, moment)
    return THREE if surplus >= (up if now_given == ONE else down) else ONE


def _borders(plan: LoadPlan, moment: Moment) -> tuple[float, float]:
    """Return the surplus from which three phases serve better, and below which one does [W]."""
    most_of_one = plan.levels.top * moment.voltages[plan.places[0]]
    least_of_three = plan.power(plan.levels.lowest, moment.voltages)
    if moment.settings.preset is Preset.STRICT:
        return max(most_of_one, least_of_three), least_of_three
    middle = (most_of_one + least_of_three) / 2.0
    return max(most_of_one, middle), min(least_of_three, middle)


def _has_room(plan: SitePlan, place: int, allocations: Allocations) -> bool:
    """Return whether every fuse leaves room for the load's minimum on the legs it does not use."""
    load_plan = plan.loads[place]
    least = load_plan.levels.lowest
    for phase_place in load_plan.places[1:]:
        phase = plan.site.phases[phase_place]
        for circuit in load_plan.circuits:
            use = allocations.limits.get(f"{circuit}/{phase}")
            if use is not None and use.base + use.allocated + least > use.limit + TOLERANCE:
                return False
    return True


def choose_phases(memory: LoadMemory, plan: LoadPlan, target: Target, moment: Moment) -> Target:
    """Return `target` with the number of phases to give, where that is to change now."""
    phases = memory.phases
    if phases is None or plan.treat.phase_switching is None or target.setpoint <= 0.0:
        return target
    now = moment.now
    other_for = 0.0 if phases.other_since is None else now - phases.other_since
    given = regime(memory, plan)
    if memory.setpoint <= 0.0:
        is_three = given == THREE or (
            phases.other_since is not None and other_for >= plan.treat.start_delay / 2.0
        )
        chosen = THREE if is_three else ONE
        setpoint = plan.levels.lowest if chosen != given else target.setpoint
        return replace(target, setpoint=setpoint, phases=chosen)
    if phases.other_since is None or other_for < plan.treat.phase_switching.delay:
        return target
    is_up = given == ONE
    is_due = _may_switch(phases, plan) and not is_moving(memory)
    is_due = is_due and now >= memory.commanded_at + plan.treat.command_interval
    if not is_due or (is_up and not moment.may_use_pool):
        return target
    return replace(target, setpoint=plan.levels.lowest, phases=THREE if is_up else ONE)


def is_switch(memory: LoadMemory, target: Target) -> bool:
    """Return whether `target` changes how many phases the charger gives."""
    phases = memory.phases
    return phases is not None and target.phases is not None and target.phases != phases.told


def with_switch(memory: LoadMemory, plan: LoadPlan, target: Target, moment: Moment) -> LoadMemory:
    """Return the memory after the charger was told to give as many phases as `target` says."""
    phases, switching = memory.phases, plan.treat.phase_switching
    if phases is None or switching is None or target.phases is None:
        return memory
    until = moment.now + switching.pause + plan.treat.settle_time
    return replace(
        memory,
        draw=_anything_until(until, memory.draw, target.setpoint),
        phases=PhaseMemory(
            told=target.phases,
            switches=(*phases.switches, moment.now),
            in_session=phases.in_session + 1,
            moving_until=until,
        ),
    )


def _anything_until(until: float, draw: Draw, told_current: float) -> Draw:
    """Return the draw of a load whose phases are switched: anything on any leg, until then."""
    high = tuple(max(current, told_current) for current in draw.high)
    blur = Blur(low=(0.0,) * len(high), high=high, until=until, due=until)
    return replace(
        draw,
        low=blur.low,
        high=high,
        trail=(*draw.trail, blur),
        settled_at=max(draw.settled_at, until),
        due_at=max(draw.due_at, until),
    )


def _lives_on_surplus(plan: LoadPlan) -> bool:
    return plan.is_patient or plan.load.mode is Mode.ECO


def _may_switch(phases: PhaseMemory, plan: LoadPlan) -> bool:
    """Return whether its budgets allow another switch."""
    switching = plan.treat.phase_switching
    if switching is None or phases.in_session >= switching.per_session:
        return False
    return len(phases.switches) < switching.per_hour
