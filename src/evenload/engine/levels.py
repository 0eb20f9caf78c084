"""The levels a load can be set to, in the unit it is controlled in.

An ev is controlled in amperes per leg, every other kind in watts. Besides 0 a load has either a
range of levels (its minimum, the multiples of its step between, its maximum) or a list of them.
A ceiling for now cuts both short: it is then itself the highest level of a range, and of a list the
levels above it fall away.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

from evenload.model.site import Kind, Load
from evenload.units import TOLERANCE, floor_to_step


@dataclass(frozen=True, slots=True, kw_only=True)
class SteppedRange:
    """The minimum, the multiples of the step between, and the maximum."""

    lowest: float
    """[A per leg] or [W], above 0."""
    top: float
    """In the same unit, at least `lowest`."""
    step: float
    """In the same unit, above 0."""

    @property
    def longest_step(self) -> float:
        """Return the greatest distance between two neighbouring levels above 0."""
        return self.step

    def up_to(self, ceiling: float) -> SteppedRange | None:
        """Return the levels under `ceiling`, None where not even the lowest is."""
        if ceiling >= self.top:
            return self
        if ceiling < self.lowest - TOLERANCE:
            return None
        return SteppedRange(lowest=self.lowest, top=max(ceiling, self.lowest), step=self.step)

    def highest(self, value: float) -> float:
        """Return the highest level not above `value`, 0 where none is."""
        level = floor_to_step(value, minimum=self.lowest, maximum=self.top, step=self.step)
        return 0.0 if level is None else level

    def after(self, level: float) -> float:
        """Return the level next above `level`, which is 0 or a level below the top."""
        if level < self.lowest - TOLERANCE:
            return self.lowest
        steps = math.floor((level + TOLERANCE) / self.step) + 1
        return min(steps * self.step, self.top)

    def reaching(self, value: float) -> float:
        """Return the lowest level that is not below `value`, else the top."""
        if value <= self.lowest + TOLERANCE:
            return self.lowest
        steps = math.ceil((value - TOLERANCE) / self.step)
        return min(steps * self.step, self.top)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLevels:
    """A list of levels, rising, without 0; one level alone makes a switch."""

    levels: tuple[float, ...]
    """[W]"""

    @property
    def lowest(self) -> float:
        """Return the lowest level above 0."""
        return self.levels[0]

    @property
    def top(self) -> float:
        """Return the highest level."""
        return self.levels[-1]

    @property
    def longest_step(self) -> float:
        """Return the greatest distance between two neighbouring levels, 0 among them."""
        return max(above - below for below, above in pairwise((0.0, *self.levels)))

    def up_to(self, ceiling: float) -> ListedLevels | None:
        """Return the levels under `ceiling`, None where not even the lowest is."""
        if ceiling >= self.top:
            return self
        kept = tuple(level for level in self.levels if level <= ceiling + TOLERANCE)
        return ListedLevels(levels=kept) if kept else None

    def highest(self, value: float) -> float:
        """Return the highest level not above `value`, 0 where none is."""
        most = value + TOLERANCE
        return max([level for level in self.levels if level <= most], default=0.0)

    def after(self, level: float) -> float:
        """Return the level next above `level`, which is 0 or a level below the top."""
        return next(above for above in self.levels if above > level + TOLERANCE)

    def reaching(self, value: float) -> float:
        """Return the lowest level that is not below `value`, else the top."""
        return next((level for level in self.levels if level >= value - TOLERANCE), self.top)


type Levels = SteppedRange | ListedLevels


def levels_of(load: Load) -> Levels:
    """Return what `load` can be set to when no ceiling lowers it."""
    if load.kind in (Kind.SWITCH, Kind.STEPPED):
        return ListedLevels(levels=load.levels)
    return SteppedRange(lowest=load.minimum, top=load.maximum, step=load.step)
