"""What a model would have foretold, day by day, over the steps that are kept: for pictures.

The model is the one that is known now, which has seen these days; how good it is on days that it has not
seen is told by its scores.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from evenload.thermal.matrices import Vector
from evenload.thermal.memory import (
    ThermalMemory,
    follow,
    forgotten,
    inputs_without_draws,
    measured_of,
    model_of,
    nodes_of,
)
from evenload.thermal.nouns import STEP

_DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """One step that was, and what would have been foretold for its end at the midnight (UTC) before."""

    at: float
    """Its end [s since 1970, UTC]."""
    inputs: Vector | None
    """Heat [W], outside temperature [degC], sun [share], and 1; None: not all were known."""
    measured: float | None
    """[degC]"""
    foretold: float | None
    """[degC]; None: nothing to foretell it from."""


def retrace(memory: ThermalMemory) -> Iterator[Traced]:
    """Yield every step that is kept.

    Draws from a tank count as they were seen, since what is looked at is the tank.
    """
    model, walked = model_of(memory), forgotten(memory)
    foretold: Vector | None = None
    for closed in memory.history:
        if (closed.at - STEP) % _DAY == 0.0 or foretold is None:
            foretold = nodes_of(walked)
        walked = follow(walked, closed)
        inputs = inputs_without_draws(walked, closed)
        foretold = None if foretold is None or inputs is None else model.after(foretold, inputs)
        yield Traced(
            at=closed.at,
            inputs=closed.step.inputs,
            measured=measured_of(memory, closed),
            foretold=None if foretold is None else foretold[0],
        )
