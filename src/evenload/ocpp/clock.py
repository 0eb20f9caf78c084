"""How far a station's clock is off, and which of its messages are old.

A message arrives late, never early, so the largest (its time - our time) of the last few is nearest
to the truth. A profile's start is moved by that. Messages from a time when the station was offline
come later and carry their old time: they are stored and never change the present.
"""

from collections import deque
from datetime import datetime, timedelta

_SAMPLES = 8
_AGREEMENT = 10.0
"""Two samples no further apart count as one clock's [s]."""
_OLD = 60.0
"""A message that was made longer ago than this is of the past [s]."""
_SLACK = 1.0
"""Times come in whole seconds [s]."""


class StationClock:
    """What is known of one station's clock."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._samples: deque[float] = deque(maxlen=_SAMPLES)
        self._newest: dict[int, datetime] = {}

    @property
    def ahead(self) -> float | None:
        """How far it is ahead of ours [s]; None: fewer than two messages agree."""
        highest = sorted(self._samples, reverse=True)[:2]
        if len(highest) == 2 and highest[0] - highest[1] <= _AGREEMENT:  # noqa: PLR2004
            return highest[0]
        return None

    def restarted(self) -> None:
        """Forget the clock: the station has just been told the time."""
        self._samples.clear()
        self._newest.clear()

    def is_present(self, plug: int, at: datetime | None, utc: datetime) -> bool:
        """Take note of a message's time `at`, and tell whether it is about the present."""
        if at is None:
            return True
        ahead = (at - utc).total_seconds()
        known = self.ahead
        newest = self._newest.get(plug)
        self._samples.append(ahead)
        if newest is not None and (newest - at).total_seconds() > _SLACK:
            # A clock that was set back must not make everything old for ever.
            return known is None and self._all_set_back()
        if known is not None and ahead < known - _OLD:
            return False
        self._newest[plug] = at
        return True

    def station_time(self, utc: datetime) -> datetime:
        """Return what the station's clock shows now, as far as is known."""
        ahead = self.ahead
        return utc if ahead is None else utc + timedelta(seconds=ahead)

    def _all_set_back(self) -> bool:
        """Return whether the last messages agree on a time, and forget what was newest if so."""
        spread = max(self._samples) - min(self._samples)
        if len(self._samples) < _SAMPLES or spread > _AGREEMENT:
            return False
        self._newest.clear()
        return True
