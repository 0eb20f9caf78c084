"""One queue a station: OCPP allows one call in flight.

Setpoints do not wait in a line but in a set of plugs: when a call's turn comes, its profile is made
from the newest command. They go before everything else, cuts first. Routine calls follow one at a
time. A call that is not answered within 5 s is given up, so that a station that never answers a
question still gets its cut; an answer that comes later is recognised.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from evenload.ocpp.profiles import Profile

ANSWER_LIMIT = 5.0
"""How long an answer may take [s]."""
_LONGEST_LINE = 60
_LATE_ANSWERS = 16


class About(StrEnum):
    """What a call is for, whatever its name in a version of OCPP."""

    LIMIT = "limit"
    STATION_LIMIT = "station_limit"
    SCHEDULE = "schedule"
    READ_PROFILES = "read_profiles"
    CLEAR_PROFILE = "clear_profile"
    READ_SETTINGS = "read_settings"
    WRITE_SETTING = "write_setting"
    TRIGGER = "trigger"
    SET_AVAILABLE = "set_available"
    START = "start"
    STOP = "stop"
    RESET = "reset"
    UNLOCK = "unlock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A call to make."""

    about: About
    action: str
    payload: dict[str, object]
    plug: int | None = None
    profile: Profile | None = None
    """Of a limit."""
    ticket: int | None = None
    """Names the person or program that waits for the answer."""
    measurands: tuple[str, ...] = ()
    """The list that it sets; a shorter one is tried where it is refused."""
    meter_interval: float | None = None
    """The time between meter values that it sets [s]."""


class Calls:
    """The calls of one station."""

    def __init__(self) -> None:
        """Start with an empty line."""
        self._line: deque[Request] = deque()
        self._flight: tuple[str, Request, float] | None = None
        self._late: dict[str, Request] = {}
        self._last_id = 0
        self.unanswered = 0
        """Calls in a row that were not answered."""

    @property
    def is_free(self) -> bool:
        """Whether a call may be made now."""
        return self._flight is None

    @property
    def deadline(self) -> float | None:
        """When the call in flight is given up [s, monotonic]."""
        return None if self._flight is None else self._flight[2] + ANSWER_LIMIT

    def line_up(self, *requests: Request) -> bool:
        """Put routine calls at the end of the line; False where it is full."""
        if len(self._line) + len(requests) > _LONGEST_LINE:
            return False
        self._line.extend(requests)
        return True

    def next_routine(self) -> Request | None:
        """Take the next routine call out of the line."""
        return self._line.popleft() if self._line else None

    def fly(self, request: Request, now: float) -> str:
        """Note that a call is made now, and return its id."""
        self._last_id += 1
        identifier = str(self._last_id)
        self._flight = identifier, request, now
        return identifier

    def landed(self, identifier: str) -> tuple[Request, bool] | None:
        """Return the call that is answered, and whether in time; None: it is not one of ours."""
        if self._flight is not None and self._flight[0] == identifier:
            request = self._flight[1]
            self._flight = None
            self.unanswered = 0
            return request, True
        late = self._late.pop(identifier, None)
        return None if late is None else (late, False)

    def expired(self, now: float) -> Request | None:
        """Give up the call in flight if its time is over, and return it."""
        deadline = self.deadline
        if self._flight is None or deadline is None or now < deadline:
            return None
        identifier, request, _ = self._flight
        self._flight = None
        self.unanswered += 1
        self._late[identifier] = request
        if len(self._late) > _LATE_ANSWERS:
            del self._late[next(iter(self._late))]
        return request

    def clear(self) -> tuple[Request, ...]:
        """Forget everything, as when the connection is lost; return what will not be answered."""
        dropped = tuple(self._line)
        if self._flight is not None:
            dropped = (self._flight[1], *dropped)
        self._line.clear()
        self._flight = None
        self._late.clear()
        self.unanswered = 0
        return dropped
