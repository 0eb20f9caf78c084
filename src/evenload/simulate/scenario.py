"""From a site file, or the name of a shipped scenario, to a house that can be simulated.

`--set KEY=VALUE` changes any key before anything is checked, so that an unknown key or a wrong value
is refused like one in the file, with its path. The findings of the site and of its plant come
together.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import cast

from evenload.model.check.places import hint, listed
from evenload.model.document import SiteDocument, parse_document
from evenload.model.document.text import decode, load
from evenload.model.finding import ConfigurationError, Finding
from evenload.model.site import Kind, Load, Site
from evenload.simulate.findings import read_plant
from evenload.simulate.plant import House
from evenload.simulate.settings import METER_FAULTS, CarPart, MeterReports, Plant

_DEVICES = {
    Kind.EV: ("car",),
    Kind.SWITCH: ("tank", "heater", "heat_pump", "pump"),
    Kind.STEPPED: ("tank", "heater", "heat_pump"),
    Kind.POWER: ("tank", "heater", "heat_pump"),
}
"""What may stand behind a load of each kind."""
_SHIPPED = files("evenload.simulate") / "scenarios"


def scenario_names() -> tuple[str, ...]:
    """Return the names of the scenarios that ship with the package."""
    names = (entry.name for entry in _SHIPPED.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def read_house(name: str, changes: Iterable[str] = ()) -> House:
    """Return the house of a file or shipped scenario with `KEY=VALUE` changes made.

    Raises ConfigurationError with every finding.
    """
    data = load(_read_text(name), source=name)
    findings: list[Finding] = []
    for change in changes:
        try:
            data = changed(data, change)
        except ConfigurationError as error:
            findings += error.findings
    if findings:
        raise ConfigurationError(findings, source=name)
    return parse_house(data, source=name)


def parse_house(data: object, *, source: str = "") -> House:
    """Return the house that plain data describe; raises ConfigurationError with every finding."""
    findings: list[Finding] = []
    document: SiteDocument | None = None
    try:
        document = parse_document(data, source=source)
    except ConfigurationError as error:
        findings += error.findings
    described = cast("dict[str, object]", data).get("plant") if isinstance(data, dict) else None
    plant: Plant | None = None
    if described is None:
        findings.append(Finding(path="plant", problem="missing", allowed="the simulated house"))
    elif isinstance(described, dict):
        read = read_plant(cast("dict[str, object]", described))
        if isinstance(read, Plant):
            plant = read
        else:
            findings += read
    if document is not None and plant is not None:
        findings += _mismatches(document, plant)
    if findings or document is None or plant is None:
        raise ConfigurationError(findings, source=source)
    return House(site=document.site, control=document.settings, plant=plant)


def changed(data: object, change: str) -> object:
    """Return `data` with one `KEY=VALUE` change; lists take an index or the id of an item.

    >>> changed({"site": {"fuse": 25}}, "site.fuse=16")
    {'site': {'fuse': 16}}
    >>> changed({"loads": [{"id": "boiler", "power": 2000}]}, "loads.boiler.power=1500")
    {'loads': [{'id': 'boiler', 'power': 1500}]}
    """
    key, equals, text = change.partition("=")
    steps = [step for step in key.replace("[", ".").replace("]", "").split(".") if step]
    if not equals or not steps:
        finding = Finding(path=change, problem="no KEY=VALUE", allowed="such as site.fuse=16")
        raise ConfigurationError([finding])
    return _put(data, steps, load(text, source=key), key)


def _put(data: object, steps: Sequence[str], value: object, key: str) -> object:
    """Return a copy of `data` with `value` at the place that `steps` lead to."""
    if not steps:
        return value
    step, *rest = steps
    if isinstance(data, list):
        items = cast("list[object]", data)
        index = _index(items, step, key)
        return [*items[:index], _put(items[index], rest, value, key), *items[index + 1 :]]
    inside = dict(cast("dict[str, object]", data)) if isinstance(data, dict) else {}
    inside[step] = _put(inside.get(step), rest, value, key)
    return inside


def _index(items: Sequence[object], step: str, key: str) -> int:
    """Return which item of a list is meant, by its place or by its id."""
    if step.isdecimal() and int(step) < len(items):
        return int(step)
    ids = [
        str(cast("dict[str, object]", item).get("id")) if isinstance(item, dict) else ""
        for item in items
    ]
    if step in ids:
        return ids.index(step)
    allowed = f"{listed(filter(None, ids))}, or a place from 0 to {len(items) - 1}"
    finding = Finding(path=key, problem=f"no item {step}", allowed=f"{allowed}{hint(step, ids)}")
    raise ConfigurationError([finding])


def _read_text(name: str) -> str:
    """Return the text of a shipped scenario, or of a file."""
    if name in scenario_names():
        return (_SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")
    try:
        return decode(Path(name).read_bytes(), source=name)
    except OSError as error:
        known = listed(scenario_names())
        finding = Finding(
            path="",
            problem=f"cannot be read ({error.strerror})",
            allowed=f"a site file, or one of the scenarios {known}{hint(name, scenario_names())}",
        )
        raise ConfigurationError([finding], source=name) from error


def _mismatches(document: SiteDocument, plant: Plant) -> Iterator[Finding]:
    """Yield what plant and site say differently."""
    site = document.site
    loads = {load.id: load for load in site.all_loads}
    for name in plant.devices:
        if name not in loads:
            allowed = f"the id of a load: {listed(loads)}{hint(name, loads)}"
            yield Finding(path=f"plant.devices.{name}", problem="no such load", allowed=allowed)
    for load_of_site in site.all_loads:
        yield from _device_mismatches(load_of_site, plant)
    if (site.battery is None) != (plant.battery is None):
        there, absent = ("plant", "site") if site.battery is None else ("site", "plant")
        yield Finding(
            path=f"{absent}.battery", problem="missing", allowed=f"a battery, as {there} has one"
        )
    for part, phases in (
        ("solar", () if plant.solar is None else plant.solar.phases),
        ("battery", () if plant.battery is None else plant.battery.phases),
        *((f"appliances[{at}]", each.phases) for at, each in enumerate(plant.appliances)),
    ):
        for phase in phases:
            if phase not in site.phases:
                allowed = f"phases of the site: {listed(site.phases)}"
                path = f"plant.{part}.phases"
                yield Finding(path=path, problem=f"given {phase}", allowed=allowed)
    yield from _unknown_parts(site, plant)
    circuits = [circuit.id for circuit in site.circuits]
    chargers = [charger.id for charger in site.chargers]
    for index, fault in enumerate(plant.faults):
        known = circuits if fault.kind in METER_FAULTS else [*loads, *chargers]
        if fault.load is not None and fault.load not in known:
            allowed = f"one of {listed(known)}{hint(fault.load, known)}"
            path = f"plant.faults[{index}].load"
            yield Finding(path=path, problem=f"given {fault.load}", allowed=allowed)


def _unknown_parts(site: Site, plant: Plant) -> Iterator[Finding]:
    """Yield chargers and circuits that the site does not have, and meters it cannot make use of."""
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
    currents = MeterReports.CURRENTS
    meters = {
        f"plant.circuits.{name}.meter.reports": part.meter.reports
        for name, part in plant.circuits.items()
        if part.meter is not None
    }
    if site.off_grid:
        meters["plant.meter.reports"] = plant.meter.reports
    for path, reports in meters.items():
        if reports is not currents:
            yield Finding(path=path, problem=f"given {reports}", allowed=str(currents))


def _device_mismatches(load_of_site: Load, plant: Plant) -> Iterator[Finding]:
    """Yield what is wrong with the device behind one load."""
    path = f"plant.devices.{load_of_site.id}"
    part = plant.devices.get(load_of_site.id)
    kinds = _DEVICES[load_of_site.kind]
    if part is None:
        yield Finding(path=path, problem="missing", allowed=f"a device of kind {listed(kinds)}")
    elif part.kind not in kinds:
        yield Finding(path=f"{path}.kind", problem=f"given {part.kind}", allowed=f"{listed(kinds)}")
    elif isinstance(part, CarPart) and part.legs is not None:
        for leg in part.legs:
            if leg not in load_of_site.phases:
                allowed = f"legs of the plug: {listed(load_of_site.phases)}"
                yield Finding(path=f"{path}.legs", problem=f"given {leg}", allowed=allowed)
