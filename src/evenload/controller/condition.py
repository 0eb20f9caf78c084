"""From what the engine grants to what a load is told: everything that depends on time.

- *Up*: only on evidence (a fresh reading that shows what the last commands did, see `draw`), after
  there has been room for a while (10 s settled from the grid, 5 s following surplus, 30 s after an
  overload), by at most 2 A/s, and one start at a time.
- *Down*: at once, but for surplus no more often than its interval; nobody is told anything more
  often than its command interval, nor raised beyond its budget of commands. Where waiting would break a limit, `limits` and `reflex` cut.
- *Start and stop*: see `patience`.

A person's change of mode waits for evidence and for the grace after an overload, for nothing else.
"""

from evenload.controller.change import replace
from evenload.controller.moment import Moment, Target
from evenload.controller.patience import AT_ONCE, may_start_at, rest, stay_or_stop
from evenload.controller.plan import LoadPlan
from evenload.controller.state import LoadMemory
from evenload.controller.wear import next_command_at
from evenload.model.allocation import Reason
from evenload.model.decision import Rest
from evenload.model.site import Mode
from evenload.units import TOLERANCE


def note_wish(memory: LoadMemory, wish: Target, now: float) -> LoadMemory:
    """Return the memory with since when there has been room for more, or too little to run."""
    has_room = wish.setpoint > memory.setpoint + TOLERANCE
    is_short = wish.setpoint <= 0.0 < memory.setpoint
    room_since = (now if memory.room_since is None else memory.room_since) if has_room else None
    short_since = (now if memory.short_since is None else memory.short_since) if is_short else None
    is_wished = memory.is_wished and wish.setpoint != memory.setpoint
    if (room_since, short_since, is_wished) == (
        memory.room_since,
        memory.short_since,
        memory.is_wished,
    ):
        return memory
    return replace(memory, room_since=room_since, short_since=short_since, is_wished=is_wished)


def condition(
    memory: LoadMemory,
    plan: LoadPlan,
    wish: Target,
    moment: Moment,
    *,
    may_start: bool,
    gives_way: bool = False,
) -> Target:
    """Return what to tell a load that is granted `wish`, as of now.

    `may_start` is false once another load has been started in this pass; `gives_way` says that its
    turn is over and an equal's has come.
    """
    if memory.hand.candidate is not None and not memory.is_wished and wish.reason not in AT_ONCE:
        # Another command now would hide what a person may just have set.
        return replace(wish, setpoint=memory.setpoint)
    if wish.setpoint <= 0.0:
        if memory.setpoint > 0.0:
            kept = stay_or_stop(memory, plan, wish, moment.now, gives_way=gives_way)
            return _lower(memory, plan, kept, moment)
        return _rest(memory, plan, wish, moment.now)
    if memory.setpoint <= 0.0:
        return _start(memory, plan, wish, moment, may_start=may_start)
    if wish.setpoint > memory.setpoint + TOLERANCE:
        return _raise(memory, plan, wish, moment)
    return _lower(memory, plan, wish, moment)


def _rest(memory: LoadMemory, plan: LoadPlan, wish: Target, now: float) -> Target:
    if wish.reason is not Reason.HELD:
        return wish
    pause = rest(memory, plan, now)
    if pause is None:
        return wish
    return replace(wish, reason=Reason.RESTING, by=pause.budget, until=pause.until)


def _told_enough(memory: LoadMemory, moment: Moment) -> Target | None:
    """Return the target of a load whose device was told enough for now; None: it may be told."""
    if memory.is_wished:
        return None
    most = moment.settings.daily_commands
    earliest = next_command_at(memory.wear, most, memory.commanded_at, moment.now)
    if moment.now >= earliest:
        return None
    return Target(
        setpoint=memory.setpoint, reason=Reason.RESTING, by=Rest.DAILY_COMMANDS, until=earliest
    )


