"""Learning what a tank of hot water holds and loses, while people draw from it.

Over h hours in which nobody draws, with E the heat that went in [Wh],

    E = C dT + UA (T - T_amb) h          with two sensors  E = C_u dT_u + C_l dT_l + UA (T - T_amb) h

which is linear in what is wanted, so that recursive least squares with forgetting finds it from
anywhere (L. Ljung, "System Identification: Theory for the User", 2nd edition 1999, section 11.2). While
it is heated each step is an equation. At rest a quarter of an hour cools a tank by less than its
sensor's noise: there a stretch of up to four hours is one, so that what a sensor errs by, at its two
ends only, is small beside what is measured and hardly biases.

Draws only ever cool. What neither losses nor noise explain is one, ends the stretch, and is counted by
the hour of the day. Draws that hide in the noise or beside the heating all err to one side; so errors
to that side count up to a sigma or so only (P. J. Huber, Annals of Mathematical Statistics 35 (1964) 73),
those to the other in full.
"""

from dataclasses import dataclass, field, replace
from math import exp, sqrt

from evenload.thermal.discrete import Discrete
from evenload.thermal.draws import Draws
from evenload.thermal.matrices import Matrix, Vector, diagonal, dot, plus, times
from evenload.thermal.nouns import WATER, ThermalSettings
from evenload.thermal.observer import Step

_HUBER, _REST_HUBER = 1.5, 0.75
"""Sigmas that errors to the side of draws count at most: while heated, and at rest."""
_STRETCH, _LEAST_STRETCH = 4.0, 1.0
"""How long a stretch at rest is at most, and at least to say anything [h]."""
_HEATING = 20.0
"""Above this it is being heated [W]."""
_DRAWN, _LEAST_DRAWN = 3.0, 0.2
"""A drop of so many sigmas, and of so many kelvin, is a draw."""
_WRONG = 6.0
"""A reading is too warm to be believed by so many kelvin, unless it stays so."""
_PATIENCE = 3
"""So many unbelievable readings in a row are the truth."""
_FIRST_SIGMA, _LEAST_SIGMA, _SIGMA_STEPS = 0.15, 0.02, 96
_LARGEST = 3.0
"""Sigmas that one error counts for their average."""
_LIKELY_VOLUME, _LIKELY_LOSS = 200.0, 2.0
"""Before anything is known [l], [W/K]."""
_SPREAD, _KNOWN_SPREAD = 1.5, 0.05
"""How unlike that they may be, as a share; the same of a capacity from the volume."""
_APART = 0.3
"""How unlike the water at two sensors may be, as a share: they are mounted at a third and two."""
_BOUNDS = ((5.0, 10_000.0), (0.05, 60.0))
"""Of a capacity [Wh/K] and of the loss [W/K]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Time in which nobody drew."""

    begun: Vector
    """Temperatures when it began [degC]."""
    hours: float = 0.0
    energy: float = 0.0
    """That went in [Wh]."""
    ambient: float = 0.0
    """Integral of the temperature around it [degC h]."""

    def longer(self, inputs: Vector, hours: float) -> Span:
        """Return it after one more step."""
        return Span(
            begun=self.begun,
            hours=self.hours + hours,
            energy=self.energy + inputs[0] * hours,
            ambient=self.ambient + inputs[1] * hours,
        )

    def row(self, temperatures: Vector, shares: Vector) -> Vector:
        """Return what multiplies the unknowns: rises of each sensor [K], and how warm it was [Kh]."""
        rises = plus(temperatures, self.begun, -1.0)
        middle = dot(shares, plus(self.begun, rises, 0.5))
        return (*rises, middle * self.hours - self.ambient)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tank:
    """What is known of a tank."""

    unknowns: Vector
    """Heat capacity behind each sensor [Wh/K], and the loss [W/K]."""
    covariance: Matrix
    guess: Vector
    """The unknowns before anything was known."""
    unsure: Matrix
    """Their covariance then: what is forgotten never gets less certain."""
    sigma: float = _FIRST_SIGMA
    """Of the change of a temperature over a step at rest [K]."""
    step: Span | None = None
    """Since the last temperature that was believed."""
    rest: Span | None = None
    """The stretch at rest, up to that temperature."""
    temperatures: Vector | None = None
    """The last that were believed [degC]."""
    doubts: int = 0
    """Readings in a row that were not believed."""
    drawn: float = 0.0
    """What was drawn in the last step [W]."""
    heated: int = 0
    """Equations from heating."""
    rested: int = 0
    """Equations from rest."""
    draws: Draws = field(default_factory=Draws)

    @property
    def capacity(self) -> float:
        """Of all of it [Wh/K]."""
        return sum(self.unknowns[:-1])

    @property
    def loss(self) -> float:
        """To what is around it [W/K]."""
        return self.unknowns[-1]

    @property
    def shares(self) -> Vector:
        """What each sensor stands for, together 1."""
        return tuple(each / self.capacity for each in self.unknowns[:-1])

    @property
    def nodes(self) -> Vector | None:
        """The mean temperature of the water, now [degC]."""
        return None if self.temperatures is None else (dot(self.shares, self.temperatures),)

    def discrete(self, hours: float) -> Discrete:
        """Return how that moves over a step of so many hours."""
        kept = exp(-self.loss / self.capacity * hours)
        lost = 1.0 - kept
        return Discrete(((kept,),), ((lost / self.loss, lost, 0.0, 0.0),))


