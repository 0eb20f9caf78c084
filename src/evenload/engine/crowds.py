"""Which of the loads that rise together crowd a limit on the way up, and how far they surely get.

If all of them go to a height and a limit still has room, it refuses none of them, in whatever order
they rise. So only the loads on limits and pools that lack such room need be watched; raising the
others first takes nothing from those, for they meet on limits with room for all.

Where they crowd one limit alone, the watched ones, too, may rise at once while it cannot be full. A
load goes to its lowest level that is not below the water, so to at most one step above it. Hence,
with the water at t, loads with currents x, steps s and weights w take between sum(w (t - x)) and
sum(w (t + s - x)) of the limit's room. As long as the latter is not all of it, nobody is refused; when
the former is all of it and a step of each more, somebody was. If their steps are alike, it then
refuses all of the same weight at about that height, so that little is left to do.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from evenload.engine.ceilings import Ledger
from evenload.engine.claims import Claim
from evenload.engine.limits import SpecialLimit
from evenload.units import TOLERANCE

type _Rises = Sequence[tuple[Claim, float]]
"""Loads, and by how much each is to go up [A per leg]."""


class Crowd(NamedTuple):
    """The loads to be watched on the way up, and the limits and pools that lack room for them."""

    watched: Sequence[Claim]
    rest: Sequence[Claim]
    """The loads that nothing can refuse."""
    rows: Mapping[int, float]
    """Fuses' rows, and the room of each [A]."""
    accounts: Mapping[int, float]
    """Accounts of the pools, and what the poorest pool leaves there [W]."""
    special: Sequence[SpecialLimit]
    is_steady: bool
    """Whether all loads run already, and none waits to join them."""

    @property
    def is_even(self) -> bool:
        """Return whether a single limit lacks room, and all steps of a steady crowd are alike."""
        limits = len(self.rows) + len(self.accounts) + len(self.special)
        if limits != 1 or not self.is_steady:
            return False
        return len({claim.longest_step for claim in self.watched}) == 1


def crowding(
    claims: Sequence[Claim], waiting: Sequence[Claim], ledger: Ledger, end: float
) -> Crowd:
    """Return which of `claims` may be refused on their way to `end` [A per leg], and by what.

    All `claims` are below their top. The later plugs of sequential chargers, `waiting`, count as if
    they rose with them; a plug they wait for is watched until it is settled. So is a load at 0: to
    start has conditions of its own.
    """
    together = [*claims, *waiting] if waiting else claims
    rises = [
        (claim, claim.reaching(end) - claim.current) for claim in together if claim.current < end
    ]
    rows = _crowded_rows(rises, ledger)
    accounts = _crowded_accounts(rises, ledger)
    special = [limit for limit in ledger.limits.special if _is_crowded(limit, rises)]
    is_steady = not waiting and 0.0 not in [claim.current for claim in claims]
    if is_steady and not (rows or accounts or special):
        return Crowd((), claims, rows, accounts, special, is_steady)
    awaited = {claim.prepared.charger for claim in waiting}
    watched: list[Claim] = []
    rest: list[Claim] = []
    for claim in claims:
        is_watched = claim.current < end and (
            claim.current == 0.0
            or (rows and not rows.keys().isdisjoint(claim.wiring.rows))
            or (accounts and any(account in accounts for account, _ in claim.shares))
            or (awaited and claim.prepared.charger in awaited)
            or (special and any(limit.weight(claim) > 0.0 for limit in special))
        )
        (watched if is_watched else rest).append(claim)
    return Crowd(watched, rest, rows, accounts, special, is_steady)


def _crowded_rows(rises: _Rises, ledger: Ledger) -> Mapping[int, float]:
    """Return the fuses' rows that lack room for all."""
    demand: defaultdict[int, float] = defaultdict(float)
    for claim, rise in rises:
        for row in claim.wiring.rows:
            demand[row] += rise
    rooms = ledger.limits.rooms
    return {
        row: rooms[row] for row, needed in demand.items() if needed > rooms[row] + TOLERANCE / 2.0
    }


def _crowded_accounts(rises: _Rises, ledger: Ledger) -> Mapping[int, float]:
    """Return the accounts of the pools that lack power for all, as the poorest pool has it."""
    pools = {id(claim.pool): claim.pool for claim, _ in rises if claim.pool is not None}
    if not pools:
        return {}
    demand: defaultdict[int, float] = defaultdict(float)
    for claim, rise in rises:
        for account, watts in claim.shares:
            demand[account] += watts * rise
    granted = ledger.granted
    left = {
        account: min([pool.more[account] for pool in pools.values()]) - granted[account]
        for account in demand
    }
    return {account: power for account, power in left.items() if demand[account] > power}


def _is_crowded(limit: SpecialLimit, rises: _Rises) -> bool:
    """Return whether a limit lacks room for all, whoever takes it."""
    demand = sum([limit.weight(claim) * rise for claim, rise in rises])
    return demand > 0.0 and demand > limit.room


def heights_about_full(crowd: Crowd) -> tuple[float, float]:
    """Return a height [A per leg] up to which the crowd's only limit refuses none of them.

    And one by which it has refused one, should none be full before. The crowd must be even.
    """
    room, takers = _only_limit(crowd)
    water = min([claim.current for claim in crowd.watched])
    weights = least = most = 0.0
    for claim, weight in takers:
        current, step = claim.current, claim.longest_step
        weights += weight
        least -= weight * (current + step)
        most += weight * max(0.0, water + step - current)
    return water + (room - most) / weights, (room - least) / weights


def _only_limit(crowd: Crowd) -> tuple[float, Sequence[tuple[Claim, float]]]:
    """Return the room of the only crowded limit, and what one ampere of each load takes of it."""
    for room in crowd.rows.values():
        return room, [(claim, 1.0) for claim in crowd.watched]
    for account, power in crowd.accounts.items():
        shares = [(claim, share) for claim in crowd.watched for share in claim.shares]
        return power, [(claim, watts) for claim, (own, watts) in shares if own == account]
    limit = crowd.special[0]
    return limit.room, [(claim, limit.weight(claim)) for claim in crowd.watched]
