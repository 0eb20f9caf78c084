"""Which readings can be trusted.

A source is believed as a whole: every one of its values present, finite, and within what the
connection can carry (else somebody sent watts for kilowatts, or milliamperes). Freshness belongs to
the device: the newest report of any of its values counts, so that a phase that stands still makes
no meter silent.

- *live* from its second report after a start;
- *fresh* while it is live, whole, reported about when it should, and as it usually is: only then
  may anything rise;
- *quiet* while it says nothing and is known for that (see `habits`);
- *blind* when nothing believable came for the timeout, or three of its own intervals.

In between it is merely doubtful: nothing is raised, nothing else happens.

A value that fell by a *leap* since the report before may be an appliance that went off, or one
report in the wrong unit; and the first report after a silence, or after one that could not be, has
none before it to be held against.
Nothing is raised on it until the next report says the same, or, of a
source that reports only changes, until it has had the time for one. A value that rose is believed at
once: it can only lower something, and what is real must be cut.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from evenload.controller.change import replace
from evenload.controller.habits import SILENT, is_stiller_than_usual, learn_habits
from evenload.controller.meter_memory import NEVER, MeterMemory
from evenload.model.brief import brief
from evenload.model.snapshot import Sample

LATE = 2.0
"""How many of its intervals a reading may be old and still let something rise."""

JITTER = 1.0
"""How much later than that a report may come [s]."""

OLDER = 10.0
"""How much older its currents may be than other values that a meter just reported [s]."""

PLAUSIBLE = 4.0
"""How many times a fuse's rating a meter can show."""

LEAP = 2.0
"""A current that fell by more than this within one report is waited for to be said again [A]."""

LEAP_TIME = 5.0
"""What a source that reports only changes has said for so long is no slip [s]."""

HALF = 0.5
"""A quiet source is asked, and no longer fresh, after this share of the timeout."""

LONGEST_QUIET = 900.0
"""A source that has been quiet for so long without a proof that it is alive is blind [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span[Key: str]:
    """What one value of a source can be."""

    key: Key
    least: float
    most: float
    fall: float = math.inf
    """A fall by more than this within one report has to be said twice."""
    rise: float = math.inf
    """The same of a rise, where that lets loads have more."""


@brief
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
    is_quiet: bool = False
    """Whether it says nothing, is known for that, and may be asked whether it is alive."""
    is_still: bool = False
    """Whether it repeats itself as it has never done: if it is not frozen, it will soon move."""
    missing: tuple[str, ...] = ()
    """The keys without a value."""
    implausible: tuple[tuple[str, float], ...] = ()
    """The keys whose value cannot be, with it."""


@brief
class Bench:
    """What all sources of one pass are judged by."""

    timeout: float
    """[s]"""
    since: float
    """When the controller started: what was reported before is the platform's memory, no report."""
    now: float


def judge[Key: str](
    memory: MeterMemory,
    samples: Mapping[Key, Sample],
    spans: Sequence[Span[Key]],
    bench: Bench,
    *,
    heard_at: float = NEVER,
    is_doubted: bool = False,
) -> Judgement:
    """Return what to think of a source with these samples.

    `heard_at` is when its device last reported anything else. `is_doubted` says that it has missed
    a move that it had to show.
    """
    seen, missing, implausible = _sort_out(samples, spans)
    is_whole = len(seen) == len(spans)
    before = memory
    if is_whole:
        memory = _take_in(memory, samples, spans, heard_at, bench)
    elif implausible and not memory.is_spoilt:
        memory = replace(memory, is_spoilt=True)
    is_new = memory.reported_at > before.reported_at
    timing = _timing(memory, bench, is_doubted=is_doubted)
    is_live = memory.reports > 1 and not timing.is_blind
    return Judgement(
        memory=memory if timing.said_until is None else _as_said_until(memory, timing.said_until),
        is_new=is_new,
        is_live=is_live,
        is_fresh=is_live and is_whole and timing.is_trusted,
        is_blind=timing.is_blind,
        is_quiet=timing.is_quiet and not timing.is_blind,
        is_still=is_stiller_than_usual(memory),
        seen=seen,
        missing=tuple(missing),
        implausible=tuple(implausible),
    )


def _sort_out[Key: str](
    samples: Mapping[Key, Sample], spans: Sequence[Span[Key]]
) -> tuple[dict[str, Sample], list[str], list[tuple[str, float]]]:
    """Return the values that can be, the keys without one, and those whose value cannot be."""
    seen: dict[str, Sample] = {}
    missing: list[str] = []
    implausible: list[tuple[str, float]] = []
    for span in spans:
        sample = samples.get(span.key)
        if sample is None:
            missing.append(span.key)
        elif span.least <= sample.value <= span.most:
            seen[span.key] = sample
        else:
            implausible.append((span.key, sample.value))
    return seen, missing, implausible


