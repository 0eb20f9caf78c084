"""Write docs/reference/plant.md: every key of a site file's `plant:`, from the schema that reads it.

    uv run python scripts/write_plant_reference.py

A test holds the page to the schema.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evenload.simulate.settings import Plant

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "plant.md"

INTRODUCTION = """\
# The simulated house in a site file: `plant:`

What is really there in a simulation, beyond what Evenload is told: the household, the sun, the devices behind the loads,
and what breaks. It stands beside `site:`, `chargers:` and `loads:` in [a site file](site-file.md);
[Simulate your own house](../how-to/simulate-your-house.md) shows how to write one,
[The simulated house](../explanation/simulation.md) what stands behind each part.

Currents are in A, powers in W, energies in Wh, temperatures in °C, states of charge in %, durations in s, unless a key says
otherwise. An unknown key, a wrong type or a value out of range is refused, with its place and what is allowed.

This page is written by `scripts/write_plant_reference.py` from the schema.
"""

SECTIONS = {
    "Plant": "plant",
    "Location": "plant.location",
    "GeneratedHousehold": "plant.household, source: generated",
    "CsvHousehold": "plant.household, source: csv",
    "RecordedHousehold": "plant.household, source: recorded",
    "GeneratedSolar": "plant.solar, source: generated",
    "CsvSolar": "plant.solar, source: csv",
    "RecordedSolar": "plant.solar, source: recorded",
    "Battery": "plant.battery",
    "Fuse": "plant.fuse",
    "Inverter": "plant.inverter",
    "Meter": "plant.meter",
    "CircuitPart": "plant.circuits.ID",
    "Appliance": "plant.appliances",
    "CarPart": "plant.devices.ID, kind: car",
    "Trip": "trips of a car",
    "CsvSessions": "sessions of a car, source: csv",
    "RecordedSessions": "sessions of a car, source: recorded",
    "ChargerPart": "charger of a car",
    "StationPart": "plant.chargers.ID",
    "TankPart": "plant.devices.ID, kind: tank",
    "HeaterPart": "plant.devices.ID, kind: heater",
    "HeatPumpPart": "plant.devices.ID, kind: heat_pump",
    "Room": "room of a heater or heat pump",
    "PumpPart": "plant.devices.ID, kind: pump",
    "Fault": "plant.faults",
    "ByHand": "plant.by_hand",
    "GeneratedWeather": "plant.weather, source: generated",
    "CsvWeather": "plant.weather, source: csv",
    "RecordedWeather": "plant.weather, source: recorded",
    "Prices": "plant.prices",
    "CsvMarket": "plant.prices.market, source: csv",
    "RecordedMarket": "plant.prices.market, source: recorded",
}
"""The parts in their order, each with its place in the file; an enumeration is no part."""

SECONDS_A_DAY = 86400

type Schema = Mapping[str, Any]


def page() -> str:
    """Return the whole page."""
    schema = Plant.model_json_schema()
    parts: dict[str, Schema] = {"Plant": schema, **schema["$defs"]}
    left_out = {name for name, part in parts.items() if "enum" not in part} - SECTIONS.keys()
    if left_out:
        raise LookupError(f"the page has no section for {', '.join(sorted(left_out))}")
    sections = (section(title, parts[name], parts) for name, title in SECTIONS.items())
    return INTRODUCTION + "".join(sections)


def section(title: str, part: Schema, parts: Mapping[str, Schema]) -> str:
    """Return one part as a heading, what it is, and a table of its keys."""
    rows = "".join(row(key, field, part, parts) for key, field in part["properties"].items())
    head = "| key | value | default | |\n|---|---|---|---|\n"
    return f"\n## `{title}`\n\n{part['description']}\n\n{head}{rows}"


def row(key: str, field: Schema, part: Schema, parts: Mapping[str, Schema]) -> str:
    """Return one key's line."""
    default = "required" if key in part.get("required", ()) else default_of(field)
    told = str(field.get("description", "")).replace("None:", "none:")
    return f"| `{key}` | {' or '.join(values(field, parts))} | {default} | {told} |\n"


def default_of(field: Schema) -> str:
    """Return a key's default as YAML would have it; a part's is that of its keys."""
    default = field["default"]
    if default is None or default in ({}, []):
        return "none"
    if isinstance(default, dict):
        return "its keys'"
    if isinstance(default, list):
        return f"`[{', '.join(map(str, default))}]`"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def values(field: Schema, parts: Mapping[str, Schema]) -> Iterator[str]:
    """Yield the kinds of value that a key takes."""
    if "const" in field:
        yield f"`{field['const']}`"
    elif "$ref" in field:
        yield from referred(field["$ref"].rpartition("/")[2], parts)
    elif alternatives := field.get("anyOf", field.get("oneOf")):
        for alternative in alternatives:
            if alternative.get("type") != "null":
                yield from values(alternative, parts)
    elif field["type"] == "array":
        yield f"list of {' or '.join(values(field['items'], parts))}"
    elif field["type"] == "object":
        yield f"mapping to {' or '.join(values(field['additionalProperties'], parts))}"
    else:
        yield simple(field)


def referred(name: str, parts: Mapping[str, Schema]) -> Iterator[str]:
    """Yield the words of an enumeration, or where another part is told of."""
    if "enum" in parts[name]:
        yield ", ".join(f"`{word}`" for word in parts[name]["enum"])
    else:
        yield f"`{SECTIONS[name]}`"


def simple(field: Schema) -> str:
    """Return a number's range, or the name of another simple type."""
    if field.get("lt") == SECONDS_A_DAY:
        return 'time of day such as `"17:30"`'
    if field["type"] not in {"integer", "number"}:
        return {"string": str(field.get("format", "text")), "boolean": "`true`, `false`"}[
            field["type"]
        ]
    kind = "whole number" if field["type"] == "integer" else "number"
    limits = (
        ("from", "minimum"),
        ("above", "exclusiveMinimum"),
        ("to", "maximum"),
        ("below", "exclusiveMaximum"),
    )
    return " ".join((kind, *(f"{word} {field[key]:g}" for word, key in limits if key in field)))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
