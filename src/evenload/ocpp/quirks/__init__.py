"""What differs from maker to maker, as data: `table.yaml`, whose schema is `Row`.

A station's rows are found by what it says of itself when it boots; later rows win over earlier ones,
and what a person sets wins over all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

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


class Row(BaseModel):
    """One row of the table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    vendor: str = ""
    """Pattern (regular expression, any case) that is found in the station's vendor."""
    model: str = ""
    firmware: str = ""
    differs: Mapping[str, object]
    """Fields of `Differences`."""
    why: Annotated[str, Field(min_length=10)]
    source: Annotated[str, Field(min_length=3)]

    @field_validator("vendor", "model", "firmware")
    @classmethod
    def _is_a_pattern(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.PatternError as error:
            message = f"no regular expression: {error}"
            raise ValueError(message) from error
        return pattern

    @field_validator("differs")
    @classmethod
    def _can_differ(cls, differs: Mapping[str, object]) -> Mapping[str, object]:
        differing(Differences(), differs)
        return differs

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


def differing(base: Differences, changes: Mapping[str, object]) -> Differences:
    """Return `base` with these fields changed, their values as they stand in YAML or JSON.

    Raises ValueError for a field or word that does not exist.
    """
    unknown = sorted(set(changes) - _KNOWN)
    if unknown:
        message = f"no such difference: {', '.join(unknown)}; known are {', '.join(sorted(_KNOWN))}"
        raise ValueError(message)
    converted: dict[str, object] = {}
    for name, value in changes.items():
        if isinstance(value, list):
            converted[name] = tuple(cast("list[object]", value))
        elif value is not None and name in _ENUMERATIONS:
            converted[name] = _ENUMERATIONS[name](str(value))
        else:
            converted[name] = value
    return replace(base, **cast("dict[str, str]", converted))


@cache
def table() -> tuple[Row, ...]:
    """Return every row; raises ValidationError where the file is wrong."""
    content = files("evenload.ocpp.quirks").joinpath("table.yaml").read_text(encoding="utf-8")
    rows = cast("list[object]", yaml.safe_load(content))
    return tuple(Row.model_validate(row) for row in rows)


def differences(
    info: StationInfo, overrides: Mapping[str, object]
) -> tuple[Differences, tuple[str, ...]]:
    """Return how the station is spoken to, and the names of the rows that say so."""
    found = tuple(row for row in table() if row.matches(info))
    result = Differences()
    for row in found:
        result = differing(result, row.differs)
    return differing(result, overrides), tuple(row.name for row in found)
