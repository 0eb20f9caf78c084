"""What a site and its plant say differently, and parts of a plant that contradict themselves."""

from collections.abc import Iterator, Sequence

from evenload.model.check.places import hint, listed
from evenload.model.finding import Finding
from evenload.model.site import Kind, Leg, Load, Phase, Site
from evenload.simulate.settings import METER_FAULTS, CarPart, MeterReports, Plant

_DEVICES = {
    Kind.EV: ("car",),
    Kind.SWITCH: ("tank", "heater", "heat_pump", "pump"),
    Kind.STEPPED: ("tank", "heater", "heat_pump"),
    Kind.POWER: ("tank", "heater", "heat_pump"),
}
"""What may stand behind a load of each kind."""


def mismatches(site: Site, plant: Plant) -> Iterator[Finding]:
    """Yield everything in which site and plant do not fit each other."""
    yield from _devices(site, plant)
    yield from _batteries(site, plant)
    yield from _phases(site, plant)
    yield from _unknown_parts(site, plant)
    yield from _meters(site, plant)
    yield from _names(site, plant)


def _devices(site: Site, plant: Plant) -> Iterator[Finding]:
    """Yield devices without a load, and loads without a device that fits."""
    loads = {load.id: load for load in site.all_loads}
    for name in plant.devices:
        if name not in loads:
            allowed = f"the id of a load: {listed(loads)}{hint(name, loads)}"
            yield Finding(path=f"plant.devices.{name}", problem="no such load", allowed=allowed)
    for load in loads.values():
        path = f"plant.devices.{load.id}"
        part = plant.devices.get(load.id)
        kinds = _DEVICES[load.kind]
        if part is None:
            yield Finding(path=path, problem="missing", allowed=f"a device of kind {listed(kinds)}")
        elif part.kind not in kinds:
            yield Finding(path=f"{path}.kind", problem=f"given {part.kind}", allowed=listed(kinds))
        elif isinstance(part, CarPart):
            yield from _car(load, part, path)


def _car(load: Load, part: CarPart, path: str) -> Iterator[Finding]:
    """Yield what a car, its sessions or its charger cannot be at this plug."""
    for leg in part.legs or ():
        if leg not in load.phases:
            allowed = f"legs of the plug: {listed(load.phases)}"
            yield Finding(path=f"{path}.legs", problem=f"given {leg}", allowed=allowed)
    charger = part.charger
    if charger.switches_phases and len(load.phases) < len(Leg):
        problem, allowed = f"a plug with {len(load.phases)} legs", "a plug with three"
        yield Finding(path=f"{path}.charger.switches_phases", problem=problem, allowed=allowed)
    if list(charger.levels) != sorted(set(charger.levels)):
        problem = f"given {listed(map(str, charger.levels))}"
        yield Finding(path=f"{path}.charger.levels", problem=problem, allowed="rising currents")
    sessions = part.sessions
    if sessions is not None and (sessions.station is None) != (sessions.at is None):
        absent = "station" if sessions.station is None else "at"
        allowed = "both a column and what it holds for this plug, or neither"
        yield Finding(path=f"{path}.sessions.{absent}", problem="missing", allowed=allowed)


def _batteries(site: Site, plant: Plant) -> Iterator[Finding]:
    if (site.battery is None) != (plant.battery is None):
        there, absent = ("plant", "site") if site.battery is None else ("site", "plant")
        allowed = f"a battery, as {there} has one"
        yield Finding(path=f"{absent}.battery", problem="missing", allowed=allowed)


def _phases(site: Site, plant: Plant) -> Iterator[Finding]:
    """Yield phases that the site does not have."""
    named: list[tuple[str, Sequence[Phase]]] = [
        (f"plant.appliances[{index}].phases", each.phases)
        for index, each in enumerate(plant.appliances)
    ]
    if plant.solar is not None:
        named.append(("plant.solar.phases", plant.solar.phases))
    if plant.battery is not None:
        named.append(("plant.battery.phases", plant.battery.phases))
    named.append(("plant.meter.reversed", plant.meter.reversed))
    for path, phases in named:
        for phase in phases:
            if phase not in site.phases:
                allowed = f"phases of the site: {listed(site.phases)}"
                yield Finding(path=path, problem=f"given {phase}", allowed=allowed)


def _unknown_parts(site: Site, plant: Plant) -> Iterator[Finding]:
    """Yield chargers and circuits that the site does not have."""
    chargers = [charger.id for charger in site.chargers]
    circuits = [circuit.id for circuit in site.circuits]
    for key, names, known in (
        ("chargers", plant.chargers, chargers),
        ("circuits", plant.circuits, circuits),
    ):
        for name in names:
            if name not in known:
                allowed = f"the id of one of the site's {key}: {listed(known)}{hint(name, known)}"
                yield Finding(path=f"plant.{key}.{name}", problem="not there", allowed=allowed)


def _meters(site: Site, plant: Plant) -> Iterator[Finding]:
    """Yield meters that report what nobody can make use of, or two phases under one name."""
    meters = {
        f"plant.circuits.{name}.meter": part.meter
        for name, part in plant.circuits.items()
        if part.meter is not None
    }
    currents_only = set(meters) | ({"plant.meter"} if site.off_grid else set[str]())
    for path, meter in (meters | {"plant.meter": plant.meter}).items():
        if path in currents_only and meter.reports is not MeterReports.CURRENTS:
            allowed = str(MeterReports.CURRENTS)
            yield Finding(path=f"{path}.reports", problem=f"given {meter.reports}", allowed=allowed)
        names = [meter.phase_swap.get(phase, phase) for phase in site.phases]
        if set(names) != set(site.phases):
            problem = f"the phases would be reported as {listed(names)}"
            allowed = f"each of {listed(site.phases)} once"
            yield Finding(path=f"{path}.phase_swap", problem=problem, allowed=allowed)


def _names(site: Site, plant: Plant) -> Iterator[Finding]:
    """Yield faults and people's doings that are about nothing the site has."""
    loads = [load.id for load in site.all_loads]
    chargers = [charger.id for charger in site.chargers]
    circuits = [name for name, part in plant.circuits.items() if part.meter is not None]
    named = [
        (f"plant.by_hand[{at}].load", each.load, loads) for at, each in enumerate(plant.by_hand)
    ]
    named += [
        (
            f"plant.faults[{at}].load",
            fault.load,
            circuits if fault.kind in METER_FAULTS else [*loads, *chargers],
        )
        for at, fault in enumerate(plant.faults)
        if fault.load is not None
    ]
    for path, name, known in named:
        if name not in known:
            allowed = f"one of {listed(known)}{hint(name, known)}" if known else "nothing"
            yield Finding(path=path, problem=f"given {name}", allowed=allowed)
