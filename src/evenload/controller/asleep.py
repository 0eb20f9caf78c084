"""Cars that take nothing though they are offered something: full, asleep, or waiting for their timer.

Nothing says which of these it is, so it is no verdict on the device. The car stays offered its
minimum, for it may wake up at any moment, and what it leaves goes to others:

- its fuse keeps the room of that minimum free for ten minutes; from then on it counts for nothing,
  like a boiler whose thermostat has had enough, until it draws again;
- every quarter of an hour it is offered a little more for a minute: some chargers and cars have a
  minimum of their own, above the one that was set, and sleep below it.
"""

from evenload.controller.draw import IN_USE
from evenload.controller.plan import LoadPlan
from evenload.controller.state import LoadMemory

ASLEEP = 600.0
"""A car that takes nothing for so long sleeps [s]."""

PROBE_INTERVAL = 900.0
"""How often a sleeping car is offered more [s]."""

PROBE_LENGTH = 60.0
"""For how long [s]."""

PROBE_MORE = 4.0
"""How much more than its minimum: cars with one of their own begin at 8 to 10 A [A per leg]."""


def idle_since(memory: LoadMemory, plan: LoadPlan, *, settle: float, now: float) -> float | None:
    """Return since when a car has taken nothing of what it is offered; None: it takes something."""
    draw = memory.draw
    if not plan.is_ev or not draw.is_metered or memory.setpoint <= 0.0:
        return None
    if max(draw.currents) > IN_USE:
        return None
    if draw.measured_at < memory.started_at + settle:
        return memory.idle_since
    return now if memory.idle_since is None else memory.idle_since


def is_probing(since: float | None, now: float) -> bool:
    """Return whether a car that has been idle since then is to be offered more now."""
    if since is None or now < since + PROBE_INTERVAL:
        return False
    return (now - since) % PROBE_INTERVAL < PROBE_LENGTH


def is_asleep(since: float | None, now: float) -> bool:
    """Return whether a car that has been idle since then counts for nothing now."""
    return since is not None and now >= since + ASLEEP and not is_probing(since, now)


def probing_ceiling(plan: LoadPlan) -> float:
    """Return what a sleeping car is offered at most to see whether it wakes up [A per leg]."""
    return plan.levels.reaching(plan.levels.lowest + PROBE_MORE)
