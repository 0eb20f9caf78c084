"""What decides in a simulated house: the real controller, or something to compare it with.

A strategy gets a snapshot of reports and the clock, nothing else, and answers with commands.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from evenload.controller import ControllerState, step
from evenload.model.decision import Command, Decision
from evenload.model.readings import LoadState
from evenload.model.site import Kind, Mode
from evenload.model.snapshot import Snapshot


class Strategy(Protocol):
    """Decides what the loads of a house do."""

    @property
    def decision(self) -> Decision | None:
        """The last decision with its reasons; None for a strategy that has none to give."""
        ...

    def decide(self, snapshot: Snapshot, now: float) -> Sequence[Command]:
        """Return what to command now; `now` is monotonic [s]."""
        ...


class Evenload:
    """The real controller, unmodified."""

    def __init__(self) -> None:
        """Start with no memory."""
        self._state: ControllerState | None = None
        self.decision: Decision | None = None

    def decide(self, snapshot: Snapshot, now: float) -> Sequence[Command]:
        """Return what the controller commands."""
        state = ControllerState.initial(now) if self._state is None else self._state
        self._state, self.decision = step(state, snapshot, now)
        return self.decision.commands


class Naive:
    """No load management: whatever is connected gets all it may have, at once."""

    decision: Decision | None = None

    def __init__(self) -> None:
        """Start with nothing commanded."""
        self._commanded: dict[str, float] = {}

    def decide(self, snapshot: Snapshot, now: float) -> Sequence[Command]:  # noqa: ARG002 - time plays no part
        """Return a command for each load whose setpoint is not what it should be."""
        commands: list[Command] = []
        for load in snapshot.site.all_loads:
            device = snapshot.devices.get(load.id)
            away = device is None or device.state is LoadState.DISCONNECTED
            most = load.maximum if load.kind is Kind.EV else load.levels[-1]
            setpoint = 0.0 if away or load.mode is Mode.OFF else most
            if self._commanded.get(load.id, 0.0) != setpoint:
                self._commanded[load.id] = setpoint
                commands.append(Command(load=load.id, setpoint=setpoint))
        return commands


STRATEGIES: Mapping[str, Callable[[], Strategy]] = {"evenload": Evenload, "naive": Naive}
"""What `--strategy` may name."""
