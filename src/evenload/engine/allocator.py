"""One allocation from start to end: see the package's own words for the algorithm."""

from collections.abc import Mapping, Sequence

from evenload.engine.bases import gather_up, main_bases, site_bases, source_currents
from evenload.engine.ceilings import Ledger
from evenload.engine.claims import Claim, Met, Tier, read_loads
from evenload.engine.distribution import distribute
from evenload.engine.flows import Flows
from evenload.engine.limits import Limits
from evenload.engine.pools import Pool, SitePools, measure_pools
from evenload.engine.reasons import name_rivals
from evenload.engine.site_limits import (
    active_limits,
    import_limit_now,
    power_limits,
    ratings_now,
    unbalance_limits,
)
from evenload.engine.wiring import PreparedSite, prepare
from evenload.model.allocation import Allocation, Allocations, Pools, Reason
from evenload.model.readings import Readings
from evenload.model.site import Site

_NOTHING = {reason: Allocation(current=0.0, power=0.0, reason=reason) for reason in Reason}
"""What a load has that can be given nothing, by the reason."""


class Allocator:
    """Decides for one site who gets how much; no answer depends on those before.

    It holds the settings prepared, and what it need not make again.
    """

    def __init__(self, site: Site, order: Sequence[int] | None = None) -> None:
        """Prepare a site that was checked (`evenload.model.check`).

        `order` has the places of all loads as those of one tier and priority number are to be
        served; None: as in the file.
        """
        self._prepared = prepare(site, order)
        self._met = Met()

    def allocate(self, readings: Readings) -> Allocations:
        """Return what each load may draw at this moment, and why.

        Raises ValueError, naming it, where a phase of the grid meter (off the grid: of the
        inverter) is missing or not finite.
        """
        prepared = self._prepared
        site = prepared.site
        voltages = [readings.voltage.get(phase, site.voltage) for phase in prepared.phases]
        source = source_currents(prepared, readings)
        claims, barred, flows = read_loads(prepared, readings, voltages, self._met)
        bases = gather_up(prepared, readings, flows)
        pools = measure_pools(
            site, readings, source=source, managed=flows.managed, voltages=voltages
        )
        _open_pools(claims, pools)
        surplus = pools.surplus()
        limits = _limits(
            prepared,
            readings,
            source=source,
            flows=flows,
            bases=bases,
            surplus=surplus,
            voltages=voltages,
        )
        ledger = Ledger(limits, len(pools.sun))
        distribute(site.distribution, claims, ledger)
        name_rivals(claims, ledger)
        return Allocations(
            loads=_result(prepared, claims, barred),
            limits=limits.uses(),
            pools=Pools(surplus=surplus, excess=pools.excess()),
        )


def allocate(site: Site, readings: Readings) -> Allocations:
    """Return what each load of a checked site may draw at this moment, and why."""
    return Allocator(site).allocate(readings)


def _open_pools(claims: Sequence[Claim], pools: SitePools) -> None:
    """Tell each claim which pool it draws on."""
    opened: dict[tuple[Tier, bool], Pool | None] = {}
    for claim in claims:
        sort = claim.pool_sort
        if sort not in opened:
            opened[sort] = _pool(pools, claim.tier, before_battery=sort[1])
        claim.pool = opened[sort]


def _pool(pools: SitePools, tier: Tier, *, before_battery: bool) -> Pool | None:
    if tier is Tier.STANDARD:
        return pools.standard()
    if tier is Tier.EXCESS:
        return pools.above_threshold()
    return pools.following(before_battery=before_battery)


def _limits(
    prepared: PreparedSite,
    readings: Readings,
    *,
    source: Sequence[float],
    flows: Flows,
    bases: list[float],
    surplus: float,
    voltages: Sequence[float],
) -> Limits:
    site = prepared.site
    currents = site_bases(prepared, source, flows)
    bases[: len(currents)] = main_bases(prepared, source, flows)
    return Limits(
        prepared=prepared,
        ratings=ratings_now(prepared, readings.fuse),
        bases=bases,
        special=power_limits(
            site,
            import_limit=import_limit_now(site, readings.import_limit),
            bases=currents,
            voltages=voltages,
            dimmed_power=flows.dimmed_power,
            surplus=surplus,
        ),
        by_charger=active_limits(site.chargers, flows.busy_plugs),
        unbalance=unbalance_limits(site, currents),
    )


def _result(
    prepared: PreparedSite, claims: Sequence[Claim], barred: Mapping[int, Reason]
) -> dict[str, Allocation]:
    """Return by id, in the order of the file, what each load has and why."""
    given = {position: _NOTHING[reason] for position, reason in barred.items()}
    for claim in claims:
        current = claim.current
        given[claim.prepared.position] = Allocation(
            current, current * claim.power_per_ampere, *claim.because
        )
    return {load.id: given[load.position] for load in prepared.loads}
