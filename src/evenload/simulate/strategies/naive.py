"""No load management: whatever is connected gets all it may have, at once."""

from collections.abc import Sequence

from evenload.engine.levels import levels_of
from evenload.model.decision import Command, Decision
from evenload.model.site import Mode
from evenload.model.snapshot import Snapshot
from evenload.simulate.strategies.reported import is_away
from evenload.simulate.strategies.told import Told


class Naive:
    """Gives every load its highest level; only modes that say off are heeded."""

    pace: int | None = None
    decision: Decision | None = None

    def __init__(self) -> None:
        """Start with nothing commanded."""
        self._told = Told()

    def decide(self, snapshot: Snapshot, now: float) -> Sequence[Command]:  # noqa: ARG002 - time plays no part
        """Return a command for each load whose setpoint is not what it should be."""
        wanted = {
            load.id: 0.0
            if load.mode is Mode.OFF or is_away(snapshot.devices.get(load.id))
            else levels_of(load).top
            for load in snapshot.site.all_loads
        }
        return tuple(self._told.changes(wanted))

    def restarted(self, now: float) -> None:  # noqa: ARG002 - time plays no part
        """Tell everything again."""
        self._told = Told()
