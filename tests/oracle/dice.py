"""Where a generated site takes its choices from: a seed for bulk runs, hypothesis for shrinking.

A generator that asks for nothing but picks and chances can be fed by either. Options are listed
simplest first, and a chance shrinks to "no", so that hypothesis ends at a plain site.
"""

import random
from collections.abc import Sequence
from typing import Protocol, override

from hypothesis import strategies as st


class Dice(Protocol):
    """A source of choices."""

    def pick[T](self, options: Sequence[T]) -> T:
        """Return one of the options; the first is the simplest."""
        ...

    def chance(self, percent: int) -> bool:
        """Return True in `percent` of 100 cases; False is the simplest."""
        ...


class SeededDice(Dice):
    """The same choices for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    @override
    def pick[T](self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    @override
    def chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent


class HypothesisDice(Dice):
    """Choices that hypothesis makes, remembers and shrinks."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    @override
    def pick[T](self, options: Sequence[T]) -> T:
        return self._draw(st.sampled_from(options))

    @override
    def chance(self, percent: int) -> bool:
        return self._draw(st.integers(0, 99)) >= 100 - percent
