"""Why each load has what it has: the first of the design's reasons that holds.

A load is judged when it is settled: at the moment it was last considered, with the others as they
stood then. Only so does the reason say what to change: a load that its circuit kept low is limited
by the circuit, though later loads then took the sun that it could not use.
"""

from bisect import bisect_left, insort
from collections.abc import Sequence

from evenload.engine.ceilings import Ledger
from evenload.engine.claims import Because, Claim, Tier
from evenload.model.allocation import Reason
from evenload.units import TOLERANCE


class Explainer:
    """Explains claims as the distribution settles them."""

    def __init__(self, ledger: Ledger) -> None:
        """Explain what `ledger` grants."""
        self._ledger = ledger
        self._started: dict[int, list[Claim]] = {}
        self._known = 0

    def explain(self, claim: Claim, *, ended_by: Claim | None = None) -> Because:
        """Return the reason for what `claim` has now, and the load or limit it names.

        `ended_by` is the load that ended a strict round before `claim` was considered.
        """
        if claim.current >= claim.top - TOLERANCE:
            return Reason.FULL, None
        if claim.current > 0.0:
            return self._why_no_more(claim)
        if not claim.has_free_minimum and not self._ledger.may_run(claim):
            return self._why_no_pool(claim), None
        if ended_by is not None:
            return Reason.OUTRANKED, ended_by.id
        return self._why_no_room(claim)

    def _why_no_more(self, claim: Claim) -> Because:
        level = claim.next_level()
        if self._ledger.pool_ceiling(claim) >= level - TOLERANCE:
            return Reason.LIMITED, self._ledger.limits.refusing(claim, level - claim.current)
        if claim.tier is Tier.ECO and not self._ledger.covers_minimum(claim):
            return Reason.MINIMUM, None
        return Reason.SURPLUS, None

    def _why_no_pool(self, claim: Claim) -> Reason:
        ledger = self._ledger
        kept_back = 0.0 if claim.pool is None else claim.pool.kept_back
        if (
            kept_back > 0.0
            and ledger.may_run(claim, extra=kept_back)
            and ledger.limits.refusing(claim, claim.minimum) is None
        ):
            return Reason.BATTERY_FIRST
        if not ledger.is_open(claim):
            return Reason.BELOW_EXCESS_THRESHOLD
        return Reason.WAITING_FOR_SURPLUS

    def _why_no_room(self, claim: Claim) -> Because:
        limit = self._ledger.limits.refusing(claim, claim.minimum)
        rival = None if limit is None else self._rival(claim, limit)
        if rival is None:
            return Reason.DOES_NOT_FIT, limit
        return Reason.OUTRANKED, rival.id

    def _rival(self, claim: Claim, limit: str) -> Claim | None:
        """Return the last earlier load with current on `limit`, else the last later one."""
        limits = self._ledger.limits
        running = self._running_behind(limits.circuit_of(limit))
        place = bisect_left(running, claim.order, key=_order)
        for others in (running[:place], running[place:]):
            for other in reversed(others):
                if limits.bears(limit, other):
                    return other
        return None

    def _running_behind(self, circuit: int) -> Sequence[Claim]:
        """Return in order the loads behind `circuit` that have current; brought up to date here."""
        for claim in self._ledger.started[self._known :]:
            for passed in claim.prepared.path:
                insort(self._started.setdefault(passed, []), claim, key=_order)
        self._known = len(self._ledger.started)
        return self._started.get(circuit, ())


def _order(claim: Claim) -> int:
    return claim.order
