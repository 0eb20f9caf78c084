"""How far loads that rise together may leap at once: see `filling`.

With loads at currents of at least x0, a limit that an ampere of load i fills by w_i surely has room
for all of them to stand one step above the water level t if

    sum w_i (t + step_i - x0) <= room        so        t = x0 + (room - sum w_i step_i) / sum w_i

The lowest such t over all limits and pools is safe for every load.
"""

import math
from collections.abc import Sequence

from evenload.engine.ceilings import Ledger
from evenload.engine.claims import Claim
from evenload.units import TOLERANCE


def leap(claims: Sequence[Claim], ledger: Ledger) -> bool:
    """Raise all `claims`, which are above 0, as far as surely no raise is refused.

    Return whether any was raised.
    """
    rising = [claim for claim in claims if claim.current < claim.top]
    if not rising:
        return False
    lowest = min([claim.current for claim in rising])
    steps = [claim.levels.longest_step * claim.unit for claim in rising]
    rise = min(
        _rise_in_rows(rising, steps, ledger),
        _rise_in_pools(rising, steps, ledger),
        _rise_in_special_limits(rising, steps, ledger),
    )
    leapt = False
    for claim in rising:
        level = claim.reaching(lowest + rise) if rise > 0.0 else claim.current
        if level > claim.current + TOLERANCE:
            ledger.grant(claim, level)
            leapt = True
    return leapt


def _rise_in_rows(rising: Sequence[Claim], steps: Sequence[float], ledger: Ledger) -> float:
    counts: dict[int, int] = {}
    reserves: dict[int, float] = {}
    for claim, step in zip(rising, steps, strict=True):
        for row in claim.wiring.rows:
            counts[row] = counts.get(row, 0) + 1
            reserves[row] = reserves.get(row, 0.0) + step
    rooms = ledger.limits.rooms
    return min([(rooms[row] - reserves[row]) / count for row, count in counts.items()])


def _rise_in_pools(rising: Sequence[Claim], steps: Sequence[float], ledger: Ledger) -> float:
    rise = math.inf
    for account, granted in enumerate(ledger.granted):
        slope, reserve, least = 0.0, 0.0, math.inf
        for claim, step in zip(rising, steps, strict=True):
            for own, watts in claim.shares:
                if own != account:
                    continue
                slope += watts
                reserve += watts * step
                if claim.pool is not None:
                    least = min(least, claim.pool.more[account])
        if least < math.inf:
            rise = min(rise, (least - granted - reserve) / slope)
    return rise


def _rise_in_special_limits(
    rising: Sequence[Claim], steps: Sequence[float], ledger: Ledger
) -> float:
    rise = math.inf
    for limit in ledger.limits.special:
        weights = [limit.weight(claim) for claim in rising]
        slope = sum(weights)
        reserve = sum([weight * step for weight, step in zip(weights, steps, strict=True)])
        if slope > 0.0 and any(limit.bears(claim) for claim in rising):
            rise = min(rise, (limit.room - reserve) / slope)
    return rise
