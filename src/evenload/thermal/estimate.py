"""Learning a network's unknowns, one step at a time.

An observer runs along (`observer`), and follows what is measured slowly, on purpose: what it errs by is
then the error of a forecast over hours, so that what is learnt is what forecasts need, and the
sensor's noise, which biases a regression on measured temperatures, hardly enters. The unknowns theta
follow its errors e by recursive least squares on its slopes psi, forgetting with lambda (the recursive
Gauss-Newton algorithm: L. Ljung, "System Identification: Theory for the User", 2nd edition 1999,
sections 11.2 and 11.4):

    R <- lambda R + w psi psi'
    theta <- theta + (R + v N)^-1 (w psi e + (1 - lambda) v N (theta0 - theta))

N is what was likely before (theta0 and its spread), so that what the data does not
tell stays there instead of drifting (S. Gunnarsson, "Combining tracking and regularization in recursive
least squares identification", 35th IEEE CDC 1996). v is the variance of e times
(1 + rho) / (1 - rho), because errors that resemble their predecessors (rho) tell less than their
number; the covariance of theta is v (R + v N)^-1. w is the weight of P. J. Huber (Annals of Mathematical Statistics 35 (1964) 73): an
error beyond 1.5 sigma counts as one of 1.5 sigma.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import exp, sqrt

from evenload.thermal.discrete import with_slopes
from evenload.thermal.matrices import Matrix, Vector, accumulated, diagonal, inverse, plus, times
from evenload.thermal.observer import Gate, Look, Observer, Seen, Step, follows, look, move
from evenload.thermal.structures import NETWORKS, Network, Structure

HUBER = 1.5
"""Sigmas beyond which an error counts no more than this."""
_GATE, _LEAST_GATE = 6.0, 0.6
"""News beyond so many sigmas is not believed, but for so many kelvin."""
_FIRST_ERROR, _FIRST_NEWS = 1.0, 0.2
"""How large errors and news are taken to be before any was seen [K]."""
_LEAST_NOISE = 0.02
"""Errors are never taken to be smaller [K]."""
_NOISE_STEPS, _QUICK_STEPS = 192, 12
"""Over how many steps the size of errors is averaged: at most, and at first."""
_LARGEST = 4.0
"""Sigmas that a single error counts for their average."""
_BOLDEST = 0.5
"""How far one step may move an unknown, of its spread or of its logarithm."""
_MOST_ALIKE = 0.98
"""The most that rho counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """How large the observer's errors are, and how much they resemble each other."""

    square: float = _FIRST_ERROR**2
    """Mean of e^2 [K^2]."""
    news: float = _FIRST_NEWS**2
    """Mean of the squares of news [K^2]."""
    alike: float = 0.5
    """rho, 0 to 1."""
    last: float = 0.0
    """The last e [K]."""
    count: int = 0
    """How many errors were seen."""

    @property
    def sigma(self) -> float:
        """The size of an error [K]."""
        return sqrt(max(_LEAST_NOISE**2, self.square))

    @property
    def sigma_news(self) -> float:
        """The size of news [K]."""
        return sqrt(max(_LEAST_NOISE**2, self.news))

    @property
    def effective(self) -> float:
        """Return v [K^2]."""
        alike = min(_MOST_ALIKE, max(0.0, self.alike))
        return self.sigma**2 * (1.0 + alike) / (1.0 - alike)

    def after(self, seen: Seen) -> Noise:
        """Return it after one more error."""
        error = _clipped(seen.error, _LARGEST * self.sigma)
        news = _clipped(seen.news, _LARGEST * self.sigma_news)
        share = 1.0 / min(_NOISE_STEPS, self.count + _QUICK_STEPS)
        return Noise(
            square=self.square + share * (error**2 - self.square),
            news=self.news + share * (news**2 - self.news),
            alike=self.alike + share * (error * self.last / self.sigma**2 - self.alike),
            last=error,
            count=self.count + 1,
        )

    def weight(self, error: float) -> float:
        """Return w."""
        limit = HUBER * self.sigma
        return 1.0 if abs(error) <= limit else limit / abs(error)


