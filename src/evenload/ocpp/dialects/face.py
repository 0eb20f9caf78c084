"""What the session asks of a version of OCPP."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from evenload.ocpp.calls import Request
from evenload.ocpp.heard import Answer, Heard
from evenload.ocpp.nouns import Abilities, RateUnit, Version
from evenload.ocpp.profiles import Profile

MEASURANDS = (
    "Energy.Active.Import.Register",
    "Power.Active.Import",
    "Current.Import",
    "Voltage",
    "Current.Offered",
    "SoC",
)
"""What meter values shall contain, most needed first: refused lists are cut from the end."""

ACCEPTED = "Accepted"


class Dialect(Protocol):
    """One version of OCPP."""

    version: Version

    def hear(self, action: str, payload: Mapping[str, object]) -> Heard | None:
        """Return what a station's call means; None: there is no such action."""
        ...

    def answer(self, action: str, answer: Answer) -> dict[str, object]:
        """Return the payload that answers a station's call."""
        ...

    def set_profile(self, profile: Profile) -> Request:
        """Return the call that installs a profile."""
        ...

    def clear_others(
        self, plug: int, own: Profile, highest_stack: int | None
    ) -> tuple[Request, ...]:
        """Return calls that remove profiles which are not ours, as far as that can be said.

        `own` is ours at the highest stack level that we use; `highest_stack` is the station's, None:
        not known.
        """
        ...

    def clear_found(
        self, profiles: Sequence[Mapping[str, object]], own: frozenset[int]
    ) -> tuple[Request, ...]:
        """Return calls that remove those of the profiles found in a plug which are not ours."""
        ...

    def schedule(self, plug: int, unit: RateUnit) -> Request:
        """Return the call that asks what limit a plug will follow."""
        ...

    def scheduled(self, payload: Mapping[str, object]) -> tuple[RateUnit, float] | None:
        """Return the unit and the present limit from the answer; None: it says none."""
        ...

    def discover(self) -> tuple[Request, ...]:
        """Return the calls that tell what the station supports."""
        ...

    def learn(self, request: Request, payload: Mapping[str, object], known: Abilities) -> Abilities:
        """Return what is known with the answer to a call of `discover`."""
        ...

    def configure(
        self, measurands: Sequence[str], interval: float, known: Abilities
    ) -> tuple[Request, ...]:
        """Return the calls that make meter values what we want, where they are not so yet."""
        ...

    def shorter(self, request: Request) -> Request | None:
        """Return the next call to try where a setting was refused; None: that was the last."""
        ...

    def write_setting(self, name: str, value: str) -> Request:
        """Return the call that changes a setting: `Key`, or in 2.x `Component/Variable`."""
        ...

    def read_setting(self, name: str) -> Request:
        """Return the call that reads a setting."""
        ...

    def trigger(self, message: str, plug: int | None) -> Request:
        """Return the call that asks for a message."""
        ...

    def set_available(self, plug: int) -> Request:
        """Return the call that takes a plug into service."""
        ...

    def start(self, plug: int, token: str, number: int) -> Request:
        """Return the call that starts a transaction; `number` is unique to it."""
        ...

    def stop(self, plug: int, transaction: str) -> Request:
        """Return the call that ends a transaction."""
        ...

    def reset(self, *, hard: bool) -> Request:
        """Return the call that restarts the station: now, or once it is idle where it can wait."""
        ...

    def unlock(self, plug: int) -> Request:
        """Return the call that unlocks a plug's cable."""
        ...

    def status(self, request: Request, payload: Mapping[str, object]) -> str:
        """Return the status that an answer gives, `Accepted` where it is as wanted."""
        ...


def written_time(moment: datetime) -> str:
    """Return a moment as OCPP writes it, in UTC with whole seconds.

    >>> written_time(datetime(2026, 3, 1, 12, tzinfo=UTC))
    '2026-03-01T12:00:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
