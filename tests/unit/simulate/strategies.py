"""Strategies that make one thing happen, for tests of everything around them."""

from collections.abc import Mapping, Sequence

from evenload.model.decision import Command, Decision
from evenload.model.snapshot import Snapshot


class Scripted:
    """Commands what a script says, at the second it says."""

    pace: int | None = None
    decision: Decision | None = None

    def __init__(self, script: Mapping[int, Mapping[str, float]]) -> None:
        self._script = dict(script)
        self.asked: list[float] = []

    def decide(self, snapshot: Snapshot, now: float) -> Sequence[Command]:  # noqa: ARG002 - the protocol's
        self.asked.append(now)
        due = [second for second in self._script if second <= now]
        return [
            Command(load=load, setpoint=setpoint)
            for second in due
            for load, setpoint in self._script.pop(second).items()
        ]

    def restarted(self, now: float) -> None:
        """Go on with the script."""
