"""What starts and commands wear out, and the budgets that keep that small.

Contactors, on-board chargers and compressors are built for so many starts, a charger's memory for so
many writings. So a load starts at most so many times an hour, a day and while one car is connected,
and its device is told at most so much in 24 hours. Half of those commands may go at any pace; what
is left is spread evenly, so that a restless day does not end with a load that nobody may raise.

The starts of a session are spaced out as well: from half of them on, the next one waits for a quarter
of an hour after the last, then for half an hour, up to two hours. A car that lives on the sun rests
when all are used, until it is unplugged. One that may use the grid is stopped by what the house does,
and must not starve for it: it waits half an hour at most, and goes on so.

Lowering is exempt from all of this, and so is what a person wishes; both are counted.
"""

from dataclasses import dataclass

from evenload.controller.change import replace
from evenload.model.brief import brief
from evenload.model.control import LoadControl
from evenload.model.decision import Rest

HOUR = 3600.0
DAY = 24.0 * HOUR

FIRST_SPACING = 900.0
"""The least time between two starts once half of a session's are used; doubled each time [s]."""

LONGEST_SPACING = 7200.0
"""But never more than this [s]."""

GRID_SPACING = 1800.0
"""Nor more than this for one that may use the grid [s]."""

LAST_DOUBLING = 10
"""More often it is not doubled: every limit above is passed by then."""

ANY_PACE = 0.5
"""The share of a day's commands that may go at any pace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wear:
    """What one load has been through."""

    starts: tuple[float, ...] = ()
    """When it was started, within the last 24 hours, oldest first."""
    session_starts: int = 0
    """How often it was started while the car that is connected was."""
    hours: tuple[tuple[float, int], ...] = ()
    """When each hour of the last 24 with commands began, and how many it had, oldest first."""
    commands: int = 0
    """How many those are together."""

    def started(self, now: float) -> Wear:
        """Return the wear after one more start."""
        recent = tuple(start for start in self.starts if start > now - DAY)
        return replace(self, starts=(*recent, now), session_starts=self.session_starts + 1)

    def told(self, now: float) -> Wear:
        """Return the wear after one more command."""
        hours = self.hours
        if hours and now < hours[-1][0] + HOUR:
            began, count = hours[-1]
            return replace(
                self, hours=(*hours[:-1], (began, count + 1)), commands=self.commands + 1
            )
        hours = (*(hour for hour in hours if not _is_over(hour, now)), (now, 1))
        return replace(self, hours=hours, commands=sum(count for _, count in hours))

    def commands_at(self, now: float) -> int:
        """Return how many commands count at `now`."""
        if not self.hours or now < self.hours[0][0] + HOUR + DAY:
            return self.commands
        return sum(hour[1] for hour in self.hours if not _is_over(hour, now))


def _is_over(hour: tuple[float, int], now: float) -> bool:
    return now >= hour[0] + HOUR + DAY


@brief
class Pause:
    """Something that keeps a load from being started or raised."""

    budget: Rest
    until: float | None
    """None: until its car is unplugged."""


def rest_of(
    wear: Wear, treat: LoadControl, stopped_at: float, now: float, *, is_patient: bool
) -> Pause | None:
    """Return what a load that is off rests for, the longest if there are several; None: nothing.

    `is_patient` says that it lives on surplus alone.
    """
    most_in_session = treat.starts_per_session
    budget, until = Rest.MIN_OFF, stopped_at + treat.min_off
    if most_in_session is not None and wear.starts:
        if is_patient and wear.session_starts >= most_in_session:
            return Pause(budget=Rest.STARTS_PER_SESSION, until=None)
        longest = LONGEST_SPACING if is_patient else GRID_SPACING
        spacing = _spacing(wear.session_starts, most_in_session)
        spaced = wear.starts[-1] + min(spacing, longest)
        if spaced > until:
            budget, until = Rest.STARTS_PER_SESSION, spaced
    for name, most, span in (
        (Rest.STARTS_PER_HOUR, treat.starts_per_hour, HOUR),
        (Rest.STARTS_PER_DAY, treat.starts_per_day, DAY),
    ):
        if most is not None and len(wear.starts) >= most and wear.starts[-most] + span > until:
            budget, until = name, wear.starts[-most] + span
    return Pause(budget=budget, until=until) if until > now else None


def _spacing(starts: int, most: int) -> float:
    """Return how far apart two starts of one session are to be [s]."""
    beyond = starts - most // 2
    return FIRST_SPACING * 2.0 ** min(beyond - 1, LAST_DOUBLING) if beyond > 0 else 0.0


def next_command_at(wear: Wear, most: int, commanded_at: float, now: float) -> float:
    """Return from when on the device may be told to rise, by its budget of `most` a day."""
    used = wear.commands_at(now)
    if used < ANY_PACE * most:
        return commanded_at
    if used < most:
        return commanded_at + DAY / ((1.0 - ANY_PACE) * most)
    return next(hour[0] for hour in wear.hours if not _is_over(hour, now)) + HOUR + DAY
