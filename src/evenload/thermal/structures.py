"""A room as a network of heat: which nodes there are, what flows between them, and what is to be learnt.

    room, one node (1R1C)    C dT/dt = P + G + S sun - UA (T - T_out)
    room, two nodes (2R2C)   C_a dT/dt  = P + G + S sun - UA (T - T_out) - H (T - T_m)
                             C_m dT_m/dt = H (T - T_m)

T is the air's temperature, T_m that of walls and floors, which nobody measures. G are gains that nobody
measures (people, appliances), S is what full sun brings in. They are those of P. Bacher
and H. Madsen, "Identifying suitable models for the heat dynamics of buildings", Energy and Buildings
43 (2011) 1511, fitted as grey boxes as in H. Madsen and J. Holst, "Estimation of continuous-time
models for the heat dynamics of a building", Energy and Buildings 22 (1995) 67.

What is positive by nature is learnt as its logarithm, so that no step can make it negative.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log

from evenload.thermal.matrices import Matrix, Vector

START = "start"
"""The unknown that is of no use later: how much warmer what nobody measures was than the air when the
observer began. Left at nothing, it would be explained with walls and gains that are not there."""


class Structure(StrEnum):
    """Which network it is."""

    ROOM_ONE = "1R1C"
    ROOM_TWO = "2R2C"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """One quantity that is learnt."""

    name: str
    unit: str
    guess: float
    """What is likely before anything is known."""
    spread: float
    """How unlike it may be: of a positive quantity the standard deviation of its logarithm."""
    low: float
    high: float
    is_positive: bool = True

    def inner(self, value: float) -> float:
        """Return the quantity as it is learnt."""
        value = min(self.high, max(self.low, value))
        return log(value) if self.is_positive else value

    def outer(self, value: float) -> float:
        """Return what is learnt as the quantity, within its bounds."""
        if self.is_positive:
            return exp(min(log(self.high), max(log(self.low), value)))
        return min(self.high, max(self.low, value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """One structure: its unknowns, and the equations above as matrices."""

    structure: Structure
    unknowns: tuple[Unknown, ...]
    equations: Callable[[Vector], tuple[Matrix, Matrix]]
    """From the unknowns to A [1/h] and B of dx/dt = A x + B u; u is power [W], outside temperature
    [degC], sun [share of full sun], and 1."""
    corrections: Vector = (10.0, 30.0)
    """Time constants with which the learning observer follows what is measured, by node [h]: air, and what nobody
    measures."""

    def start(self, inner: Vector) -> float:
        """Return how much warmer than the air walls begin [K]."""
        return inner[-1] if self.has_start else 0.0

    @property
    def has_start(self) -> bool:
        """Whether the last unknown is how warm hidden nodes were at the start."""
        return self.unknowns[-1].name == START

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return 1 if self.structure is Structure.ROOM_ONE else 2

    def outer(self, inner: Vector) -> Vector:
        """Return what is learnt as quantities."""
        return tuple(
            unknown.outer(value) for unknown, value in zip(self.unknowns, inner, strict=True)
        )

    def inner(self, outer: Vector) -> Vector:
        """Return quantities as they are learnt."""
        return tuple(
            unknown.inner(value) for unknown, value in zip(self.unknowns, outer, strict=True)
        )


def _room_one(unknowns: Vector) -> tuple[Matrix, Matrix]:
    capacity, loss, sun, gains = unknowns
    return ((-loss / capacity,),), (tuple(each / capacity for each in (1.0, loss, sun, gains)),)


def _room_two(unknowns: Vector) -> tuple[Matrix, Matrix]:
    air, mass, exchange, loss, sun, gains, _ = unknowns
    flows = ((-(loss + exchange) / air, exchange / air), (exchange / mass, -exchange / mass))
    return flows, (tuple(each / air for each in (1.0, loss, sun, gains)), (0.0, 0.0, 0.0, 0.0))


_SUN = Unknown(
    name="sun", unit="W", guess=300.0, spread=1500.0, low=0.0, high=30_000.0, is_positive=False
)
_GAINS = Unknown(
    name="gains", unit="W", guess=0.0, spread=300.0, low=-3000.0, high=3000.0, is_positive=False
)


_START = Unknown(
    name=START, unit="K", guess=0.0, spread=1.0, low=-15.0, high=15.0, is_positive=False
)


def _capacity(name: str, guess: float, spread: float) -> Unknown:
    return Unknown(name=name, unit="Wh/K", guess=guess, spread=spread, low=5.0, high=400_000.0)


def _loss(guess: float, name: str = "loss") -> Unknown:
    return Unknown(name=name, unit="W/K", guess=guess, spread=1.0, low=guess / 100, high=guess * 30)


NETWORKS: Mapping[Structure, Network] = {
    network.structure: network
    for network in (
        Network(
            structure=Structure.ROOM_ONE,
            unknowns=(_capacity("capacity", 4000.0, 1.5), _loss(100.0), _SUN, _GAINS),
            equations=_room_one,
        ),
        Network(
            structure=Structure.ROOM_TWO,
            unknowns=(
                _capacity("air_capacity", 800.0, 1.0),
                _capacity("mass_capacity", 6000.0, 1.0),
                _loss(400.0, "exchange"),
                _loss(100.0),
                _SUN,
                _GAINS,
                _START,
            ),
            equations=_room_two,
        ),
    )
}
"""Every network by its structure."""