def first_tank(settings: ThermalSettings) -> Tank:
    """Return what is known before anything was measured."""
    volume = _LIKELY_VOLUME if settings.volume is None else settings.volume
    is_known = settings.volume is not None and settings.sensors == 1
    each = volume * WATER / settings.sensors
    unknowns = (each,) * settings.sensors + (_LIKELY_LOSS,)
    together = ((_KNOWN_SPREAD if is_known else _SPREAD) * each) ** 2
    apart = (_APART * each) ** 2 if settings.sensors > 1 else 0.0
    variances = (together + apart,) * settings.sensors + ((_SPREAD * _LIKELY_LOSS) ** 2,)
    covariance = diagonal(variances)
    if settings.sensors > 1:
        (one, *_), (other, *_), last = covariance[0], covariance[1][1:], covariance[2]
        shared = together - apart
        covariance = ((one, shared, 0.0), (shared, other, 0.0), last)
    return Tank(unknowns=unknowns, covariance=covariance, guess=unknowns, unsure=covariance)


def advance_tank(tank: Tank, step: Step, at: float, hours: float, memory: float) -> Tank:
    """Return what is known after one more step of so many hours, which ended at `at`."""
    tank = replace(tank, drawn=0.0)
    if step.inputs is None:
        return replace(_rested(tank, memory), step=None, rest=None)
    span = None if tank.step is None else tank.step.longer(step.inputs, hours)
    if any(value is None for value in step.measured):
        return replace(tank, step=span)
    measured = tuple(value for value in step.measured if value is not None)
    if span is None:
        return replace(tank, step=Span(begun=measured), temperatures=measured, rest=None)
    return _judged(tank, span, measured, at, memory)


def drained(tank: Tank) -> Tank:
    """Return what is known after nobody looked for long."""
    return replace(tank, step=None, rest=None, temperatures=None, doubts=0, drawn=0.0)


def unlearnt(tank: Tank, before: Tank) -> Tank:
    """Return a tank whose temperatures moved, with nothing learnt of what it holds and loses."""
    return replace(tank, unknowns=before.unknowns, covariance=before.covariance)


def _judged(tank: Tank, span: Span, measured: Vector, at: float, memory: float) -> Tank:
    """Return what a span that ends with these temperatures says: warmed, rested, or drawn from."""
    row = span.row(measured, tank.shares)
    missing = (span.energy - dot(row, tank.unknowns)) / tank.capacity
    unsure = sqrt(max(0.0, dot(row, times(tank.covariance, row)))) / tank.capacity
    if missing < -_WRONG - 2.0 * unsure and tank.doubts + 1 < _PATIENCE:
        return replace(tank, step=span, doubts=tank.doubts + 1)
    begun = Span(begun=measured)
    here = replace(tank, step=begun, temperatures=measured, doubts=0)
    is_heated = span.energy > _HEATING * span.hours
    gate = max(_LEAST_DRAWN, _DRAWN * tank.sigma) + 2.0 * unsure
    cools = is_heated and dot(tank.shares, row[:-1]) < 0.0
    if cools or (abs(missing) > gate and (missing > 0.0 or not is_heated)):
        drawn = max(0.0, missing) * tank.capacity / span.hours
        ended = _rested(tank, memory)
        return replace(
            ended,
            step=begun,
            temperatures=measured,
            doubts=0,
            drawn=drawn,
            rest=begun,
            draws=tank.draws.after(at, drawn),
        )
    here = replace(here, draws=tank.draws.after(at, 0.0))
    if is_heated:
        learnt = replace(_rested(here, memory, tank.temperatures), rest=begun)
        learnt = _learnt(learnt, row, span.energy, exp(-span.hours / memory))
        return replace(learnt, heated=learnt.heated + 1)
    rest = _joined(tank.rest, span)
    here = replace(here, rest=rest, sigma=_sigma(tank.sigma, missing))
    return here if rest.hours < _STRETCH else replace(_rested(here, memory), rest=begun)


