"""An observer that runs along with a room: where its nodes are, and how that depends on the unknowns.

With F, G of the network over a step, y what is measured and K how quickly it is followed:

    x <- F x + G u                   e = y - x          x <- x + K e
    psi <- F psi + dF x + dG u                          psi <- psi - K psi_air         (psi = dx/dtheta)

What of an error is news, because the last step did not leave it behind, says whether to believe it: news
beyond its gate is a reading gone wrong, and waited out, unless it stays: then it is the truth (a
window was opened), and the observer begins again there; nothing is learnt from the jump. The gate is
wide while the unknowns are not known: then it may as well be them.
"""

from dataclasses import dataclass, replace
from enum import Enum
from math import exp, sqrt

from evenload.thermal.discrete import Slopes
from evenload.thermal.matrices import Matrix, Vector, dot, plus, times
from evenload.thermal.structures import Network

PATIENCE = 3
"""So many unbelievable measurements in a row are the truth."""
_SIGMAS = 2.0
"""Of what the unknowns may explain, that widen a gate."""
_CHANGED = 0.3
"""By how much unknowns may have changed since they were learnt, for a reading to be believed; or a
house that has changed would look like a sensor that is broken, for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What was measured over one step."""

    inputs: Vector | None
    """Means of power [W], outside temperature [degC], sun [share], and 1; None: not all are known."""
    measured: tuple[float | None, ...]
    """Temperatures at its end, by sensor [degC]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observer:
    """Where a network's nodes are taken to be."""

    nodes: Vector | None = None
    """[degC]; None: nobody knows."""
    slopes: Matrix = ()
    """How the nodes change with each unknown: unknowns x nodes; empty: it has lost the thread."""
    left: float = 0.0
    """What the last step left of the error [K]."""
    doubts: int = 0
    """Measurements in a row that were not believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one measurement said."""

    error: float
    """e [K]."""
    news: float
    """What of it the last step did not leave behind [K]."""
    gradient: Vector
    """How the expected temperature changes with each unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Which news is believed."""

    width: float
    """Either way, were the unknowns known [K]."""
    covariance: Matrix
    """Of the unknowns."""

    def keeps_out(self, news: float, gradient: Vector) -> bool:
        """Return whether a reading cannot be believed."""
        explained = dot(gradient, times(self.covariance, gradient))
        explained = max(0.0, explained) + _CHANGED**2 * dot(gradient, gradient)
        return abs(news) > sqrt(self.width**2 + _SIGMAS**2 * explained)


class Outcome(Enum):
    """What was made of a step's measurement."""

    BELIEVED = "believed"
    BEGUN = "begun"
    """The observer began afresh from it."""
    DOUBTED = "doubted"
    """It was left alone, or there was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What came of looking at what was measured."""

    observer: Observer
    outcome: Outcome
    seen: Seen | None = None
    """What there is to learn from."""


def follows(network: Network, hours: float) -> Vector:
    """Return K for steps of so many hours."""
    return tuple(1.0 - exp(-hours / time) for time in network.corrections[: network.nodes])


def move(observer: Observer, slopes: Slopes, step: Step) -> Observer:
    """Return the observer one step later; the thread is lost where the inputs are not known."""
    if observer.nodes is None or not observer.slopes:
        return observer
    if step.inputs is None:
        return Observer(nodes=observer.nodes)
    return Observer(
        nodes=slopes.discrete.after(observer.nodes, step.inputs),
        slopes=slopes.after(observer.nodes, observer.slopes, step.inputs),
        left=observer.left,
        doubts=observer.doubts,
    )


def look(
    before: Observer,
    after: Observer,
    step: Step,
    *,
    network: Network,
    inner: Vector,
    share: Vector,
    believe: Gate | Outcome,
) -> Look:
    """Return what comes of a step's measurement.

    `before` and `after` are the observer before and after it moved, `inner` are the unknowns, `share` is
    K; `believe` says which news is believed, or what was made of the step when that was decided.
    """
    measured = step.measured[0]
    if measured is None:
        return Look(observer=after, outcome=Outcome.DOUBTED)
    seen = _seen(after, measured)
    outcome = believe if isinstance(believe, Outcome) else _judged(before, after, seen, believe)
    if seen is None or outcome is Outcome.BEGUN:
        return Look(observer=_begin(after, network, measured, inner), outcome=Outcome.BEGUN)
    if outcome is Outcome.DOUBTED:
        return Look(observer=replace(after, doubts=after.doubts + 1), outcome=outcome)
    return Look(observer=_corrected(after, seen, share), outcome=outcome, seen=seen)


def _judged(before: Observer, after: Observer, seen: Seen | None, gate: Gate) -> Outcome:
    if seen is None:
        return Outcome.BEGUN
    fresh = plus(seen.gradient, tuple(slope[0] for slope in before.slopes), -1.0)
    if not gate.keeps_out(seen.news, fresh):
        return Outcome.BELIEVED
    return Outcome.BEGUN if after.doubts + 1 >= PATIENCE else Outcome.DOUBTED


def _seen(after: Observer, measured: float) -> Seen | None:
    if after.nodes is None or not after.slopes:
        return None
    error = measured - after.nodes[0]
    gradient = tuple(slope[0] for slope in after.slopes)
    return Seen(error=error, news=error - after.left, gradient=gradient)


def _begin(observer: Observer, network: Network, measured: float, inner: Vector) -> Observer:
    """Return the observer at what is measured; walls stay, or begin near it."""
    hidden = network.nodes - 1
    slopes = ((0.0,) * network.nodes,) * len(network.unknowns)
    if observer.nodes is not None:
        return Observer(nodes=(measured, *observer.nodes[1:]), slopes=slopes)
    if network.has_start:
        slopes = (*slopes[:-1], (0.0,) + (1.0,) * hidden)
    walls = (measured + network.start(inner),) * hidden
    return Observer(nodes=(measured, *walls), slopes=slopes)


def _corrected(observer: Observer, seen: Seen, share: Vector) -> Observer:
    return Observer(
        nodes=settle(observer.nodes or (), seen.error, share),
        slopes=tuple(plus(slope, share, -slope[0]) for slope in observer.slopes),
        left=(1.0 - share[0]) * seen.error,
    )


def settle(nodes: Vector, error: float, share: Vector) -> Vector:
    """Return nodes after following an error of the first."""
    return plus(nodes, share, error)
