"""A capacity tariff: import that may be high for a moment, but not on average.

The energy left in the running window is this moment's import limit for the engine,

    budget = (limit x window - energy so far) / time left,

at most 1.5 x limit, and never raised in the window's last 90 s, when a little energy divided by little
time promises more power than loads can be rid of again in time. Windows are aligned to the clock, as
meters count them (15 or 60 minutes), or roll.

- A rolling window is kept in slices: this one may take what those before it leave by its end, and at
  any moment what leaves the window just then, and what is left besides; never more than the limit, for
  what is saved now is needed when the house comes on while little leaves the window.
- Without a clock, where the windows begin is not known. A window that rolls is kept instead, of the
  same length: what holds for every window holds for the aligned ones. That is said (`clock_unknown`).
- The meter's own average in the window that runs takes the place of what was counted here. Meters give
  the energy so far over the whole window (DSMR 1-0:1.4.0); one that divides by the time gone shows
  more, never less, so that taking it for the former is safe.
- A limit that follows the peak rises to the highest average of the month so far: what was paid may be
  used. The month begins anew with the clock.
- What was imported before the first count is not known: a rolling window starts as if it had been the
  limit.
- While the meter says nothing, import is taken to be what it was, or the limit, whichever is more.
"""

import math
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from evenload.controller.change import replace
from evenload.controller.guard_memory import AverageMemory
from evenload.model.control import ImportAverage, Window
from evenload.model.snapshot import Sample, Snapshot

MOST = 1.5
"""The budget is at most so many times the limit."""

GAP = 60.0
"""After a longer time without a count, import is taken to have been the limit at least [s]."""

LAST = 90.0
"""In so much of a window's end the budget is not raised any more [s]."""

SLICES = 30
"""A rolling window is kept in so many parts."""

SOON = 15.0
"""A budget holds for so long at least: loads are told no more often [s]."""

HOUR = 3600.0

LENGTHS = {Window.QUARTER: 900.0, Window.HOUR: 3600.0, Window.ROLLING_QUARTER: 900.0}
"""[s]"""


def import_power(
    snapshot: Snapshot, currents: Sequence[float] | None, voltages: Sequence[float]
) -> float | None:
    """Return what is imported now [W], by the meter's `currents` [A]; None: not known."""
    if currents is None:
        return None
    powers = [current * voltage for current, voltage in zip(currents, voltages, strict=True)]
    if snapshot.site.phase_netting:
        return max(0.0, sum(powers))
    return sum(max(0.0, power) for power in powers)


def is_aligned(average: ImportAverage, clock: datetime | None) -> bool:
    """Return whether windows can be counted from the clock."""
    return clock is not None and average.window is not Window.ROLLING_QUARTER


def count(
    memory: AverageMemory | None,
    average: ImportAverage,
    *,
    clock: datetime | None,
    power: float | None,
    own: Sample | None,
    now: float,
) -> AverageMemory:
    """Return the energy counted up to `now`; `power` is import now, `own` the meter's average [W]."""
    if memory is None:
        part = average.limit * LENGTHS[average.window] / SLICES / HOUR
        memory = AverageMemory(at=now, power=power, slices=(part,) * SLICES)
    elapsed = _elapsed(memory, clock, now)
    last = memory.power if memory.power is not None else power
    drawn = average.limit if last is None else (last if power is None else (last + power) / 2.0)
    if power is None or elapsed > GAP:
        drawn = max(drawn, average.limit)
    memory = replace(
        memory,
        at=now,
        clock_at=None if clock is None else clock.timestamp(),
        power=drawn if power is None else power,
    )
    length = LENGTHS[average.window]
    if clock is None or not is_aligned(average, clock):
        return _roll(memory, drawn, elapsed, length)
    return _align(memory, average, clock=clock, drawn=drawn, elapsed=elapsed, own=own, now=now)


def _elapsed(memory: AverageMemory, clock: datetime | None, now: float) -> float:
    """Return the time since the last count [s]; over a restart the wall clock tells."""
    if math.isfinite(memory.at):
        return max(0.0, now - memory.at)
    if clock is None or memory.clock_at is None:
        return 0.0
    return max(0.0, clock.timestamp() - memory.clock_at)