def _joined(rest: Span | None, span: Span) -> Span:
    if rest is None:
        return span
    return Span(
        begun=rest.begun,
        hours=rest.hours + span.hours,
        energy=rest.energy + span.energy,
        ambient=rest.ambient + span.ambient,
    )


def _sigma(before: float, error: float) -> float:
    clipped = min(_LARGEST * before, abs(error))
    return max(_LEAST_SIGMA, sqrt(before**2 + (clipped**2 - before**2) / _SIGMA_STEPS))


def _rested(tank: Tank, memory: float, ended: Vector | None = None) -> Tank:
    """Return what is known after the stretch at rest has ended with the last believed temperatures."""
    temperatures = tank.temperatures if ended is None else ended
    if tank.rest is None or temperatures is None or tank.rest.hours < _LEAST_STRETCH:
        return tank
    row = tank.rest.row(temperatures, tank.shares)
    keep = exp(-tank.rest.hours / memory)
    learnt = _learnt(tank, row, tank.rest.energy, keep, only_loss=True)
    return replace(learnt, rested=learnt.rested + 1, rest=None)


def _learnt(
    tank: Tank, row: Vector, energy: float, keep: float, *, only_loss: bool = False
) -> Tank:
    """Return what is known after one more equation; one that leads out of bounds begins anew.

    Rest tells what is lost for what is held, and nothing of how much is held: with `only_loss` heat
    capacities stay (and what is not known of them counts), or they would shrink to nothing, which
    solves 0 = C dT + UA (T - T_amb) h as well.
    """
    error = energy - dot(row, tank.unknowns)
    noise = (tank.sigma * tank.capacity) ** 2
    spread = times(tank.covariance, row)
    explained = max(0.0, dot(row, spread))
    limit = (_REST_HUBER if only_loss else _HUBER) * sqrt(noise + explained)
    weight = 1.0 if error <= limit else limit / error
    total = noise / weight + explained
    gain = tuple(each / total for each in spread)
    if only_loss:
        gain = (0.0,) * len(tank.shares) + gain[-1:]
    unknowns = plus(tank.unknowns, gain, error)
    if any(
        not low < value < high for value, (low, high) in zip(unknowns, _bounds(tank), strict=True)
    ):
        return replace(tank, unknowns=tank.guess, covariance=tank.unsure)
    covariance = tuple(
        tuple(
            (value - own * far - near * other + own * other * total) / keep
            for value, far, other in zip(values, spread, gain, strict=True)
        )
        for values, near, own in zip(tank.covariance, spread, gain, strict=True)
    )
    return replace(tank, unknowns=unknowns, covariance=_capped(covariance, tank.unsure))


def _bounds(tank: Tank) -> tuple[tuple[float, float], ...]:
    capacity, loss = _BOUNDS
    return (capacity,) * len(tank.shares) + (loss,)


def _capped(covariance: Matrix, first: Matrix) -> Matrix:
    """Return the covariance with no variance above what it was at first, correlations kept."""
    scale = tuple(
        min(1.0, sqrt(most[at] / values[at])) if values[at] > 0.0 else 1.0
        for at, (values, most) in enumerate(zip(covariance, first, strict=True))
    )
    return tuple(
        tuple(value * own * other for value, other in zip(values, scale, strict=True))
        for values, own in zip(covariance, scale, strict=True)
    )
