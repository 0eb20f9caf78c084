"""What the controller answers: for each load what it may draw and why, and what to command now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from evenload.model.allocation import LimitUse, Pools, Reason
from evenload.model.need import NeedNow
from evenload.model.site import Phase


class SiteStatus(StrEnum):
    """How the site is doing; the first that holds."""

    FAILSAFE = "failsafe"
    """The grid meter cannot be trusted; loads are at what is safe without it."""
    WAITING_FOR_METER = "waiting_for_meter"
    """Just started; nothing is raised until the meter has reported twice."""
    OVERLOAD = "overload"
    """A phase is above what its protection permits."""
    OK = "ok"


class TroubleCode(StrEnum):
    """What can be wrong at run time; a closed list, each said in words by `sentences`."""

    METER_SILENT = "meter_silent"
    METER_MISSING = "meter_missing"
    METER_IMPLAUSIBLE = "meter_implausible"
    METER_FROZEN = "meter_frozen"
    METER_REVERSED = "meter_reversed"
    """A phase counts the wrong way round."""
    METER_QUIET = "meter_quiet"
    """It reports only changes, and it is being tried whether it is alive."""
    METER_STILL = "meter_still"
    """It repeats itself for longer than it ever did, and somebody waits to be raised."""
    METER_UNSIGNED = "meter_unsigned"
    """Its current knows no direction; the power of each phase gives it."""
    METER_REFUSED = "meter_refused"
    """Its current knows no direction, and nothing gives it."""
    PHASES_NOT_MEASURED = "phases_not_measured"
    """All there is is a total; the phases are not protected individually."""
    NEUTRAL_OVERLOADED = "neutral_overloaded"
    """By estimate, more flows in the neutral than a phase of the main fuse may carry."""
    CLOCK_UNKNOWN = "clock_unknown"
    """The limit on average import cannot be aligned to the meter's windows."""
    BATTERY_SILENT = "battery_silent"
    BATTERY_LEAK = "battery_leak"
    DEVICE_UNAVAILABLE = "device_unavailable"
    DEVICE_DISOBEYS = "device_disobeys"


class Rest(StrEnum):
    """What a load that is `RESTING` rests for; its decision's `by` names it."""

    MIN_OFF = "min_off"
    """Its least time off."""
    STARTS_PER_HOUR = "starts_per_hour"
    STARTS_PER_DAY = "starts_per_day"
    STARTS_PER_SESSION = "starts_per_session"
    """Until its car is unplugged."""
    DAILY_COMMANDS = "daily_commands"
    """Its device was told enough; it may be lowered, and is not raised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that is wrong at run time: a value, not an exception."""

    code: TroubleCode
    about: str
    """The source or load: `grid`, `grid/A`, `battery`, or a load's id."""
    since: float
    """When it began [s, monotonic]."""
    given: float | None = None
    """The value in question, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadDecision:
    """What one load may draw now, after everything that depends on time."""

    setpoint: float
    """In the unit of its levels: ev [A per leg], others [W]; 0: off or paused."""
    current: float
    """[A per leg]"""
    power: float
    """[W] over all legs in use."""
    draw_power: float
    """What it is taken to draw at this instant [W]."""
    reason: Reason
    by: str | None = None
    """The load, the limit or (of `RESTING`) the budget that the reason names."""
    until: float | None = None
    """When the reason ends by itself, where that is known [s, monotonic]."""
    wanted: Reason | None = None
    """Under `DRY_RUN`: the reason it would have with control on."""
    commands_in_day: int = 0
    """How often its device was told something within the last 24 hours."""
    need: NeedNow | None = None
    """What it needs by itself; None: nothing that is known of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to tell one device now."""

    load: str
    setpoint: float
    """In the unit of the load's levels; 0: off or paused."""
    urgent: bool = False
    """True for a cut: it waits for nothing and goes before all others."""
    phases: int | None = None
    """How many phases the charger shall give, 1 or 3; None: as it is, or it cannot switch."""
    fallback: float | None = None
    """What the device shall fall back to by itself when `lease` ends [A per leg]; 0: it stops.

    None: its device cannot do that.
    """
    lease: float | None = None
    """After how long without another command it falls back [s]; None: what is told holds for ever."""
    clears_others: bool = False
    """Whether limits that others left with the device are to go once this one is there: it was told
    before, to no avail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The controller's answer to one snapshot."""

    at: float
    """The pass's time [s, monotonic]."""
    status: SiteStatus
    loads: Mapping[str, LoadDecision]
    """By load id, in the order of the site's loads."""
    commands: tuple[Command, ...]
    """Cuts first."""
    base: Mapping[Phase, float] = field(default_factory=dict[Phase, float])
    """What flows that is not managed [A]; empty while the meter cannot be trusted."""
    headroom: Mapping[Phase, float] = field(default_factory=dict[Phase, float])
    """What the main fuse leaves beside everything that flows now [A]; negative: overload."""
    limits: Mapping[str, LimitUse] = field(default_factory=dict[str, LimitUse])
    pools: Pools | None = None
    """None while the meter cannot be trusted."""
    troubles: tuple[Trouble, ...] = ()
    curve_used: Mapping[Phase, float] = field(default_factory=dict[Phase, float])
    """How far each phase of the main fuse has come towards tripping, 0 to 1; empty without a curve."""
    import_budget: float | None = None
    """What may be imported now so that the average stays within its limit [W]; None: no such limit."""
    neutral: float | None = None
    """What flows in the neutral of three phases, estimated [A]; None: not known."""
    asks: tuple[str, ...] = ()
    """Sources that should be asked for a report: `grid`, `battery`, circuits."""
