"""Transaction ids, and transactions of the past.

OCPP 1.6 lets the central system give the id; it must be unique over all stations and restarts (errata
3.54). Ids count up from the larger of what was saved and the seconds since 2026, so that they stay
unique even when what was saved is lost.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from evenload.ocpp.nouns import Session

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_LARGEST = 2**31 - 1
_KEPT = 64


class TransactionIds:
    """Gives ids of transactions; one for all stations of a central system."""

    def __init__(self, last: int, utc: datetime) -> None:
        """Go on after `last`, which was saved."""
        by_time = int((utc - _EPOCH).total_seconds())
        self.last = max(0, by_time, last if last < _LARGEST else 0)
        """The id given last."""

    def give(self) -> int:
        """Return an id that was never given."""
        self.last = self.last + 1 if self.last < _LARGEST else 1
        return self.last

    def adopt(self, identifier: str) -> None:
        """Take note of an id that a station brought along."""
        if identifier.isdigit() and self.last < int(identifier) < _LARGEST:
            self.last = int(identifier)


@dataclass(slots=True)
class Archive:
    """What was told late or twice: answers to repeat, and sessions that are not the present ones."""

    given: dict[Hashable, str] = field(default_factory=dict[Hashable, str])
    """The id given to a start, by what the start said: a station repeats it until it is answered."""
    sessions: dict[str, tuple[int, Session]] = field(default_factory=dict[str, tuple[int, Session]])
    """Plug and session of transactions that began while the station was offline."""

    def keep_given(self, start: Hashable, identifier: str) -> None:
        """Remember the id that was given to a start."""
        self.given[start] = identifier
        if len(self.given) > _KEPT:
            del self.given[next(iter(self.given))]

    def keep_session(self, plug: int, session: Session) -> None:
        """Remember a session of the past until its end is told."""
        self.sessions[session.id] = (plug, session)
        if len(self.sessions) > _KEPT:
            del self.sessions[next(iter(self.sessions))]
