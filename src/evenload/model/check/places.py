"""Words that all checks share: paths, what was given, and the nearest right name."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from evenload.model.check.ranges import Range
from evenload.model.finding import Finding

NOUN_OF_KEY = {"min": "minimum", "max": "maximum"}
"""Where a key of the site file and the field of its noun are called differently."""

STAND_IN = "?"
"""How names begin that no file can hold: they stand in for an id that is missing."""

PLAIN_KEY = re.compile(r"[\w-]+")

LONGEST_INTEGER = 256
"""Bits; Python refuses to print integers that are much longer."""

LONGEST_QUOTE = 60
"""Characters of a given value that a finding repeats."""


def under(path: str, key: str) -> str:
    """Return the path of `key` inside what stands at `path`; an odd key is quoted, on one line."""
    if PLAIN_KEY.fullmatch(key) is None:
        return f"{path}[{key!r}]"
    return f"{path}.{key}" if path else key


def listed(names: Iterable[str]) -> str:
    """Return names as a person reads them: `a, b or c`."""
    *first, last = [*names] or ["nothing"]
    return f"{', '.join(first)} or {last}" if first else last


def nearest(given: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that `given` may be a misspelling of, if any."""
    candidates = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(given.casefold(), candidates, n=1, cutoff=0.6)
    return candidates[close[0]] if close else None


def hint(given: str, names: Iterable[str]) -> str:
    """Return `; did you mean ...?` when one of `names` is close to what was given, else nothing."""
    name = nearest(given, names)
    return "" if name is None else f"; did you mean {name}?"


def one_of(given: str, names: Iterable[str]) -> str:
    """Return what is allowed where a name from a closed list is, with the nearest one."""
    choice = tuple(name for name in names if not name.startswith(STAND_IN))
    return f"{listed(choice)}{hint(given, choice)}"


def out_of_range(noun: object, path: str, ranges: Mapping[str, Range]) -> Iterator[Finding]:
    """Yield a finding for each field of `noun` whose value its range does not allow.

    None passes: it means not known, or no limit. Mappings and tuples are checked item by item.
    """
    for key, allowed in ranges.items():
        value: object = getattr(noun, NOUN_OF_KEY.get(key, key))
        yield from _each_out_of_range(value, under(path, key), allowed)


def _each_out_of_range(value: object, path: str, allowed: Range) -> Iterator[Finding]:
    match value:
        case None:
            return
        case Mapping():
            for key, item in cast("Mapping[str, object]", value).items():
                yield from _each_out_of_range(item, under(path, key), allowed)
        case tuple():
            for index, item in enumerate(cast("tuple[object, ...]", value)):
                yield from _each_out_of_range(item, f"{path}[{index}]", allowed)
        case int() | float():
            if not allowed.allows(value):
                yield Finding(path=path, problem=f"given {value:.12g}", allowed=allowed.words)
        case _:
            yield Finding(path=path, problem=f"given {said(value)}", allowed=allowed.words)


def said(value: object) -> str:
    """Return what was given as a finding quotes it: short, on one line."""
    if isinstance(value, int) and value.bit_length() > LONGEST_INTEGER:
        return "a huge number"
    text = repr(value)
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}..."
