"""The last minutes of snapshots and decisions, for the diagnostics download."""

from collections import deque
from dataclasses import dataclass

from evenload.model.decision import Decision
from evenload.model.snapshot import Snapshot

KEPT_TIME = 600.0
"""[s]"""
LEAST_DISTANCE = 1.0
"""Passes nearer than this to the one before are left out unless they command something [s]."""
MOST_MOMENTS = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What was known in one pass and what was decided."""

    snapshot: Snapshot
    decision: Decision


class History:
    """A bounded record; it holds what is immutable anyway, so it costs little until it is read."""

    def __init__(self) -> None:
        """Start empty."""
        self._moments: deque[Moment] = deque(maxlen=MOST_MOMENTS)

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The record, oldest first."""
        return tuple(self._moments)

    def add(self, snapshot: Snapshot, decision: Decision) -> None:
        """Record one pass and drop what is too old."""
        while self._moments and decision.at - self._moments[0].decision.at > KEPT_TIME:
            self._moments.popleft()
        last = self._moments[-1].decision.at if self._moments else None
        if decision.commands or last is None or decision.at - last >= LEAST_DISTANCE:
            self._moments.append(Moment(snapshot=snapshot, decision=decision))
