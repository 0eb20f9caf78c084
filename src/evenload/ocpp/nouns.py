"""What the central system tells and is told, whatever version of OCPP a station speaks.

Plugs are numbered as the station does: the connector of OCPP 1.6, the EVSE of 2.x, from 1. Currents
are amperes per leg, powers watts, energies watt-hours. Two clocks are used: `now` is monotonic and
measures durations; UTC stands where a station or a person reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from evenload.model.readings import LoadState
from evenload.model.site import Leg
from evenload.model.snapshot import Sample


class Version(StrEnum):
    """A version of OCPP, named as the websocket's sub-protocol."""

    V16 = "ocpp1.6"
    V201 = "ocpp2.0.1"
    V21 = "ocpp2.1"


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant on both clocks."""

    now: float
    """[s, monotonic]"""
    utc: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Setpoint:
    """What a plug may draw, as `Command` says it."""

    current: float
    """[A per leg]; 0: paused."""
    fallback: float | None = None
    """What the station shall fall back to by itself [A per leg]; None: it keeps what it was told."""
    lease: float | None = None
    """After how long without being told again it falls back [s]; None: never."""
    phases: int | None = None
    """How many phases to give, 1 or 3; None: as they are."""
    clears_others: bool = False
    """Whether profiles that others left go as soon as this setpoint is there: telling it was no use."""


class Fallback(StrEnum):
    """How a station keeps to the safe current when nobody tells it anything."""

    TWO_PERIODS = "two_periods"
    """One profile: the setpoint until the lease ends, the safe current after it."""
    BASE_AND_LEASE = "base_and_lease"
    """A lasting profile with the safe current under one that expires."""
    NONE = "none"
    """It keeps the last setpoint for ever: it takes one profile of one period only."""


class RateUnit(StrEnum):
    """The unit of the limits in a station's profiles."""

    A = "A"
    W = "W"


class TroubleCode(StrEnum):
    """What can be wrong with a station or plug; each is shown to the user."""

    LIMIT_REFUSED = "limit_refused"
    """It takes no charging profile of ours in any form."""
    NO_FALLBACK = "no_fallback"
    """It takes setpoints, but would keep the last one for ever."""
    SCHEDULE_DIFFERS = "schedule_differs"
    """It says that it will follow another limit than the one it accepted."""
    LIMITED_OUTSIDE = "limited_outside"
    """Something else, such as its own energy manager, limits it."""
    UNANSWERED = "unanswered"
    """It has not answered the last calls."""
    MALFORMED = "malformed"
    """It sends frames that are not OCPP."""
    FRAME_TOO_LONG = "frame_too_long"
    """It was let go for a frame that is too long, and has not stayed for long since."""
    NO_VERSION = "no_version"
    """It dialled in and offered no version of OCPP that is spoken here."""
    SAME_IDENTITY = "same_identity"
    """Two stations use this identity in turn."""
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - the name of a trouble
    """Something with its identity was refused for its password since it was connected last."""
    CLOCK_WRONG = "clock_wrong"
    """Its clock is more than a minute off; profiles are moved to suit it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One car's time at a plug."""

    id: str
    """The transaction's id, as the station knows it."""
    began: datetime
    token: str | None = field(default=None, repr=False)
    """Who authorised it: personal, so that only its end is ever shown (`tokens.shown`)."""
    energy: float = 0.0
    """[Wh] since it began."""
    ended: datetime | None = None
    end_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugSnapshot:
    """What is known of one plug."""

    plug: int
    state: LoadState
    status: str | None = None
    """The station's own word for it."""
    error: str | None = None
    """The station's error code; None: there is none."""
    current: Mapping[Leg, Sample] = field(default_factory=dict[Leg, Sample])
    """[A]"""
    power: Sample | None = None
    """[W]"""
    energy: Sample | None = None
    """The meter's register [Wh]; it can fall."""
    soc: Sample | None = None
    """Of the car [%]."""
    voltage: Mapping[Leg, Sample] = field(default_factory=dict[Leg, Sample])
    """[V]"""
    offered: Sample | None = None
    """The limit that the station says it offers [A]."""
    setpoint: Sample | None = None
    """The setpoint that the station accepted last, with the time of its answer [A per leg]."""
    planned: Sample | None = None
    """The limit that its composite schedule gives for that moment [A per leg]."""
    phases: Sample | None = None
    """How many phases it was told to give its car; None: never told."""
    fallback: Fallback | None = None
    """How it falls back; None: not tried yet."""
    expires_at: float | None = None
    """When what it carries falls back to the safe current [s, monotonic]; None: it does not."""
    session: Session | None = None
    """The one that runs, or else the last one."""
    troubles: tuple[TroubleCode, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StationInfo:
    """What a station says it is; None: not said."""

    vendor: str | None = None
    model: str | None = None
    serial: str | None = None
    firmware: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a station was found to support; None: not known."""

    smart_charging: bool | None = None
    rate_units: tuple[RateUnit, ...] | None = None
    most_periods: int | None = None
    """Periods in one schedule."""
    highest_stack: int | None = None
    most_profiles: int | None = None
    phase_switching: bool | None = None
    """Whether it can give a car one phase or three, as a profile says."""
    phase_choice: bool | None = None
    """Whether it wants to be told which phase is the one (2.x)."""
    offline_limit: bool | None = None
    """Whether a profile can end by itself when the connection is lost (2.1)."""
    remote_trigger: bool | None = None
    plugs: int | None = None
    measurands: tuple[str, ...] | None = None
    """What its meter values contain."""
    meter_interval: float | None = None
    """Between two meter values while a car charges [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationSnapshot:
    """What is known of one station."""

    identity: str
    connected: bool
    version: Version | None = None
    """None: it has never been connected."""
    info: StationInfo = field(default_factory=StationInfo)
    abilities: Abilities = field(default_factory=Abilities)
    quirks: tuple[str, ...] = ()
    """Names of the rows of the table of quirks that apply."""
    least_lease: float | None = None
    """Setpoints for it should have no shorter lease [s]; None: any."""
    response: float | None = None
    """How long it takes to follow a new limit [s]; None: as others."""
    phase_switching: bool | None = None
    """Whether its plugs can switch phases, by what it says, its quirks and a person; None: not known."""
    plugs: Mapping[int, PlugSnapshot] = field(default_factory=dict[int, PlugSnapshot])
    heard_at: float | None = None
    """When its last frame came [s, monotonic]."""
    clock_ahead: float | None = None
    """How far its clock is ahead of ours [s]; None: not known."""
    troubles: tuple[TroubleCode, ...] = ()


class Change(StrEnum):
    """What kind of event it is."""

    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    BOOTED = "booted"
    PLUG = "plug"
    """A plug's status, measurements or setpoint."""
    STATION = "station"
    """What is known of the station as a whole, its number of plugs included."""
    SESSION_BEGAN = "session_began"
    SESSION_ENDED = "session_ended"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - the name of an event
    """A token that is not on the list was shown: ask the user."""
    MEMORY = "memory"
    """Something that must survive a restart has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something happened; snapshots tell the rest."""

    change: Change
    station: str
    plug: int | None = None
    session: Session | None = None
    """The session that began or ended, also one that ended while the station was offline."""
    token: str | None = field(default=None, repr=False)
    """The one that was refused."""
