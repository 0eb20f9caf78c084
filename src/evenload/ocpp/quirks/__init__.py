"""What differs from maker to maker, as data: `table.toml`, whose schema is `Row`.

A station's rows are found by what it says of itself when it boots; later rows win over earlier ones,
and what a person sets wins over all.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import cast

from evenload.ocpp.measurements import Unphased
from evenload.ocpp.nouns import Fallback, RateUnit, StationInfo


class Pause(StrEnum):
    """How a plug is paused."""

    ZERO = "zero"
    """By a limit of 0."""
    MINIMUM = "minimum"
    """Not at all: a limit of 0 would end its session for good, so it keeps its minimum."""
    REMOTE_STOP = "remote_stop"
    """By ending the transaction; a new one is started to go on."""


class Purpose(StrEnum):
    """Which kind of profile carries the setpoint; the names are OCPP's."""

    TX_DEFAULT = "TxDefaultProfile"
    TX = "TxProfile"


class Kind(StrEnum):
    """From when a profile's periods count; the names are OCPP's."""

    ABSOLUTE = "Absolute"
    RELATIVE = "Relative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """How a station is spoken to; the defaults suit one that follows the specification."""

    stack_level: int = 0
    """Of our profiles."""
    purpose: Purpose = Purpose.TX_DEFAULT
    kind: Kind = Kind.ABSOLUTE
    unit: RateUnit | None = None
    """None: amperes, unless it says that it knows watts only."""
    fallback: Fallback | None = None
    """None: the best of what it accepts."""
    lease: float | None = None
    """Least lease to command [s], for stations that flicker or wear with every profile; None: any."""
    pause: Pause = Pause.ZERO
    remote_start: bool = False
    """Whether a car that was plugged in waits for us to start its transaction."""
    set_available: bool = True
    """Whether it can be told to take a plug into service."""
    station_max: bool = True
    """Whether it takes a profile for the station as a whole."""
    trigger: bool = True
    """Whether it can be asked for messages."""
    measurands: tuple[str, ...] | None = None
    """The list to set, as it is; None: ours, shortened until it is accepted."""
    configure: bool = True
    """Whether its settings may be changed."""
    meter_interval: float = 1.0
    """Least time between meter values [s]."""
    currents: tuple[float, ...] = ()
    """The only currents it knows [A], rising; empty: any."""
    response: float | None = None
    """How long it takes to follow a new limit [s]; None: as others."""
    unphased: Unphased | None = None
    """What its current without a leg means; None: told by power and voltage."""
    phase_switching: bool | None = None
    """Whether it can give one phase or three; None: as it says itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table; raises ValueError where it makes no sense."""

    name: str
    """Lower case, digits and hyphens."""
    differs: Mapping[str, object]
    """Fields of `Differences`."""
    why: str
    """What the station does, in a sentence."""
    source: str
    """Where that is told."""
    vendor: str = ""
    """Pattern (regular expression, any case) that is found in the station's vendor."""
    model: str = ""
    firmware: str = ""

    def __post_init__(self) -> None:
        """Check what the file says."""
        said = (self.name, self.why, self.source, self.vendor, self.model, self.firmware)
        if not all(isinstance(each, str) for each in cast("tuple[object, ...]", said)):
            message = f"row {self.name}: only texts and the table `differs` may stand here"
            raise ValueError(message)
        if not re.fullmatch(r"[a-z0-9-]+", self.name) or not self.why or not self.source:
            message = f"row {self.name!r}: needs a name in lower case, a reason and a source"
            raise ValueError(message)
        for pattern in (self.vendor, self.model, self.firmware):
            try:
                re.compile(pattern)
            except re.PatternError as error:
                message = f"row {self.name}: {pattern!r} is no regular expression: {error}"
                raise ValueError(message) from error
        differing(Differences(), self.differs)

    def matches(self, info: StationInfo) -> bool:
        """Return whether this row is about the station; a pattern that is not given fits all."""
        pairs = (
            (self.vendor, info.vendor),
            (self.model, info.model),
            (self.firmware, info.firmware),
        )
        return all(re.search(pattern, said or "", re.IGNORECASE) for pattern, said in pairs)


_ENUMERATIONS = {
    "purpose": Purpose,
    "kind": Kind,
    "unit": RateUnit,
    "fallback": Fallback,
    "pause": Pause,
    "unphased": Unphased,
}
_KNOWN = frozenset(each.name for each in fields(Differences))
_MAY_BE_UNKNOWN = frozenset(
    {"unit", "fallback", "lease", "measurands", "response", "unphased", "phase_switching"}
)
_FLAGS = frozenset(
    {"remote_start", "set_available", "station_max", "trigger", "configure", "phase_switching"}
)
_NUMBERS = frozenset({"stack_level", "lease", "meter_interval", "response"})
_LARGEST = 86_400
"""A day [s]; more than any level of profiles."""
_LISTS: Mapping[str, type | tuple[type, ...]] = {"measurands": str, "currents": (int, float)}


def differing(base: Differences, changes: Mapping[str, object]) -> Differences:
    """Return `base` with these fields changed, their values as they stand in TOML or JSON.

    Raises ValueError for a field or word that does not exist.
    """
    unknown = sorted(set(changes) - _KNOWN)
    if unknown:
        message = f"no such difference: {', '.join(unknown)}; known are {', '.join(sorted(_KNOWN))}"
        raise ValueError(message)
    converted = {name: _converted(name, value) for name, value in changes.items()}
    return replace(base, **cast("dict[str, str]", converted))


def _converted(name: str, value: object) -> object:
    """Return a field's value; raises ValueError where it is of another kind than the field."""
    if value is None and name in _MAY_BE_UNKNOWN:
        return None
    if name in _ENUMERATIONS:
        return _ENUMERATIONS[name](str(value))
    if name in _LISTS and isinstance(value, list):
        members = tuple(cast("list[object]", value))
        wanted = _LISTS[name]
        if all(isinstance(each, wanted) and not isinstance(each, bool) for each in members):
            return members
    elif name in _NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
        if 0 <= value < _LARGEST:
            return value
    elif name in _FLAGS and isinstance(value, bool):
        return value
    message = f"{name}: {value!r} makes no sense there"
    raise ValueError(message)


@cache
def table() -> tuple[Row, ...]:
    """Return every row; raises ValueError or TypeError where the file is wrong."""
    text = files("evenload.ocpp.quirks").joinpath("table.toml").read_text(encoding="utf-8")
    rows = cast("list[dict[str, str]]", tomllib.loads(text)["row"])
    return tuple(read_row(row) for row in rows)


def read_row(given: Mapping[str, object]) -> Row:
    """Return a row of the file; raises ValueError for one that makes no sense, TypeError for other keys."""
    return Row(**cast("dict[str, str]", given))  # pyright: ignore[reportArgumentType] - checked by the row itself


def differences(
    info: StationInfo, overrides: Mapping[str, object]
) -> tuple[Differences, tuple[str, ...]]:
    """Return how the station is spoken to, and the names of the rows that say so."""
    found = tuple(row for row in table() if row.matches(info))
    result = Differences()
    for row in found:
        result = differing(result, row.differs)
    return differing(result, overrides), tuple(row.name for row in found)
