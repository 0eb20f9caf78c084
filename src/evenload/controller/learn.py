"""How long it takes until the grid meter shows what a load was told: learnt, and kept simple.

One step at a time is watched: a load that draws is told a current at least 2 A away, and the time
until the meter has moved by most of that is the load's *reaction* (its device, its ramp, the
meter's lag and interval together). The longest of its last five counts; until one was seen, its
settle time, a lag and an interval do.

A chance step of the house at the same time makes a reaction too long or too short once; the longest
of five forgives the short ones, and five later steps forget the long one.

The meter's *lag* is how much later than the load's own report it shows a step: usually the median
of the last five, for chance steps disturb it both ways, at the longest the longest of them.
"""

from functools import lru_cache
from statistics import median

from evenload.controller.change import replace
from evenload.controller.meter_memory import Lag
from evenload.controller.state import Draw, LoadMemory, StepWatch
from evenload.model.control import LoadControl

USUAL_LAG = 3.0
"""How long a grid meter usually lags, while nothing was learnt of it [s]."""

LONG_LAG = 5.0
"""How long it may lag, while nothing was learnt of it [s]."""

LEAST_STEP = 2.0
"""A step that is large enough to be told from the house [A]."""

SHOWN = 0.9
"""A step counts as seen when this share of it shows."""

COMING_UP = 0.5
"""A start counts as seen with this share: the rest is the car's ramp, which no cut waits for."""

PATIENCE = 40.0
"""How long a step is watched for [s]."""

REMEMBERED = 5
"""How many reactions of each load are kept."""


def reaction(memory: LoadMemory, treat: LoadControl, interval: float | None, step: float) -> float:
    """Return how long after a step of `step` [A] a reading of the grid meter shows it all [s].

    A larger step than those learnt from takes longer in proportion, for cars ramp; but no longer
    than is usual.
    """
    usual = treat.settle_time + USUAL_LAG + (interval or 0.0)
    if not memory.reactions:
        return usual
    learnt = max(seconds for seconds, _ in memory.reactions)
    scaled = max(seconds * max(1.0, abs(step) / size) for seconds, size in memory.reactions)
    return max(learnt, min(scaled, usual))


@lru_cache(maxsize=32)
def lag(lates: tuple[float, ...], interval: float | None) -> Lag:
    """Return how long the grid meter's reading lags behind what loads report.

    `lates` [s] are how much later it showed the last few steps. The reading before did not show
    them, so that half an interval is usually to be taken off.
    """
    if not lates:
        return Lag(usual=USUAL_LAG, longest=LONG_LAG)
    usual = max(0.0, median(lates) - (interval or 0.0) / 2.0)
    return Lag(usual=usual, longest=max(USUAL_LAG, *lates))


def lateness(draw: Draw, watch: StepWatch, shown_at: float) -> float | None:
    """Return by how much the meter showed a step later than the load reported it [s].

    None: the load does not report its draw.
    """
    if not draw.is_metered:
        return None
    return max(0.0, shown_at - draw.arrived_at) if draw.arrived_at >= watch.since else 0.0


def watch_step(
    watch: StepWatch, reading: float, complete_at: float, now: float
) -> tuple[StepWatch | None, float | None]:
    """Return what is left to watch, and the reaction if the reading [A] shows the step."""
    share = COMING_UP if watch.is_start else SHOWN
    if complete_at > watch.since and (reading - watch.before) / watch.step >= share:
        return None, complete_at - watch.since
    return (None if now - watch.since > PATIENCE else watch), None


def with_reaction(memory: LoadMemory, seconds: float, step: float) -> LoadMemory:
    """Return the memory with one more reaction, to a step of `step` [A]."""
    reactions = (*memory.reactions, (seconds, abs(step)))[-REMEMBERED:]
    return replace(memory, reactions=reactions)


def with_cut(memory: LoadMemory, watch: StepWatch, complete_at: float) -> LoadMemory:
    """Return the memory with how long a cut took to show, if it was one.

    One that was told in parts took as long as its parts on average: the last and smallest of them
    began when most of it was on its way.
    """
    if watch.step > 0.0:
        return memory
    return replace(memory, cuts=(*memory.cuts, complete_at - watch.told_at)[-REMEMBERED:])
