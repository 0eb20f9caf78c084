"""Any data to plain data: dicts with text keys, lists, scalars; all own, so that it can be mended."""

from collections.abc import Mapping
from typing import cast

from evenload.model.check.places import said, under
from evenload.model.document.text import DEEPEST
from evenload.model.finding import Finding

type Plain = dict[str, Plain] | list[Plain] | object


def plain(data: object, findings: list[Finding], path: str = "", depth: int = 0) -> Plain:
    """Return a copy of `data` in plain types; keys that are no text are left out, with a finding."""
    match data:
        case Mapping() | list() | tuple() if depth >= DEEPEST:
            problem = "nested too deeply"
            findings.append(
                Finding(path=path, problem=problem, allowed=f"at most {DEEPEST} levels")
            )
            return None
        case Mapping():
            return _plain_mapping(cast("Mapping[object, object]", data), findings, path, depth)
        case list() | tuple():
            items = cast("list[object] | tuple[object, ...]", data)
            return [
                plain(item, findings, f"{path}[{index}]", depth + 1)
                for index, item in enumerate(items)
            ]
        case _:
            return data


def _plain_mapping(
    data: Mapping[object, object], findings: list[Finding], path: str, depth: int
) -> dict[str, Plain]:
    copy: dict[str, Plain] = {}
    for key, value in data.items():
        if isinstance(key, str):
            copy[key] = plain(value, findings, under(path, key), depth + 1)
        else:
            findings.append(
                Finding(
                    path=path,
                    problem=f"key {said(key)} is not text",
                    allowed="text; put it in quotes",
                )
            )
    return copy
