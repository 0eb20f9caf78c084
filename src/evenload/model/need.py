"""What a load needs by itself: warm water, hours of running, a full car in the morning.

These are a user's wishes. `evenload.needs` judges them by what devices report, and says what of them
is due now; the engine then serves a load by its need and its mode together.
"""

from dataclasses import dataclass
from enum import StrEnum

from evenload.model.readings import Need
from evenload.model.site import Mode

DAY = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Disinfection:
    """Heats a tank through from time to time, so that nothing grows in it."""

    interval: float = 7 * DAY
    """After so long without it is due [s]."""
    temperature: float = 60.0
    """To be reached [degC]."""
    duration: float = 1800.0
    """And kept for so long [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Temperatures:
    """Between which temperatures a store is kept, and what each of them means [degC]."""

    target: float
    """Below it the load's mode decides what it gets."""
    floor: float | None = None
    """Below it the load is served from any source, whatever its mode; None: there is none."""
    boost: float | None = None
    """Up to it surplus is stored; None: no higher than the target."""
    hysteresis: float = 3.0
    """What begins at a temperature ends so much above it, and what ends there begins so much below [K]."""
    ready_by: float | None = None
    """The target must be reached by this time of day [s after midnight]; needs the `volume`."""
    volume: float | None = None
    """Of water [l]: how much heat a kelvin takes."""
    disinfection: Disinfection | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """How long something is to run each day, and when."""

    daily: float
    """[s]"""
    window_start: float = 0.0
    """Time of day [s after midnight]; its day begins here."""
    window_end: float = 0.0
    """Time of day [s after midnight]; the same as the start: the whole day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyBy:
    """How much energy a car must have got by a time of day."""

    at: float
    """Time of day [s after midnight]."""
    energy: float
    """In each session [Wh]."""


class NeedReason(StrEnum):
    """Why a load needs what it needs."""

    BELOW_FLOOR = "below_floor"
    DISINFECTION = "disinfection"
    LATEST_START = "latest_start"
    """Later it would not be ready in time."""
    RUNTIME_DUE = "runtime_due"
    """The hours that are left would not hold the rest of its daily runtime."""
    BELOW_TARGET = "below_target"
    ABOVE_TARGET = "above_target"
    AT_BOOST = "at_boost"
    RUNTIME_MET = "runtime_met"
    OUTSIDE_WINDOW = "outside_window"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedNow:
    """What a load needs at this moment."""

    need: Need = Need.WANTS
    why: NeedReason | None = None
    """None: it has no need of its own, or what would tell it is not known; its mode decides."""
    amount: float | None = None
    """What the reason is about: a temperature [degC], a runtime that is left [s], an energy [Wh]."""
    by: float | None = None
    """The time of day by which it must be ready [s after midnight]."""


NO_NEED = NeedNow()


def effective_mode(mode: Mode, need: Need) -> Mode:
    """Return the mode by which a load of `mode` is served while it needs so much.

    What it must have comes from any source; what it can merely store comes from surplus. A load that
    is off stays off.
    """
    if mode is Mode.OFF or need in (Need.WANTS, Need.SATISFIED):
        return mode
    if need is Need.MUST:
        return Mode.STANDARD
    return Mode.EXCESS if mode is Mode.EXCESS else Mode.SOLAR
