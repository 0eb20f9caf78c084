"""The limit that a charger carries: rounded, late, leased, and lost at a reboot."""

import math
from collections import deque

from evenload.model.decision import Command
from evenload.model.site import Load
from evenload.simulate.settings import ChargerPart, FaultKind, Rounding

_EVEN = 2.0
"""A charger that rounds wrongly knows multiples of this [A]."""
_UNREACHABLE = frozenset(
    {FaultKind.CHARGER_DEAF, FaultKind.CHARGER_OFFLINE, FaultKind.CHARGER_REBOOT}
)


class ChargerLimit:
    """What a charger lets its car draw at one plug, and on how many legs."""

    __slots__ = (
        "_expires_at",
        "_fallback",
        "_moves_at",
        "_next_phases",
        "_part",
        "_pending",
        "current",
        "faults",
        "load",
        "phases",
        "switches",
    )

    def __init__(self, load: Load, part: ChargerPart) -> None:
        """Carry the initial limit on every leg."""
        self.load = load
        self._part = part
        self._pending: deque[tuple[int, Command]] = deque()
        self._fallback: float | None = None
        self._expires_at = math.inf
        self._moves_at: int | None = None
        self._next_phases = len(load.phases)
        self.faults: set[FaultKind] = set()
        self.current = part.initial_limit
        """[A per leg]"""
        self.phases = len(load.phases)
        """How many legs the car is given."""
        self.switches = 0
        """How often it has switched phases."""

    def command(self, command: Command, second: int) -> None:
        """Take a command unless nobody hears it."""
        if self.is_reachable:
            self._pending.append((second + self._part.delay, command))

    @property
    def is_reachable(self) -> bool:
        """Whether it takes commands."""
        return not self.faults & _UNREACHABLE

    def fail(self, fault: FaultKind, *, active: bool) -> None:
        """Begin or end a fault."""
        if active:
            self.faults.add(fault)
        else:
            self.faults.discard(fault)
        if fault is FaultKind.CHARGER_REBOOT:
            self._pending.clear()
            self._expires_at = math.inf
            default = self._part.default_limit
            known = self._fallback if default is None else default
            self.current = self.load.maximum if known is None else known

    def offer(self, second: int) -> float:
        """Return what the car is offered at this second [A per leg]."""
        while self._pending and self._pending[0][0] <= second:
            self._take(self._pending.popleft()[1], second)
        if second >= self._expires_at:
            self._expires_at = math.inf
            self.current = self._fallback or 0.0
        if self._moves_at is not None:
            if second < self._moves_at:
                return 0.0
            self._moves_at = None
            self.phases = self._next_phases
            self.switches += 1
        return 0.0 if FaultKind.CHARGER_REBOOT in self.faults else self.current

    def _take(self, command: Command, second: int) -> None:
        self.current = self._rounded(command.setpoint)
        self._expires_at = math.inf
        if command.lease is not None and self._part.lease:
            self._fallback = command.fallback
            self._expires_at = second + command.lease
        if self._part.switches_phases and command.phases not in (None, self._next_phases):
            self._next_phases = min(command.phases, len(self.load.phases))
            self._moves_at = second + self._part.switch_pause

    def _rounded(self, setpoint: float) -> float:
        """Return the limit that the charger makes of a setpoint; below the minimum it pauses."""
        part, load = self._part, self.load
        if setpoint < load.minimum:
            return 0.0
        if part.levels:
            return _among(part.levels, setpoint, part.rounding_to)
        step, direction = part.rounding, part.rounding_to
        if FaultKind.CHARGER_ROUNDING in self.faults:
            step, direction = _EVEN, Rounding.UP
        if step > 0.0:
            setpoint = _to_whole(setpoint / step, direction) * step
        return 0.0 if setpoint < load.minimum else min(setpoint, load.maximum)


def _to_whole(steps: float, direction: Rounding) -> int:
    match direction:
        case Rounding.DOWN:
            return math.floor(steps + 1e-9)
        case Rounding.UP:
            return math.ceil(steps - 1e-9)
        case Rounding.NEAREST:
            return round(steps)


def _among(levels: tuple[float, ...], setpoint: float, direction: Rounding) -> float:
    """Return the level that a charger chooses; 0 where it rounds down below the lowest."""
    below = max((level for level in levels if level <= setpoint + 1e-9), default=0.0)
    above = min((level for level in levels if level >= setpoint - 1e-9), default=levels[-1])
    match direction:
        case Rounding.DOWN:
            return below
        case Rounding.UP:
            return above
        case Rounding.NEAREST:
            return below if setpoint - below <= above - setpoint else above
