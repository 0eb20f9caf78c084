"""Any data to plain data: dicts with text keys, lists, scalars; all own, so that it can be mended."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from evenload.model.check.places import said, under
from evenload.model.document.text import DEEPEST
from evenload.model.finding import Finding

type Plain = dict[str, Plain] | list[Plain] | str | float | date | None


def plain(data: object, findings: list[Finding], path: str = "", depth: int = 0) -> Plain:
    """Return a copy of `data` in plain types; what has no such type is left out, with a finding."""
    match data:
        case Mapping() | list() | tuple() if depth >= DEEPEST:
            allowed = f"at most {DEEPEST} levels"
            findings.append(Finding(path=path, problem="nested too deeply", allowed=allowed))
            return None
        case Mapping():
            return _plain_mapping(cast("Mapping[object, object]", data), findings, path, depth)
        case list() | tuple():
            items = cast("list[object] | tuple[object, ...]", data)
            return [
                plain(item, findings, f"{path}[{index}]", depth + 1)
                for index, item in enumerate(items)
            ]
        case str() if any("\ud800" <= character <= "\udfff" for character in data):
            findings.append(
                Finding(path=path, problem=f"given {said(data)}", allowed="Unicode text")
            )
            return None
        case str() | int() | float() | date() | None:
            return data
        case _:
            findings.append(
                Finding(
                    path=path, problem=f"given {said(data)}", allowed="keys, lists, text, numbers"
                )
            )
            return None


def _plain_mapping(
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
