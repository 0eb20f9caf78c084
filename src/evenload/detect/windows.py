"""What the meter showed of a step, if it lags by so many seconds: before, after, and how restless it was.

Before and after are medians over a few seconds of rest, moved by the lag, so that one strange
report decides nothing. The time in which the load was under way is left out. For a step that a
reading drove, the window before begins after that reading: what the house did up to it is the step's
cause, and would make it look as if it came from the phase that moved, the other way round. No command
acts before it was given, which gives a few seconds more.

The noise is what the phase did in the rest before. What battery, roof and other loads moved meanwhile
may be on any phase, so it is added to the noise of each. A battery that holds the meter at zero
answers a step within seconds, on phases of its own: where it moved by a fair share of the step, the
step tells nothing.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from evenload.detect.nouns import Row, Step

WINDOW = 8.0
"""The windows are at least as long [s], and hold two intervals of the meter."""

INTERVALS = 2.2
"""So many intervals of the meter."""

NOISE_TIME = 60.0
"""The noise is taken from so long before [s]."""

LEAST_NOISE = 0.2
"""No meter and charger agree better [A]."""

UNKNOWN_NOISE = 0.6
"""Taken where there is too little to tell [A]."""

ENOUGH = 4
"""Rows that tell the noise."""

ANSWER = 0.3
"""A battery that moved by more than this share of a step has answered it."""

ANSWERED = 20.0
"""It says so within this of what the load's device says [s]."""

FROM_DEVIATION = 1.48
"""A normal distribution's standard deviation is so many median deviations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The meter about one step at one lag."""

    shown: tuple[float, ...]
    """What each phase changed [A]."""
    noise: tuple[float, ...]
    """Scale of what each phase does by itself [A]."""
    first: int
    """Index of the first row of the window before."""
    last: int
    """Index after the last row of the window after."""
    before: tuple[float, ...]
    """Medians of the window before [A]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """The meter's rows, ready to look things up in."""

    times: Sequence[float]
    """[s]"""
    columns: Sequence[Sequence[float]]
    """By phase [A]."""
    solar: Sequence[float]
    """The roof [A]."""
    battery: Sequence[float]
    """The battery [A]."""
    window: float
    """How long to look before and after [s]."""

    @classmethod
    def of(cls, rows: Sequence[Row], *, factor: float = 1.0) -> Meter:
        """Return the rows with their numbers divided by `factor`."""
        times = [row.at for row in rows]
        pauses = [b - a for a, b in pairwise(times)]
        interval = median(pauses) if pauses else 0.0
        return cls(
            times=times,
            columns=[
                [value / factor for value in column]
                for column in zip(*(row.currents for row in rows), strict=True)
            ],
            solar=[row.solar_current for row in rows],
            battery=[row.battery_current for row in rows],
            window=max(WINDOW, INTERVALS * interval),
        )


def view(meter: Meter, step: Step, lag: float, disturbance: float) -> View | None:
    """Return what the meter showed of `step` at `lag` [s]; None: there is no row to tell by.

    `disturbance` [A] is what other loads moved meanwhile.
    """
    end = step.begun_at + lag
    begin = step.rest_since + lag
    noise_from = begin
    if step.told_at is not None:
        end = max(end, step.told_at + max(0.0, lag))
        begin = max(begin, step.told_at)
    times = meter.times
    last = bisect_right(times, end)
    first = bisect_right(times, max(begin, end - meter.window))
    after_from = step.done_at + lag
    after_until = after_from + meter.window
    if step.rest_until is not None:
        after_until = min(after_until, step.rest_until + lag)
    after_first = max(last, bisect_left(times, after_from))
    after_last = bisect_right(times, after_until)
    if first >= last or after_first >= after_last:
        return None
    noisy = slice(bisect_left(times, max(noise_from, end - NOISE_TIME)), last)
    sun = abs(median(meter.solar[after_first:after_last]) - median(meter.solar[first:last]))
    moved = sun + answered(meter, step)
    shown: list[float] = []
    noise: list[float] = []
    befores: list[float] = []
    for column in meter.columns:
        before = median(column[first:last])
        befores.append(before)
        shown.append(median(column[after_first:after_last]) - before)
        noise.append(_scale(column[noisy]) + moved + disturbance)
    return View(
        shown=tuple(shown), noise=tuple(noise), first=first, last=after_last, before=tuple(befores)
    )


def answered(meter: Meter, step: Step) -> float:
    """Return how far the battery moved about a step [A], whatever the meter's lag."""
    first = bisect_left(meter.times, step.begun_at - ANSWERED)
    around = meter.battery[first : bisect_right(meter.times, step.done_at + ANSWERED)]
    return max(around) - min(around) if around else 0.0


def is_answered(meter: Meter, step: Step) -> bool:
    """Return whether a battery has answered a step, so that the meter cannot show it."""
    return answered(meter, step) > ANSWER * max(map(abs, step.changes))


def _scale(values: Sequence[float]) -> float:
    if len(values) < ENOUGH:
        return UNKNOWN_NOISE
    middle = median(values)
    return max(LEAST_NOISE, FROM_DEVIATION * median([abs(value - middle) for value in values]))


def crossing(meter: Meter, seen: View, phase: int) -> tuple[float, float]:
    """Return between which two rows a phase came half of the way that it went [s]."""
    column = meter.columns[phase]
    change = seen.shown[phase]
    half = seen.before[phase] + change / 2.0
    at = seen.last - 1
    while at > seen.first and (column[at] >= half if change > 0.0 else column[at] <= half):
        at -= 1
    times = meter.times
    return times[at], times[min(at + 1, len(times) - 1)]
