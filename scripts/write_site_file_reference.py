"""Write the tables of docs/reference/site-file.md from the schema and the checks that read site files.

    uv run python scripts/write_site_file_reference.py

The prose of the page is its own; each table stands between `<!-- keys: PLACE -->` and
`<!-- end -->`. A test holds the tables to the schema.
"""

import re
import types
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from evenload.model.check import ranges
from evenload.model.check.ranges import Range
from evenload.model.control import LoadControl
from evenload.model.document.sections import LOAD_SHAPES, LOADS, SECTIONS
from evenload.model.document.site_shapes import HouseLoadKeys, LoadKeys
from evenload.model.document.words import Shape, TimeOfDay
from evenload.model.site import Kind

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "site-file.md"

TABLE = re.compile(r"(<!-- keys: (.*?) -->\n).*?(<!-- end -->)", re.DOTALL)

LOAD_RANGES = {
    Kind.EV: ranges.LEVELS_OF_EV,
    Kind.SWITCH: ranges.LEVELS_OF_SWITCH,
    Kind.STEPPED: ranges.LEVELS_OF_STEPPED,
    Kind.POWER: ranges.LEVELS_OF_POWER,
}

PLACES: Mapping[str, tuple[type[Shape], Mapping[str, Range]]] = {
    "the document": (SECTIONS[""], {}),
    "site": (SECTIONS["site"], ranges.SITE),
    "site.dimming": (SECTIONS["site.dimming"], ranges.DIMMING),
    "site.inverter": (SECTIONS["site.inverter"], ranges.INVERTER),
    "site.battery": (SECTIONS["site.battery"], ranges.BATTERY),
    "circuits[]": (SECTIONS["circuits[]"], ranges.CIRCUIT),
    "chargers[]": (SECTIONS["chargers[]"], ranges.CHARGER),
    "every load": (LoadKeys, ranges.LOAD),
    "chargers[].plugs[]": (SECTIONS["chargers[].plugs[]"], ranges.LEVELS_OF_EV),
    "loads[]": (HouseLoadKeys, {}),
    **{f"{LOADS} {kind}": (shape, LOAD_RANGES[kind]) for kind, shape in LOAD_SHAPES.items()},
    "readings": (
        SECTIONS["readings"],
        {**ranges.READINGS, "circuits": ranges.CIRCUIT_METER},
    ),
    "readings.battery": (SECTIONS["readings.battery"], ranges.BATTERY_READING),
    "readings.loads.*": (SECTIONS["readings.loads.*"], ranges.LOAD_READING),
    "control": (SECTIONS["control"], ranges.CONTROL),
    "control.import_average": (SECTIONS["control.import_average"], ranges.IMPORT_AVERAGE),
    "control.loads.*": (SECTIONS["control.loads.*"], ranges.LOAD_CONTROL),
    "control.loads.*.phase_switching": (
        SECTIONS["control.loads.*.phase_switching"],
        ranges.PHASE_SWITCHING,
    ),
    "control.loads.*.temperatures": (
        SECTIONS["control.loads.*.temperatures"],
        ranges.TEMPERATURES,
    ),
    "control.loads.*.temperatures.disinfection": (
        SECTIONS["control.loads.*.temperatures.disinfection"],
        ranges.DISINFECTION,
    ),
    "control.loads.*.runtime": (SECTIONS["control.loads.*.runtime"], ranges.RUNTIME),
    "control.loads.*.ready_by": (SECTIONS["control.loads.*.ready_by"], ranges.READY_BY),
}
"""What has a table: its shape, and the range of each quantity in it.

Keys that a shape shares with others are in the table of what it shares.
"""

TIME = 'time of day: `"17:30"`'
TIME_OF_DAY = get_args(TimeOfDay)[1:]

SIMPLE = {str: "text", bool: "`true`, `false`", int: "whole number", float: "number"}


def filled(text: str) -> str:
    """Return a page with every table written anew; raises KeyError for a place that is none."""
    return TABLE.sub(lambda match: f"{match[1]}{table(match[2])}{match[3]}", text)


def table(place: str) -> str:
    """Return the keys of one place as a table."""
    shape, allowed = PLACES[place]
    told = {key for base in shape.__bases__ if issubclass(base, Shape) for key in base.model_fields}
    rows = (
        row(place, key, field, allowed.get(key))
        for key, field in shape.model_fields.items()
        if key not in told
    )
    return f"| key | value | default | |\n|---|---|---|---|\n{''.join(rows)}"


def row(place: str, key: str, field: FieldInfo, allowed: Range | None) -> str:
    """Return one key's line."""
    is_time = any(part in TIME_OF_DAY for part in field.metadata)
    value = TIME if is_time else value_of(field.annotation, allowed)
    return f"| `{key}` | {value} | {default_of(place, key, field)} | {field.description} |\n"


def value_of(annotation: object, allowed: Range | None) -> str:
    """Return the kinds of value that a key takes."""
    return " or ".join(dict.fromkeys(values(annotation, allowed)))


def values(annotation: object, allowed: Range | None) -> Iterator[str]:
    """Yield each kind of value that a key takes; null, which is leaving it out, is none of them."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        yield ", ".join(f"`{word}`" for word in inner)
    elif origin is list:
        yield f"list of {value_of(inner[0], allowed)}"
    elif origin is dict:
        keys = "id" if inner[0] is str else value_of(inner[0], None)
        yield "keys" if inner[1] is object else f"{{{keys}: {value_of(inner[1], allowed)}}}"
    elif origin is types.UnionType:
        for part in inner:
            yield from values(part, allowed)
    elif annotation is TimeOfDay:
        yield TIME
    elif hasattr(annotation, "__metadata__"):
        yield from values(inner[0], allowed)
    elif isinstance(annotation, type) and annotation is not types.NoneType:
        yield simple(annotation, allowed)


def simple(annotation: type, allowed: Range | None) -> str:
    """Return what a plain type takes."""
    if issubclass(annotation, StrEnum):
        return ", ".join(f"`{word}`" for word in annotation)
    if issubclass(annotation, Shape):
        return "keys, see below"
    if allowed is None:
        return SIMPLE[annotation]
    return f"whole number, {allowed.words}" if annotation is int else allowed.words


def default_of(place: str, key: str, field: FieldInfo) -> str:
    """Return a key's default as YAML would have it."""
    if place == "control.loads.*":
        ev, other = (getattr(LoadControl.of_kind(kind), key) for kind in (Kind.EV, Kind.SWITCH))
        said = ["none" if value is None else f"`{value:g}`" for value in (ev, other)]
        return said[0] if ev == other else f"{said[0]}, other than ev {said[1]}"
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True)
    if default is None or default == {}:
        return "none"
    if isinstance(default, list):
        return f"`[{', '.join(default)}]`"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default:g}`" if isinstance(default, int | float) else f"`{default}`"


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
