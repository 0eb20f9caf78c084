"""What stations say, in one vocabulary for every version of OCPP."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from evenload.model.readings import LoadState
from evenload.ocpp.nouns import StationInfo


class Stage(StrEnum):
    """Where in a transaction a message stands."""

    STARTED = "started"
    UPDATED = "updated"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Boot:
    """The station has started."""

    info: StationInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """A heartbeat, or a message that says nothing we use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A plug, or with plug 0 the station as a whole, tells its status."""

    plug: int
    word: str
    state: LoadState | None
    """None: the word alone does not tell; a transaction's charging state does, or nothing known."""
    error: str | None = None
    at: datetime | None = None
    connector: int = 1
    """Of the EVSE (2.x): a socket and a cable of one plug have a status each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """Meter values of a plug, outside of transaction messages."""

    plug: int
    values: object
    """The array as it came; `measurements` reads it."""
    transaction: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """A transaction starts, goes on or ends."""

    stage: Stage
    plug: int | None
    """None: only the id tells."""
    id: str | None
    """None: the central system gives it one (1.6)."""
    word: str | None = None
    state: LoadState | None = None
    """By the charging state; None: not told."""
    token: str | None = None
    register: float | None = None
    """The meter's register [Wh]."""
    at: datetime | None = None
    offline: bool = False
    """Whether the station says that it happened while it was offline."""
    reason: str | None = None
    values: object = None
    """Meter values as they came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorize:
    """A token is shown, and the station asks whether it may charge."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideLimit:
    """Something else limits a plug (0: the station), or no longer does."""

    plug: int
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """The profiles that a plug holds, told part by part."""

    plug: int
    profiles: tuple[Mapping[str, object], ...]


type Heard = Boot | Alive | Status | Meter | Transaction | Authorize | OutsideLimit | Profiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the session decided about something heard, for the dialect to put into words."""

    utc: datetime
    accepted: bool = True
    """Whether a token may charge."""
    token_asked: bool = False
    """Whether a transaction's message brought a token with it."""
    transaction: str | None = None
    """The id given to a transaction."""
    heartbeat: int = 60
    """Between two heartbeats [s]."""
