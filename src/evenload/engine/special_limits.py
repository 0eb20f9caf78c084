"""The limits that are not fuses: power, import by phase, unbalance, dimming, active plugs.

Each keeps its own account of what was allocated so far and answers the questions of
`limits.SpecialLimit`.
"""

import math
from collections.abc import Sequence

from evenload.engine.claims import Claim
from evenload.model.allocation import LimitUse


class PowerLimit:
    """At most so much power on some phases: the import of a netted site, or an inverter's output.

    base + sum of draws on these phases <= limit, in watts. Where the base alone exceeds an import
    limit, no raise fits, for on a netted site every raise adds to the import.
    """

    def __init__(
        self, name: str, *, phases: Sequence[int], voltages: Sequence[float],
        base: float, limit: float,
    ) -> None:  # fmt: skip
        """Start with the base [W] alone on `phases`."""
        self.name = name
        self._voltages = {phase: voltages[phase] for phase in phases}
        self._base = base
        self._limit = limit
        self._allocated = 0.0

    @property
    def room(self) -> float:
        """Return what is left [W]."""
        return self._limit - self._base - self._allocated

    def weight(self, claim: Claim) -> float:
        """Return the power of one ampere on each leg on these phases [W]."""
        own = self._voltages
        return sum([own[phase] for phase in claim.wiring.limit_phases if phase in own])

    def headroom(self, claim: Claim) -> float:
        """Return how much higher `claim` may go [A per leg]."""
        weight = self.weight(claim)
        return self.room / weight if weight > 0.0 else math.inf

    def bears(self, claim: Claim) -> bool:
        """Return whether `claim` draws on one of these phases."""
        return any(phase in self._voltages for phase in claim.wiring.limit_phases)

    def take(self, claim: Claim, rise: float) -> None:
        """Count a raise."""
        self._allocated += self.weight(claim) * rise

    def use(self) -> LimitUse:
        """Return how full it is [W]."""
        return LimitUse(base=self._base, allocated=self._allocated, limit=self._limit)


class ImportingPhases:
    """The import limit of a site whose phases are not netted: only phases that import count.

    sum over phases of max(0, base + draws) <= max(limit, the same of the base alone), in watts: a
    raise that an exporting phase covers adds nothing.
    """

    def __init__(
        self, name: str, *, base_powers: Sequence[float], voltages: Sequence[float], limit: float
    ) -> None:
        """Start with the base [W] by phase alone."""
        self.name = name
        self._totals = list(base_powers)
        self._voltages = voltages
        self._base = self._imported()
        self._limit = limit

    def _imported(self) -> float:
        return sum([max(0.0, total) for total in self._totals])

    @property
    def room(self) -> float:
        """Return what is left for loads on phases that import already [W]."""
        return max(0.0, max(self._limit, self._base) - self._imported())

    def weight(self, claim: Claim) -> float:
        """Return the power of one ampere on each leg [W]."""
        return sum([self._voltages[phase] for phase in claim.wiring.limit_phases])

    def headroom(self, claim: Claim) -> float:
        """Return how much higher `claim` may go [A per leg].

        Import grows with the raise along a line that bends where a phase turns from export to
        import: the bends are passed one by one while room is left beyond them.
        """
        voltages = self._voltages
        bends = sorted(
            (max(0.0, -self._totals[phase] / voltages[phase]), voltages[phase])
            for phase in claim.wiring.limit_phases
        )
        rise, slope, room = 0.0, 0.0, self.room
        for bend, voltage in bends:
            if slope * (bend - rise) > room:
                break
            room -= slope * (bend - rise)
            rise, slope = bend, slope + voltage
        return rise + room / slope

    def bears(self, claim: Claim) -> bool:
        """Return True: every load draws on some phase."""
        del claim
        return True

    def take(self, claim: Claim, rise: float) -> None:
        """Count a raise."""
        for phase in claim.wiring.limit_phases:
            self._totals[phase] += self._voltages[phase] * rise

    def use(self) -> LimitUse:
        """Return how full it is [W]."""
        return LimitUse(base=self._base, allocated=self._imported() - self._base, limit=self._limit)


