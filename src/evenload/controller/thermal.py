"""Thermal protection: the house may use the time that its main fuse leaves; loads are never given more.

Each phase of a main fuse whose kind is known has a thermal image (`curves`), driven by the magnitude of
the current that the meter shows; between two reports the larger of them is taken, and where none can be
believed, no less than the rating. After a start it stands at its value for rated current.

While a phase is above its rating, loads on it keep what they have and get no more, until the first of

- the time to opening at the present current is below twice the measured reaction time;
- half of the overload's time is used: it has lasted as long as it could still last, or for half of
  the hour for which the standards let a fuse carry its conventional current;
- half of the curve would be used by the time that a cut has its effect, if another appliance started now.

Then they are cut to the rating at once, and stay so until the phase is back within it: the overload's
time is spent. Nothing is ever allocated above the rating.
"""

import math
from collections.abc import Mapping, Sequence

from evenload.controller.change import replace
from evenload.controller.curves import Curve
from evenload.controller.guard_memory import FuseWarmth
from evenload.controller.house import SMOOTHING
from evenload.controller.meter_memory import NEVER
from evenload.controller.moment import Target
from evenload.controller.plan import SitePlan
from evenload.controller.state import LoadMemory
from evenload.model.allocation import Reason
from evenload.model.site import MAIN
from evenload.model.snapshot import Sample

CONVENTIONAL_TIME = 3600.0
"""For how long a fuse up to 63 A carries its conventional current, IEC 60269-1 table 2 [s]."""

EASING = 3.0 * SMOOTHING
"""For how long after an overload the house still seems to be higher than it is [s]."""

UNMEASURED = 20.0
"""The reaction time while none was measured, the interval apart [s]."""

PASS = 2.0
"""The controller looks again at least so often [s]."""

NOTICED = 2.0
"""Cuts are due when the fuse would open within so many reaction times."""


def warm(
    before: FuseWarmth | None,
    curve: Curve,
    ratings: Sequence[float],
    readings: Sequence[Sample | None],
    *,
    timeout: float,
    now: float,
) -> FuseWarmth:
    """Return how warm each phase of the main fuse is; `readings` are the meter's by phase [A]."""
    if before is None or len(before.warmth) != len(ratings):
        before = FuseWarmth(
            warmth=(curve.rated_warmth,) * len(ratings),
            currents=tuple(ratings),
            over_since=(None,) * len(ratings),
            eased_at=(NEVER,) * len(ratings),
            at=now,
        )
    elapsed = max(0.0, now - before.at)
    currents: list[float] = []
    warmth: list[float] = []
    over_since: list[float | None] = []
    eased_at = list(before.eased_at)
    for place, (rating, sample) in enumerate(zip(ratings, readings, strict=True)):
        last = before.currents[place]
        is_known = sample is not None and now - sample.at <= timeout
        current = abs(sample.value) if sample is not None and is_known else max(last, rating)
        currents.append(current)
        warmth.append(curve.after(before.warmth[place], max(last, current), rating, elapsed))
        since = before.over_since[place]
        over_since.append(None if current <= rating else now if since is None else since)
        if current <= rating and since is not None and since > NEVER:
            eased_at[place] = now
    return FuseWarmth(
        warmth=tuple(warmth),
        currents=tuple(currents),
        over_since=tuple(over_since),
        eased_at=tuple(eased_at),
        at=now,
    )


def is_spent(
    warmth: float,
    current: float,
    over_since: float,
    *,
    curve: Curve,
    rating: float,
    reaction: float,
    appliance: float,
    now: float,
) -> bool:
    """Return whether an overload of `current` [A] has had the time that the fuse leaves for it.

    `appliance` [A] is what may come on top at any moment.
    """
    left = curve.time_to_open(warmth, current, rating)
    lasted = now - over_since
    if left < NOTICED * reaction or lasted >= min(left, CONVENTIONAL_TIME / 2.0):
        return True
    warmest = curve.after(warmth, current + appliance, rating, reaction + PASS)
    return warmest >= curve.half_warmth


def spend(
    memory: FuseWarmth,
    curve: Curve,
    ratings: Sequence[float],
    *,
    reaction: float | None,
    interval: float | None,
    appliance: float,
    now: float,
) -> FuseWarmth:
    """Return the images with the overloads marked whose time is spent."""
    seconds = UNMEASURED + (interval or 0.0) if reaction is None else reaction
    return replace(
        memory,
        over_since=tuple(
            NEVER
            if since is not None
            and is_spent(
                memory.warmth[place],
                memory.currents[place],
                since,
                curve=curve,
                rating=ratings[place],
                reaction=seconds,
                appliance=appliance,
                now=now,
            )
            else since
            for place, since in enumerate(memory.over_since)
        ),
    )


def tolerated(memory: FuseWarmth) -> frozenset[int]:
    """Return the places of the phases that are above their rating and may be so for now."""
    return frozenset(
        place
        for place, since in enumerate(memory.over_since)
        if since is not None and math.isfinite(since)
    )


def eased(memory: FuseWarmth, limits: Sequence[float] | None, now: float) -> frozenset[int]:
    """Return the places of the phases that have just come back by themselves, within `limits` [A].

    What decides raises believes a fall of the house only after a while (see `house`); loads that bore
    with the overload are not to be lowered for it now that it is over.
    """
    return frozenset(
        place
        for place, at in enumerate(memory.eased_at)
        if memory.over_since[place] is None
        and now - at < EASING
        and (limits is None or memory.currents[place] <= limits[place])
    )


_LACK_OF_ROOM = (Reason.LIMITED, Reason.DOES_NOT_FIT, Reason.OUTRANKED)


def hold(
    targets: list[Target],
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    phases: frozenset[int],
) -> None:
    """Keep in place what loads on the phases at `phases` have, neither more nor, for room, less."""
    for place, load_plan in enumerate(plan.loads):
        over = phases.intersection(load_plan.places)
        if not over:
            continue
        target, told = targets[place], loads[load_plan.load.id].setpoint
        lacks_room = target.setpoint < told and target.reason in _LACK_OF_ROOM
        if target.setpoint > told or lacks_room:
            by = f"{MAIN}/{plan.site.phases[min(over)]}"
            reason = Reason.LIMITED if told > 0.0 else Reason.DOES_NOT_FIT
            targets[place] = Target(setpoint=told, reason=reason, by=by)
