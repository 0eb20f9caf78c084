"""What was learnt, over a restart: JSON with a version.

Kept are the unknowns with their uncertainty, how good forecasts were, draws, and the last steps, which
`refine` learns from again. Not kept is where temperatures are: they are measured again. What cannot
be read (corrupt, of another version or for other settings) means learning afresh, never an error.
"""

from collections.abc import Mapping
from dataclasses import replace

from evenload.model.saved import mapping, number, quantity, sequence, whole
from evenload.thermal.draws import Draws
from evenload.thermal.estimate import Estimate, Noise
from evenload.thermal.matrices import Matrix, Vector
from evenload.thermal.memory import ThermalMemory, begin
from evenload.thermal.nouns import ThermalSettings
from evenload.thermal.observer import Step
from evenload.thermal.room import Candidate, Room
from evenload.thermal.scores import HORIZONS, Score, Scores
from evenload.thermal.steps import Closed
from evenload.thermal.tank import Tank

VERSION = 1


def dump_memory(memory: ThermalMemory) -> dict[str, object]:
    """Return what to keep, made of what JSON knows."""
    return {
        "version": VERSION,
        "kind": memory.settings.kind.value,
        "sensors": memory.settings.sensors,
        "steps": memory.steps,
        "room": None if memory.room is None else _dump_room(memory.room),
        "tank": None if memory.tank is None else _dump_tank(memory.tank),
        "scores": _dump_scores(memory.scores),
        "foreseen": _dump_scores(memory.foreseen),
        "history": [_dump_step(each) for each in memory.history],
    }


def _dump_scores(scores: Scores) -> list[list[float]]:
    return [[each.model_square, each.persistence_square, each.count] for each in scores.scores]


def _dump_room(room: Room) -> dict[str, object]:
    return {
        "chosen": room.chosen,
        "candidates": [
            {
                "inner": list(each.estimate.inner),
                "information": [list(row) for row in each.estimate.information],
                "noise": [
                    each.estimate.noise.square,
                    each.estimate.noise.news,
                    each.estimate.noise.alike,
                    each.estimate.noise.count,
                ],
                "square": each.square,
                "judged": each.judged,
            }
            for each in room.candidates
        ],
    }


def _dump_tank(tank: Tank) -> dict[str, object]:
    return {
        "unknowns": list(tank.unknowns),
        "covariance": [list(row) for row in tank.covariance],
        "sigma": tank.sigma,
        "heated": tank.heated,
        "rested": tank.rested,
        "draws": [list(tank.draws.power), list(tank.draws.counts)],
    }


def _dump_step(closed: Closed) -> list[object]:
    inputs = closed.step.inputs
    known = None if inputs is None else [round(each, 3) for each in inputs[:-1]]
    measured = [None if each is None else round(each, 3) for each in closed.step.measured]
    return [closed.at, known, measured]


def load_memory(data: object, settings: ThermalSettings) -> ThermalMemory:
    """Return the memory that `data` was dumped from; a fresh one where it is not that."""
    fresh = begin(settings)
    try:
        return _load(mapping(data), fresh)
    except KeyError, TypeError, ValueError, OverflowError:
        return fresh


def _load(data: Mapping[str, object], fresh: ThermalMemory) -> ThermalMemory:
    settings = fresh.settings
    known = (data["version"], data["kind"], data["sensors"])
    if known != (VERSION, settings.kind.value, settings.sensors):
        return fresh
    return replace(
        fresh,
        room=None if fresh.room is None else _load_room(mapping(data["room"]), fresh.room),
        tank=None if fresh.tank is None else _load_tank(mapping(data["tank"]), fresh.tank),
        scores=_scores(data["scores"]),
        foreseen=_scores(data["foreseen"]),
        steps=whole(data["steps"]),
        history=tuple(_closed(each, settings.sensors) for each in sequence(data["history"])),
    )


def _load_room(data: Mapping[str, object], fresh: Room) -> Room:
    kept = sequence(data["candidates"])
    candidates = tuple(
        _candidate(mapping(own), each) for own, each in zip(kept, fresh.candidates, strict=True)
    )
    chosen = whole(data["chosen"])
    if chosen >= len(candidates):
        raise ValueError(chosen)
    return Room(candidates=candidates, chosen=chosen)


def _candidate(data: Mapping[str, object], fresh: Candidate) -> Candidate:
    square, news, alike, count = sequence(data["noise"])
    noise = Noise(
        square=quantity(square), news=quantity(news), alike=number(alike), count=whole(count)
    )
    own: Estimate = replace(
        fresh.estimate,
        inner=_bounded(fresh.estimate, _vector(data["inner"], len(fresh.estimate.inner))),
        information=_matrix(data["information"], len(fresh.estimate.inner)),
        noise=noise,
    )
    return replace(
        fresh, estimate=own, square=quantity(data["square"]), judged=whole(data["judged"])
    )


def _bounded(estimate: Estimate, inner: Vector) -> Vector:
    return estimate.network.inner(estimate.network.outer(inner))


def _load_tank(data: Mapping[str, object], fresh: Tank) -> Tank:
    power, counts = sequence(data["draws"])
    unknowns = _vector(data["unknowns"], len(fresh.unknowns))
    if min(unknowns) <= 0.0:
        raise ValueError(unknowns)
    hours = len(fresh.draws.power)
    return replace(
        fresh,
        unknowns=unknowns,
        covariance=_matrix(data["covariance"], len(fresh.unknowns)),
        sigma=quantity(data["sigma"]),
        heated=whole(data["heated"]),
        rested=whole(data["rested"]),
        draws=Draws(
            power=_vector(power, hours),
            counts=_counts(counts, hours),
        ),
    )


def _scores(data: object) -> Scores:
    scores = tuple(_score(each) for each in sequence(data))
    if len(scores) != len(HORIZONS):
        raise ValueError(data)
    return Scores(scores=scores)


def _score(data: object) -> Score:
    model, persistence, count = sequence(data)
    return Score(
        model_square=quantity(model),
        persistence_square=quantity(persistence),
        count=whole(count),
    )


def _closed(data: object, sensors: int) -> Closed:
    at, inputs, measured = sequence(data)
    known = None if inputs is None else (*_vector(inputs, 3), 1.0)
    temperatures = tuple(None if each is None else number(each) for each in sequence(measured))
    if len(temperatures) != sensors:
        raise ValueError(measured)
    return Closed(at=number(at), step=Step(inputs=known, measured=temperatures))


def _counts(value: object, size: int) -> tuple[int, ...]:
    found = tuple(whole(each) for each in sequence(value))
    if len(found) != size:
        raise ValueError(value)
    return found


def _vector(value: object, size: int) -> Vector:
    found = tuple(number(each) for each in sequence(value))
    if len(found) != size:
        raise ValueError(value)
    return found


def _matrix(value: object, size: int) -> Matrix:
    """Return a square matrix whose diagonal is not negative: a covariance, or an information."""
    found = tuple(_vector(row, size) for row in sequence(value))
    if len(found) != size or any(found[at][at] < 0.0 for at in range(size)):
        raise ValueError(value)
    return found
