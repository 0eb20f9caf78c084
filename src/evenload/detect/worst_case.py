"""What the engine should see of a load that could be on any phase.

While a phase map is unknown or contradicted, no fuse may depend on it. Where the load draws x now and
phase q carries g of at most r, then, if the load is on q, it may draw x + r - g at most; it has to
be so on every phase that it could be on, so the least of these is its ceiling. And what it may
rise by is kept free on every such phase, so that no other load is given it. Several such loads share
the room, as they may all be on one phase.

Nothing else changes: surplus and power do not depend on where a load hangs, and its draw stays where
the map has it. A cut is safe in any case: what it frees is given away only once the meter has shown it.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from evenload.detect.nouns import Verdicts
from evenload.model.readings import LoadReading, Readings
from evenload.model.site import MAIN, Kind, Leg, Load, Phase, Site
from evenload.units import current_of


def contradicted(site: Site, verdicts: Verdicts) -> frozenset[str]:
    """Return the loads whose map is not what was found."""
    return frozenset(
        load.id
        for load in site.all_loads
        if (verdict := verdicts.loads.get(load.id)) is not None
        and (verdict.is_elsewhere or contradicts(load.phases, verdict.phases))
    )


def contradicts(given: Mapping[Leg, Phase], found: Mapping[Leg, Phase] | None) -> bool:
    """Return whether a leg was found on another phase than the map gives."""
    return any(given.get(leg) is not phase for leg, phase in (found or {}).items())


def worst_case(site: Site, readings: Readings, doubtful: Collection[str]) -> Readings:
    """Return the readings with ceilings and fuses so that no fuse depends on where `doubtful` loads are.

    A site with one phase, or without a meter for each phase, is as it was.
    """
    loads = [load for load in site.all_loads if load.id in doubtful and load.id in readings.loads]
    phases = site.phases
    if not loads or len(phases) == 1 or any(phase not in readings.grid for phase in phases):
        return readings
    given = dict(readings.loads)
    may_rise = 0.0
    for load in loads:
        draw = draw_of(load, given[load.id], site)
        room = min([_room(site, readings, load, phase) for phase in phases])
        share = room / len(loads) if room > 0.0 else room
        ceiling_current = min(max(0.0, draw + share), _most(load, site))
        may_rise += max(0.0, ceiling_current - draw)
        given[load.id] = _with_ceiling(load, given[load.id], ceiling_current, site)
    fuse = {phase: _limit(site, readings, phase) - may_rise for phase in phases}
    return replace(readings, loads=given, fuse=_but_for_own(site, readings, loads, fuse))


def draw_of(load: Load, reading: LoadReading, site: Site) -> float:
    """Return the most that a load draws on any leg [A]."""
    if reading.current:
        return max(reading.current.values())
    return 0.0 if reading.power is None else current_of(reading.power, _voltages(load, site))


def _limit(site: Site, readings: Readings, phase: Phase) -> float:
    """Return what may flow through the main fuse now [A]."""
    if readings.fuse is not None and phase in readings.fuse:
        return readings.fuse[phase]
    return site.fuse[phase] - site.margin


def _room(site: Site, readings: Readings, load: Load, phase: Phase) -> float:
    """Return by how much a load may rise if it is on this phase, by every fuse with a meter above it [A]."""
    rooms = [_limit(site, readings, phase) - readings.grid[phase]]
    circuits = {circuit.id: circuit for circuit in site.circuits}
    parents = {charger.id: charger.circuit for charger in site.chargers}
    above = load.circuit
    while above != MAIN:
        circuit, metered = circuits.get(above), readings.circuits.get(above, {})
        if circuit is not None and phase in metered:
            rooms.append(circuit.fuse[phase] - site.margin - metered[phase])
        above = parents[above] if circuit is None else circuit.parent
    return min(rooms)


def _but_for_own(
    site: Site, readings: Readings, loads: Collection[Load], fuse: Mapping[Phase, float]
) -> dict[Phase, float]:
    """Return the fuse as it was on the phases where the map has one of the loads: it counts itself."""
    own = set[Phase].union(*(set(load.phases.values()) for load in loads))
    return {
        phase: _limit(site, readings, phase) if phase in own else limit
        for phase, limit in fuse.items()
    }


def _most(load: Load, site: Site) -> float:
    """Return the highest level of a load [A per leg]."""
    if load.kind is Kind.EV:
        return load.maximum
    return current_of(max(load.maximum, *load.levels, 0.0), _voltages(load, site))


def _with_ceiling(
    load: Load, reading: LoadReading, ceiling_current: float, site: Site
) -> LoadReading:
    ceiling = ceiling_current
    if load.kind is not Kind.EV:
        ceiling *= sum(_voltages(load, site))
    if reading.ceiling is not None:
        ceiling = min(ceiling, reading.ceiling)
    return replace(reading, ceiling=ceiling)


def _voltages(load: Load, site: Site) -> tuple[float, ...]:
    return (site.voltage,) * len(load.phases)
