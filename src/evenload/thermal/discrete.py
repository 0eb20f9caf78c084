"""A network over one step: x' = F x + G u exactly, and how that changes with each unknown.

With inputs held over a step of t hours, F = exp(A t) and G = A^-1 (F - I) B (zero-order hold). The
derivatives are central differences; they are wanted once for each set of unknowns, not for each step.
"""

from dataclasses import dataclass

from evenload.thermal.matrices import Matrix, Vector, dot, exponential, inverse, product
from evenload.thermal.structures import Network

_NUDGE = 1e-4
"""Of what is learnt, to see what changes."""


@dataclass(frozen=True, slots=True)
class Discrete:
    """A network over one step."""

    transition: Matrix
    """F: nodes x nodes."""
    drive: Matrix
    """G: nodes x (power, outside temperature, sun, 1)."""

    def after(self, nodes: Vector, inputs: Vector) -> Vector:
        """Return the nodes' temperatures one step later."""
        return tuple(
            dot(row, nodes) + dot(own, inputs)
            for row, own in zip(self.transition, self.drive, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Slopes:
    """A network over one step, and its derivatives by what is learnt."""

    discrete: Discrete
    terms: tuple[tuple[Matrix, Matrix], ...]
    """Derivatives of F and of G by each unknown."""

    def after(self, nodes: Vector, slopes: Matrix, inputs: Vector) -> Matrix:
        """Return how the nodes one step later change with each unknown; unknowns x nodes.

        Written out for one and for two nodes: a fit to a month of history spends its time here.
        """
        power, outside, sun, one = inputs
        if len(nodes) == 1:
            ((own,),), (here,) = self.discrete.transition, nodes
            return tuple(
                (own * slope + f * here + p * power + o * outside + s * sun + g * one,)
                for (((f,),), ((p, o, s, g),)), (slope,) in zip(self.terms, slopes, strict=True)
            )
        (first, right), (left, last) = self.discrete.transition
        air, mass = nodes
        return tuple(
            (
                first * by_air
                + right * by_mass
                + (f * air + r * mass + p * power + o * outside + s * sun + g * one),
                left * by_air
                + last * by_mass
                + (b * air + w * mass + q * power + n * outside + t * sun + h * one),
            )
            for (((f, r), (b, w)), ((p, o, s, g), (q, n, t, h))), (by_air, by_mass) in zip(
                self.terms, slopes, strict=True
            )
        )


def discrete(network: Network, inner: Vector, hours: float) -> Discrete:
    """Return the network with these unknowns over a step of so many hours."""
    flows, inputs = network.equations(network.outer(inner))
    transition = exponential(flows, hours)
    grown = tuple(
        tuple(value - (1.0 if row == column else 0.0) for column, value in enumerate(values))
        for row, values in enumerate(transition)
    )
    return Discrete(transition, product(inverse(flows), product(grown, inputs)))


def with_slopes(network: Network, inner: Vector, hours: float) -> Slopes:
    """Return the same with its derivatives."""
    here = discrete(network, inner, hours)
    return Slopes(here, tuple(_slope(network, inner, hours, at) for at in range(len(inner))))


def _slope(network: Network, inner: Vector, hours: float, at: int) -> tuple[Matrix, Matrix]:
    nudge = _NUDGE if network.unknowns[at].is_positive else 1.0
    above, below = (
        discrete(network, (*inner[:at], inner[at] + each, *inner[at + 1 :]), hours)
        for each in (nudge, -nudge)
    )
    per = 0.5 / nudge
    return (
        _difference(above.transition, below.transition, per),
        _difference(above.drive, below.drive, per),
    )


def _difference(above: Matrix, below: Matrix, per: float) -> Matrix:
    return tuple(
        tuple((high - low) * per for high, low in zip(left, right, strict=True))
        for left, right in zip(above, below, strict=True)
    )
