"""Tell the devices: what changed, and once more what did not arrive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evenload.controller.change import replace
from evenload.controller.comply import disagreement, must_tell_again, told_again
from evenload.controller.draw import IN_USE, after_command
from evenload.controller.hand import remember_command
from evenload.controller.learn import LEAST_STEP, reaction
from evenload.controller.lease import must_renew, on_lease
from evenload.controller.moment import Moment, Target
from evenload.controller.phases import is_switch, with_switch
from evenload.controller.plan import LoadPlan, SitePlan
from evenload.controller.state import NEVER, LoadMemory, StepWatch
from evenload.model.allocation import Reason
from evenload.model.decision import Command
from evenload.model.snapshot import DeviceSnapshot


@dataclass(slots=True, kw_only=True)
class Told:
    """What one pass tells, and what is remembered of that."""

    loads: dict[str, LoadMemory] = field(default_factory=dict[str, LoadMemory])
    commands: list[Command] = field(default_factory=list[Command])
    watch: StepWatch | None = None


def tell(
    targets: Sequence[Target],
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    devices: Mapping[str, DeviceSnapshot],
    moment: Moment,
    *,
    interval: float | None,
    meter: Sequence[float] | None,
    watch: StepWatch | None,
    fallbacks: Mapping[str, float],
) -> Told:
    """Return the commands for `targets`, cuts first, and the loads' memories after them.

    `fallbacks` [A per leg] is what devices with a lease shall fall back to by themselves.
    """
    told = Told(watch=watch)
    for load_plan, target in zip(plan.loads, targets, strict=True):
        identifier = load_plan.load.id
        memory = loads[identifier]
        device = devices.get(identifier)
        if memory.reason is not target.reason or memory.by != target.by:
            memory = replace(memory, reason=target.reason, by=target.by)
        can_hear = device is not None and device.available and memory.is_adopted
        if device is not None and can_hear:
            if is_switch(memory, target):
                told.watch = None
                memory = _change(memory, load_plan, target, moment, interval)
                memory = with_switch(memory, load_plan, target, moment)
                told.commands.append(_command(memory, load_plan, is_urgent=target.is_cut))
            elif target.setpoint != memory.setpoint:
                told.watch = _watch(
                    told.watch, memory, load_plan, target, moment=moment, meter=meter
                )
                memory = _change(memory, load_plan, target, moment, interval)
                told.commands.append(_command(memory, load_plan, is_urgent=target.is_cut))
            else:
                memory = _repeat(memory, load_plan, device, moment, told, is_urgent=target.is_cut)
        if told.commands and told.commands[-1].load == identifier:
            memory = replace(memory, wear=memory.wear.told(moment.now))
            memory = _lease(memory, load_plan, told, fallbacks, moment.now)
        elif (
            load_plan.treat.lease is not None
            and device is not None
            and can_hear
            and must_renew(memory, load_plan, device, fallbacks.get(identifier), moment)
        ):
            # A renewal changes nothing, so that it counts as no wear.
            told.commands.append(_command(memory, load_plan, is_urgent=False))
            memory = _lease(memory, load_plan, told, fallbacks, moment.now)
        told.loads[identifier] = memory
    told.commands.sort(key=lambda command: not command.urgent)
    return told


def _change(
    memory: LoadMemory,
    plan: LoadPlan,
    target: Target,
    moment: Moment,
    interval: float | None,
) -> LoadMemory:
    now = moment.now
    is_start = memory.setpoint <= 0.0
    is_stop = target.setpoint <= 0.0
    is_raise = target.setpoint > memory.setpoint
    # What a person stopped, or what never came to draw, owes no rest.
    owes_rest = not memory.is_wished and max(memory.draw.high) > IN_USE
    is_overload = target.is_cut and target.reason is not Reason.FAILSAFE
    told = plan.currents(target.setpoint, moment.voltages)
    was = plan.currents(memory.setpoint, moment.voltages)
    draw = after_command(
        memory.draw,
        plan,
        told=told,
        was=was,
        at=now,
        reaction=reaction(memory, plan.treat, interval, told - was),
    )
    return replace(
        remember_command(memory, target.setpoint, now),
        setpoint=target.setpoint,
        draw=draw,
        changed_at=now,
        commanded_at=now,
        started_at=now if is_start else memory.started_at,
        stopped_at=now if is_stop and owes_rest else memory.stopped_at,
        served_at=now if is_stop else memory.served_at,
        wear=memory.wear.started(now) if is_start else memory.wear,
        is_wished=False,
        is_shy=is_overload or (memory.is_shy and not is_raise),
        ceiling=None if is_stop else memory.ceiling,
        obedience=replace(memory.obedience, strikes=0)
        if memory.obedience.strikes
        else memory.obedience,
    )


def _watch(
    watch: StepWatch | None,
    memory: LoadMemory,
    plan: LoadPlan,
    target: Target,
    *,
    moment: Moment,
    meter: Sequence[float] | None,
) -> StepWatch | None:
    """Return the step to watch for: this one, unless another that it would disturb is watched.

    Another step of the same load the same way is watched together with the one before.
    """
    drawn = max(memory.draw.currents)
    told = plan.currents(target.setpoint, moment.voltages)
    is_raise = target.setpoint > memory.setpoint
    moves = told > drawn if is_raise else told < drawn
    place = plan.places[memory.draw.currents.index(drawn)]
    if watch is not None and place != watch.place:
        return watch
    if watch is not None:
        further = told - plan.currents(memory.setpoint, moment.voltages)
        goes_on = watch.load == plan.load.id and further * watch.step > 0.0
        return _further(watch, further, moment.now) if goes_on else None
    is_start = memory.setpoint <= 0.0
    if meter is None or not moves or abs(told - drawn) < LEAST_STEP:
        return None
    if drawn <= IN_USE and not is_start:
        return None
    return StepWatch(
        load=plan.load.id,
        place=place,
        before=meter[place],
        step=told - drawn,
        since=moment.now,
        told_at=moment.now,
        is_start=is_start,
    )


def _further(watch: StepWatch, further: float, now: float) -> StepWatch:
    """Return the step with `further` [A] more of it, told now."""
    step = watch.step + further
    told_at = (watch.told_at * watch.step + now * further) / step
    return replace(watch, step=step, since=now, told_at=told_at)


def _repeat(
    memory: LoadMemory,
    plan: LoadPlan,
    device: DeviceSnapshot,
    moment: Moment,
    told: Told,
    *,
    is_urgent: bool,
) -> LoadMemory:
    """Tell the device the same again where it does not obey, or says it carries something else."""
    now = moment.now
    if plan.is_ev and device.setpoint is None and memory.commanded_at == NEVER:
        # It may carry anything, such as its own maximum once a car asks for it.
        told.commands.append(_command(memory, plan, is_urgent=False))
        return replace(memory, commanded_at=now)
    is_calm = memory.obedience.strikes == 0 and not memory.obedience.is_unresponsive
    if is_calm and device.setpoint is not None and device.setpoint.value == memory.setpoint:
        return memory
    if must_tell_again(memory.obedience, now, is_urgent=is_urgent):
        obedience = told_again(memory.obedience, now)
        command = _command(memory, plan, is_urgent=True)
        # What is told again and again only because a fuse needs it is to wear nothing out.
        is_haste = is_urgent and memory.obedience.is_unresponsive
        clears_others = obedience.is_unresponsive and not is_haste
        told.commands.append(replace(command, clears_others=clears_others))
        return replace(memory, obedience=obedience)
    if memory.obedience.is_unresponsive or memory.hand.candidate is not None:
        return memory
    more = disagreement(memory, plan, device, settle=plan.treat.settle_time)
    would_raise = more < 0.0
    if more == 0.0 or (would_raise and not moment.may_raise):
        return memory
    told.commands.append(_command(memory, plan, is_urgent=False))
    return replace(memory, obedience=replace(memory.obedience, reminded_at=now))


def _lease(
    memory: LoadMemory,
    plan: LoadPlan,
    told: Told,
    fallbacks: Mapping[str, float],
    now: float,
) -> LoadMemory:
    """Put the newest command on its lease, in place; return the memory that knows of it."""
    fallback = fallbacks.get(plan.load.id)
    told.commands[-1], memory = on_lease(told.commands[-1], memory, plan, fallback, now)
    return memory


def _command(memory: LoadMemory, plan: LoadPlan, *, is_urgent: bool) -> Command:
    return Command(
        load=plan.load.id,
        setpoint=memory.setpoint,
        urgent=is_urgent,
        phases=None if memory.phases is None else memory.phases.told,
    )
