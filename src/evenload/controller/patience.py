"""How long a load waits before it starts, stays on when it should stop, and stays off.

A load that runs on surplus alone is *patient*: it starts when there has been surplus for its start
delay, and when surplus is gone it stays at its minimum for its stop delay, because clouds pass and
cars dislike interruptions. Least times on and off and budgets (see `wear`) protect equipment. All
of that gives way to safety (which comes after it, in `limits`, `reflex` and `failsafe`), and to a
person who changes the mode.
"""

from evenload.controller.moment import Target
from evenload.controller.plan import LoadPlan
from evenload.controller.state import LoadMemory
from evenload.controller.surplus import patience_left
from evenload.controller.wear import Pause, rest_of
from evenload.model.allocation import Reason

AT_ONCE = frozenset(
    {
        Reason.OFF,
        Reason.NOT_CONNECTED,
        Reason.FAULTED,
        Reason.SATISFIED,
        Reason.UNRESPONSIVE,
        Reason.UNREACHABLE,
    }
)
"""Reasons to stop that no patience is for."""


def rest(memory: LoadMemory, plan: LoadPlan, now: float) -> Pause | None:
    """Return what a load that is off has to stay off for; None: it may start, or is on."""
    if memory.setpoint > 0.0 or memory.is_wished:
        return None
    return rest_of(memory.wear, plan.treat, memory.stopped_at, now, is_patient=plan.is_patient)


def stay_or_stop(
    memory: LoadMemory, plan: LoadPlan, wish: Target, now: float, *, gives_way: bool
) -> Target:
    """Return what to do with a running load that the engine grants nothing.

    One that gives way to an equal waits for no sun: there is enough, and it is the other's now.
    """
    if wish.reason in AT_ONCE or memory.is_wished:
        return wish
    treat = plan.treat
    until = memory.started_at + treat.min_on
    if plan.is_patient and not gives_way:
        until = max(until, now + patience_left(memory, plan))
    if now >= until:
        return wish
    least = min(memory.setpoint, plan.levels.lowest)
    return Target(setpoint=least, reason=Reason.HOLDING, by=wish.by, until=until)


def may_start_at(memory: LoadMemory, plan: LoadPlan, settled: float, now: float) -> float:
    """Return when a load that is granted something now may start.

    `settled` is how long a grid-powered load waits [s].
    """
    if plan.is_patient:
        return now + plan.treat.start_delay - memory.sunny_for
    since = memory.room_since if memory.room_since is not None else float("inf")
    return since if memory.is_wished else since + settled
