"""Why each load has what it has: the first of the design's reasons that holds.

Reasons are read off the final state: what is left of pools and limits when everyone has been served.
Only the balance of phases may have room again by then; for it the last refusal is remembered.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from evenload.engine.ceilings import Ledger
from evenload.engine.claims import Claim, Tier
from evenload.model.allocation import Reason
from evenload.units import TOLERANCE

type Because = tuple[Reason, str | None]


class Explainer:
    """Explains the claims of one finished distribution."""

    def __init__(
        self,
        rows: Mapping[str, int],
        claims: Sequence[Claim],
        ledger: Ledger,
        ended_by: Claim | None,
    ) -> None:
        """Take the fuses' rows by name, all claims in order, and who ended a strict round."""
        self._rows = rows
        self._claims = claims
        self._ledger = ledger
        self._ended_by = ended_by
        self._in_row: dict[int, list[Claim]] | None = None

    def explain(self, claim: Claim) -> Because:
        """Return the reason for what `claim` has, and the load or limit it names."""
        if claim.current >= claim.top - TOLERANCE:
            return Reason.FULL, None
        if claim.current > 0.0:
            return self._why_no_more(claim)
        if not self._ledger.may_run(claim) and not claim.has_free_minimum:
            return self._why_no_pool(claim), None
        return self._why_no_room(claim)

    def _why_no_more(self, claim: Claim) -> Because:
        level = claim.next_level()
        if self._ledger.pool_ceiling(claim) >= level - TOLERANCE:
            limit = self._refusing(claim, level)
            if limit is not None:
                return Reason.LIMITED, limit
        if claim.tier is Tier.ECO and not self._ledger.covers_minimum(claim):
            return Reason.MINIMUM, None
        return Reason.SURPLUS, None

    def _why_no_pool(self, claim: Claim) -> Reason:
        pool = claim.pool
        assert pool is not None  # noqa: S101
        if (
            pool.kept_back > 0.0
            and self._ledger.may_run(claim, extra=pool.kept_back)
            and self._refusing(claim, claim.minimum) is None
        ):
            return Reason.BATTERY_FIRST
        if pool.gate is not None and not self._ledger.is_open(claim, pool.gate):
            return Reason.BELOW_EXCESS_THRESHOLD
        return Reason.WAITING_FOR_SURPLUS

    def _why_no_room(self, claim: Claim) -> Because:
        ended_by = self._ended_by
        if ended_by is not None and ended_by.order < claim.order:
            return Reason.OUTRANKED, ended_by.id
        limit = self._refusing(claim, claim.minimum)
        if limit is None:
            raise AssertionError(claim.id)
        rival = self._rival(claim, limit)
        if rival is None:
            return Reason.DOES_NOT_FIT, limit
        return Reason.OUTRANKED, rival.id

    def _refusing(self, claim: Claim, level: float) -> str | None:
        """Return the limit that keeps `claim` from `level` [A per leg]."""
        refusing = self._ledger.limits.refusing(claim, level - claim.current)
        return claim.refused_by if refusing is None else refusing

    def _rival(self, claim: Claim, limit: str) -> Claim | None:
        """Return the last earlier load with current on `limit`, else the last later one."""
        bearers = self._bearers(limit)
        if not bearers:
            return None
        earlier = bisect_left(bearers, claim.order, key=lambda other: other.order)
        return bearers[earlier - 1]

    def _bearers(self, limit: str) -> Sequence[Claim]:
        """Return in order the loads with current on `limit`."""
        row = self._rows.get(limit)
        if row is not None:
            return self._by_row().get(row, ())
        limits = self._ledger.limits
        return [
            other for other in self._claims if other.current > 0.0 and limits.bears(limit, other)
        ]

    def _by_row(self) -> Mapping[int, Sequence[Claim]]:
        """Return the loads with current on each fuse: asked for often, so gathered once."""
        if self._in_row is None:
            self._in_row = {}
            for other in self._claims:
                if other.current > 0.0:
                    for row in other.wiring.rows:
                        self._in_row.setdefault(row, []).append(other)
        return self._in_row
