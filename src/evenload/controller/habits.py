"""How a source of readings behaves when it is well, learnt from its own reports.

- *Interval*: the median of the last five times between two reports: one late report is no new
  habit. Of a source that reports only changes it is the least of them, which is how soon it shows
  one.
- *Longest gap*: the longest time between two of the last 60 reports, where reports are lost more than
  once.
- *Reports only changes*: among its last reports some came after a pause, none repeated a value, and
  its steps are coarse. A meter of whole amperes behind such an integration can be silent for half an
  hour and be well. One that repeats itself and then is silent is not; nor is a fine one, which always
  has a change to report, so that its pauses are lost reports.
- *Stillness*: how many reports in a row were the very same before it moved again. A fine meter never
  repeats all its values; when it begins to, it is watched before anything rises.
- *Step*: the least change it has shown, which is its resolution or more.
"""

from collections.abc import Sequence
from statistics import median

from evenload.controller.change import replace
from evenload.controller.meter_memory import MeterMemory
from evenload.model.snapshot import Sample

REMEMBERED = 60
"""How many times between two reports are kept."""

LEAST_GAPS = 3
"""Of fewer it cannot be said which is unusual."""

LOST = 1.5
"""After more than so many intervals a report was lost."""

LAST = 5
"""How many of them say what the interval is."""

TOGETHER = 0.3
"""Reports that are less apart belong to one reading, sent value by value [s]."""

LONGEST_GAP = 120.0
"""More than this between two reports is a silence, of whatever meter [s]."""

SILENT = 3.0
"""After how many of its intervals, at least, a source that says nothing is silent."""

PAUSE = 2.0
"""A report after more than so many intervals came after a pause."""

PAUSE_SPARE = 1.0
"""And so much more [s]."""

WEIGHT = 0.05
"""What one report counts for in the share of pauses."""

OFTEN = 0.08
"""Pauses among the last reports, from which on a source is known to report only changes.

Two pauses within a few reports reach it; one in twenty, as a bad radio link has them, does not.
"""

COARSE = 0.05
"""A source that has shown a smaller change than this has one to report at any time [A]."""

ANSWER = 10.0
"""A source that was asked answers within this time, changed or not [s]."""

ACQUAINTED = 20
"""After so many changes it is known how still a source can be."""

KEPT = 60
"""So many of its stillnesses are remembered."""

STILLER = 3.0
"""How many times as long as usual is unusual."""


def learn_habits(
    memory: MeterMemory,
    found: Sequence[Sample],
    values: tuple[float, ...],
    newest: float,
    *,
    timeout: float,
    since: float,
) -> MeterMemory:
    """Return the memory with what a new report, the `newest` of its values, says of its source.

    `found` are its samples, `values` what they say.
    """
    gap = newest - memory.counted_at
    is_first = memory.reports == 0
    if newest < since or not (gap > TOGETHER or is_first):
        return memory
    was_asked = newest - memory.asked_at <= ANSWER
    is_usual = gap <= LONGEST_GAP and not was_asked
    gaps = (*memory.gaps, gap)[-REMEMBERED:] if is_usual else memory.gaps
    changed = values != memory.values
    pauses = _pauses(memory, found, gap, was_asked=was_asked)
    step = _least_change(memory, values) if changed else memory.step
    only_changes = pauses > OFTEN and step is not None and step >= COARSE
    interval, last = memory.interval, gaps[-LAST:]
    if last != memory.gaps[-LAST:] or only_changes is not memory.reports_changes_only:
        interval = _interval(last, interval, is_quiet=only_changes)
    is_held = only_changes or gap <= max(timeout, SILENT * (interval or 0.0))
    return replace(
        memory,
        reports=min(2, memory.reports + 1),
        counted_at=newest,
        gaps=gaps,
        longest_gap=_longest_gap(gaps, interval),
        interval=interval,
        before=memory.values if is_held and not memory.is_spoilt else None,
        is_spoilt=False,
        pauses=pauses,
        still=0 if changed else memory.still + 1,
        stills=(*memory.stills, memory.still)[-KEPT:] if changed else memory.stills,
        moved_at=newest if changed else memory.moved_at,
        step=step,
        reports_changes_only=only_changes,
    )


def is_stiller_than_usual(memory: MeterMemory) -> bool:
    """Return whether the source repeats itself for much longer than it does.

    Its longest stillness does not count: that may have been its last fault.
    """
    if memory.still == 0 or len(memory.stills) < ACQUAINTED:
        return False
    second_longest = sorted(memory.stills)[-2]
    return memory.still > STILLER * second_longest


def _longest_gap(gaps: Sequence[float], interval: float | None) -> float | None:
    """Return the longest of the times between two reports [s]; None: reports are hardly ever lost."""
    if interval is None or len(gaps) < LEAST_GAPS:
        return None
    *_, longest_but_one, longest = sorted(gaps)
    return longest if longest_but_one > LOST * interval else None


def _interval(gaps: Sequence[float], before: float | None, *, is_quiet: bool) -> float | None:
    if not gaps:
        return before
    return min(gaps) if is_quiet else median(gaps)


def _pauses(memory: MeterMemory, found: Sequence[Sample], gap: float, *, was_asked: bool) -> float:
    """Return the share of reports after a pause; 0 for a source that repeats what it said."""
    if memory.values is None or memory.reports == 0 or memory.interval is None:
        return memory.pauses
    for sample, value in zip(found, memory.values, strict=False):
        if sample.value == value and sample.at > memory.reported_at:
            return memory.pauses if was_asked else 0.0
    is_pause = gap > PAUSE * memory.interval + PAUSE_SPARE
    return memory.pauses + WEIGHT * (is_pause - memory.pauses)


def _least_change(memory: MeterMemory, values: Sequence[float]) -> float | None:
    if memory.values is None or len(memory.values) != len(values):
        return memory.step
    changes = [abs(new - old) for new, old in zip(values, memory.values, strict=True) if new != old]
    return min(changes) if memory.step is None else min(*changes, memory.step)
