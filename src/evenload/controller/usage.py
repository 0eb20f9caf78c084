"""What a car really uses: the rest goes to others.

A car that takes less than it is offered (a small on-board charger, a battery nearly full) keeps its
draw and one step, rounded up to a level. It gets more when it asks for it, that is when it draws to
within half a step of its setpoint.

Which legs it uses is seen in its draw; the next car at the same plug is expected to use the same,
until it is seen to or not.

A boiler whose own thermostat has had enough is left on and counts for nothing until it draws again;
so is a car that sleeps (see `asleep`).
"""

from evenload.controller.asleep import is_asleep, is_probing, probing_ceiling
from evenload.controller.draw import IN_USE
from evenload.controller.plan import LoadPlan
from evenload.controller.state import LoadMemory
from evenload.model.site import Leg

COMING_UP = 40.0
"""By when all legs of a car draw that will: they may come one after another [s]."""

NOTHING = 0.05
"""A load that takes less than this share of what it was told takes nothing."""

STANDBY = 0.5
"""A leg that draws less than this is not in use [A]."""


def worthwhile_ceiling(memory: LoadMemory, plan: LoadPlan, *, settle: float) -> float | None:
    """Return what is worth offering the car at most [A per leg]; None: its maximum."""
    draw = memory.draw
    if not plan.is_ev or not draw.is_metered or memory.setpoint <= 0.0:
        return None
    if draw.measured_at < memory.changed_at + settle or memory.hand.candidate is not None:
        return memory.ceiling
    if is_probing(memory.idle_since, draw.measured_at):
        return probing_ceiling(plan)
    taken = max(draw.currents)
    step = plan.load.step
    if taken >= memory.setpoint - step / 2.0:
        return None
    if taken < memory.setpoint - step:
        return plan.levels.reaching(taken + step)
    return memory.ceiling


def legs_in_use(
    memory: LoadMemory, plan: LoadPlan, *, is_connected: bool
) -> tuple[tuple[Leg, ...] | None, bool]:
    """Return the legs the car is seen to use, else what is remembered, and whether it is certain."""
    if not is_connected:
        return memory.legs, False
    currents = memory.draw.currents
    if not plan.is_ev or len(currents) == 1 or max(currents) <= IN_USE:
        return memory.legs, memory.is_legs_certain
    drawing = tuple(
        leg for leg, current in zip(plan.legs, currents, strict=True) if current > IN_USE
    )
    is_clear = all(current > IN_USE or current < STANDBY for current in currents)
    has_come_up = memory.draw.measured_at >= memory.started_at + COMING_UP
    if len(drawing) == len(currents) or (is_clear and has_come_up):
        return drawing, True
    if memory.legs is None:
        return None, False
    both = {*drawing, *memory.legs}
    return tuple(leg for leg in plan.legs if leg in both), memory.is_legs_certain


def is_sated(memory: LoadMemory, plan: LoadPlan, told_current: float, *, settle: float) -> bool:
    """Return whether a load is on and takes nothing; `told_current` [A per leg]."""
    draw = memory.draw
    if plan.is_ev:
        return is_asleep(memory.idle_since, draw.measured_at)
    if not draw.is_metered or memory.setpoint <= 0.0:
        return False
    if draw.measured_at < memory.changed_at + settle:
        return memory.is_sated
    return max(draw.currents) < NOTHING * told_current
