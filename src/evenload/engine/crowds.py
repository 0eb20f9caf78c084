"""Which of the loads that rise together crowd a limit on the way up.

If all of them go to a height and a limit still has room, it refuses none of them, in whatever order
they rise. So only the loads on limits and pools that lack such room need be watched; raising the
others first takes nothing from those, for they meet on limits with room for all.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from evenload.engine.ceilings import Ledger
from evenload.engine.claims import Claim
from evenload.engine.limits import SpecialLimit
from evenload.units import TOLERANCE

type _Rises = Sequence[tuple[Claim, float]]
"""Loads, and by how much each is to go up [A per leg]."""


def crowding(
    claims: Sequence[Claim], waiting: Sequence[Claim], ledger: Ledger, end: float
) -> AbstractSet[int]:
    """Return the orders of those claims that may be refused on their way to `end` [A per leg].

    All `claims` are below their top. The later plugs of sequential chargers, `waiting`, count as if
    they rose with them; a plug they wait for is watched until it is settled. So is a load at 0: to
    start has conditions of its own.
    """
    rises = [
        (claim, claim.reaching(end) - claim.current)
        for claim in (*claims, *waiting)
        if claim.current < end
    ]
    rows = _crowded_rows(rises, ledger)
    accounts = _crowded_accounts(rises, ledger)
    special = [limit for limit in ledger.limits.special if _is_crowded(limit, rises)]
    awaited = {claim.prepared.charger for claim in waiting}
    return {
        claim.order
        for claim, _ in rises
        if claim.current == 0.0
        or (rows and not rows.isdisjoint(claim.wiring.rows))
        or (accounts and any(account in accounts for account, _ in claim.shares))
        or (awaited and claim.prepared.charger in awaited)
        or (special and any(limit.weight(claim) > 0.0 for limit in special))
    }


def _crowded_rows(rises: _Rises, ledger: Ledger) -> AbstractSet[int]:
    """Return the fuses' rows that lack room for all."""
    demand: dict[int, float] = {}
    for claim, rise in rises:
        for row in claim.wiring.rows:
            demand[row] = demand.get(row, 0.0) + rise
    rooms = ledger.limits.rooms
    return {row for row, needed in demand.items() if needed > rooms[row] + TOLERANCE / 2.0}


def _crowded_accounts(rises: _Rises, ledger: Ledger) -> AbstractSet[int]:
    """Return the accounts of the pools that lack power for all, as the poorest pool has it."""
    pools = {id(claim.pool): claim.pool for claim, _ in rises if claim.pool is not None}
    if not pools:
        return frozenset()
    demand: dict[int, float] = {}
    for claim, rise in rises:
        for account, watts in claim.shares:
            demand[account] = demand.get(account, 0.0) + watts * rise
    granted = ledger.granted
    return {
        account
        for account, needed in demand.items()
        if any(needed > pool.more[account] - granted[account] for pool in pools.values())
    }


def _is_crowded(limit: SpecialLimit, rises: _Rises) -> bool:
    """Return whether a limit lacks room for all, whoever takes it."""
    return sum([limit.weight(claim) * rise for claim, rise in rises]) > limit.room
