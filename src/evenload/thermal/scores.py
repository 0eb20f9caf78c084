"""How good forecasts were: an hour, six hours and a day ahead, beside "it stays as it is".

Every hour a forecast begins, with the model as it is then. It is carried along with the inputs that
were measured after, so that it tells the model's error apart from the weather forecast's. When its
hour has come it is compared with what is measured, and so is the temperature it began from (persistence).
"""

from dataclasses import dataclass, replace
from math import sqrt

from evenload.thermal.discrete import Discrete
from evenload.thermal.matrices import Vector
from evenload.thermal.nouns import STEP

HORIZONS = (3600, 21_600, 86_400)
"""[s]"""
_EVERY = 4
"""Steps from one forecast to the next."""
_MEMORY = 24 * 4
"""Over how many forecasts the figures are averaged, at most: four days of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Errors of forecasts so far ahead."""

    model_square: float = 0.0
    persistence_square: float = 0.0
    count: int = 0
    """How many forecasts."""

    @property
    def model(self) -> float:
        """Root mean square error of the model [K]."""
        return sqrt(self.model_square)

    @property
    def persistence(self) -> float:
        """Root mean square error of "it stays as it is" [K]."""
        return sqrt(self.persistence_square)

    def after(self, error: float, change: float) -> Score:
        """Return it after one more forecast."""
        count = self.count + 1
        share = 1.0 / min(_MEMORY, count)
        return Score(
            model_square=self.model_square + share * (error**2 - self.model_square),
            persistence_square=self.persistence_square
            + share * (change**2 - self.persistence_square),
            count=count,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A forecast that is carried along."""

    discrete: Discrete
    nodes: Vector
    measured: float
    """When it began [degC]."""
    age: int = 0
    """[steps]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """All figures, and the forecasts that run."""

    scores: tuple[Score, ...] = (Score(),) * len(HORIZONS)
    """By horizon."""
    running: tuple[Begun, ...] = ()
    steps: int = 0

    def by_horizon(self) -> dict[int, Score]:
        """Return each with how far ahead it is [s]."""
        return dict(zip(HORIZONS, self.scores, strict=True))


def carried(scores: Scores, inputs: Vector | None, measured: float | None) -> Scores:
    """Return them after a step; what is not known ends the forecasts that ran through it."""
    if inputs is None:
        return replace(scores, running=(), steps=scores.steps + 1)
    moved = tuple(
        replace(each, nodes=each.discrete.after(each.nodes, inputs), age=each.age + 1)
        for each in scores.running
    )
    found = list(scores.scores)
    if measured is not None:
        for each in moved:
            seconds = round(each.age * STEP)
            if seconds in HORIZONS:
                at = HORIZONS.index(seconds)
                change = measured - each.measured
                found[at] = found[at].after(measured - each.nodes[0], change)
    longest = HORIZONS[-1] / STEP
    return Scores(
        scores=tuple(found),
        running=tuple(each for each in moved if each.age < longest),
        steps=scores.steps + 1,
    )


def started(
    scores: Scores, discrete: Discrete, nodes: Vector | None, measured: float | None
) -> Scores:
    """Return them with one more forecast, where it is time for one and a model to make it."""
    if nodes is None or measured is None or scores.steps % _EVERY:
        return scores
    begun = Begun(discrete=discrete, nodes=nodes, measured=measured)
    return replace(scores, running=(*scores.running, begun))
