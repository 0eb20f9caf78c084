"""How a charging station is spoken to, where a person knows better than it or Evenload's table of quirks.

Each choice is `auto` unless somebody makes it: then what the station says of itself and what is known
of its maker decide.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import probatio
from homeassistant.const import UnitOfTime

from evenload.ocpp.measurements import Unphased
from evenload.ocpp.nouns import Fallback, RateUnit
from evenload.ocpp.quirks import Pause

from .fields import Fields, number, select

if TYPE_CHECKING:
    from .preferences import Settings

SECTION_MANNER: Final = "manner"
AUTO: Final = "auto"
YES, NO = "yes", "no"

CONF_METER_INTERVAL: Final = "meter_interval"
CONF_STACK_LEVEL: Final = "stack_level"
CONF_PHASE_SWITCHING: Final = "phase_switching"
CONF_FOUND_SWITCHING: Final = "found_switching"
"""Whether the station was found to switch phases; no dialogue asks for it."""

DEFAULT_METER_INTERVAL: Final = 10.0

_FLAGS: Final = (CONF_PHASE_SWITCHING, "remote_start")
_WORDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "unit": tuple(RateUnit),
        "fallback": tuple(Fallback),
        "pause": tuple(Pause),
        "unphased": tuple(Unphased),
    }
)
"""By the field of the table of quirks that each overrules."""

MANNERS: Final = (CONF_METER_INTERVAL, *_FLAGS, *_WORDS, CONF_STACK_LEVEL)


def manner_fields() -> Fields:
    """Return the fields of the section."""
    # The options of a selection may have small letters only.
    words = {name: [word.lower() for word in known] for name, known in _WORDS.items()}
    words |= {name: [YES, NO] for name in _FLAGS}
    choices: Fields = {
        probatio.Required(name, default=AUTO): select((AUTO, *options), f"station_{name}")
        for name, options in words.items()
    }
    return {
        probatio.Required(CONF_METER_INTERVAL, default=DEFAULT_METER_INTERVAL): number(
            1, 900, UnitOfTime.SECONDS
        ),
        **choices,
        probatio.Optional(CONF_STACK_LEVEL): number(0, 99),
    }


def manner_of(answers: Settings) -> dict[str, Any]:
    """Return what is stored of the answers: only what a person has chosen."""
    return {name: answers[name] for name in MANNERS if name in answers and answers[name] != AUTO}


def overrides_of(data: Settings) -> dict[str, object]:
    """Return the fields of the table of quirks that a person overrules."""
    overrides: dict[str, object] = {name: data[name] == YES for name in _FLAGS if name in data}
    for name, words in _WORDS.items():
        chosen = next((word for word in words if word.lower() == data.get(name)), None)
        if chosen is not None:
            overrides[name] = chosen
    if CONF_STACK_LEVEL in data:
        overrides[CONF_STACK_LEVEL] = int(data[CONF_STACK_LEVEL])
    return overrides


def switches_phases(data: Settings) -> bool:
    """Return whether a station's plugs can give one phase or three."""
    chosen = data.get(CONF_PHASE_SWITCHING)
    return chosen == YES if chosen is not None else bool(data.get(CONF_FOUND_SWITCHING, False))
