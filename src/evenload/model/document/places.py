"""Where a finding about a noun stands in the file, when it is written there in a shorter way."""

import re
from collections.abc import Iterable
from dataclasses import replace

from evenload.model.document.sections import DocumentShape
from evenload.model.finding import Finding

PHASES_OF_PLUG = re.compile(r"chargers\[(\d+)\]\.plugs\[(\d+)\]\.phases")


def in_document(findings: Iterable[Finding], shape: DocumentShape) -> list[Finding]:
    """Return findings at the keys a person wrote, each once.

    A rating written as one number is one place, not one for each phase; a phase map that plugs
    have from their charger is the charger's.
    """
    placed = [replace(finding, path=_written(finding.path, shape)) for finding in findings]
    return list(dict.fromkeys(placed))


def _written(path: str, shape: DocumentShape) -> str:
    if path.startswith("site.fuse.") and not isinstance(shape.site.fuse, dict):
        return "site.fuse"
    circuit = re.match(r"circuits\[(\d+)\]\.fuse\.", path)
    if circuit and not isinstance((shape.circuits or [])[int(circuit[1])].fuse, dict):
        return circuit[0].removesuffix(".")
    plug = PHASES_OF_PLUG.match(path)
    if plug:
        charger = (shape.chargers or [])[int(plug[1])]
        if charger.plugs[int(plug[2])].phases is None:
            return f"chargers[{plug[1]}].phases{path[plug.end() :]}"
    return path
