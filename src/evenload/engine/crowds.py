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
from collections.abc import Iterator, Mapping, Sequence
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
    rooms = ledger.limits.rooms
    left = [*rooms]
    for claim, rise in rises:
        for row in claim.wiring.rows:
            left[row] -= rise
    if min(left) >= -TOLERANCE / 2.0:
        return {}
    return {
        row: rooms[row]
        for row, room in enumerate(left)
        if room < -TOLERANCE / 2.0 and room < rooms[row]
    }


def _crowded_accounts(rises: _Rises, ledger: Ledger) -> Mapping[int, float]:
    """Return the accounts of the pools that lack power for all, as the poorest pool has it."""
    granted = ledger.granted
    left = [math.inf] * len(granted)
    pool: Pool | None = None
    for claim, _ in rises:
        if claim.pool is not None and claim.pool is not pool:
            pool = claim.pool
            left = [min(pair) for pair in zip(left, pool.more, strict=True)]
    if pool is None:
        return {}
    needed = [0.0] * len(granted)
    for claim, rise in rises:
        for account, watts in claim.shares:
            needed[account] += watts * rise
    return {
        account: left[account] - granted[account]
        for account, power in enumerate(needed)
        if power > 0.0 and power > left[account] - granted[account]
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
    limits = [*_limits_of(crowd)]
    level = math.inf
    for room, takers in limits:
        weights = drawn = 0.0
        for claim, weight in takers:
            weights += weight
            drawn += weight * claim.current
        if weights > 0.0:
            level = min(level, (room + drawn) / weights)
    if level == math.inf:
        return math.inf, math.inf
    longest = max([claim.longest_step for claim in watched])
    best = max([claim.highest(level) for claim in watched if claim.longest_step == longest])
    for room, takers in limits:
        if not _carries(room, takers, best):
            return _surely_clear(limits, min([claim.current for claim in watched])), level + longest
    return best, level + longest


def _surely_clear(limits: Sequence[tuple[float, _Takers]], water: float) -> float:
    """Return a height [A per leg] that the limits surely carry, with the water standing lower."""
    clear = math.inf
    for room, takers in limits:
        weights = overshoot = 0.0
        for claim, weight in takers:
            weights += weight
            overshoot += weight * max(0.0, water + claim.longest_step - claim.current)
        if weights > 0.0:
            clear = min(clear, water + (room - overshoot) / weights)
    return clear


type _Takers = Sequence[tuple[Claim, float]]
"""Loads, and what an ampere more on each leg takes of a limit."""


def _carries(room: float, takers: _Takers, height: float) -> bool:
    """Return whether `room` is enough for all to go to `height` [A per leg]."""
    demand = sum(
        [
            weight * (claim.reaching(height) - claim.current)
            for claim, weight in takers
            if claim.current < height
        ]
    )
    return demand <= room


def _limits_of(crowd: Crowd) -> Iterator[tuple[float, _Takers]]:
    """Yield the room of each crowded limit, and who takes it."""
    watched = crowd.watched
    for row, room in crowd.rows.items():
        yield room, [(claim, 1.0) for claim in watched if row in claim.wiring.rows]
    for account, power in crowd.accounts.items():
        shares = [(claim, share) for claim in watched for share in claim.shares]
        yield power, [(claim, watts) for claim, (own, watts) in shares if own == account]
    for limit in crowd.special:
        yield limit.room, [(claim, limit.weight(claim)) for claim in watched]
