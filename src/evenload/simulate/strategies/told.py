"""What a strategy has told each load, so that it tells only what is new."""

from collections.abc import Iterator, Mapping

from evenload.model.decision import Command


class Told:
    """The last setpoint of each load, 0 before any."""

    __slots__ = ("_setpoints",)

    def __init__(self) -> None:
        """Start with nothing told."""
        self._setpoints: dict[str, float] = {}

    def of(self, load: str) -> float:
        """Return the last setpoint of a load, in the unit of its levels."""
        return self._setpoints.get(load, 0.0)

    def changes(self, setpoints: Mapping[str, float]) -> Iterator[Command]:
        """Yield a command for each setpoint that is not the last one, and remember it."""
        for load, setpoint in setpoints.items():
            if self.of(load) != setpoint:
                self._setpoints[load] = setpoint
                yield Command(load=load, setpoint=setpoint)
