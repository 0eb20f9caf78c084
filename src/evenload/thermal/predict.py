"""Forecasts for whoever plans: what a room or a tank will be like, and how it answers to heat."""

from dataclasses import dataclass

from evenload.thermal.discrete import Discrete, discrete
from evenload.thermal.matrices import Matrix, Vector, plus, times
from evenload.thermal.memory import ThermalMemory, nodes_of
from evenload.thermal.nouns import STEP, ThermalKind
from evenload.thermal.quality import assess, deviations
from evenload.thermal.steps import ambient
from evenload.thermal.stratified import Layers, layered

_OLDEST = 3600.0
"""A temperature older than this begins no forecast [s]."""
_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is expected of the time ahead, in slots of the same length."""

    power: tuple[float, ...]
    """What heats it in each slot [W]."""
    outdoor: tuple[float, ...] = ()
    """Outside, or around a tank [degC]; empty: as the settings say."""
    sun: tuple[float, ...] = ()
    """As its sensor has it; empty: none."""
    step: float = STEP
    """Length of a slot [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """Temperatures at the end of each slot."""

    temperature: tuple[float, ...]
    """Of the air, or the water on average [degC]."""
    deviation: tuple[float, ...]
    """By how much it may be off, one standard deviation [K]."""
    upper: tuple[float, ...] = ()
    """At the upper of two sensors in a tank [degC]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearModel:
    """x[k+1] = transition x[k] + per_watt P[k] + offsets[k]; the temperature is x[0]."""

    initial: Vector
    """x now [degC]."""
    transition: Matrix
    per_watt: Vector
    """What a watt over a slot adds at its end [K/W]."""
    offsets: tuple[Vector, ...]
    """What weather, gains and expected draws add in each slot [K]."""
    deviations: Vector
    """By how much temperatures may be off at the end of each slot, one standard deviation [K]."""
    capacity: float
    """Heat that a kelvin of all nodes holds [Wh/K]."""
    loss: float
    """[W/K]"""


def predict(memory: ThermalMemory, outlook: Outlook, *, now: float) -> Trajectory | None:
    """Return what will be with this outlook; None where the model or its last temperature is of no use."""
    model = linearise(memory, outlook, now=now)
    if model is None:
        return None
    nodes, found = model.initial, list[float]()
    for power, offset in zip(outlook.power, model.offsets, strict=True):
        moved = times(model.transition, nodes)
        nodes = plus(plus(moved, model.per_watt, power * memory.settings.efficiency), offset)
        found.append(nodes[0])
    return Trajectory(
        temperature=tuple(found),
        deviation=model.deviations,
        upper=_upper(memory, outlook, now),
    )


def linearise(memory: ThermalMemory, outlook: Outlook, *, now: float) -> LinearModel | None:
    """Return the model for a linear program, over the slots of `outlook`, whose power is left alone.

    P is heat [W], power times the settings' efficiency. None where the model is of no use
    (`assess(memory).sentence` says why), its last temperature too old, or the outdoor temperature missing.
    """
    nodes, at = nodes_of(memory), memory.measured_at
    if nodes is None or at is None or now - at > _OLDEST or not assess(memory).is_usable:
        return None
    inputs = _inputs(memory, outlook, now)
    if inputs is None:
        return None
    own = _discrete(memory, outlook.step / _HOUR)
    return LinearModel(
        initial=nodes,
        transition=own.transition,
        per_watt=tuple(row[0] for row in own.drive),
        offsets=tuple(times(own.drive, each) for each in inputs),
        deviations=deviations(memory, outlook.step, len(outlook.power)),
        capacity=_capacity(memory),
        loss=_loss(memory),
    )


def expected_draws(memory: ThermalMemory, at: float, step: float, count: int) -> tuple[float, ...]:
    """Return the heat that is expected to be drawn from a tank in each of so many slots [W]."""
    if memory.tank is None:
        return (0.0,) * count
    return memory.tank.draws.expected(at, step, count)


def _inputs(memory: ThermalMemory, outlook: Outlook, now: float) -> tuple[Vector, ...] | None:
    """Return each slot's inputs without heating: draws as negative power, outside, sun, and 1."""
    count = len(outlook.power)
    outside = ambient(memory.settings)
    outdoor = outlook.outdoor or (outside,) * count
    sun = outlook.sun or (0.0,) * count
    draws = expected_draws(memory, now, outlook.step, count)
    found: list[Vector] = []
    for drawn, around, shine in zip(draws, outdoor, sun, strict=True):
        if around is None:
            return None
        share = 0.0 if memory.settings.kind is ThermalKind.TANK else shine
        found.append((-drawn, around, share / memory.settings.sun_peak, 1.0))
    return tuple(found)


def _discrete(memory: ThermalMemory, hours: float) -> Discrete:
    if memory.tank is not None:
        return memory.tank.discrete(hours)
    assert memory.room is not None  # noqa: S101 - one of the two
    estimate = memory.room.best.estimate
    return discrete(estimate.network, estimate.inner, hours)


def _capacity(memory: ThermalMemory) -> float:
    if memory.tank is not None:
        return memory.tank.capacity
    assert memory.room is not None  # noqa: S101 - one of the two
    return memory.room.best.capacity


def _loss(memory: ThermalMemory) -> float:
    if memory.tank is not None:
        return memory.tank.loss
    assert memory.room is not None  # noqa: S101 - one of the two
    return memory.room.best.loss


def _upper(memory: ThermalMemory, outlook: Outlook, now: float) -> tuple[float, ...]:
    tank = memory.tank
    inputs = _inputs(memory, outlook, now)
    if tank is None or tank.temperatures is None or len(tank.shares) == 1 or inputs is None:
        return ()
    upper, lower = tank.temperatures
    layers, found = Layers(upper=upper, lower=lower), list[float]()
    for power, (drawn, around, *_) in zip(outlook.power, inputs, strict=True):
        heat = power * memory.settings.efficiency
        layers = layered(
            layers, tank, power=heat, drawn=-drawn, ambient=around, hours=outlook.step / _HOUR
        )
        found.append(layers.upper)
    return tuple(found)
