"""When a car is away: drives that recur every week, or sessions that were recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from evenload.simulate.settings import CarPart, CsvSessions, RecordedSessions, Weekday
from evenload.simulate.traces.table import read_sessions

_DAY = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """A time away from the plug."""

    leaves: float
    """After the first day's midnight [s]."""
    returns: float
    """[s]"""
    energy: float
    """Taken from the car's battery [Wh], or missing in it (`leaves_missing`)."""
    leaves_missing: bool = False
    """Whether the car comes back with just `energy` missing, whatever it left with."""


def drives(
    part: CarPart, first_weekday: int, start: float, chance: Random, *, place: str = ""
) -> Iterator[Drive]:
    """Yield a car's drives in order, those that are over at `start` left out.

    `place` is where the site file describes the car, for findings: raises ConfigurationError where
    recorded sessions cannot be read.
    """
    if part.sessions is not None:
        return _between_sessions(part, part.sessions, start, f"{place}.sessions")
    return _weekly(part, first_weekday, start, chance) if part.trips else iter(())


def _weekly(part: CarPart, first_weekday: int, start: float, chance: Random) -> Iterator[Drive]:
    """Yield drives for ever.

    It looks back to the day before the first, for a car that is away at `start`. A trip that would
    begin before the car is back from the one before is left out.
    """
    weekdays = tuple(Weekday)
    back = -float(_DAY)
    for day in count(-1):
        today = weekdays[(first_weekday + day) % len(weekdays)]
        for trip in sorted(part.trips, key=lambda trip: trip.leaves):
            if today not in trip.days:
                continue
            overnight = _DAY if trip.returns <= trip.leaves else 0
            leaves = day * _DAY + trip.leaves + chance.uniform(-part.jitter, part.jitter)
            returns = day * _DAY + overnight + trip.returns + chance.uniform(0.0, part.jitter)
            if back < leaves < returns:
                back = returns
                if returns > start:
                    yield Drive(leaves=leaves, returns=returns, energy=trip.energy)


def _between_sessions(
    part: CarPart, sessions: CsvSessions | RecordedSessions, start: float, place: str
) -> Iterator[Drive]:
    """Return the times between recorded sessions, each ending with a car that needs so much."""
    rows = sorted(read_sessions(sessions, place=place))
    first = sessions.first_day * _DAY if isinstance(sessions, RecordedSessions) else 0
    shift = sessions.shift - first
    departures = [-float(_DAY), *(leaves + shift for _, leaves, _ in rows)]
    return (
        Drive(
            leaves=left,
            returns=arrives + shift,
            energy=energy * part.efficiency,
            leaves_missing=True,
        )
        for left, (arrives, _, energy) in zip(departures, rows, strict=False)
        if left < arrives + shift and arrives + shift > start
    )
