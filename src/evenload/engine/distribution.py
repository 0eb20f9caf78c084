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

from collections.abc import Callable, Sequence

from evenload.engine.ceilings import Ledger
from evenload.engine.claims import Claim, Tier
from evenload.engine.filling import fill_together, raise_to_highest
from evenload.engine.reasons import judge
from evenload.model.site import Distribution
from evenload.units import TOLERANCE


def distribute(distribution: Distribution, claims: Sequence[Claim], ledger: Ledger) -> None:
    """Grant every claim, which are in order, its current, and settle it with its reason."""
    match distribution:
        case Distribution.PRIORITY:
            _serve_by_tier(claims, ledger, _groups_of)
        case Distribution.SHARED:
            _serve_by_tier(claims, ledger, _tiers_of)
        case Distribution.OPTIMIZED:
            for group in _groups_of(claims):
                _reserve_minimums(group, ledger)
                _fill(group, ledger)
        case Distribution.STRICT:
            _serve_strictly(claims, ledger)


type _Grouping = Callable[[Sequence[Claim]], Sequence[Sequence[Claim]]]


def _tiers_of(claims: Sequence[Claim]) -> Sequence[Sequence[Claim]]:
    tiers: list[list[Claim]] = []
    tier = None
    for claim in claims:
        if claim.tier is not tier:
            tier = claim.tier
            tiers.append([])
        tiers[-1].append(claim)
    return tiers


def _groups_of(claims: Sequence[Claim]) -> Sequence[Sequence[Claim]]:
    groups: list[list[Claim]] = []
    tier, number = None, None
    for claim in claims:
        if claim.tier is not tier or claim.prepared.load.priority != number:
            tier, number = claim.tier, claim.prepared.load.priority
            groups.append([])
        groups[-1].append(claim)
    return groups


def _serve_by_tier(claims: Sequence[Claim], ledger: Ledger, grouping: _Grouping) -> None:
    for tiers in ((Tier.STANDARD, Tier.ECO), (Tier.SOLAR,), (Tier.EXCESS,)):
        served = [claim for claim in claims if claim.tier in tiers]
        _reserve_minimums(served, ledger)
        for group in grouping(served):
            _fill(group, ledger)


def _serve_strictly(claims: Sequence[Claim], ledger: Ledger) -> None:
    ended_by: Claim | None = None
    for claim in claims:
        if ended_by is not None:
            claim.settle(judge(claim, ledger, ended_by=ended_by))
            continue
        allowed = ledger.pool_level(claim)
        raise_to_highest(claim, ledger)
        if claim.current < allowed - TOLERANCE:
            ended_by = claim


def _reserve_minimums(claims: Sequence[Claim], ledger: Ledger) -> None:
    """Grant in order each minimum that fits; one that does not is passed over.

    Room and pools only shrink, but for the balance of phases: what is refused now is so for good.
    """
    may_reopen = ledger.limits.may_reopen
    for claim in claims:
        if claim.is_eco_switch or (claim.waits_for and not claim.is_ready):
            continue
        if ledger.fits(claim, claim.minimum):
            ledger.grant(claim, claim.minimum)
        else:
            claim.is_out = not may_reopen


def _fill(group: Sequence[Claim], ledger: Ledger) -> None:
    if len(group) == 1:
        raise_to_highest(group[0], ledger)
    else:
        fill_together(group, ledger)
