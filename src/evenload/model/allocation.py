"""What the engine answers: one allocation a load, with its reason, and how full each limit is.

An answer has dozens of the small nouns, all new each time; as named tuples they take a third of the
time that frozen dataclasses take to make.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Reason(StrEnum):
    """Why a load has what it has: a closed list; `sentences` says each in words."""

    OFF = "off"
    NOT_CONNECTED = "not_connected"
    FAULTED = "faulted"
    UNRESPONSIVE = "unresponsive"
    SATISFIED = "satisfied"
    HELD = "held"
    FULL = "full"
    BATTERY_FIRST = "battery_first"
    BELOW_EXCESS_THRESHOLD = "below_excess_threshold"
    WAITING_FOR_SURPLUS = "waiting_for_surplus"
    OUTRANKED = "outranked"
    DOES_NOT_FIT = "does_not_fit"
    LIMITED = "limited"
    SURPLUS = "surplus"
    MINIMUM = "minimum"

    # The controller's, about what it does with an allocation over time.
    STARTING = "starting"
    """Conditions hold; waiting until they have held for the start delay."""
    HOLDING = "holding"
    """At minimum for a while though surplus is gone."""
    RESTING = "resting"
    """Its minimum off time, or its budget of starts, is not over yet."""
    ADOPTED = "adopted"
    """It ran when the controller started, and goes on until the meter is known again."""
    UNREACHABLE = "unreachable"
    """Its device cannot be reached, or was not heard of yet."""
    PLANNED_LATER = "planned_later"
    OVERRIDDEN = "overridden"
    """A person or another automation operated it by hand."""
    FAILSAFE = "failsafe"
    DRY_RUN = "dry_run"


class Allocation(NamedTuple):
    """What one load may draw now, and why."""

    current: float
    """[A per leg]"""
    power: float
    """[W] over all legs in use."""
    reason: Reason
    by: str | None = None
    """The load (its id) or limit (`main/A`, `wallbox/active`, `import` ...) that the reason names."""


class LimitUse(NamedTuple):
    """How full one limit is; amperes, but watts for import, dimming and inverter, plugs for active."""

    base: float
    """What flows that is not managed, as the limit uses it."""
    allocated: float
    """What allocations put on it."""
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pools:
    """What loads together could take, summed over the phases, before anything is granted [W]."""

    surplus: float
    """Without importing and without draining the battery below its target; battery help not counted."""
    excess: float
    """Surplus less the excess threshold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocations:
    """The engine's answer for one moment."""

    loads: Mapping[str, Allocation]
    """By load id, in the order of the site's loads."""
    limits: Mapping[str, LimitUse]
    """By the limit's name."""
    pools: Pools