def _start(
    memory: LoadMemory,
    plan: LoadPlan,
    wish: Target,
    moment: Moment,
    *,
    may_start: bool,
) -> Target:
    settings = moment.settings
    earliest = _after_overload(
        memory, moment, may_start_at(memory, plan, settings.raise_interval, moment.now)
    )
    waiting = Target(
        setpoint=0.0,
        reason=Reason.STARTING,
        until=earliest if moment.now < earliest else None,
    )
    has_evidence = moment.may_use_pool if plan.is_patient else moment.may_raise
    if moment.now < earliest or not has_evidence or not may_start:
        return waiting
    if not memory.is_wished and moment.now < memory.commanded_at + plan.treat.command_interval:
        return waiting
    return _told_enough(memory, moment) or replace(
        wish, setpoint=_next_level(memory, plan, wish, moment)
    )


def _raise(memory: LoadMemory, plan: LoadPlan, wish: Target, moment: Moment) -> Target:
    settings = moment.settings
    on_surplus = plan.is_patient or plan.load.mode is Mode.ECO
    settled = settings.surplus_interval if on_surplus else settings.raise_interval
    room_since = moment.now if memory.room_since is None else memory.room_since
    earliest = moment.now
    if not memory.is_wished:
        earliest = max(
            max(room_since, memory.changed_at) + settled,
            memory.commanded_at + plan.treat.command_interval,
        )
    earliest = _after_overload(memory, moment, earliest)
    has_evidence = moment.may_use_pool if on_surplus else moment.may_raise
    if moment.now < earliest or not has_evidence:
        return _wait_to_rise(memory, earliest, moment, on_surplus=on_surplus)
    return _told_enough(memory, moment) or replace(
        wish, setpoint=_next_level(memory, plan, wish, moment)
    )


def _after_overload(memory: LoadMemory, moment: Moment, earliest: float) -> float:
    if not memory.is_shy:
        return earliest
    room_since = moment.now if memory.room_since is None else memory.room_since
    return max(earliest, room_since + moment.settings.overload_grace)


def _wait_to_rise(
    memory: LoadMemory, earliest: float, moment: Moment, *, on_surplus: bool
) -> Target:
    """Return the target of a load that stays as it is, with a reason that is true meanwhile."""
    until = earliest if moment.now < earliest else None
    if memory.reason is Reason.LIMITED:
        return Target(setpoint=memory.setpoint, reason=Reason.LIMITED, by=memory.by, until=until)
    reason = Reason.SURPLUS if on_surplus else Reason.STARTING
    return Target(setpoint=memory.setpoint, reason=reason, until=until)


def _next_level(memory: LoadMemory, plan: LoadPlan, wish: Target, moment: Moment) -> float:
    """Return the level to rise to: the wish, or as much of it as the rate allows."""
    settings = moment.settings
    is_eager = memory.is_wished or memory.setpoint <= 0.0
    elapsed = settings.raise_interval if is_eager else moment.now - memory.changed_at
    rise = settings.raise_rate * min(elapsed, settings.raise_interval)
    if not plan.is_ev:
        rise /= plan.currents(1.0, moment.voltages)
    reached = plan.levels.highest(memory.setpoint + rise)
    if reached <= memory.setpoint:
        reached = plan.levels.after(memory.setpoint)
    return min(wish.setpoint, reached)


def _lower(memory: LoadMemory, plan: LoadPlan, wish: Target, moment: Moment) -> Target:
    if wish.setpoint >= memory.setpoint or memory.is_wished or wish.reason in AT_ONCE:
        return wish
    on_surplus = plan.is_patient or plan.load.mode is Mode.ECO
    earliest = memory.commanded_at + plan.treat.command_interval
    if on_surplus:
        earliest = max(earliest, memory.changed_at + moment.settings.surplus_interval)
    return wish if moment.now >= earliest else replace(wish, setpoint=memory.setpoint)
