"""What pydantic finds wrong with a document's shape, in our words and with our paths.

A fault keeps the place as keys and indices of the given data, beside the finding about it. The
names of union members, which pydantic puts into its places, are not in the data and fall away.
"""

import re
from dataclasses import dataclass
from typing import cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from evenload.model.check.places import hint, listed, one_of, said, under
from evenload.model.document.plain import Plain
from evenload.model.document.sections import LOAD_SHAPES, shape_at
from evenload.model.finding import Finding

type Place = tuple[str | int, ...]

UNKNOWN_KEY = "extra_forbidden"
MISSING_KEY = "missing"
BAD_KEY = "[key]"
"""Pydantic's mark, in a place, that the key of a mapping is wrong and not its value."""

KIND_PROBLEMS = ("union_tag_invalid", "union_tag_not_found")

NUMBER_WITH_UNIT = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*(k)?")

EXPECTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "string_type": "text",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with the shape."""

    place: Place
    """Keys and indices from the top of the document."""
    code: str
    """Pydantic's name for what is wrong."""
    finding: Finding

    @property
    def path(self) -> str:
        """The place as findings write it."""
        return self.finding.path


def faults_of(error: ValidationError, data: Plain) -> list[Fault]:
    """Return one fault for each place that `error` complains about in `data`."""
    return [_fault(details, data) for details in error.errors(include_url=False)]


def _fault(details: ErrorDetails, data: Plain) -> Fault:
    code, location = details["type"], details["loc"]
    if code != UNKNOWN_KEY and location[-1:] == (BAD_KEY,):
        code, location = BAD_KEY, location[:-1]
    place = tuple(
        step for index, step in enumerate(location) if not _names_a_member(location, index)
    )
    if code in KIND_PROBLEMS:
        place = (*place, "kind")
    return Fault(place=place, code=code, finding=_finding(details, place, data))


def _names_a_member(location: Place, index: int) -> bool:
    """Return whether pydantic put in this step: the kind of a load, or the form of a rating."""
    match location[:index]:
        case ("site", "fuse") | ("circuits", int(), "fuse") | ("loads", int()):
            return True
        case _:
            return False


def path_of(place: Place) -> str:
    """Return a place as findings write it: `chargers[0].plugs[1].min`."""
    path = ""
    for step in place:
        path = f"{path}[{step}]" if isinstance(step, int) else under(path, step)
    return path


def _finding(details: ErrorDetails, place: Place, data: Plain) -> Finding:
    path = path_of(place)
    given = cast("object", details["input"])
    match details["type"]:
        case "extra_forbidden":
            return Finding(path=path, problem="unknown key", allowed=_known_keys(place, data))
        case "missing":
            return Finding(path=path, problem="missing", allowed=_meaning(place, data))
        case "union_tag_not_found":
            return Finding(path=path, problem="missing", allowed=listed(LOAD_SHAPES))
        case "union_tag_invalid":
            kind = at(data, place)
            return Finding(
                path=path, problem=f"given {said(kind)}", allowed=one_of(str(kind), LOAD_SHAPES)
            )
        case "enum" | "literal_error":
            names = re.findall(r"'([^']*)'", str(details.get("ctx", {}).get("expected", "")))
            return Finding(
                path=path, problem=f"given {said(given)}", allowed=one_of(str(given), names)
            )
        case code:
            allowed = EXPECTED.get(code, details["msg"])
            return Finding(
                path=path,
                problem="nothing is given" if given is None else f"given {said(given)}",
                allowed=f"{allowed}{_advice(code, given)}",
            )


def _advice(code: str, given: object) -> str:
    match code, given:
        case "float_type" | "int_type", str() if number := NUMBER_WITH_UNIT.match(given):
            value = float(number[1]) * (1000 if number[2] else 1)
            return f", without quotes or unit; did you mean {value:.12g}?"
        case "string_type", bool():
            return "; put it in quotes, YAML reads off, no, on and yes as a truth value"
        case "string_type", int() | float():
            return "; put it in quotes"
        case _:
            return ""


def at(data: Plain, place: Place) -> Plain:
    """Return what stands at `place`; None: nothing does."""
    for step in place:
        match data, step:
            case dict(), str():
                data = data.get(step)
            case list(), int() if step < len(data):
                data = data[step]
            case _:
                return None
    return data


def keys_at(place: Place, data: Plain) -> dict[str, str]:
    """Return the keys that may stand beside the last step of `place`, with their meaning."""
    holder = at(data, place[:-1])
    kind = holder.get("kind") if isinstance(holder, dict) else None
    shape = shape_at(path_of(place[:-1]), kind)
    fields = {} if shape is None else shape.model_fields
    return {key: field.description or "a value" for key, field in fields.items()}


def _known_keys(place: Place, data: Plain) -> str:
    keys = sorted(keys_at(place, data))
    return f"{listed(keys)}{hint(str(place[-1]), keys)}"


def _meaning(place: Place, data: Plain) -> str:
    meaning = keys_at(place, data).get(str(place[-1]), "a value").rstrip(".")
    return f"{meaning[:1].lower()}{meaning[1:]}"