def _roll(memory: AverageMemory, power: float, elapsed: float, length: float) -> AverageMemory:
    """Return the rolling window after `elapsed` seconds more of `power` [W]."""
    part = length / SLICES
    slices = deque(memory.slices, maxlen=SLICES)
    filled, in_slice, left = memory.filled, memory.in_slice, min(elapsed, length)
    while filled + left >= part:
        slices.append(in_slice + power * (part - filled) / HOUR)
        left -= part - filled
        filled = in_slice = 0.0
    return replace(
        memory,
        slices=tuple(slices),
        in_slice=in_slice + power * left / HOUR,
        filled=filled + left,
    )


def _align(
    memory: AverageMemory,
    average: ImportAverage,
    *,
    clock: datetime,
    drawn: float,
    elapsed: float,
    own: Sample | None,
    now: float,
) -> AverageMemory:
    length = LENGTHS[average.window]
    start = window_start(clock, length)
    gone = clock.timestamp() - start
    if memory.window != start:
        memory = _next_window(memory, clock, start, length, drawn * min(elapsed, gone) / HOUR)
    else:
        memory = replace(memory, energy=memory.energy + drawn * elapsed / HOUR)
    is_of_this_window = own is not None and now - own.at < gone
    if own is not None and is_of_this_window and own.at > memory.own_at and own.value >= 0.0:
        since = max(0.0, now - own.at)
        energy = (own.value * length + drawn * since) / HOUR
        memory = replace(memory, energy=energy, own_at=own.at)
    return memory


def _next_window(
    memory: AverageMemory, clock: datetime, start: float, length: float, energy: float
) -> AverageMemory:
    """Return the memory at a window's begin, the last one's average noted for its month."""
    peak = memory.peak
    if memory.window is not None and start > memory.window:
        peak = max(peak, memory.energy * HOUR / length)
    month = f"{clock.year:04}-{clock.month:02}"
    if memory.month != month:
        peak = 0.0
    return replace(memory, window=start, energy=energy, peak=peak, month=month, budget=None)


def window_start(clock: datetime, length: float) -> float:
    """Return when the window that runs began, in seconds of the epoch.

    Windows are aligned to the local hour, which time zones of half hours shift against the epoch.
    """
    into_hour = timedelta(
        minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond
    )
    return clock.timestamp() - into_hour.total_seconds() % length


def limit_now(memory: AverageMemory, average: ImportAverage, clock: datetime | None) -> float:
    """Return the limit that holds [W]: the setting, or what the month has cost already."""
    if not average.follows_peak or clock is None:
        return average.limit
    return max(average.limit, memory.peak)


def budget(
    memory: AverageMemory, average: ImportAverage, clock: datetime | None
) -> tuple[float, AverageMemory]:
    """Return what may be imported now [W], and the memory that knows it."""
    limit, length = limit_now(memory, average, clock), LENGTHS[average.window]
    if clock is None or not is_aligned(average, clock):
        return _rolling_budget(memory, limit, length), memory
    time = max(1.0, length - (clock.timestamp() - window_start(clock, length)))
    left = limit * length / HOUR - memory.energy
    allowed = min(max(0.0, left * HOUR / time), MOST * limit)
    if time <= LAST and memory.budget is not None:
        allowed = min(allowed, memory.budget)
    return allowed, replace(memory, budget=allowed)


def _rolling_budget(memory: AverageMemory, limit: float, length: float) -> float:
    part = length / SLICES
    oldest = memory.slices[0] if len(memory.slices) == SLICES else 0.0
    left = limit * length / HOUR - sum(memory.slices[1 - SLICES :]) - memory.in_slice
    by_its_end = left * HOUR / max(part - memory.filled, SOON)
    left_now = left - oldest * (1.0 - memory.filled / part)
    just_now = left_now * HOUR / SOON + oldest * HOUR / part
    return max(0.0, min(by_its_end, just_now, limit))
