"""The chain that a permit passes on its way to a charger."""

from collections.abc import Hashable
from dataclasses import dataclass, field

ALPHA = 0.3
"""Weight of the newest value in an exponential average."""
CYCLE = 2.0
"""Between two calculations [s]."""
DEADBAND = 0.3
"""A permit that differs by less changes nothing [A]."""
RAMP_UP, RAMP_DOWN = 0.1, 0.2
"""[A/s]"""
_DECIMALS = 9
"""A ramp of 0.4 A a cycle must meet 6 A exactly."""


@dataclass(slots=True)
class Averages:
    """Exponential averages of many quantities, by name."""

    values: dict[Hashable, float] = field(default_factory=dict[Hashable, float])

    def add(self, name: Hashable, value: float) -> float:
        """Take a value and return the average with it; the first one is its own."""
        before = self.values.get(name, value)
        self.values[name] = after = before + ALPHA * (value - before)
        return after


@dataclass(slots=True)
class Chain:
    """What one load's permit has become on its way [A]."""

    average: float = 0.0
    held: float = 0.0
    """The average, without its small changes."""
    output: float = 0.0
    """What may be told."""

    def add(self, permit: float) -> float:
        """Take one cycle's permit and return the output; from 0 it jumps."""
        if self.output <= 0.0:
            self.average = self.held = self.output = permit
            return permit
        self.average += ALPHA * (permit - self.average)
        if abs(self.average - self.held) >= DEADBAND:
            self.held = self.average
        low, high = self.output - RAMP_DOWN * CYCLE, self.output + RAMP_UP * CYCLE
        self.output = round(min(max(self.held, low), high), _DECIMALS)
        return self.output

    def stop(self) -> None:
        """Go to 0 at once."""
        self.average = self.held = self.output = 0.0
