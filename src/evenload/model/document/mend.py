"""Making a document well-formed, so that one broken key does not hide what else is wrong.

Whatever pydantic refuses is reported and then taken out of a copy, or something harmless stands in
for it where a value is required. What remains can be built and checked against itself, and findings
about what was taken out, or follows from it, are dropped: the copy is never used for anything else.
"""

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field

from pydantic import ValidationError

from evenload.model.check.places import STAND_IN, nearest
from evenload.model.document.faults import (
    BAD_KEY,
    KIND_PROBLEMS,
    MISSING_KEY,
    UNKNOWN_KEY,
    Fault,
    Place,
    at,
    faults_of,
    keys_at,
    path_of,
)
from evenload.model.document.plain import Plain
from evenload.model.document.sections import LOADS, SECTIONS, DocumentShape, section_of
from evenload.model.finding import Finding
from evenload.model.site import Kind

MOST_ROUNDS = 12
"""Mending goes from the outside in: a round for each level of nesting, and some to spare."""

STAND_INS: dict[str, Plain] = {
    "site": {},
    "fuse": 25.0,
    "max_current": 32.0,
    "plugs": [],
    "phases": {},
    "min": 6.0,
    "max": 6.0,
    "power": 1000.0,
    "levels": [1000.0],
    "limit": 1000.0,
    "loads": [],
    "max_power": 1000.0,
    "max_power_per_phase": 1000.0,
    "max_charge": 1000.0,
    "max_discharge": 1000.0,
    "soc": 50.0,
    "state": "connected",
}
"""By required key: something of the right shape."""

DEPENDENT = (
    {"min", "max", "step", "levels", "power", "kind"},
    {"soc_min", "soc_target", "soc_full"},
    {"current", "power"},
)
"""Keys of one mapping that are checked against each other."""

LOST_IDS = (
    (
        re.compile(r"circuits(\[\d+\](\.id)?)?"),
        re.compile(r".*\.(circuit|parent)|readings\.circuits\.[^.]+"),
    ),
    (
        re.compile(r"(loads|chargers|chargers\[\d+\]\.plugs)(\[\d+\](\.id)?)?"),
        re.compile(r"site\.dimming\.loads\[\d+\]|(readings|control)\.loads\.[^.]+"),
    ),
)
"""Faults with which an id is lost, and the places that may refer to it."""

CAUSES = (
    ("site.phases", ""),
    ("site.off_grid", "site.battery"),
    ("site.off_grid", "readings"),
)
"""Keys whose value decides what is required elsewhere; an empty path is everything."""


@dataclass(slots=True)
class Mended:
    """What came of mending."""

    faults: list[Fault] = field(default_factory=list[Fault])
    shape: DocumentShape | None = None
    """None: it could not be made well-formed."""


def mend(data: dict[str, Plain]) -> Mended:
    """Return every fault of `data`, which is changed, and a shape without them."""
    mended = Mended()
    for _ in range(MOST_ROUNDS):
        try:
            mended.shape = DocumentShape.model_validate(data)
        except ValidationError as error:
            faults = faults_of(error, data)
        else:
            return mended
        unknown = [fault for fault in faults if fault.code == UNKNOWN_KEY]
        # Misspelt keys first: put right, they make others neither missing nor wrong.
        for fault in unknown or faults:
            if not _is_known(fault, mended.faults):
                mended.faults.append(fault)
            _repair(data, fault)
    return mended


def _is_known(fault: Fault, known: Iterable[Fault]) -> bool:
    if fault.code == MISSING_KEY and any(_is_under(other.path, fault.path) for other in known):
        return True  # it is missing because what was wrong inside it was taken out
    return any(_is_under(fault.path, other.path) for other in known)


def _is_under(path: str, other: str) -> bool:
    return not other or path == other or path.startswith((f"{other}.", f"{other}["))


def _repair(data: dict[str, Plain], fault: Fault) -> None:
    place = _to_nearest_key(fault.place)
    if not place:
        return
    holder, key = at(data, place[:-1]), place[-1]
    if isinstance(holder, list) and isinstance(key, int):
        holder[key] = {}
    elif isinstance(holder, dict) and isinstance(key, str):
        _repair_key(holder, key, place, fault, data)


def _to_nearest_key(place: Place) -> Place:
    """Cut a place inside a list of plain values back to the list: it is repaired as a whole."""
    while place and isinstance(place[-1], int) and not _is_section(place):
        place = place[:-1]
    return place


def _is_section(place: Place) -> bool:
    section = section_of(path_of(place))
    return section == LOADS or section in SECTIONS


def _repair_key(
    holder: dict[str, Plain], key: str, place: Place, fault: Fault, data: dict[str, Plain]
) -> None:
    if fault.code == UNKNOWN_KEY:
        value = holder.pop(key, None)
        meant = nearest(key, keys_at(place, data))
        if meant is not None and meant not in holder:
            holder[meant] = value
    elif fault.code in KIND_PROBLEMS:
        holder["kind"] = _kind_by_keys(holder)
    elif fault.code == MISSING_KEY:
        # An id stands in that no file can hold, so that nothing refers to it.
        holder[key] = deepcopy(STAND_INS.get(key, f"{STAND_IN}{path_of(place)}"))
    elif fault.code == BAD_KEY:
        holder.pop(key, None)
    elif _is_section(place):
        holder[key] = {}
    elif place[-2:-1] == ("fuse",):
        holder[key] = STAND_INS["fuse"]
    else:
        holder.pop(key, None)


def _kind_by_keys(load: dict[str, Plain]) -> str:
    if "levels" in load:
        return Kind.STEPPED
    return Kind.SWITCH if "power" in load else Kind.EV


def consequences_left_out(findings: Iterable[Finding], faults: Iterable[Fault]) -> list[Finding]:
    """Return the findings that are no mere consequence of a fault or of what stands in for it."""
    paths = [fault.path for fault in faults]
    return [
        finding for finding in findings if not any(_follows(finding.path, path) for path in paths)
    ]


def _follows(finding: str, fault: str) -> bool:
    if _is_under(finding, fault):
        return True
    if fault == "site" or any(
        lost.fullmatch(fault) and reference.fullmatch(finding) for lost, reference in LOST_IDS
    ):
        return True
    if finding.endswith(".phases") and _is_under(fault, finding):
        return True
    if any(_is_under(fault, cause) and _is_under(finding, effect) for cause, effect in CAUSES):
        return True
    if ".phases" in fault and (".legs" in finding or ".current." in finding):
        return True
    finding_holder, _, finding_key = finding.rpartition(".")
    fault_holder, _, fault_key = fault.rpartition(".")
    return finding_holder == fault_holder and any(
        {finding_key, fault_key} <= keys for keys in DEPENDENT
    )
