"""Which readings can be trusted.

A source is believed as a whole: every one of its values present, finite, and within what the
connection can carry (else somebody sent watts for kilowatts, or milliamperes). Freshness belongs to
the device: the newest report of any of its values counts, so that a phase that stands still makes
no meter silent.

- *live* from its second report after a start;
- *fresh* while it is live, whole, and reported about when it should: only then may anything rise;
- *blind* when nothing believable came for the timeout, or three of its own intervals.

In between it is merely doubtful: nothing is raised, nothing else happens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from evenload.controller.state import MeterMemory
from evenload.model.snapshot import Sample

LATE = 2.0
"""How many of its intervals a reading may be old and still let something rise."""

JITTER = 1.0
"""How much later than that a report may come [s]."""

SILENT = 3.0
"""After how many of its intervals, at least, a source that says nothing is blind."""

REMEMBERED = 5
"""The interval is the median of so many times between reports: one late report is no new habit."""

PLAUSIBLE = 4.0
"""How many times a fuse's rating a meter can show."""

TOGETHER = 0.3
"""Reports that are less apart belong to one reading, sent value by value [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What to think of one source at this moment."""

    memory: MeterMemory
    is_new: bool
    """Whether there is a reading that no pass has seen."""
    is_live: bool
    is_fresh: bool
    is_blind: bool
    seen: Mapping[str, Sample]
    """The values that can be, whole or not."""
    missing: tuple[str, ...] = ()
    """The keys without a value."""
    implausible: tuple[tuple[str, float], ...] = ()
    """The keys whose value cannot be, with it."""


def judge[Key: str](
    memory: MeterMemory,
    samples: Mapping[Key, Sample],
    bounds: Sequence[tuple[Key, float, float]],
    *,
    timeout: float,
    since: float,
    now: float,
) -> Judgement:
    """Return what to think of a source with these samples.

    `bounds` names its keys, each with the least and the most it can be. `since` is when the
    controller started: what was reported before is a memory of the platform, not a report.
    """
    missing = tuple(key for key, _, _ in bounds if key not in samples)
    implausible = tuple(
        (key, samples[key].value)
        for key, low, high in bounds
        if key in samples and not low <= samples[key].value <= high
    )
    is_whole = not missing and not implausible
    is_new = False
    if is_whole:
        times = [min(samples[key].at, now) for key, _, _ in bounds]
        is_new = max(times) > memory.reported_at
        values = tuple(samples[key].value for key, _, _ in bounds)
        if is_new:
            memory = _learn(memory, values, times, timeout=timeout, since=since)
    interval = memory.interval or 0.0
    is_blind = now - max(memory.reported_at, since) > max(timeout, SILENT * interval)
    is_live = memory.reports > 1 and not is_blind
    is_punctual = now - memory.complete_at <= LATE * interval + JITTER
    wrong = {key for key, _ in implausible}
    return Judgement(
        memory=memory,
        is_new=is_new,
        is_live=is_live,
        is_fresh=is_live and is_whole and is_punctual,
        is_blind=is_blind,
        seen={key: samples[key] for key, _, _ in bounds if key in samples and key not in wrong},
        missing=missing,
        implausible=implausible,
    )


def _learn(
    memory: MeterMemory,
    values: tuple[float, ...],
    times: Sequence[float],
    *,
    timeout: float,
    since: float,
) -> MeterMemory:
    newest, oldest = max(times), min(times)
    gap = newest - memory.reported_at
    gaps, reports = memory.gaps, memory.reports
    if newest >= since and (gap > TOGETHER or reports == 0):
        gaps = (*gaps, gap)[-REMEMBERED:] if gap <= timeout else gaps
        reports = min(2, reports + 1)
    interval = median(gaps) if gaps else memory.interval
    # A meter that reports only changes leaves some phases long ago; one that reports all phases one
    # after another is complete only with the last of them.
    is_one_by_one = newest - oldest <= LATE * (interval or 0.0) + JITTER
    return replace(
        memory,
        values=values,
        reported_at=newest,
        complete_at=oldest if is_one_by_one else newest,
        interval=interval,
        gaps=gaps,
        reports=reports,
    )


def bounds_of_current[Key: str](
    keys: Sequence[Key], ratings: Sequence[float]
) -> tuple[tuple[Key, float, float], ...]:
    """Return what each phase [A] behind a fuse of these ratings can show.

    Four times its rating opens any fuse within moments (IEC 60269-1 gates: below 5 s at five times),
    so a meter that shows more for longer than that shows something else.
    """
    return tuple(
        (key, -most, most)
        for key, rating in zip(keys, ratings, strict=True)
        for most in (PLAUSIBLE * rating,)
    )
