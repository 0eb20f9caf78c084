"""What pydantic finds wrong with `plant:`, said as the site file's own findings are.

Paths are those of the file; the names of union members, which pydantic adds, fall away.
"""

import re
from collections.abc import Mapping, Sequence
from typing import cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from evenload.model.check.places import hint, listed, one_of, said
from evenload.model.finding import Finding
from evenload.simulate.settings import (
    Appliance,
    Battery,
    ByHand,
    CarPart,
    CircuitPart,
    CsvHousehold,
    CsvMarket,
    CsvSessions,
    CsvSolar,
    CsvWeather,
    Fault,
    GeneratedHousehold,
    GeneratedSolar,
    GeneratedWeather,
    HeaterPart,
    HeatPumpPart,
    Meter,
    Plant,
    PumpPart,
    RecordedHousehold,
    RecordedMarket,
    RecordedSessions,
    RecordedSolar,
    RecordedWeather,
    Room,
    StationPart,
    TankPart,
    Trip,
)

_WORDS = {
    "float_type": "a number",
    "int_type": "a whole number",
    "string_type": "text",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
}

_SHAPES: Mapping[str, type[BaseModel]] = {
    "household.generated": GeneratedHousehold,
    "household.csv": CsvHousehold,
    "household.recorded": RecordedHousehold,
    "solar.generated": GeneratedSolar,
    "solar.csv": CsvSolar,
    "solar.recorded": RecordedSolar,
    "weather.generated": GeneratedWeather,
    "weather.csv": CsvWeather,
    "weather.recorded": RecordedWeather,
    "room": Room,
    "heat_pump": HeatPumpPart,
    "pump": PumpPart,
    "market.csv": CsvMarket,
    "market.recorded": RecordedMarket,
    "sessions.csv": CsvSessions,
    "sessions.recorded": RecordedSessions,
    "chargers": StationPart,
    "circuits": CircuitPart,
    "meter": Meter,
    "appliances": Appliance,
    "by_hand": ByHand,
    "battery": Battery,
    "car": CarPart,
    "tank": TankPart,
    "heater": HeaterPart,
    "trips": Trip,
    "faults": Fault,
}
"""What stands where the schema offers a choice or a list, by pydantic's name for the step.

A name that several choices share stands behind the key that offers it.
"""

_SOURCES = frozenset({"household", "solar", "market", "sessions", "weather"})
"""Keys whose parts are told apart by `source`; all others by `kind`."""


def read_plant(data: Mapping[str, object]) -> Plant | list[Finding]:
    """Return the plant that `plant:` describes, or everything that is wrong with it."""
    try:
        return Plant.model_validate(data)
    except ValidationError as error:
        return [_finding(details, data) for details in error.errors(include_url=False)]


def _finding(details: ErrorDetails, data: Mapping[str, object]) -> Finding:
    place = _place_in(data, details["loc"])
    path = _written(place)
    given: object = details["input"]
    context = details.get("ctx", {})
    match details["type"]:
        case "extra_forbidden":
            keys = sorted(_keys_beside(details["loc"]))
            allowed = f"{listed(keys)}{hint(str(place[-1]), keys)}" if keys else "a known key"
            return Finding(path=path, problem="unknown key", allowed=allowed)
        case "missing":
            return Finding(path=path, problem="missing", allowed="a value")
        case "union_tag_invalid" | "union_tag_not_found":
            tags = re.findall(r"'([^']*)'", str(context.get("expected_tags", "")))
            key = "source" if place[-1] in _SOURCES else "kind"
            tag = str(context.get("tag", "nothing"))
            return Finding(
                path=f"{path}.{key}",
                problem=f"given {tag}",
                allowed=one_of(tag, tags) if tags else "a kind",
            )
        case "enum" | "literal_error":
            names = re.findall(r"'([^']*)'", str(context.get("expected", "")))
            return Finding(
                path=path, problem=f"given {said(given)}", allowed=one_of(str(given), names)
            )
        case code:
            allowed = _WORDS.get(code, details["msg"].removeprefix("Value error, "))
            return Finding(path=path, problem=f"given {said(given)}", allowed=allowed)


def _place_in(data: object, location: Sequence[str | int]) -> tuple[str | int, ...]:
    """Return the steps of `location` that stand in the data, and the last one if it is a missing key."""
    place: list[str | int] = []
    at = data
    for index, step in enumerate(location):
        last = index == len(location) - 1
        if isinstance(at, dict) and isinstance(step, str):
            inside = cast("dict[str, object]", at)
            if step not in inside and not last:
                continue
            at = inside.get(step)
        elif isinstance(at, list) and isinstance(step, int):
            at = cast("list[object]", at)[step]
        else:
            continue
        place.append(step)
    return tuple(place)


def _written(place: Sequence[str | int]) -> str:
    """Return the path as findings write it: `plant.devices.car.trips[0].energy`."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return f"plant{steps}"


def _keys_beside(location: Sequence[str | int]) -> set[str]:
    """Return the keys that stand where an unknown one was given."""
    shape: type[BaseModel] = Plant
    before = ""
    for step in map(str, location[:-1]):
        field = shape.model_fields.get(step)
        inside = None if field is None else field.annotation
        if isinstance(inside, type) and issubclass(inside, BaseModel):
            shape = inside
        else:
            shape = _SHAPES.get(f"{before}.{step}", _SHAPES.get(step, shape))
        before = step
    return set(shape.model_fields)