class Unbalance:
    """|total_p - total_q| <= max(limit, what the base has by itself), for one pair of phases.

    Tested against what is allocated so far, so that a raise refused now may fit once the other
    phase has caught up.
    """

    def __init__(
        self, name: str, *, pair: tuple[int, int], bases: tuple[float, float], limit: float
    ) -> None:
        """Start with the bases [A] of the pair alone."""
        self.name = name
        self._pair = pair
        self._lead = bases[0] - bases[1]
        self._base = abs(self._lead)
        self._limit = max(limit, self._base)

    @property
    def room(self) -> float:
        """Return how far the phases may surely still part [A]."""
        return self._limit - abs(self._lead)

    def _sign(self, claim: Claim) -> float:
        phases = claim.wiring.limit_phases
        return float(self._pair[0] in phases) - float(self._pair[1] in phases)

    def weight(self, claim: Claim) -> float:
        """Return how far one ampere parts the phases at most [A]."""
        return abs(self._sign(claim))

    def headroom(self, claim: Claim) -> float:
        """Return how much higher `claim` may go [A per leg]."""
        sign = self._sign(claim)
        return math.inf if sign == 0.0 else self._limit - sign * self._lead

    def bears(self, claim: Claim) -> bool:
        """Return whether `claim` draws on one of the pair alone."""
        return self._sign(claim) != 0.0

    def take(self, claim: Claim, rise: float) -> None:
        """Count a raise."""
        self._lead += self._sign(claim) * rise

    def use(self) -> LimitUse:
        """Return how far apart the phases are [A]."""
        return LimitUse(base=self._base, allocated=abs(self._lead) - self._base, limit=self._limit)


class Dimming:
    """A grid operator's limit on the sum of the loads it names, in watts.

    What surplus covers comes on top, less what the other loads take of it. A raise of another load
    is never refused.
    """

    name = "dimming"

    def __init__(
        self, *, base: float, limit: float, surplus: float, voltages: Sequence[float]
    ) -> None:
        """Start with what named loads take without obeying, and the site's surplus [W]."""
        self._voltages = voltages
        self._base = base
        self._limit = limit
        self._surplus = surplus
        self._named = 0.0
        self._others = 0.0

    @property
    def _allowed(self) -> float:
        return self._limit + max(0.0, self._surplus - self._others)

    @property
    def room(self) -> float:
        """Return what is left, should all of it be taken by named loads [W]."""
        return self._allowed - self._base - self._named

    def weight(self, claim: Claim) -> float:
        """Return the power of one ampere on each leg [W]: of other loads too, for they take sun."""
        return sum([self._voltages[phase] for phase in claim.wiring.limit_phases])

    def headroom(self, claim: Claim) -> float:
        """Return how much higher `claim` may go [A per leg]."""
        return self.room / self.weight(claim) if claim.prepared.is_dimmed else math.inf

    def bears(self, claim: Claim) -> bool:
        """Return whether the operator names the load."""
        return claim.prepared.is_dimmed

    def take(self, claim: Claim, rise: float) -> None:
        """Count a raise."""
        power = self.weight(claim) * rise
        if claim.prepared.is_dimmed:
            self._named += power
        else:
            self._others += power

    def use(self) -> LimitUse:
        """Return how full it is [W]."""
        return LimitUse(base=self._base, allocated=self._named, limit=self._allowed)


class ActivePlugs:
    """At most so many plugs of one charger above 0; a plug that draws unasked takes a place."""

    def __init__(self, name: str, *, busy: int, limit: int) -> None:
        """Start with the plugs that are busy though nothing was allocated to them."""
        self.name = name
        self._busy = busy
        self._limit = limit
        self._active = 0

    @property
    def room(self) -> float:
        """Return how many places are left."""
        return float(self._limit - self._busy - self._active)

    def weight(self, claim: Claim) -> float:
        """Return 0 for a plug that has its place: more current takes no other."""
        return 0.0 if claim.current > 0.0 else math.inf

    def headroom(self, claim: Claim) -> float:
        """Return infinity for a plug that has or may have a place, else 0 [A per leg]."""
        return math.inf if claim.current > 0.0 or self.room >= 1.0 else 0.0

    def bears(self, claim: Claim) -> bool:
        """Return True: only the charger's own plugs ask."""
        del claim
        return True

    def take(self, claim: Claim, rise: float) -> None:
        """Count a plug that comes above 0."""
        if claim.current == 0.0 and rise > 0.0:
            self._active += 1

    def use(self) -> LimitUse:
        """Return how many plugs are active."""
        return LimitUse(
            base=float(self._busy), allocated=float(self._active), limit=float(self._limit)
        )
