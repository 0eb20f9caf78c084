"""Which of the loads that rise together crowd a limit on the way up, and how far they surely get.

If all of them go to a height and a limit still has room, it refuses none of them, in whatever order
they rise. So only the loads on limits and pools that lack such room need be watched; raising the
others first takes nothing from those, for they meet on limits with room for all.

The watched ones, too, may rise at once while no limit can be full. A
load goes to its lowest level that is not below the water, so to at most one step above it. Hence,
with the water at t, loads with currents x, steps s and weights w take between sum(w (t - x)) and
sum(w (t + s - x)) of the limit's room. As long as the latter is not all of it, nobody is refused; when
the former is all of it and a step of each more, somebody was. If their steps are alike, it then
refuses all of the same weight at about that height, so that little is left to do.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
    """Return a height [A per leg] up to which the crowd's limits refuse none of them.

    And one by which a limit has refused one, should none have its top before. All of the crowd run.
    """
    water = min([claim.current for claim in crowd.watched])
    clear = full = math.inf
    for room, takers in _limits_of(crowd):
        weights = reached = overshoot = 0.0
        for current, step, weight in takers:
            weights += weight
            reached += weight * (current + step)
            overshoot += weight * max(0.0, water + step - current)
        if weights > 0.0:
            clear = min(clear, water + (room - overshoot) / weights)
            full = min(full, (room + reached) / weights)
    return clear, full


def _limits_of(crowd: Crowd) -> Iterator[tuple[float, Sequence[tuple[float, float, float]]]]:
    """Yield the room of each crowded limit, and each load's current, step and weight there."""
    loads = [(claim, claim.current, claim.longest_step) for claim in crowd.watched]
    for row, room in crowd.rows.items():
        yield (
            room,
            [(current, step, 1.0) for claim, current, step in loads if row in claim.wiring.rows],
        )
    for account, power in crowd.accounts.items():
        yield (
            power,
            [
                (current, step, watts)
                for claim, current, step in loads
                for own, watts in claim.shares
                if own == account
            ],
        )
    for limit in crowd.special:
        yield limit.room, [(current, step, limit.weight(claim)) for claim, current, step in loads]
