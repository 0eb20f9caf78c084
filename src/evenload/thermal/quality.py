"""Whether a model is good enough to plan with, and what is known of it.

Below the threshold whoever plans falls back to rules (floor, target, boost bands), and says so with the
reason given here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import sqrt

from evenload.thermal.estimate import covariance
from evenload.thermal.matrices import Matrix, Vector, dot, times
from evenload.thermal.memory import ThermalMemory
from evenload.thermal.nouns import ThermalKind
from evenload.thermal.room import Room
from evenload.thermal.scores import HORIZONS, Score
from evenload.thermal.tank import Tank

LEAST_STEPS = 192
"""Two days of steps are little; less is nothing."""
LEAST_FORECASTS = 12
"""Forecasts that must have been judged."""
GOOD_ENOUGH = 0.7
"""A model that errs by no more is of use, even where temperatures never change [K]."""
WORST = {ThermalKind.ROOM: 2.5, ThermalKind.TANK: 3.0}
"""One that errs by more is of none [K]; of a tank, draws that were seen apart."""
JUDGED = {ThermalKind.ROOM: 2, ThermalKind.TANK: 1}
"""Which horizon decides: a day of a room; six hours of a tank, which its thermostat brings back to where
it was each day, while draws too small to be seen add up."""
_AHEAD = ("An hour", "Six hours", "A day")
_UNSURE = 0.5
"""Relative standard deviation of the loss, or of the heat capacity of a tank, that is too much."""


class QualityReason(StrEnum):
    """Why a model is of use, or not."""

    GOOD = "good"
    TOO_LITTLE_DATA = "too_little_data"
    TOO_UNCERTAIN = "too_uncertain"
    TOO_INACCURATE = "too_inaccurate"
    WORSE_THAN_PERSISTENCE = "worse_than_persistence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One quantity that was learnt."""

    name: str
    value: float
    deviation: float
    """Standard deviation, in the same unit."""
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a model is worth."""

    is_usable: bool
    reason: QualityReason
    sentence: str
    """The reason for a person."""
    structure: str
    """1R1C, 2R2C, tank or stratified tank."""
    errors: Mapping[int, Score]
    """By how far ahead [s]."""
    parameters: tuple[Parameter, ...]


def assess(memory: ThermalMemory) -> Assessment:
    """Return what is known, how well, and whether it is good enough to plan with."""
    own = parameters(memory)
    reason = _reason(memory, own)
    return Assessment(
        is_usable=reason is QualityReason.GOOD,
        reason=reason,
        sentence=_sentence(memory, reason),
        structure=_structure(memory),
        errors=memory.scores.by_horizon(),
        parameters=own,
    )


def _reason(memory: ThermalMemory, own: tuple[Parameter, ...]) -> QualityReason:
    judged = memory.scores.scores[JUDGED[memory.settings.kind]]
    if memory.steps < LEAST_STEPS or judged.count < LEAST_FORECASTS:
        return QualityReason.TOO_LITTLE_DATA
    names = {"time_constant", "gain"} if memory.tank is None else {"capacity", "loss"}
    known = {each.name: each for each in own}
    if not names <= known.keys():
        names = {"time_constant", "gain"}
    unsure = [known[name] for name in names & {"capacity", "loss", "gain"}]
    if any(each.deviation > _UNSURE * each.value for each in unsure):
        return QualityReason.TOO_UNCERTAIN
    if judged.model > GOOD_ENOUGH and judged.model > judged.persistence:
        return QualityReason.WORSE_THAN_PERSISTENCE
    if judged.model > WORST[memory.settings.kind]:
        return QualityReason.TOO_INACCURATE
    return QualityReason.GOOD


def _sentence(memory: ThermalMemory, reason: QualityReason) -> str:
    at = JUDGED[memory.settings.kind]
    judged = memory.scores.scores[at]
    errs = f"{_AHEAD[at]} ahead it errs by {judged.model:.1f} K"
    match reason:
        case QualityReason.TOO_LITTLE_DATA:
            days = memory.steps * 0.25 / 24.0
            return (
                f"Learning: {days:.1f} days measured, {judged.count} forecasts judged; "
                f"{LEAST_STEPS * 0.25 / 24.0:.0f} days and {LEAST_FORECASTS} are the least. Rules until then."
            )
        case QualityReason.TOO_UNCERTAIN:
            return "What was measured says too little: it was hardly heated, or always alike. Rules until then."
        case QualityReason.WORSE_THAN_PERSISTENCE:
            return (
                f"{errs}, more than if one expected no change at all ({judged.persistence:.1f} K). "
                "Rules until it has learnt better."
            )
        case QualityReason.TOO_INACCURATE:
            return f"{errs}, which is too much to plan with. Rules until it has learnt better."
        case QualityReason.GOOD:
            return f"{errs}; expecting no change would err by {judged.persistence:.1f} K."


def _structure(memory: ThermalMemory) -> str:
    if memory.tank is not None:
        return "tank" if memory.settings.sensors == 1 else "stratified tank"
    assert memory.room is not None  # noqa: S101 - one of the two
    return memory.room.best.estimate.structure.value


def parameters(memory: ThermalMemory) -> tuple[Parameter, ...]:
    """Return what was learnt.

    Where power is not heat, only the time constant and what a kilowatt does in the long run can be known.
    """
    if memory.tank is not None:
        found = _of_tank(memory.tank)
    else:
        assert memory.room is not None  # noqa: S101 - one of the two
        found = _of_room(memory.room)
    if memory.settings.is_heat_known:
        return found
    return tuple(each for each in found if each.name in {"time_constant", "gain"})


def _of_tank(tank: Tank) -> tuple[Parameter, ...]:
    ones = (1.0,) * len(tank.shares) + (0.0,)
    last = (0.0,) * len(tank.shares) + (1.0,)
    capacity = Parameter(
        name="capacity",
        value=tank.capacity,
        deviation=_deviation(tank.covariance, ones),
        unit="Wh/K",
    )
    loss = Parameter(
        name="loss", value=tank.loss, deviation=_deviation(tank.covariance, last), unit="W/K"
    )
    time = tank.capacity / tank.loss
    by = plus_scaled(ones, last, time / tank.capacity, -time / tank.loss)
    gain = 1000.0 / tank.loss
    return (
        capacity,
        loss,
        Parameter(
            name="time_constant", value=time, deviation=_deviation(tank.covariance, by), unit="h"
        ),
        Parameter(
            name="gain", value=gain, deviation=gain * loss.deviation / tank.loss, unit="K/kW"
        ),
    )


def plus_scaled(one: Vector, other: Vector, by: float, times_: float) -> Vector:
    """Return by * one + times_ * other."""
    return tuple(by * left + times_ * right for left, right in zip(one, other, strict=True))


def _of_room(room: Room) -> tuple[Parameter, ...]:
    """Return the parameters of the model that is used.

    Of what is learnt as its logarithm, d value = value d logarithm.
    """
    estimate, spread = room.best.estimate, covariance(room.best.estimate)
    names = [unknown.name for unknown in estimate.network.unknowns]
    values = dict(zip(names, estimate.quantities, strict=True))
    held = [name for name in names if name.endswith("capacity")]
    capacity, loss = sum(values[name] for name in held), values["loss"]
    by_capacity = tuple(values[name] if name in held else 0.0 for name in names)
    by_loss = tuple(loss if name == "loss" else 0.0 for name in names)
    time, gain = capacity / loss, 1000.0 / loss
    by_time = plus_scaled(by_capacity, by_loss, 1.0 / loss, -capacity / loss**2)
    found = [
        Parameter(name=name, value=value, deviation=_deviation(spread, by), unit=unit)
        for name, value, by, unit in (
            ("capacity", capacity, by_capacity, "Wh/K"),
            ("loss", loss, by_loss, "W/K"),
            ("time_constant", time, by_time, "h"),
            ("gain", gain, tuple(each * gain / loss for each in by_loss), "K/kW"),
        )
    ]
    for at, (unknown, value) in enumerate(
        zip(estimate.network.unknowns, estimate.quantities, strict=True)
    ):
        if unknown.name in values and unknown.name not in {"capacity", "loss", "start"}:
            scale = value if unknown.is_positive else 1.0
            own = scale * sqrt(max(0.0, spread[at][at]))
            found.append(
                Parameter(name=unknown.name, value=value, deviation=own, unit=unknown.unit)
            )
    return tuple(found)


def _deviation(spread: Matrix, by: Vector) -> float:
    return sqrt(max(0.0, dot(by, times(spread, by))))


def deviations(memory: ThermalMemory, step: float, count: int) -> Vector:
    """Return how far off a forecast may be at the end of each of so many steps [K].

    What forecasts erred by an hour, six hours and a day ahead, with straight lines between, and from
    then on growing with the root of the time.
    """
    now = memory.room.best.error if memory.room is not None else 0.1
    points = [(0.0, now)]
    for horizon, score in zip(HORIZONS, memory.foreseen.scores, strict=True):
        points.append((float(horizon), max(points[-1][1], score.model)))
    return tuple(_between(points, step * (slot + 1)) for slot in range(count))


def _between(points: list[tuple[float, float]], at: float) -> float:
    for (early, low), (late, high) in pairwise(points):
        if at <= late:
            return low + (high - low) * (at - early) / (late - early)
    last, high = points[-1]
    return high * sqrt(at / last)
