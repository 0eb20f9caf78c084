"""The real controller, unmodified."""

import json
from collections.abc import Sequence

from evenload.controller import ControllerState, dump_state, load_state, step
from evenload.model.decision import Command, Decision
from evenload.model.snapshot import Snapshot


class Evenload:
    """Remembers the controller's state between two passes."""

    pace: int | None = None

    def __init__(self) -> None:
        """Start with no memory."""
        self._state: ControllerState | None = None
        self.decision: Decision | None = None

    def decide(self, snapshot: Snapshot, now: float) -> Sequence[Command]:
        """Return what the controller commands."""
        state = ControllerState.initial(now) if self._state is None else self._state
        self._state, self.decision = step(state, snapshot, now)
        return self.decision.commands

    def restarted(self, now: float) -> None:
        """Go on with what is persisted."""
        if self._state is not None:
            saved = json.dumps(dump_state(self._state, now))
            self._state = load_state(json.loads(saved), now)
