"""How high a load may go now: the room of its limits, and what is left of its pool.

What is left of a pool for a load is the pool less everything granted to any other load so far,
whatever its mode; it may be below 0.
"""

import math
from collections.abc import Sequence

from evenload.engine.claims import Claim
from evenload.engine.limits import Limits
from evenload.units import TOLERANCE


class Ledger:
    """What was granted so far, against the limits and the pools."""

    def __init__(self, limits: Limits, accounts: int) -> None:
        """Start with nothing granted on any of the pools' accounts."""
        self.limits = limits
        self._granted = [0.0] * accounts
        self._rooms = limits.rooms
        self._are_all_fuses = limits.are_all_fuses

    @property
    def granted(self) -> Sequence[float]:
        """Return the power granted on each account of the pools [W]."""
        return self._granted

    def grant(self, claim: Claim, current: float) -> None:
        """Raise `claim` to `current` [A per leg]."""
        rise = current - claim.current
        rooms, granted = self._rooms, self._granted
        for row in claim.rows:
            rooms[row] -= rise
        if not self._are_all_fuses:
            self.limits.take(claim, rise)
        for account, watts in claim.shares:
            granted[account] += watts * rise
        claim.current = current

    def pool_ceiling(self, claim: Claim) -> float:
        """Return the current [A per leg] up to which the pool of `claim` carries it.

        0 where it may not run, its minimum where its minimum is all it may have, infinity where
        any source will do.
        """
        if claim.pool is None:
            return math.inf
        if not claim.has_free_minimum and not self.may_run(claim):
            return 0.0
        return max(claim.minimum, self._carried(claim, claim.pool.more))

    def may_run(self, claim: Claim, *, extra: float = 0.0) -> bool:
        """Return whether the pool carries the share of its minimum that `claim` must have covered.

        `extra` [W] is added to each account: what there would be under another condition.
        """
        if claim.pool is None:
            return True
        carried = self._carried(claim, claim.pool.run, extra)
        if carried < claim.cover * claim.minimum - TOLERANCE:
            return False
        return self.is_open(claim, extra=extra)

    def is_open(self, claim: Claim, *, extra: float = 0.0) -> bool:
        """Return whether the gate of the pool of `claim`, where it has one, lets anything run."""
        if claim.pool is None or claim.pool.gate is None:
            return True
        return self._carried(claim, claim.pool.gate, extra) > TOLERANCE

    def covers_minimum(self, claim: Claim) -> bool:
        """Return whether the pool of `claim` carries its whole minimum."""
        if claim.pool is None:
            return True
        return self._carried(claim, claim.pool.run) >= claim.minimum - TOLERANCE

    def _carried(self, claim: Claim, power: Sequence[float], extra: float = 0.0) -> float:
        """Return the current [A per leg] that what is left of `power` [W] by account carries."""
        granted = self._granted
        if len(claim.shares) == 1:
            account, watts = claim.shares[0]
            return claim.current + (power[account] + extra - granted[account]) / watts
        return claim.current + min(
            [(power[account] + extra - granted[account]) / watts for account, watts in claim.shares]
        )

    def pool_level(self, claim: Claim) -> float:
        """Return the highest level that mode and pool allow, whatever the limits [A per leg]."""
        return claim.highest(self.pool_ceiling(claim))

    def highest_level(self, claim: Claim) -> float:
        """Return the highest level that fits now [A per leg]."""
        headroom = self.limits.headroom(claim)
        return claim.highest(min(claim.current + headroom, self.pool_ceiling(claim)))

    def pool_allows(self, claim: Claim, level: float) -> bool:
        """Return whether mode and pool of `claim` allow a level [A per leg] above 0.

        What carries more than the minimum carries the minimum too, and opens the gate, for no pool
        has less to run on than for more.
        """
        least = level - TOLERANCE
        is_minimum = claim.minimum >= least
        if claim.pool is None or (is_minimum and claim.has_free_minimum):
            return True
        if self._carried(claim, claim.pool.more) >= least:
            return True
        return is_minimum and self.may_run(claim)

    def fits(self, claim: Claim, level: float) -> bool:
        """Return whether `claim` may have a level [A per leg] above what it has."""
        rise = level - claim.current - TOLERANCE
        if min(claim.rooms(self._rooms)) < rise:
            return False
        if not self._are_all_fuses and self.limits.headroom(claim) < rise:
            return False
        return claim.pool is None or self.pool_allows(claim, level)
