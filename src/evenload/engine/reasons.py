"""Why each load has what it has: the first of the design's reasons that holds.

A load is judged when it is settled: at the moment it was last considered, with the others as they
stood then. Only so does the reason say what to change: a load that its circuit kept low is limited
by the circuit, though later loads then took the sun that it could not use. Who else has current on
the limit that keeps a load at 0 is seen when everyone was served.
"""

from bisect import bisect_left
from collections.abc import Sequence

from evenload.engine.ceilings import Ledger
from evenload.engine.claims import Because, Claim, Tier
from evenload.model.allocation import Reason
from evenload.units import TOLERANCE

FULL: Because = (Reason.FULL, None)
"""Why a load that has its maximum has no more."""


def judge(claim: Claim, ledger: Ledger, *, ended_by: Claim | None = None) -> Because:
    """Return the reason for what `claim` has now, and the load or limit it names.

    `ended_by` is the load that ended a strict round before `claim` was considered.
    """
    if claim.current >= claim.top - TOLERANCE:
        return FULL
    if claim.current > 0.0:
        return _why_no_more(claim, ledger)
    if not claim.has_free_minimum and not ledger.may_run(claim):
        return _why_no_pool(claim, ledger), None
    if ended_by is not None:
        return Reason.OUTRANKED, ended_by.id
    claim.refused_by = tuple(ledger.limits.refusals(claim, claim.minimum))
    return Reason.DOES_NOT_FIT, next(iter(claim.refused_by), None)


def _why_no_more(claim: Claim, ledger: Ledger) -> Because:
    level = claim.next_level()
    if ledger.pool_allows(claim, level):
        return Reason.LIMITED, ledger.limits.refusing(claim, level - claim.current)
    if claim.tier is Tier.ECO and not ledger.covers_minimum(claim):
        return Reason.MINIMUM, None
    return Reason.SURPLUS, None


def _why_no_pool(claim: Claim, ledger: Ledger) -> Reason:
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


class Rivals:
    """Who has current on a limit, when everyone was served."""

    def __init__(self, claims: Sequence[Claim], unfitting: Sequence[Claim], ledger: Ledger) -> None:
        """Take all claims, in order, and those that do not fit."""
        self._limits = limits = ledger.limits
        self._behind: dict[int, list[Claim]] = {
            limits.circuit_of(name): [] for claim in unfitting for name in claim.refused_by
        }
        for claim in claims:
            if claim.current > 0.0:
                for circuit in claim.prepared.path:
                    if circuit in self._behind:
                        self._behind[circuit].append(claim)

    def why(self, claim: Claim) -> Because:
        """Return why `claim`, which does not fit, does not.

        Outranked by the last load before it with current on a limit that refused it, else by the
        last after it; but where nobody else is on one of these limits, no load could make room.
        """
        before: list[Claim] = []
        after: list[Claim] = []
        for limit in claim.refused_by:
            running = self._behind[self._limits.circuit_of(limit)]
            place = bisect_left(running, claim.order, key=_order)
            earlier = self._last_on(limit, running[:place])
            later = self._last_on(limit, running[place:])
            if not earlier and not later:
                return Reason.DOES_NOT_FIT, limit
            before += earlier
            after += later
        rival = max(before or after, key=_order, default=None)
        return claim.because if rival is None else (Reason.OUTRANKED, rival.id)

    def _last_on(self, limit: str, running: Sequence[Claim]) -> Sequence[Claim]:
        """Return the last of `running` with current on `limit`, if any, alone."""
        return next(
            ([other] for other in reversed(running) if self._limits.bears(limit, other)), ()
        )


def name_rivals(claims: Sequence[Claim], ledger: Ledger) -> None:
    """Say of each load that does not fit by whom it is outranked, where there is someone."""
    unfitting = [claim for claim in claims if claim.because[0] is Reason.DOES_NOT_FIT]
    if not unfitting:
        return
    rivals = Rivals(claims, unfitting, ledger)
    for claim in unfitting:
        claim.because = rivals.why(claim)


def _order(claim: Claim) -> int:
    return claim.order
