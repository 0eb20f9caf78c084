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
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from evenload.engine.ceilings import Ledger
from evenload.engine.claims import Claim
from evenload.engine.limits import SpecialLimit
from evenload.engine.pools import Pool
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
    limits = ledger.limits
    rises = [
        (claim, (claim.top if claim.top <= end else claim.reaching(end)) - claim.current)
        for claim in (*claims, *waiting)
        if claim.current < end
    ]
    rows, accounts = _crowded(rises, ledger)
    special = [limit for limit in limits.special if _is_crowded(limit, rises)]
    is_steady = not waiting and min([claim.current for claim in claims]) > 0.0
    if is_steady and not (rows or accounts or special):
        return Crowd((), claims, rows, accounts, special, is_steady)
    awaited = {claim.prepared.charger for claim in waiting}
    crowded_rows = rows.keys()
    is_crowded_for_all = len(accounts) == len(ledger.granted)
    watched: list[Claim] = []
    rest: list[Claim] = []
    for claim in claims:
        is_watched = claim.current < end and (
            is_crowded_for_all
            or claim.current == 0.0
            or not crowded_rows.isdisjoint(claim.rows)
            or (accounts and any(account in accounts for account, _ in claim.shares))
            or (awaited and claim.prepared.charger in awaited)
            or (special and any(limit.weight(claim) > 0.0 for limit in special))
        )
        (watched if is_watched else rest).append(claim)
    return Crowd(watched, rest, rows, accounts, special, is_steady)


def _crowded(rises: _Rises, ledger: Ledger) -> tuple[Mapping[int, float], Mapping[int, float]]:
    """Return the fuses' rows and the accounts of the pools that lack room for all, and the room.

    Of an account that is what the poorest pool leaves there.
    """
    rooms, granted = ledger.limits.rooms, ledger.granted
    left = [*rooms]
    needed = [0.0] * len(granted)
    poorest: Sequence[float] | None = None
    pool: Pool | None = None
    for claim, rise in rises:
        for row in claim.rows:
            left[row] -= rise
        for account, watts in claim.shares:
            needed[account] += watts * rise
        if claim.pool is not pool and claim.pool is not None:
            pool = claim.pool
            more = pool.more
            poorest = more if poorest is None else [*map(min, poorest, more, strict=True)]
    rows: dict[int, float] = {}
    if min(left) < -TOLERANCE / 2.0:
        rows = {
            row: rooms[row]
            for row, room in enumerate(left)
            if room < -TOLERANCE / 2.0 and room < rooms[row]
        }
    if poorest is None:
        return rows, {}
    return rows, {
        account: poorest[account] - granted[account]
        for account, power in enumerate(needed)
        if 0.0 < power > poorest[account] - granted[account]
    }


def _is_crowded(limit: SpecialLimit, rises: _Rises) -> bool:
    """Return whether a limit lacks room for all, whoever takes it."""
    demand = sum([limit.weight(claim) * rise for claim, rise in rises])
    return demand > 0.0 and demand > limit.room


def heights_about_full(crowd: Crowd) -> tuple[float, float]:
    """Return a height [A per leg] up to which the crowd's limits refuse none of them.

    And one by which a limit has refused one, should none have its top before. All of the crowd run.
    """
    watched = crowd.watched
    limits = _limits_of(crowd)
    level = math.inf
    for room, takers in limits:
        weights = drawn = 0.0
        for place, weight in takers:
            weights += weight
            drawn += weight * watched[place].current
        if weights > 0.0:
            level = min(level, (room + drawn) / weights)
    if level == math.inf:
        return math.inf, math.inf
    longest = max([claim.longest_step for claim in watched])
    best = max([claim.highest(level) for claim in watched if claim.longest_step == longest])
    rises = [
        claim.reaching(best) - claim.current if claim.current < best else 0.0 for claim in watched
    ]
    for room, takers in limits:
        if sum([weight * rises[place] for place, weight in takers]) > room:
            water = min([claim.current for claim in watched])
            return _surely_clear(crowd, limits, water), level + longest
    return best, level + longest


def _surely_clear(crowd: Crowd, limits: Sequence[tuple[float, _Takers]], water: float) -> float:
    """Return a height [A per leg] that the limits surely carry, with the water standing lower."""
    most = [max(0.0, water + claim.longest_step - claim.current) for claim in crowd.watched]
    clear = math.inf
    for room, takers in limits:
        weights = overshoot = 0.0
        for place, weight in takers:
            weights += weight
            overshoot += weight * most[place]
        if weights > 0.0:
            clear = min(clear, water + (room - overshoot) / weights)
    return clear


type _Takers = Sequence[tuple[int, float]]
"""Places of loads in a crowd, and what an ampere more on each leg of theirs takes of a limit."""


def _limits_of(crowd: Crowd) -> Sequence[tuple[float, _Takers]]:
    """Return the room of each crowded limit, and who takes it."""
    watched = crowd.watched
    on_row: dict[int, list[tuple[int, float]]] = {row: [] for row in crowd.rows}
    on_account: dict[int, list[tuple[int, float]]] = {account: [] for account in crowd.accounts}
    for place, claim in enumerate(watched):
        for row in claim.rows:
            if row in on_row:
                on_row[row].append((place, 1.0))
        for account, watts in claim.shares:
            if account in on_account:
                on_account[account].append((place, watts))
    return [
        *[(crowd.rows[row], takers) for row, takers in on_row.items()],
        *[(crowd.accounts[account], takers) for account, takers in on_account.items()],
        *[
            (limit.room, [(place, limit.weight(claim)) for place, claim in enumerate(watched)])
            for limit in crowd.special
        ],
    ]
