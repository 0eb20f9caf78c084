"""Which limits beyond its fuses a site has at this moment."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from evenload.engine.limits import SpecialLimit
from evenload.engine.special_limits import (
    ActivePlugs,
    Dimming,
    ImportingPhases,
    PowerLimit,
    Unbalance,
)
from evenload.engine.wiring import PreparedSite
from evenload.model.site import Charger, Inverter, Phase, Site


def ratings_now(prepared: PreparedSite, lowered: Mapping[Phase, float] | None) -> Sequence[float]:
    """Return the ratings by row [A], those of the main fuse as `lowered` for now."""
    if lowered is None:
        return prepared.ratings
    width = len(prepared.phases)
    main = [
        min(rating, lowered.get(phase, rating))
        for phase, rating in zip(prepared.phases, prepared.ratings[:width], strict=True)
    ]
    return (*main, *prepared.ratings[width:])


def import_limit_now(site: Site, lowered: float | None) -> float | None:
    """Return the most import [W], as lowered for now; None: no limit."""
    if lowered is None or site.import_limit is None:
        return site.import_limit if lowered is None else lowered
    return min(site.import_limit, lowered)


def power_limits(
    site: Site,
    *,
    import_limit: float | None,
    bases: Sequence[float],
    voltages: Sequence[float],
    dimmed_power: float,
    surplus: float,
) -> list[SpecialLimit]:
    """Return the limits in watts, for the bases by phase [A] that no headroom was cut from."""
    if not site.off_grid and import_limit is None and site.dimming is None:
        return []
    base_powers = [voltage * base for voltage, base in zip(voltages, bases, strict=True)]
    if site.off_grid:
        if site.inverter is None:
            return []
        return _inverter_limits(site, site.inverter, base_powers, voltages)
    limits: list[SpecialLimit] = []
    if import_limit is not None:
        limits.append(_import_limit(site, import_limit, base_powers, voltages))
    if site.dimming is not None:
        limit = site.dimming.limit
        limits.append(Dimming(base=dimmed_power, limit=limit, surplus=surplus, voltages=voltages))
    return limits


def _import_limit(
    site: Site, limit: float, base_powers: Sequence[float], voltages: Sequence[float]
) -> SpecialLimit:
    if not site.phase_netting:
        return ImportingPhases("import", base_powers=base_powers, voltages=voltages, limit=limit)
    return PowerLimit(
        "import",
        phases=range(len(voltages)),
        voltages=voltages,
        base=sum(base_powers),
        limit=limit,
    )


def _inverter_limits(
    site: Site, inverter: Inverter, base_powers: Sequence[float], voltages: Sequence[float]
) -> list[SpecialLimit]:
    """Return the limit of each phase, an even share where phases are not balanced, and the total."""
    per_phase = inverter.max_power_per_phase
    if not inverter.balances_phases:
        per_phase = min(per_phase, inverter.max_power / len(site.phases))
    limits: list[SpecialLimit] = [
        PowerLimit(
            f"inverter/{name}",
            phases=(phase,),
            voltages=voltages,
            base=base_powers[phase],
            limit=per_phase,
        )
        for phase, name in enumerate(site.phases)
    ]
    total = PowerLimit(
        "inverter",
        phases=range(len(voltages)),
        voltages=voltages,
        base=sum(base_powers),
        limit=inverter.max_power,
    )
    return [*limits, total]


def unbalance_limits(site: Site, base_currents: Sequence[float]) -> list[SpecialLimit]:
    """Return the limit of each pair of phases."""
    limit = site.unbalance_limit
    if limit is None:
        return []
    return [
        Unbalance(
            f"unbalance/{site.phases[one]}{site.phases[other]}",
            pair=(one, other),
            bases=(base_currents[one], base_currents[other]),
            limit=limit,
        )
        for one, other in combinations(range(len(site.phases)), 2)
    ]


def active_limits(
    chargers: Sequence[Charger], busy_plugs: Mapping[int, int]
) -> dict[int, SpecialLimit]:
    """Return by number of the charger the limit on its active plugs, where it has one."""
    return {
        number: ActivePlugs(
            f"{charger.id}/active", busy=busy_plugs.get(number, 0), limit=charger.max_active
        )
        for number, charger in enumerate(chargers)
        if charger.max_active is not None
    }
