"""The types that the shapes of a site file share.

Shapes are strict: a number is an int or a float, never a bool or text. Words from closed lists are
the exception that YAML asks for: it reads an unquoted `off` or `on` as a truth value.
"""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Strict, Tag

from evenload.model.control import FuseKind, Preset, Protection, Window
from evenload.model.readings import BatteryZone, LoadState, Need
from evenload.model.site import BatteryHelp, Distribution, Leg, Mode, Phase, Policy

_MINUTES_PER_DAY = 1440


class Shape(BaseModel):
    """A mapping of the site file; the docstring under each key is its line in the reference."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True
    )


def off_or_on(value: object) -> object:
    """Return the word a person wrote where YAML 1.1 made a truth value of it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return value


def number_or_map(value: object) -> str:
    """Return which form of a rating was given."""
    return "map" if isinstance(value, dict) else "number"


def seconds_of_day(value: object) -> object:
    """Return the seconds after midnight of `"17:30"` or `"17:30:15"`.

    YAML reads an unquoted 17:30 as the number 1050 (base sixty), so whole numbers are minutes.
    Anything else is returned as it came, for the schema to refuse.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MINUTES_PER_DAY:
        return value * 60
    if isinstance(value, str):
        try:
            moment = dt.time.fromisoformat(value)
        except ValueError as error:
            raise ValueError('a time of day such as "17:30" is needed') from error
        return moment.hour * 3600 + moment.minute * 60 + moment.second
    return value


WORD = Field(strict=False)
"""In strict mode pydantic takes enumeration members alone; a file holds their text."""

PhaseWord = Annotated[Phase, WORD]
LegWord = Annotated[Leg, WORD]
ModeWord = Annotated[Mode, WORD, BeforeValidator(off_or_on)]
StateWord = Annotated[LoadState, WORD, BeforeValidator(off_or_on)]
DistributionWord = Annotated[Distribution, WORD]
PolicyWord = Annotated[Policy, WORD]
HelpWord = Annotated[BatteryHelp, WORD]
ZoneWord = Annotated[BatteryZone, WORD]
NeedWord = Annotated[Need, WORD]
PresetWord = Annotated[Preset, WORD]
ProtectionWord = Annotated[Protection, WORD]
FuseKindWord = Annotated[FuseKind, WORD]
WindowWord = Annotated[Window, WORD]

PerPhase = dict[PhaseWord, float]
PerLeg = dict[LegWord, float]
PhaseMap = dict[LegWord, PhaseWord]
TimeOfDay = Annotated[int, Strict(), BeforeValidator(seconds_of_day), Field(ge=0, lt=86400)]
Rating = Annotated[
    Annotated[float, Tag("number")] | Annotated[PerPhase, Tag("map")],
    Discriminator(number_or_map),
]
"""One number for every phase, or one for each."""
