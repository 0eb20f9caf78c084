"""Any data to plain data: dicts with text keys, lists, scalars; all own, so that it can be mended."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from evenload.model.check.places import said, under
from evenload.model.document.text import DEEPEST
from evenload.model.finding import Finding

LARGEST_INTEGER = 10**15
"""Beyond it integers are no longer exact as floats, and far beyond not even numbers to them."""

type Scalar = str | float | date | None
type Plain = dict[str, Plain] | list[Plain] | Scalar


def plain(data: object, findings: list[Finding], path: str = "", depth: int = 0) -> Plain:
    """Return a copy of `data` in plain types; what has no such type is left out, with a finding."""
    match data:
        case Mapping() | list() | tuple() if depth >= DEEPEST:
            allowed = f"at most {DEEPEST} levels"
            findings.append(Finding(path=path, problem="nested too deeply", allowed=allowed))
            return None
        case Mapping():
            return _mapping(cast("Mapping[object, object]", data), findings, path, depth)
        case list() | tuple():
            items = cast("list[object] | tuple[object, ...]", data)
            return [
                plain(item, findings, f"{path}[{index}]", depth + 1)
                for index, item in enumerate(items)
            ]
        case _:
            return _scalar(data, findings, path)


def _mapping(
    data: Mapping[object, object], findings: list[Finding], path: str, depth: int
) -> dict[str, Plain]:
    copy: dict[str, Plain] = {}
    for key, value in data.items():
        if isinstance(key, str):
            copy[key] = plain(value, findings, under(path, key), depth + 1)
        else:
            problem = f"key {said(key)} is not text"
            findings.append(Finding(path=path, problem=problem, allowed="text; put it in quotes"))
    return copy


def _scalar(data: object, findings: list[Finding], path: str) -> Scalar:
    match data:
        case int() if abs(data) > LARGEST_INTEGER:
            problem, allowed = "given a huge number", f"at most {LARGEST_INTEGER:g}"
        case str() if any("\ud800" <= character <= "\udfff" for character in data):
            problem, allowed = f"given {said(data)}", "Unicode text"
        case str() | int() | float() | date() | None:
            return data
        case _:
            problem, allowed = f"given {said(data)}", "keys, lists, text, numbers"
    findings.append(Finding(path=path, problem=problem, allowed=allowed))
    return None
