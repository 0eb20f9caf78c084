"""How much of its minimum's power surplus must cover for a load that lives on it.

Less to keep running than to start (`start_share`, `hold_share`), so that it does not flicker. At half
of it sun and grid pay the same. A load on several legs loses three times as much by waiting as by the
same time on one, and is held for a third of the time only (see `surplus`): with the shares of one leg
it would be given up and started again for every passing cloud. So unless it waits for its full
minimum, both shares lie a little lower there and enclose the half.
"""

from collections.abc import Sequence

from evenload.controller.plan import LoadPlan
from evenload.controller.state import LoadMemory
from evenload.model.site import Leg

EASED = 0.05
"""By so much the shares are lower on several legs."""


def legs_kept(memory: LoadMemory, plan: LoadPlan) -> int:
    """Return how many legs draw while the load stays at its minimum for want of surplus.

    A charger that can switch phases steps down to one first.
    """
    if not plan.is_ev or memory.phases is not None:
        return 1
    legs: Sequence[Leg] = plan.used_legs if memory.legs is None else memory.legs
    return len(legs)


def start_share(memory: LoadMemory, plan: LoadPlan) -> float:
    """Return the share that it takes to start."""
    return min(plan.load.solar_share, max(0.0, plan.treat.start_share - _eased(memory, plan)))


def hold_share(memory: LoadMemory, plan: LoadPlan) -> float:
    """Return the share that it takes to keep running."""
    return min(plan.load.solar_share, max(0.0, plan.treat.hold_share - _eased(memory, plan)))


def needed_share(memory: LoadMemory, plan: LoadPlan) -> float:
    """Return the share that it takes now."""
    return hold_share(memory, plan) if memory.setpoint > 0.0 else start_share(memory, plan)


def _eased(memory: LoadMemory, plan: LoadPlan) -> float:
    waits_for_all = plan.treat.start_share >= 1.0
    return 0.0 if waits_for_all or legs_kept(memory, plan) == 1 else EASED
