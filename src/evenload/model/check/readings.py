"""One moment's readings, against the site they are of."""

from collections.abc import Collection, Iterator, Mapping

from evenload.model.check import ranges
from evenload.model.check.loads import check_legs
from evenload.model.check.places import listed, one_of, out_of_range, under
from evenload.model.finding import Finding
from evenload.model.readings import LoadReading, Readings
from evenload.model.site import Circuit, Kind, Load, Phase, Site


def check_all_readings(site: Site, readings: Readings) -> Iterator[Finding]:
    """Yield what is wrong with the keys under `readings`."""
    yield from out_of_range(readings, "readings", ranges.READINGS)
    yield from _meters(site, readings)
    yield from _battery(site, readings)
    yield from _circuit_meters(site, readings.circuits)
    by_id = {load.id: load for load in site.all_loads}
    for identifier, reading in readings.loads.items():
        path = f"readings.loads.{identifier}"
        if identifier not in by_id:
            yield Finding(
                path=path, problem=f"no load {identifier!r}", allowed=one_of(identifier, by_id)
            )
            continue
        yield from _load(by_id[identifier], reading, path)


def _meters(site: Site, readings: Readings) -> Iterator[Finding]:
    inverter = () if readings.inverter is None else readings.inverter
    yield from _known(readings.grid, site.phases, "readings.grid")
    yield from _known(readings.voltage, site.phases, "readings.voltage")
    yield from _known(inverter, site.phases, "readings.inverter")
    if site.off_grid:
        yield from _complete(inverter, site.phases, "readings.inverter")
    else:
        yield from _complete(readings.grid, site.phases, "readings.grid")


def _complete(values: Collection[Phase], phases: Collection[Phase], path: str) -> Iterator[Finding]:
    for phase in phases:
        if phase not in values:
            yield Finding(
                path=under(path, phase), problem="missing", allowed="a current on each phase [A]"
            )


def _known(values: Collection[Phase], phases: Collection[Phase], path: str) -> Iterator[Finding]:
    for phase in values:
        if phase not in phases:
            yield Finding(
                path=under(path, phase),
                problem=f"there is no phase {phase}",
                allowed=listed(phases),
            )


def _battery(site: Site, readings: Readings) -> Iterator[Finding]:
    if readings.battery is None:
        return
    if site.battery is None:
        yield Finding(
            path="readings.battery",
            problem="the site has no battery",
            allowed="nothing, or a battery in site.battery",
        )
    yield from out_of_range(readings.battery, "readings.battery", ranges.BATTERY_READING)


def _circuit_meters(site: Site, meters: Mapping[str, Mapping[Phase, float]]) -> Iterator[Finding]:
    by_id: dict[str, Circuit] = {}
    for circuit in site.circuits:
        by_id.setdefault(circuit.id, circuit)
    for identifier, values in meters.items():
        path = f"readings.circuits.{identifier}"
        if identifier not in by_id:
            yield Finding(
                path=path, problem=f"no circuit {identifier!r}", allowed=one_of(identifier, by_id)
            )
            continue
        fuse = by_id[identifier].fuse or site.fuse
        yield from _known(values, fuse, path)
        yield from _complete(values, fuse, path)
        for phase, current in values.items():
            if not ranges.CIRCUIT_METER.allows(current):
                yield Finding(
                    path=under(path, phase),
                    problem=f"given {current:.12g}",
                    allowed=ranges.CIRCUIT_METER.words,
                )


def _load(load: Load, reading: LoadReading, path: str) -> Iterator[Finding]:
    yield from out_of_range(reading, path, ranges.LOAD_READING)
    ceiling = ranges.CEILING_OF_EV if load.kind is Kind.EV else ranges.CEILING_OF_OTHERS
    yield from out_of_range(reading, path, ceiling)
    if reading.legs is not None:
        yield from check_legs(reading.legs, load.phases, f"{path}.legs")
    if reading.current is None:
        return
    if reading.power is not None:
        yield Finding(
            path=f"{path}.power", problem="given beside current", allowed="either current or power"
        )
    for leg in reading.current:
        if load.phases and leg not in load.phases:
            yield Finding(
                path=f"{path}.current.{leg}",
                problem=f"{leg} is not mapped to a phase",
                allowed=listed(load.phases),
            )
