"""The reaction reserve: what is never allocated, because nobody could take it back in time.

A phase that loads have filled to its rating is safe only while somebody reacts before an appliance on
top of it warms the fuse too far. How long that takes is measured: from the appliance's start until
the meter shows it (interval and lag), and from the command until the loads have followed. The
longest time from a command to the meter that showed it (`learn`) holds the same parts, so that is what
is used here, and how much longer than its interval the meter is silent at times. Where it is slow, each phase of the main fuse gets a limit of its own below its rating,

    limit = the settled current on top of which the largest plausible step of the house uses no more
            than half of the fuse's curve within the reaction time (`curves.Curve.bearable`),

half, because the next appliance may follow the first. A fuse whose kind nobody has told is taken for
the faster of a gG fuse and a breaker.

- *Largest plausible step*: an appliance, `appliance_reserve`: 10 A is a kettle, an oven or a washing
  machine. The half of the curve that is left bears more than that. It is not learnt: while loads move,
  and lag and reports are late, the house is least certain, and a step that never was would take room
  for weeks.
- *A minimum* is more than comfort: a car that is stopped for every kettle does not charge. For one
  load's minimum on top of the house, the step may use nearly all of the curve (`for_minimums`).
- *Not measured yet*: a load that has been running for a while, and whose start told nothing (other things
  moved meanwhile), is taken to be as slow as others of its kind, or to follow within its settle time. One
  that ran before it was first seen is measured with its first step.
- *Quick*: nothing is reserved up to 8 s, as long as a full gG fuse of this rating bears the step for
  that long with a quarter of its curve to spare: 8 s at 25 A, 6 s at 16 A.
- *Floor*: the reserve never takes more than 40 % of the rating, so that a car's minimum still fits
  beside a quiet house; nor, for the sake of a breaker that is a guess on the safe side, more than a
  quarter where nobody has told the kind.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

from evenload.controller.curves import BREAKER, CURVES, GG, Curve
from evenload.controller.draw import IN_USE
from evenload.controller.learn import LONG_LAG, PATIENCE
from evenload.controller.meter_memory import NEVER, MeterMemory
from evenload.controller.plan import SitePlan
from evenload.controller.state import LoadMemory
from evenload.model.control import FuseKind
from evenload.model.site import Kind

QUICK = 8.0
"""Longer reactions always need a reserve [s]."""

SPARE = 0.75
"""The share of the curve that a quick reaction may use without one."""

FLOOR = 0.6
"""The share of a rating that is allocated however slow the reaction is."""

UNKNOWN_FLOOR = 0.75
"""The same of a breaker that is guessed."""

HALF = 0.5
"""The share of the curve that an appliance may use: the next one may follow it."""

NEARLY_ALL = 0.95
"""The share that it may use where else no load could run."""

GRAIN = 0.5
"""Limits are rounded down to multiples of this [A]."""


def reaction_time(
    plan: SitePlan, loads: Mapping[str, LoadMemory], meter: MeterMemory, now: float
) -> float | None:
    """Return the longest time from an appliance's start until loads have made room for it [s].

    None: none has been measured: no load was ever started or cut while it could be seen.
    """
    interval = meter.interval
    measured: dict[Kind, float] = {}
    unmeasured: dict[Kind, float] = {}
    for load_plan in plan.loads:
        memory, kind = loads[load_plan.load.id], load_plan.load.kind
        seconds = _measured(memory, interval or 0.0)
        if seconds is not None:
            measured[kind] = max(seconds, measured.get(kind, 0.0))
        elif _is_unknown(memory, now):
            assumed = load_plan.treat.settle_time + LONG_LAG + (interval or 0.0)
            unmeasured[kind] = max(assumed, unmeasured.get(kind, 0.0))
    longest = max((unmeasured | measured).values(), default=None)
    return None if longest is None else longest + _silence(meter)


def _silence(meter: MeterMemory) -> float:
    """Return by how much longer than its interval the meter is silent at times [s].

    One that reports only changes has a change to report when an appliance starts.
    """
    if meter.reports_changes_only or meter.interval is None or meter.longest_gap is None:
        return 0.0
    return max(0.0, meter.longest_gap - meter.interval)


def _measured(memory: LoadMemory, interval: float) -> float | None:
    """Return how long it takes until a cut of this load has had its effect [s]; None: not measured.

    Cuts are told with a report, so that the time until that report comes on top, in which an appliance
    has started unseen: half an interval, on average.
    """
    if memory.cuts:
        return max(memory.cuts) + interval / 2.0
    return None if memory.came_up is None else memory.came_up + interval / 2.0


def _is_unknown(memory: LoadMemory, now: float) -> bool:
    """Return whether it runs, and nothing was learnt from its start."""
    was_told = memory.changed_at > NEVER and now - memory.started_at > PATIENCE
    return was_told and max(memory.draw.currents) > IN_USE


def curve_of(kind: FuseKind | None) -> Curve | None:
    """Return the curve of a main fuse of this kind; None: none is known."""
    return None if kind is None else CURVES.get(kind)


def allocatable(
    plan: SitePlan,
    reaction: float | None,
    before: Sequence[float] | None,
) -> tuple[float, ...] | None:
    """Return what may be allocated on each phase of the main fuse [A]; None: its rating.

    A limit goes down at once, and up only where that is worth an ampere: `before` is the last one.
    """
    site = plan.site
    if site.off_grid or reaction is None or _is_quick(plan, reaction):
        return None
    settings = plan.settings
    limits = tuple(
        _limit(
            site.fuse[phase],
            site.margin,
            step=settings.appliance_reserve,
            reaction=reaction,
            kind=settings.fuse_kind,
        )
        for phase in site.phases
    )
    if before is None or len(before) != len(limits):
        return limits
    return tuple(
        new if new < old or new >= old + 2.0 * GRAIN else old
        for new, old in zip(limits, before, strict=True)
    )


def for_minimums(
    limits: Sequence[float],
    plan: SitePlan,
    minimums: Sequence[float | None],
    house: Sequence[float],
    reaction: float,
) -> tuple[float, ...]:
    """Return `limits` raised where that lets one load run at its minimum [A].

    `minimums` [A] are the smallest of the loads that may run on each phase; None: there is none.
    `house` [A] is what they come on top of.
    """
    site, settings = plan.site, plan.settings
    raised: list[float] = []
    for phase, limit, least, base in zip(site.phases, limits, minimums, house, strict=True):
        if least is None or base + least <= limit:
            raised.append(limit)
            continue
        most = _limit(
            site.fuse[phase],
            site.margin,
            step=settings.appliance_reserve,
            reaction=reaction,
            kind=settings.fuse_kind,
            share=NEARLY_ALL,
        )
        raised.append(base + least if base + least <= most else limit)
    return tuple(raised)


def _is_quick(plan: SitePlan, reaction: float) -> bool:
    """Return whether an appliance on top of any full phase is answered before it matters."""
    if reaction > QUICK:
        return False
    smallest, step = min(plan.site.fuse.values()), plan.settings.appliance_reserve
    return _share_used(smallest, step, reaction) <= SPARE


@lru_cache(maxsize=128)
def _share_used(rating: float, step: float, reaction: float) -> float:
    """Return the share of a gG fuse's curve that `step` [A] on top of its rating uses meanwhile."""
    return GG.used(GG.after(GG.rated_warmth, rating + step, rating, reaction))


@lru_cache(maxsize=128)
def _limit(
    rating: float,
    margin: float,
    *,
    step: float,
    reaction: float,
    kind: FuseKind | None,
    share: float = HALF,
) -> float:
    known = curve_of(kind)

    def limit(curve: Curve, floor: float) -> float:
        bearable = curve.bearable(rating, step, reaction, share)
        return max(math.floor(bearable / GRAIN) * GRAIN, floor * rating)

    least = limit(known or GG, FLOOR)
    if known is None:
        least = min(least, limit(BREAKER, UNKNOWN_FLOOR))
    return min(rating - margin, least)
