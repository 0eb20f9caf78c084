"""How warm a main fuse gets: its thermal image, and what follows from it.

The warmth theta of a phase is driven by the magnitude of its current I against the rating In,

    d(theta)/dt = ((I / (k In))^2 - theta) / tau,     the fuse opens at theta = 1,

so that k In is the highest current that is carried for ever. While the current stands still at I,

    theta(t) = x + (theta(0) - x) exp(-t / tau)     with x = (I / (k In))^2.

- gG, 16 to 63 A: k = 1.25, the conventional non-fusing current of IEC 60269-1 table 2; tau = 22 s is
  the fastest that passes the 10 s gate of table 3 (25 A: 52 A must not melt it within 10 s).
- B, C, D: k = 1.13, the conventional non-tripping current of IEC 60898-1 table 7. The standard gives
  points and no curve between them; tau = 20 s stands on the fast side of makers' bands and is an
  assumption.

*Used* is how far a phase has come from the warmth at its rated current to opening, 0 to 1.
"""

import math
from dataclasses import dataclass

from evenload.model.control import FuseKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The fast edge of a kind of fuse."""

    carried: float
    """k: the highest multiple of the rating that never opens it."""
    time_constant: float
    """tau [s]."""

    @property
    def rated_warmth(self) -> float:
        """Return theta at rated current, when everything has settled."""
        return self.carried**-2

    @property
    def half_warmth(self) -> float:
        """Return theta at which half of the curve is used."""
        return (1.0 + self.rated_warmth) / 2.0

    def settled(self, current: float, rating: float) -> float:
        """Return the theta that `current` [A] leads to, if it stays."""
        return (current / (self.carried * rating)) ** 2

    def after(self, warmth: float, current: float, rating: float, duration: float) -> float:
        """Return theta after `current` [A] has flowed for `duration` [s]."""
        settled = self.settled(current, rating)
        return settled + (warmth - settled) * math.exp(-duration / self.time_constant)

    def time_to_open(self, warmth: float, current: float, rating: float) -> float:
        """Return how long `current` [A] may still flow until the fuse opens [s]; infinite: for ever."""
        settled = self.settled(current, rating)
        if warmth >= 1.0:
            return 0.0
        if settled <= 1.0:
            return math.inf
        return self.time_constant * math.log((settled - warmth) / (settled - 1.0))

    def used(self, warmth: float) -> float:
        """Return the share of the way from rated warmth to opening, 0 to 1."""
        rated = self.rated_warmth
        return min(1.0, max(0.0, (warmth - rated) / (1.0 - rated)))

    def bearable(self, rating: float, step: float, duration: float, share: float = 0.5) -> float:
        """Return the settled current on top of which a step uses `share` of the curve in `duration` [s].

        `step` [A] comes on top of the current L that has long flowed. With a = 1 - exp(-duration/tau)
        and H the warmth at that share,

            (1 - a) L^2 + a (L + step)^2 = H (k In)^2,

        solved for L [A]. The result may be above the rating (then a step is borne at full load) and
        below 0 (then no load bears it).
        """
        grown = 1.0 - math.exp(-duration / self.time_constant)
        warmth = self.rated_warmth + share * (1.0 - self.rated_warmth)
        most = warmth * (self.carried * rating) ** 2
        under_root = most - grown * (1.0 - grown) * step**2
        return math.sqrt(max(0.0, under_root)) - grown * step


GG = Curve(carried=1.25, time_constant=22.0)
BREAKER = Curve(carried=1.13, time_constant=20.0)

CURVES = {FuseKind.GG: GG, FuseKind.B: BREAKER, FuseKind.C: BREAKER, FuseKind.D: BREAKER}
"""The kinds of main fuse whose curve is known."""
