"""Learning from a history at once: what recursive learning would come to after many passes.

The same errors of the same observer, weighted as in `estimate` and forgotten alike, are made smallest
by Gauss and Newton with the damping of D. W. Marquardt, "An algorithm for least-squares estimation of
nonlinear parameters", SIAM Journal 11 (1963) 431. While they are, it stays fixed which measurements
are believed; then that is decided again, with the unknowns as they now are. As the sum may have
several valleys, it begins at several sizes of house. From where it ends, learning goes on step by step.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp

from evenload.thermal.discrete import with_slopes
from evenload.thermal.estimate import (
    Estimate,
    Noise,
    bounded,
    errors_noise,
    gate,
    prior,
    regular,
)
from evenload.thermal.matrices import Matrix, Vector, accumulated, diagonal, inverse, plus, times
from evenload.thermal.observer import Observer, Outcome, Seen, Step, follows, look, move

_ROUNDS = 3
"""How often it is decided again what to believe."""
_TRIES = 8
"""Steps of Gauss and Newton between two of these."""
_ENOUGH = 1e-3
"""A step that betters the sum by less than this share is the last of its round."""
_BOLDEST = 0.7
_DAMPING = (1e-3, 1e-9, 1e5)
"""At first, at least, at most."""
_SIZES, _INERTIAS = (0.2, 0.45, 1.0, 2.2, 5.0), (0.4, 1.0, 2.5)
"""Houses so much larger or smaller than the guess are tried first, and heavier or lighter."""
_RECENT = 96.0
"""With so much of the history [h]."""
_DOUBT = 2.0
"""What a step that is not believed counts meanwhile [K]."""
_COARSE = 1.0
"""Errors that count in full while sizes are compared [K]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _History:
    steps: Sequence[Step]
    hours: float
    """How long a step is."""
    keep: float
    """Lambda."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pass:
    estimate: Estimate
    """With the observer at the end of the history."""
    cost: float
    pull: Vector
    information: Matrix
    seen: tuple[Seen, ...]
    outcomes: tuple[Outcome, ...]


def fit(estimate: Estimate, steps: Sequence[Step], hours: float, memory: float) -> Estimate:
    """Return the estimate that explains these steps best; learning may go on from there.

    Steps are so many hours long; what they say counts for `memory` hours before the last of them.
    """
    history = _History(steps=steps, hours=hours, keep=exp(-hours / memory))
    best = _started(estimate, history)
    for _ in range(_ROUNDS):
        before = best.inner
        best = _round(best, history)
        if all(abs(one - other) < _ENOUGH for one, other in zip(before, best.inner, strict=True)):
            break
    return best


def _started(estimate: Estimate, history: _History) -> Estimate:
    """Return the size of house that explains the last days best, as it is."""
    recent = replace(history, steps=history.steps[-round(_RECENT / history.hours) :])
    found = list[_Pass]()
    for size in _SIZES:
        for inertia in _INERTIAS:
            start = _sized(estimate, size, inertia)
            found.append(_pass(start, recent, Noise(square=_COARSE**2)))
    return min(found, key=_with_doubts).estimate


def _with_doubts(tried: _Pass) -> float:
    """Return the cost, in which what was not believed counts as well, or nothing would be best."""
    unbelieved = sum(outcome is not Outcome.BELIEVED for outcome in tried.outcomes)
    return tried.cost + unbelieved * _DOUBT**2


def _sized(estimate: Estimate, size: float, inertia: float) -> Estimate:
    """Return the estimate of a larger or smaller house, its heat capacity times `inertia` besides."""
    outer = [
        value * size * (inertia if "capacity" in unknown.name else 1.0)
        for unknown, value in zip(estimate.network.unknowns, estimate.quantities, strict=True)
    ]
    return replace(estimate, inner=estimate.network.inner(tuple(outer)))


def _round(estimate: Estimate, history: _History) -> Estimate:
    """Return a better estimate, with what is believed decided once."""
    first = _pass(estimate, history, estimate.noise)
    noise = errors_noise(first.seen, estimate.noise)
    best = _pass(estimate, history, noise, first.outcomes)
    damping, least, most = _DAMPING
    for _ in range(_TRIES):
        tried = _pass(_moved(best, noise, damping), history, noise, first.outcomes)
        if tried.cost >= best.cost:
            damping *= 8.0
            if damping > most:
                break
            continue
        is_done = best.cost - tried.cost < _ENOUGH * best.cost
        best, damping = tried, max(least, damping / 8.0)
        if is_done:
            break
    return replace(
        best.estimate,
        information=best.information,
        noise=errors_noise(best.seen, noise),
    )


def _moved(best: _Pass, noise: Noise, damping: float) -> Estimate:
    estimate = best.estimate
    damped = tuple(
        likely + damping * best.information[at][at]
        for at, likely in enumerate(prior(estimate, noise.sigma**2))
    )
    change = times(inverse(regular(best.information, damped)), best.pull)
    return replace(estimate, inner=bounded(estimate, change, _BOLDEST))


def _pass(
    estimate: Estimate, history: _History, noise: Noise, decided: Sequence[Outcome] = ()
) -> _Pass:
    """Run along once; what is believed is decided on the way, or was."""
    network, hours, keep = estimate.network, history.hours, history.keep
    slopes, share = with_slopes(network, estimate.inner, hours), follows(network, hours)
    believed = gate(estimate)
    observer, cost = Observer(), 0.0
    information = diagonal((0.0,) * len(estimate.inner))
    pull: Vector = (0.0,) * len(estimate.inner)
    outcomes, found = list[Outcome](), list[Seen]()
    for at, step in enumerate(history.steps):
        after = move(observer, slopes, step)
        looked = look(
            observer,
            after,
            step,
            network=network,
            inner=estimate.inner,
            share=share,
            believe=decided[at] if decided else believed,
        )
        observer = looked.observer
        outcomes.append(looked.outcome)
        each = looked.seen
        if each is None:
            continue
        weight = noise.weight(each.error)
        information = accumulated(information, each.gradient, weight, keep)
        pull = tuple(
            keep * own + weight * each.error * slope
            for own, slope in zip(pull, each.gradient, strict=True)
        )
        cost = keep * cost + weight * (2.0 - weight) * each.error**2
        found.append(each)
    away = plus(estimate.likely, estimate.inner, -1.0)
    likely = prior(estimate, noise.sigma**2)
    return _Pass(
        estimate=replace(estimate, observer=observer),
        cost=cost + sum(own * far**2 for own, far in zip(likely, away, strict=True)),
        pull=plus(pull, tuple(own * far for own, far in zip(likely, away, strict=True))),
        information=information,
        seen=tuple(found),
        outcomes=tuple(outcomes),
    )
