"""A site and its readings as the YAML a person would write, for reports and for the round trip."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from typing import Any, cast

import yaml

from evenload.model.readings import Readings
from evenload.model.site import Charger, Kind, Load, Site
from tests.oracle.sites import Case

type Document = dict[str, object]

SAID_APART: dict[type, set[str]] = {
    Site: {"circuits", "chargers", "loads"},
    Readings: {"circuits", "loads"},
    Charger: {"plugs"},
    Load: {"kind", "levels"},
}
RENAMED = {"minimum": "min", "maximum": "max"}


def as_yaml(case: Case) -> str:
    """Return one line a section."""
    document = as_document(case)
    lines = (
        f"{key}: {yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000)}"
        for key, value in document.items()
    )
    return "".join(lines)


def as_document(case: Case) -> Document:
    """Return a site document that leaves out everything that is as by default."""
    site = case.site
    sections: Document = {
        "site": _said(site),
        "circuits": [_said(circuit) for circuit in site.circuits],
        "chargers": [_charger(charger) for charger in site.chargers],
        "loads": [_load(load) for load in site.loads],
        "readings": _readings(case.readings),
    }
    return {key: value for key, value in sections.items() if value or key == "readings"}


def _said(noun: object) -> Document:
    """Return the fields of a noun that differ from their defaults."""
    said: Document = {}
    # Any: dataclasses.fields takes any noun, which no type says
    for field in fields(cast("Any", noun)):
        value = getattr(noun, field.name)
        default = field.default
        if field.default_factory is not MISSING:
            default = field.default_factory()
        if field.name not in SAID_APART.get(type(noun), set()) and value != default:
            said[RENAMED.get(field.name, field.name)] = _plain(value)
    return said


def _plain(value: object) -> object:
    match value:
        case StrEnum():
            return str(value)
        case Mapping():
            pairs = cast("Mapping[str, object]", value).items()
            return {str(key): _plain(entry) for key, entry in pairs}
        case tuple():
            return [_plain(entry) for entry in cast("tuple[object, ...]", value)]
        case bool() | int() | float() | str() | None:
            return value
        case _:
            return _said(value)


def _readings(readings: Readings) -> Document:
    loads = {load: _said(reading) for load, reading in readings.loads.items()}
    circuits = _plain(readings.circuits)
    meters = {"circuits": circuits} if readings.circuits else {}
    return {**_said(readings), "loads": loads, **meters}


def _charger(charger: Charger) -> Document:
    plugs = [_load(plug) for plug in charger.plugs]
    for plug in plugs:
        del plug["circuit"], plug["kind"]
    return {**_said(charger), "plugs": plugs}


def _load(load: Load) -> Document:
    said = {"id": load.id, "kind": str(load.kind), **_said(load)}
    if load.kind is Kind.SWITCH:
        said["power"] = load.levels[0]
    elif load.kind is Kind.STEPPED:
        said["levels"] = list(load.levels)
    return said