def _clipped(value: float, most: float) -> float:
    return max(-most, min(most, value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What is known of one network."""

    structure: Structure
    inner: Vector
    """The unknowns, as they are learnt."""
    likely: Vector
    """theta0."""
    spreads: Vector
    """How unlike theta0 they may be."""
    information: Matrix
    """R."""
    observer: Observer = field(default_factory=Observer)
    noise: Noise = field(default_factory=Noise)

    @property
    def network(self) -> Network:
        """Its equations."""
        return NETWORKS[self.structure]

    @property
    def quantities(self) -> Vector:
        """The unknowns in their units."""
        return self.network.outer(self.inner)


def first_estimate(
    structure: Structure, guess: Vector | None = None, spreads: Vector | None = None
) -> Estimate:
    """Return what is known before anything was measured; `guess` in the unknowns' units."""
    network = NETWORKS[structure]
    outer = tuple(unknown.guess for unknown in network.unknowns) if guess is None else guess
    inner = network.inner(outer)
    own = tuple(unknown.spread for unknown in network.unknowns)
    return Estimate(
        structure=structure,
        inner=inner,
        likely=inner,
        spreads=own if spreads is None else spreads,
        information=diagonal((0.0,) * len(inner)),
    )


def gate(estimate: Estimate) -> Gate:
    """Return which news is believed now."""
    width = max(_LEAST_GATE, _GATE * estimate.noise.sigma_news)
    return Gate(width=width, covariance=covariance(estimate))


def advance(estimate: Estimate, step: Step, hours: float, memory: float) -> Estimate:
    """Return what is known after one more step of so many hours; it counts for `memory` hours."""
    network, before = estimate.network, estimate.observer
    after = move(before, with_slopes(network, estimate.inner, hours), step)
    share = follows(network, hours)
    looked = look(
        before,
        after,
        step,
        network=network,
        inner=estimate.inner,
        share=share,
        believe=gate(estimate),
    )
    return learnt(replace(estimate, observer=looked.observer), looked, exp(-hours / memory))


def rebegun(estimate: Estimate) -> Estimate:
    """Return what is known with an observer that begins anew: nobody looked for long."""
    if not estimate.network.has_start:
        return replace(estimate, observer=Observer())
    last = len(estimate.inner) - 1
    information = tuple(
        tuple(0.0 if last in {row, column} else value for column, value in enumerate(values))
        for row, values in enumerate(estimate.information)
    )
    return replace(
        estimate,
        observer=Observer(),
        inner=(*estimate.inner[:-1], 0.0),
        information=information,
    )


def learnt(estimate: Estimate, looked: Look, keep: float) -> Estimate:
    """Return what is known after this error; forgets only while there is something to learn."""
    seen = looked.seen
    if seen is None:
        return estimate
    weight = estimate.noise.weight(seen.error)
    information = accumulated(estimate.information, seen.gradient, weight, keep)
    noise = estimate.noise.after(seen)
    likely = prior(estimate, noise.effective)
    away = plus(estimate.likely, estimate.inner, -1.0)
    home = tuple((1.0 - keep) * own * far for own, far in zip(likely, away, strict=True))
    change = times(
        inverse(regular(information, likely)), plus(home, seen.gradient, weight * seen.error)
    )
    inner = bounded(estimate, change, _BOLDEST)
    return replace(
        estimate,
        inner=inner,
        information=information,
        noise=noise,
        observer=_restarted(estimate, inner),
    )


def _restarted(estimate: Estimate, inner: Vector) -> Observer:
    """Return the observer as if hidden nodes had begun where they are now taken to have."""
    observer = estimate.observer
    if not estimate.network.has_start or observer.nodes is None:
        return observer
    moved = inner[-1] - estimate.inner[-1]
    return replace(observer, nodes=plus(observer.nodes, observer.slopes[-1], moved))


def bounded(estimate: Estimate, change: Vector, boldest: float) -> Vector:
    """Return the unknowns after a change, none moved too far nor out of its bounds."""
    found: list[float] = []
    for unknown, value, wanted in zip(
        estimate.network.unknowns, estimate.inner, change, strict=True
    ):
        most = boldest * (1.0 if unknown.is_positive else unknown.spread)
        found.append(unknown.inner(unknown.outer(value + _clipped(wanted, most))))
    return tuple(found)


def prior(estimate: Estimate, noise: float) -> Vector:
    """Return the diagonal of v N, where v is `noise`."""
    return tuple(noise / spread**2 for spread in estimate.spreads)


def covariance(estimate: Estimate) -> Matrix:
    """Return how uncertain the unknowns are, as they are learnt."""
    noise = estimate.noise.effective
    inverted = inverse(regular(estimate.information, prior(estimate, noise)))
    return tuple(tuple(noise * value for value in row) for row in inverted)


def regular(information: Matrix, likely: Vector) -> Matrix:
    """Return R + v N."""
    return tuple(
        tuple(
            value + (likely[row] if row == column else 0.0) for column, value in enumerate(values)
        )
        for row, values in enumerate(information)
    )


def errors_noise(seen: Sequence[Seen], before: Noise) -> Noise:
    """Return how large many errors are: by their robust middle, so that a few large do not say it."""
    if len(seen) < _QUICK_STEPS:
        return before
    errors = _without_tails([each.error for each in seen])
    news = _without_tails([each.news for each in seen])
    square = sum(error**2 for error in errors) / len(errors)
    along = sum(one * other for one, other in pairwise(errors))
    return Noise(
        square=square,
        news=sum(each**2 for each in news) / len(news),
        alike=along / len(errors) / square if square > 0.0 else 0.0,
        last=errors[-1],
        count=len(seen),
    )


def _without_tails(values: list[float]) -> list[float]:
    middle = sorted(abs(value) for value in values)[len(values) // 2]
    return [_clipped(value, _LARGEST * _MIDDLE * middle) for value in values]


_MIDDLE = 1.4826
"""Sigmas in the middle of the absolute values of a normal distribution."""
