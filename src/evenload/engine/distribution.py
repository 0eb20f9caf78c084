"""Who is served when: the four distributions.

Loads come in order of tier, priority number and position in the file.

- priority: standard and eco minimums in order, for the grid backs them; then standard is filled, then
  eco; then the solar tier, minimums first, and the excess tier alike. Equal numbers fill together.
- shared: the same, but a whole tier fills together.
- optimized: in order, each to its highest possible level at once; equal numbers get their minimums
  in order and then fill together.
- strict: in order, each to its highest possible level, until a limit keeps one below what its mode
  and ceiling allow: that load ends the round.

A later plug of a sequential charger is passed over until its earlier plugs have their final
allocation. A switch in eco has nothing to adjust: it is decided when its group is filled.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from evenload.engine.ceilings import Ledger
from evenload.engine.claims import Claim, Tier
from evenload.engine.filling import fill_together, raise_to_highest
from evenload.model.site import Distribution
from evenload.units import TOLERANCE


def distribute(distribution: Distribution, claims: Sequence[Claim], ledger: Ledger) -> Claim | None:
    """Grant every claim, which are in order, its current; return who ended a strict round."""
    if distribution is Distribution.STRICT:
        return _serve_strictly(claims, ledger)
    if distribution is Distribution.OPTIMIZED:
        for group in _groups_of(claims):
            reserve_minimums(group, ledger)
            _fill(group, ledger)
        return None
    _serve_by_tier(claims, ledger, whole_tiers=distribution is Distribution.SHARED)
    return None


def _serve_by_tier(claims: Sequence[Claim], ledger: Ledger, *, whole_tiers: bool) -> None:
    backed = [claim for claim in claims if claim.tier <= Tier.ECO]
    reserve_minimums(backed, ledger)
    _fill_tiers(backed, ledger, whole_tiers=whole_tiers)
    for tier in (Tier.SOLAR, Tier.EXCESS):
        served = [claim for claim in claims if claim.tier == tier]
        reserve_minimums(served, ledger)
        _fill_tiers(served, ledger, whole_tiers=whole_tiers)


def _fill_tiers(claims: Sequence[Claim], ledger: Ledger, *, whole_tiers: bool) -> None:
    for group in _tiers_of(claims) if whole_tiers else _groups_of(claims):
        _fill(group, ledger)


def _tiers_of(claims: Iterable[Claim]) -> Iterable[Sequence[Claim]]:
    return [list(group) for _, group in groupby(claims, lambda claim: claim.tier)]


def _groups_of(claims: Iterable[Claim]) -> Iterable[Sequence[Claim]]:
    by_number = groupby(claims, lambda claim: (claim.tier, claim.prepared.load.priority))
    return [list(group) for _, group in by_number]


def reserve_minimums(claims: Iterable[Claim], ledger: Ledger) -> None:
    """Grant in order each minimum that fits; one that does not is passed over."""
    for claim in claims:
        if claim.is_eco_switch or not claim.is_ready:
            continue
        if ledger.fits(claim, claim.minimum):
            ledger.grant(claim, claim.minimum)


def _fill(group: Sequence[Claim], ledger: Ledger) -> None:
    if len(group) == 1:
        raise_to_highest(group[0], ledger)
    else:
        fill_together(group, ledger)


def _serve_strictly(claims: Iterable[Claim], ledger: Ledger) -> Claim | None:
    for claim in claims:
        raise_to_highest(claim, ledger)
        if claim.current < ledger.pool_level(claim) - TOLERANCE:
            return claim
    return None