@brief
class _Timing:
    """What the times of a source's reports say of it."""

    is_trusted: bool
    """Whether its last report came when it should, and says what the one before did not deny."""
    is_blind: bool
    is_quiet: bool = False
    said_until: float | None = None
    """Until when what it said last stands, for a source that reports only changes."""


def _timing(memory: MeterMemory, bench: Bench, *, is_doubted: bool) -> _Timing:
    now, interval = bench.now, memory.interval or 0.0
    silence = now - max(memory.reported_at, memory.heard_at, bench.since)
    usual = LATE * interval + JITTER
    patience = max(bench.timeout, SILENT * interval)
    has_leapt = not memory.is_sure
    if not memory.reports_changes_only:
        is_heard = now - memory.heard_at <= usual
        on_time = now - memory.complete_at <= usual + (OLDER if is_heard else 0.0)
        return _Timing(is_trusted=on_time and not has_leapt, is_blind=silence > patience)
    is_slip = has_leapt and silence < max(usual, LEAP_TIME)
    usual = max(usual, HALF * bench.timeout)
    is_quiet = silence > usual
    return _Timing(
        is_trusted=not is_quiet and not is_slip,
        is_blind=silence > (patience if is_doubted else max(patience, LONGEST_QUIET)),
        is_quiet=is_quiet,
        said_until=now - max(0.0, silence - usual),
    )


def _take_in[Key: str](
    memory: MeterMemory,
    samples: Mapping[Key, Sample],
    spans: Sequence[Span[Key]],
    heard_at: float,
    bench: Bench,
) -> MeterMemory:
    """Return the memory with these samples, and with when its device was last heard."""
    found = [samples[span.key] for span in spans]
    times = [sample.at for sample in found]
    newest = min(max(times), bench.now)
    if newest > memory.reported_at:
        oldest = min(*times, bench.now)
        memory = _learn(memory, found, spans, bench, newest=newest, oldest=oldest)
    heard_at = min(heard_at, bench.now)
    if heard_at > memory.heard_at and heard_at > memory.reported_at:
        memory = replace(memory, heard_at=heard_at)
    return memory


def _learn[Key: str](
    memory: MeterMemory,
    found: Sequence[Sample],
    spans: Sequence[Span[Key]],
    bench: Bench,
    *,
    newest: float,
    oldest: float,
) -> MeterMemory:
    """Return the memory with a new reading, whose values came from `oldest` to `newest`."""
    values = tuple([sample.value for sample in found])
    memory = learn_habits(memory, found, values, newest, timeout=bench.timeout, since=bench.since)
    # A meter that reports only changes leaves some phases long ago; one that reports all phases one
    # after another is complete only with the last of them.
    is_one_by_one = newest - oldest <= LATE * (memory.interval or 0.0) + JITTER
    sure = _sure(memory, values, spans)
    return replace(
        memory,
        values=values,
        reported_at=newest,
        complete_at=oldest if is_one_by_one else newest,
        sure=sure,
        is_sure=sure == values,
    )


def _as_said_until(memory: MeterMemory, until: float) -> MeterMemory:
    """Return the memory of a source that reports only changes, and said nothing `until` then.

    As long as it is believed to be alive, what it said last is what it would say now.
    """
    if memory.reported_at <= NEVER or until <= memory.complete_at:
        return memory
    return replace(memory, complete_at=until)


def _sure[Key: str](
    memory: MeterMemory, values: Sequence[float], spans: Sequence[Span[Key]]
) -> tuple[float, ...] | None:
    """Return of each value the last that did not leap since it was sure, or was said before."""
    sure, before = memory.sure, memory.before
    if before is None or len(before) != len(spans):
        return None
    if sure is None or len(sure) != len(spans):
        sure = before
    return tuple(
        [
            new
            if -span.fall <= new - known <= span.rise or abs(new - old) <= min(span.fall, span.rise)
            else known
            for new, old, known, span in zip(values, before, sure, spans, strict=True)
        ]
    )


def spans_of_current[Key: str](
    keys: tuple[Key, ...], ratings: tuple[float, ...]
) -> tuple[Span[Key], ...]:
    """Return what each phase [A] behind a fuse of these ratings can show.

    Four times its rating opens any fuse within moments (IEC 60269-1 gates: below 5 s at five times),
    so a meter that shows more for longer than that shows something else.
    """
    return _spans(keys, ratings, LEAP)


@lru_cache(maxsize=128)
def _spans[Key: str](
    keys: tuple[Key, ...], ratings: tuple[float, ...], fall: float
) -> tuple[Span[Key], ...]:
    return tuple(
        Span(key=key, least=-most, most=most, fall=fall)
        for key, rating in zip(keys, ratings, strict=True)
        for most in (PLAUSIBLE * rating,)
    )
