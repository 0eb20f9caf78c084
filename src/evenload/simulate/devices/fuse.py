"""Fuses: when a current that is too high becomes a dark house.

Each phase has a thermal image theta, driven by the magnitude of the current I against the rating In:

    d(theta)/dt = ((I / (k In))^2 - theta) / tau,     trip at theta = 1

so k In is the highest current that is carried for ever, and tau how fast the element heats. Between
two steps the current is constant, for which the equation has the exact solution used here. Breakers
have a magnetic release besides, which trips at once above a multiple of the rating.

- gG, 16 to 63 A: conventional non-fusing current 1.25 In and fusing current 1.6 In, IEC 60269-1
  table 2; the fast curve passes the 10 s gate (table 3: 52 A for In = 25 A), the slow one the 5 s
  gate (110 A for In = 25 A).
- Breakers B, C, D: 1.13 In is carried, 1.45 In trips within the hour, 2.55 In within 60 s (up to
  32 A), IEC 60898-1 table 7; magnetic release between 3 and 5, 5 and 10, 10 and 20 In. The standard
  gives points only: the curve between them is an assumption on the fast side of makers' bands.

The fast edge of the band decides whether the simulated fuse trips, the slow edge is kept beside it.
"""

import math
from dataclasses import dataclass

from evenload.simulate.settings import FuseKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One edge of a fuse's time-current band."""

    carried: float
    """k: the highest multiple of the rating that never trips."""
    time_constant: float
    """tau [s]."""
    magnetic: float | None = None
    """Multiple of the rating that trips at once; None: there is no magnetic release."""


FAST = {
    FuseKind.GG: Curve(carried=1.25, time_constant=22.0),
    FuseKind.B: Curve(carried=1.13, time_constant=20.0, magnetic=3.0),
    FuseKind.C: Curve(carried=1.13, time_constant=20.0, magnetic=5.0),
    FuseKind.D: Curve(carried=1.13, time_constant=20.0, magnetic=10.0),
}
"""The fastest fuse that the standard allows."""

SLOW = {
    FuseKind.GG: Curve(carried=1.6, time_constant=35.0),
    FuseKind.B: Curve(carried=1.45, time_constant=150.0, magnetic=5.0),
    FuseKind.C: Curve(carried=1.45, time_constant=150.0, magnetic=10.0),
    FuseKind.D: Curve(carried=1.45, time_constant=150.0, magnetic=20.0),
}
"""The slowest fuse that the standard allows."""


class ThermalImage:
    """How warm the fuse of one phase is, by one curve, in steps of one second."""

    __slots__ = ("_approach", "_conversion", "_magnetic", "_rated", "hottest", "tripped", "warmth")

    def __init__(self, curve: Curve, rating: float) -> None:
        """Start cold; `rating` in amperes."""
        self._approach = 1.0 - math.exp(-1.0 / curve.time_constant)
        self._conversion = 1.0 / (curve.carried * rating) ** 2
        self._magnetic = math.inf if curve.magnetic is None else curve.magnetic * rating
        self._rated = curve.carried**-2
        self.warmth = 0.0
        """theta, 1: trips."""
        self.hottest = 0.0
        """The highest theta so far."""
        self.tripped = False

    def advance(self, current: float) -> None:
        """Carry `current` [A] for one second."""
        warmth = self.warmth
        warmth += (current * current * self._conversion - warmth) * self._approach
        self.warmth = warmth
        if warmth > self.hottest:
            self.hottest = warmth
            if warmth >= 1.0:
                self.tripped = True
        if current > self._magnetic or -current > self._magnetic:
            self.tripped = True

    @property
    def used(self) -> float:
        """The share of the way from the warmth at rated current to tripping, 0 to 1."""
        return min(1.0, max(0.0, (self.hottest - self._rated) / (1.0 - self._rated)))
