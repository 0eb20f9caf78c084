"""What the main fuse allows in this pass, and what is remembered for that.

Three things may lower it below its rating: nothing can be taken back quickly enough (`reserve`), its
curve is partly used (`thermal`), and a capacity tariff's average is nearly full (`average`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenload.controller.guard_memory import GuardMemory
from evenload.controller.plan import SitePlan
from evenload.controller.reserve import allocatable, reaction_time
from evenload.controller.sources import Sources
from evenload.controller.state import LoadMemory
from evenload.model.site import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What holds for the main fuse in this pass."""

    memory: GuardMemory
    reaction: float | None
    """The measured time until loads have made room for an appliance [s]; None: nothing to measure."""

    def fuse(self, phases: Sequence[Phase]) -> Mapping[Phase, float] | None:
        """Return what may be allocated on each phase [A]; None: the rating."""
        limits = self.memory.limits
        return None if limits is None else dict(zip(phases, limits, strict=True))


def guard(
    before: GuardMemory,
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    sources: Sources,
) -> Guard:
    """Return what the main fuse allows now."""
    reaction = reaction_time(plan, loads, sources.grid.memory.interval)
    limits = allocatable(plan, reaction, before.limits)
    return Guard(memory=GuardMemory(limits=limits), reaction=reaction)
