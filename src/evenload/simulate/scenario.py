"""From a site file, or the name of a shipped scenario, to a house that can be simulated.

`--set KEY=VALUE` changes any key before anything is checked, so that an unknown key or a wrong value
is refused like one in the file, with its path. The findings of the site and of its plant come
together.
"""

from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import cast

from evenload.model.check.places import hint, listed
from evenload.model.document import SiteDocument, parse_document
from evenload.model.document.text import decode, load
from evenload.model.finding import ConfigurationError, Finding
from evenload.simulate.findings import read_plant
from evenload.simulate.mismatches import mismatches
from evenload.simulate.plant import House
from evenload.simulate.settings import Plant

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
        findings += mismatches(document.site, plant)
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
