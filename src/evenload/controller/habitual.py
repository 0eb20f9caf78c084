"""What the house draws at this hour of the week at most: the 99.9 % quantile of its 5-minute means.

While no meter watches, that much is kept free. Of fewer than a thousand means it is the highest, and an
hour of the week sees twelve a week. From then on it is followed without keeping the stream: each mean x
moves the estimate q of its hour and phase [A],

    x above q:  q + 0.999            else:  q - 0.001,

which stands still where one mean in a thousand is above it (stochastic approximation, Robbins and Monro
1951).

Until an hour has been seen for two weeks, the same hour of other days counts as well, whichever is more;
where none has been seen, all hours.
"""

from collections.abc import Sequence
from datetime import datetime

from evenload.controller.change import replace
from evenload.controller.guard_memory import BaseHours

HOURS = 168
"""Of a week."""

DAY = 24
"""Hours."""

MEAN = 300.0
"""Over how long a mean is taken [s]."""

RARE = 0.001
"""The share of means that may be above the estimate; also its step down [A]."""

ENOUGH = 24
"""Means, two weeks of an hour, after which it stands for itself."""

LONGEST_STEP = 30.0
"""Of a longer silence nothing is known but its end [s]."""


def nothing_learnt(phases: int, now: float) -> BaseHours:
    """Return the estimate of a house that was never seen."""
    return BaseHours(
        highest=((0.0,) * phases,) * HOURS,
        means=(0,) * HOURS,
        hour=0,
        total=(0.0,) * phases,
        seconds=0.0,
        at=now,
    )


def hour_of_week(clock: datetime) -> int:
    """Return 0 for the hour after Monday's midnight, up to 167."""
    return clock.weekday() * DAY + clock.hour


def learn_base(
    before: BaseHours | None, house: Sequence[float], clock: datetime | None, now: float
) -> BaseHours | None:
    """Return what is known of the base [A] after a moment in which `house` flowed."""
    if clock is None:
        return before
    if before is None or len(before.total) != len(house):
        return nothing_learnt(len(house), now)
    hour = hour_of_week(clock)
    if hour != before.hour:
        # A mean belongs to one hour: what was begun in the last one is left out.
        nothing = (0.0,) * len(before.total)
        return replace(before, hour=hour, total=nothing, seconds=0.0, at=now)
    elapsed = min(LONGEST_STEP, max(0.0, now - before.at))
    total = tuple(
        [
            known + max(0.0, current) * elapsed
            for known, current in zip(before.total, house, strict=True)
        ]
    )
    seconds = before.seconds + elapsed
    if seconds < MEAN:
        return replace(before, total=total, seconds=seconds, at=now)
    means = tuple(known / seconds for known in total)
    return _with_means(before, means, now)


def _with_means(before: BaseHours, means: Sequence[float], now: float) -> BaseHours:
    hour = before.hour
    is_young = before.means[hour] < 1.0 / RARE
    highest = tuple(
        max(known, mean) if is_young else known + (1.0 - RARE if mean > known else -RARE)
        for known, mean in zip(before.highest[hour], means, strict=True)
    )
    return replace(
        before,
        highest=(*before.highest[:hour], highest, *before.highest[hour + 1 :]),
        means=(*before.means[:hour], before.means[hour] + 1, *before.means[hour + 1 :]),
        total=(0.0,) * len(means),
        seconds=0.0,
        at=now,
    )


def habitual_base(known: BaseHours | None, clock: datetime | None) -> tuple[float, ...] | None:
    """Return by phase what the house hardly ever exceeds at this hour [A]; None: not known."""
    if known is None:
        return None
    seen: list[int] = []
    if clock is not None:
        hour = hour_of_week(clock)
        if known.means[hour] >= ENOUGH:
            return known.highest[hour]
        seen = [other for other in range(hour % DAY, HOURS, DAY) if known.means[other] > 0]
    seen = seen or [hour for hour in range(HOURS) if known.means[hour] > 0]
    if not seen:
        return None
    return tuple(
        max(known.highest[hour][phase] for hour in seen) for phase in range(len(known.total))
    )
