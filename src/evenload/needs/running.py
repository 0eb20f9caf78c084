"""What something needs that is to run for so long each day.

Its day begins when its window opens. Within the window its mode decides, until what is left of the
window would no longer hold what is left of its runtime: then it *must*. Outside, and once it has run
for long enough, it is satisfied.
"""

from dataclasses import replace
from datetime import datetime

from evenload.model.need import DAY, NO_NEED, NeedNow, NeedReason, Runtime
from evenload.model.readings import Need
from evenload.needs.memory import NeedMemory
from evenload.needs.warmth import second_of_day

MARGIN = 60.0
"""It must run so much sooner than the window would force it to [s]."""


def need_of_runtime(
    memory: NeedMemory, wanted: Runtime, *, is_on: bool, clock: datetime | None, elapsed: float
) -> tuple[NeedMemory, NeedNow]:
    """Return what is needed of something that runs now or does not; without a clock its mode decides."""
    if clock is None:
        return memory, NO_NEED
    since_start = (second_of_day(clock) - wanted.window_start) % DAY
    opened = clock.toordinal() - (second_of_day(clock) < wanted.window_start)
    if memory.day != opened:
        memory = replace(memory, day=opened, ran=0.0)
    if is_on:
        memory = replace(memory, ran=memory.ran + elapsed)
    left = wanted.daily - memory.ran
    length = (wanted.window_end - wanted.window_start) % DAY or DAY
    if left <= 0.0:
        return memory, NeedNow(need=Need.SATISFIED, why=NeedReason.RUNTIME_MET, amount=wanted.daily)
    if since_start >= length:
        why = NeedReason.OUTSIDE_WINDOW
        return memory, NeedNow(need=Need.SATISFIED, why=why, by=wanted.window_start)
    if left + MARGIN >= length - since_start:
        why = NeedReason.RUNTIME_DUE
        return memory, NeedNow(need=Need.MUST, why=why, amount=left, by=wanted.window_end)
    return memory, NO_NEED
