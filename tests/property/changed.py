"""A site at one moment, changed in one way: the other half of every "then the answer is ..."."""

from collections.abc import Mapping
from dataclasses import replace

from evenload.model.readings import LoadReading, Readings
from evenload.model.site import Circuit, Dimming, Load, Phase, Site
from tests.oracle.facts import facts_of
from tests.oracle.sites import Case


def with_higher_ratings(case: Case, rise: float) -> Case:
    """Return the site with every fuse, circuit and charger raised [A]."""
    site = case.site
    fuse = {phase: rating + rise for phase, rating in site.fuse.items()}
    circuits = tuple(
        replace(circuit, fuse={phase: rating + rise for phase, rating in circuit.fuse.items()})
        for circuit in site.circuits
    )
    chargers = tuple(
        replace(charger, max_current=charger.max_current + rise) for charger in site.chargers
    )
    return replace(case, site=replace(site, fuse=fuse, circuits=circuits, chargers=chargers))


def with_more_sun(case: Case, rise: float) -> Case:
    """Return the site with this much more exported on every phase [A]."""
    grid = {phase: current - rise for phase, current in case.readings.grid.items()}
    return replace(case, readings=replace(case.readings, grid=grid))


def without(case: Case, load: str) -> Case:
    """Return the site without a load, which must not draw anything now."""
    site = case.site
    chargers = tuple(
        replace(charger, plugs=_others(charger.plugs, load)) for charger in site.chargers
    )
    dimming = site.dimming
    if dimming is not None:
        named = tuple(other for other in dimming.loads if other != load)
        dimming = Dimming(limit=dimming.limit, loads=named) if named else None
    smaller = replace(site, chargers=chargers, loads=_others(site.loads, load), dimming=dimming)
    readings = {key: value for key, value in case.readings.loads.items() if key != load}
    return Case(site=smaller, readings=replace(case.readings, loads=readings))


def _others(loads: tuple[Load, ...], gone: str) -> tuple[Load, ...]:
    return tuple(load for load in loads if load.id != gone)


def with_draw(case: Case, load: str, current: float) -> Case:
    """Return the same house while an obeying load draws `current` [A] on each leg in use.

    Whatever measures the load's draw along with other things moves with it.
    """
    facts = facts_of(case.site, case.readings)
    member = facts.members[load]
    readings = case.readings
    rise = {
        phase: (current if phase in member.legs_for_pools else 0.0) - member.draw.get(phase, 0.0)
        for phase in case.site.phases
    }
    reading = replace(
        readings.loads[load],
        power=None,
        current={
            leg: current if phase in member.legs_for_pools else 0.0
            for leg, phase in member.load.phases.items()
        },
    )
    path = facts.path(member)
    moved = replace(
        readings,
        loads={**readings.loads, load: reading},
        circuits={
            circuit: _moved(meter, rise) if circuit in path else meter
            for circuit, meter in readings.circuits.items()
        },
    )
    return replace(case, readings=_fed(case.site, moved, rise, facts.voltage))


def _fed(
    site: Site, readings: Readings, rise: Mapping[Phase, float], voltage: Mapping[Phase, float]
) -> Readings:
    """Return readings in which the grid, or off the grid the battery, gives what the load takes."""
    if not site.off_grid:
        return replace(readings, grid=_moved(readings.grid, rise))
    assert readings.inverter is not None
    battery = readings.battery
    if battery is not None:
        power = sum(current * voltage[phase] for phase, current in rise.items())
        battery = replace(battery, power=battery.power + power)
    return replace(readings, inverter=_moved(readings.inverter, rise), battery=battery)


def _moved(meter: Mapping[Phase, float], rise: Mapping[Phase, float]) -> dict[Phase, float]:
    return {phase: current + rise[phase] for phase, current in meter.items()}


def with_phases_renamed(case: Case) -> Case:
    """Return the same house with the phases' names moved on by one."""
    phases = case.site.phases
    new = dict(zip(phases, (*phases[1:], phases[0]), strict=True))
    site = replace(
        case.site,
        fuse=_renamed(case.site.fuse, new),
        circuits=tuple(_renamed_circuit(circuit, new) for circuit in case.site.circuits),
        chargers=tuple(
            replace(charger, plugs=tuple(_rewired(plug, new) for plug in charger.plugs))
            for charger in case.site.chargers
        ),
        loads=tuple(_rewired(load, new) for load in case.site.loads),
    )
    old = case.readings
    readings = replace(
        old,
        grid=_renamed(old.grid, new),
        voltage=_renamed(old.voltage, new),
        inverter=None if old.inverter is None else _renamed(old.inverter, new),
        circuits={circuit: _renamed(meter, new) for circuit, meter in old.circuits.items()},
    )
    return Case(site=site, readings=readings)


def _renamed(values: Mapping[Phase, float], new: Mapping[Phase, Phase]) -> dict[Phase, float]:
    return {new[phase]: value for phase, value in values.items()}


def _renamed_circuit(circuit: Circuit, new: Mapping[Phase, Phase]) -> Circuit:
    return replace(circuit, fuse=_renamed(circuit.fuse, new))


def _rewired(load: Load, new: Mapping[Phase, Phase]) -> Load:
    return replace(load, phases={leg: new[phase] for leg, phase in load.phases.items()})


def in_another_order(case: Case) -> Case:
    """Return the same readings with their mappings written the other way round."""
    loads: dict[str, LoadReading] = dict(reversed(case.readings.loads.items()))
    grid = dict(reversed(case.readings.grid.items()))
    return replace(case, readings=replace(case.readings, loads=loads, grid=grid))
