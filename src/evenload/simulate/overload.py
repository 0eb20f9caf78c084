"""How long managed loads kept a phase above its rating.

A phase above its rating is not by itself the loads' doing, and a new step of the house in the middle
of an answer to an older one deserves its own time. So at each second in which a phase is above its
rating while loads draw on it, the question is: since when has the house been such that what the
loads draw *now* is too much? With u what is not managed and d(t) the loads' draw at this second, that
is the time back over which the phase was above its rating and u(s) + d(t) > rating held throughout.
The longest such time is what a controller has to keep below its meter's and devices' reaction.

An excess that the meter cannot tell from none (half a step of its resolution, and noise) is left out of
that time: no controller can answer what it cannot see.
"""

from collections import deque
from itertools import islice

_LONGEST = 600
"""Looks no further back than this [s]."""
DRAWING = 0.5
"""Loads that draw less than this on a phase keep nothing above its rating [A]."""


class OverloadWatch:
    """Follows one phase."""

    __slots__ = (
        "_above",
        "_rating",
        "_unmanaged",
        "_visible",
        "longest",
        "longest_at",
        "seconds",
        "worst",
    )

    def __init__(self, rating: float, *, unseen: float = 0.0) -> None:
        """Watch a phase with a fuse of this rating; an excess up to `unseen` is not visible [A]."""
        self._rating = rating
        self._visible = rating + unseen
        self._unmanaged: deque[float] = deque(maxlen=_LONGEST)
        self._above = 0
        self.longest = 0
        """The longest time that loads kept this phase above its rating [s]."""
        self.longest_at = 0
        """The second at which that time ended."""
        self.seconds = 0
        """How long this phase was above its rating, whoever did it [s]."""
        self.worst = 0.0
        """The highest current [A]."""

    def add(self, current: float, managed: float, second: int) -> int:
        """Take one second: the phase's current, import positive, and what of it is managed [A].

        Returns since when loads have kept the phase above its rating, 0 where they do not [s].
        """
        self._unmanaged.append(current - managed)
        self.worst = max(self.worst, current)
        self.seconds += current > self._rating
        if current <= self._visible:
            self._above = 0
            return 0
        self._above += 1
        if managed < DRAWING:
            return 0
        kept = 0
        for unmanaged in islice(reversed(self._unmanaged), self._above):
            if unmanaged + managed <= self._visible:
                break
            kept += 1
        if kept > self.longest:
            self.longest = kept
            self.longest_at = second
        return kept
