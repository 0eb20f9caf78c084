"""What the simulator asks of whatever decides."""

from collections.abc import Sequence
from typing import Protocol

from evenload.model.decision import Command, Decision
from evenload.model.snapshot import Snapshot


class Strategy(Protocol):
    """Decides what the loads of a house do."""

    @property
    def pace(self) -> int | None:
        """How often it wants to be asked between two reports of the meter, too [s]; None: not."""
        ...

    @property
    def decision(self) -> Decision | None:
        """The last decision with its reasons; None for a strategy that has none to give."""
        ...

    def decide(self, snapshot: Snapshot, now: float) -> Sequence[Command]:
        """Return what to command now; `now` is monotonic [s]."""
        ...

    def restarted(self, now: float) -> None:
        """Go on as after a restart of whatever it runs in: with what it saves, if it saves anything."""
        ...
