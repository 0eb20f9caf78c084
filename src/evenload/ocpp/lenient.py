"""Reading what stations send, whatever shape it has: numbers as text, missing and wrong fields.

Each function returns None, or something empty, for what makes no sense; none of them raises. Texts
and lists are cut, so that nothing a station sends can fill memory.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

_MOST_ITEMS = 500
_LARGEST = 1e12
_YEARS = range(2000, 2200)


def fields(value: object) -> Mapping[str, object]:
    """Return the object of JSON that `value` is; anything else is empty."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def items(value: object) -> Sequence[object]:
    """Return the array that `value` is; a single object counts as an array of one."""
    if isinstance(value, list):
        return cast("list[object]", value)[:_MOST_ITEMS]
    return (cast("object", value),) if isinstance(value, dict) else ()


def text(value: object, longest: int = 255) -> str | None:
    """Return printable text, without blanks around it; an empty one is None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    kept = str(value)[: 2 * longest].strip()[:longest]
    return "".join(each for each in kept if each.isprintable()) or None


def number(value: object) -> float | None:
    """Return a finite number, also from text such as ` 9.6` or `9,6`."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        if len(value) > 64:  # noqa: PLR2004 - no number is so long
            return None
        value = value.strip().replace(",", ".")
    if not isinstance(value, str | int | float):
        return None
    try:
        found = float(value)
    except ValueError, OverflowError:
        return None
    return found if math.isfinite(found) and abs(found) < _LARGEST else None


def whole(value: object) -> int | None:
    """Return a whole number, also from text or a float."""
    found = number(value)
    return None if found is None or found != int(found) else int(found)


def flag(value: object) -> bool | None:
    """Return true or false, also from text."""
    if isinstance(value, bool):
        return value
    said = (text(value) or "").lower()
    return {"true": True, "false": False, "1": True, "0": False}.get(said)


def instant(value: object) -> datetime | None:
    """Return a moment in UTC; one without a time zone is taken for UTC."""
    said = text(value, 64)
    if said is None:
        return None
    try:
        found = datetime.fromisoformat(said)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except ValueError, OverflowError:
        return None
    return found if found.year in _YEARS else None
