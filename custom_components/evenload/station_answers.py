"""What the dialogues' answers about a charging station mean for what is stored."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from homeassistant.const import CONF_NAME, CONF_PASSWORD

from .circuit_wiring import circuit_of
from .const import (
    CONF_CHARGER_MAX_CURRENT,
    CONF_IDENTITY,
    CONF_LEASE,
    CONF_MANAGED,
    CONF_MAX_ACTIVE,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_MODE,
    CONF_PHASE_MAP,
    CONF_PLUG,
    CONF_PLUGS,
    CONF_POLICY,
    CONF_PRIORITY,
    CONF_SAFE_CURRENT,
    CONF_STEP,
)
from .load_forms import phase_map_keys
from .preferences import Settings
from .station_manner import CONF_FOUND_SWITCHING, manner_of
from .station_tokens import tokens_data

FIRST_PLUG = "1"

LEVELS = (CONF_MIN_CURRENT, CONF_MAX_CURRENT, CONF_STEP, CONF_SAFE_CURRENT)
OPTIONAL = (CONF_MAX_ACTIVE, CONF_PASSWORD)
NOTHING: Settings = MappingProxyType({})
"""What is known of a new station."""


def station_data(identity: str, answers: Settings, known: Settings = NOTHING) -> dict[str, Any]:
    """Return what is stored of a station; `known` is what was stored of it before.

    A new one begins with one plug: those it has besides are added when it says so.
    """
    plugs: Sequence[Settings] = known.get(CONF_PLUGS) or (
        {
            CONF_PLUG: FIRST_PLUG,
            CONF_MANAGED: True,
            CONF_MODE: answers[CONF_MODE],
            CONF_PRIORITY: answers[CONF_PRIORITY],
        },
    )
    levels = {key: answers[key] for key in LEVELS}
    return {
        CONF_IDENTITY: identity,
        **circuit_of(answers),
        CONF_CHARGER_MAX_CURRENT: answers[CONF_CHARGER_MAX_CURRENT],
        CONF_POLICY: answers[CONF_POLICY],
        CONF_LEASE: answers[CONF_LEASE],
        **{key: answers[key] for key in OPTIONAL if key in answers},
        **manner_of(answers),
        **tokens_data(answers, known),
        **{key: known[key] for key in (CONF_FOUND_SWITCHING,) if key in known},
        CONF_PLUGS: [
            {**plug, CONF_PHASE_MAP: answers[key], **levels}
            for plug, key in zip(plugs, phase_map_keys(len(plugs)), strict=True)
        ],
    }


def station_suggestions(title: str, data: Settings) -> dict[str, Any]:
    """Return what the form of a station that is known starts with."""
    plugs: list[Settings] = data[CONF_PLUGS]
    keys = phase_map_keys(len(plugs))
    maps = {key: plug[CONF_PHASE_MAP] for plug, key in zip(plugs, keys, strict=True)}
    return {CONF_NAME: title, **data, **plugs[0], **maps}
