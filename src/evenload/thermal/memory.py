"""What is kept of a room or a tank, and how it is learnt as samples come."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from evenload.thermal.discrete import Discrete
from evenload.thermal.matrices import Vector, dot
from evenload.thermal.nouns import STEP, ThermalKind, ThermalSample, ThermalSettings
from evenload.thermal.observer import Step
from evenload.thermal.room import (
    HOURS,
    Room,
    advance_room,
    awakened,
    first_room,
    fit_room,
    held_out,
)
from evenload.thermal.scores import Scores, carried, started
from evenload.thermal.steps import Closed, Gathered, gather, is_silent
from evenload.thermal.tank import Tank, advance_tank, drained, first_tank, unlearnt

KEPT = 28 * 96
"""How many steps are kept to be learnt from again, at most: four weeks."""
_DAY = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ThermalMemory:
    """What is known of a room or a tank; made by `begin`, `learn`, `load_memory`, and `observe`."""

    settings: ThermalSettings
    room: Room | None = None
    tank: Tank | None = None
    """One of the two."""
    scores: Scores = field(default_factory=Scores)
    """Of forecasts that know what a tank's users drew: how good the model is."""
    foreseen: Scores = field(default_factory=Scores)
    """Of forecasts that expect what they usually draw: how far off plans may be."""
    gathered: Gathered = field(default_factory=Gathered)
    history: tuple[Closed, ...] = ()
    """The last steps."""
    steps: int = 0
    """How many had all that is needed."""
    measured_at: float | None = None
    """When the last temperature was known [s since 1970, UTC]."""


def begin(settings: ThermalSettings) -> ThermalMemory:
    """Return what is known before anything was measured."""
    if settings.kind is ThermalKind.TANK:
        return ThermalMemory(settings=settings, tank=first_tank(settings))
    return ThermalMemory(settings=settings, room=first_room())


def observe(memory: ThermalMemory, sample: ThermalSample) -> ThermalMemory:
    """Return what is known after one more sample; samples that are not newer change nothing.

    Cheap but once in a quarter of an hour, when a step ends and is learnt from.
    """
    if is_silent(memory.gathered, sample):
        memory = forgotten(memory)
    gathered, closed = gather(memory.gathered, sample, memory.settings)
    memory = replace(memory, gathered=gathered)
    for each in closed:
        memory = _advanced(memory, each, learns=memory.settings.is_learning)
    return memory


def forgotten(memory: ThermalMemory) -> ThermalMemory:
    """Return what was learnt, without where temperatures are: nobody looked for long."""
    return replace(
        memory,
        room=None if memory.room is None else awakened(memory.room),
        tank=None if memory.tank is None else drained(memory.tank),
        scores=replace(memory.scores, running=()),
        foreseen=replace(memory.foreseen, running=()),
    )


def learn(settings: ThermalSettings, samples: Iterable[ThermalSample]) -> ThermalMemory:
    """Return what a history says, in the order of time; `observe` goes on from there.

    A room is first fitted to the beginning of the history alone, and judged on the rest: so there are
    figures from the first day on that were not made of what they judge. Takes seconds for weeks.
    """
    gathered, steps = Gathered(), list[Closed]()
    for sample in samples:
        gathered, closed = gather(gathered, sample, settings)
        steps.extend(closed)
    memory = replace(begin(settings), gathered=gathered)
    if memory.room is None:
        for each in steps:
            memory = _advanced(memory, each, learns=True)
        return memory
    first = held_out(len(steps))
    memory = _fitted(replace(memory, history=tuple(steps[:first])))
    for each in steps[first:]:
        memory = _advanced(memory, each, learns=False)
    known = sum(_is_known(each.step) for each in steps)
    return refine(replace(memory, history=tuple(steps[-KEPT:]), steps=known))


def refine(memory: ThermalMemory) -> ThermalMemory:
    """Return what the steps that are kept say all together: better than one after the other.

    For once a day, away from anything that waits: it takes seconds. Of a tank nothing is gained.
    """
    return _fitted(memory)


def _fitted(memory: ThermalMemory) -> ThermalMemory:
    steps = [each.step for each in memory.history]
    if memory.room is None or sum(_is_known(each) for each in steps) < _DAY / HOURS:
        return memory
    fitted = fit_room(memory.room, steps, memory.settings.memory * _DAY)
    return replace(memory, room=fitted)


def _is_known(step: Step) -> bool:
    return step.inputs is not None and step.measured[0] is not None


def _advanced(memory: ThermalMemory, closed: Closed, *, learns: bool) -> ThermalMemory:
    """Return what is known after a step; forecasts are judged before anything is learnt from it."""
    step, days = closed.step, memory.settings.memory * _DAY
    measured = _temperature(memory, step)
    foreseen = carried(memory.foreseen, _expected(memory, closed), measured)
    room, tank = memory.room, memory.tank
    if room is not None:
        room = advance_room(room, step, days, learns=learns)
    if tank is not None:
        moved = advance_tank(tank, step, closed.at, HOURS, days)
        tank = moved if learns else unlearnt(moved, tank)
    drawn = 0.0 if tank is None else tank.drawn
    scores = carried(memory.scores, _less(step.inputs, drawn), measured)
    after = replace(
        memory,
        room=room,
        tank=tank,
        history=(*memory.history[-KEPT + 1 :], closed),
        steps=memory.steps + _is_known(step),
        measured_at=memory.measured_at if measured is None else closed.at,
    )
    model, nodes = model_of(after), nodes_of(after)
    return replace(
        after,
        scores=started(scores, model, nodes, measured),
        foreseen=started(foreseen, model, nodes, measured),
    )


def _expected(memory: ThermalMemory, closed: Closed) -> Vector | None:
    """Return a step's inputs, with what a tank's users were expected to draw taken off."""
    if memory.tank is None:
        return closed.step.inputs
    (drawn,) = memory.tank.draws.expected(closed.at - STEP, STEP, 1)
    return _less(closed.step.inputs, drawn)


def _less(inputs: Vector | None, drawn: float) -> Vector | None:
    """Return inputs with heat that was drawn taken off the power [W]."""
    return None if inputs is None else (inputs[0] - drawn, *inputs[1:])


def follow(memory: ThermalMemory, closed: Closed) -> ThermalMemory:
    """Return the memory with its temperatures after a step, nothing learnt from it nor kept of it."""
    kept = memory.history
    return replace(_advanced(memory, closed, learns=False), history=kept)


def inputs_without_draws(memory: ThermalMemory, closed: Closed) -> Vector | None:
    """Return the inputs of the step that a memory followed last, with what was drawn taken off."""
    return _less(closed.step.inputs, 0.0 if memory.tank is None else memory.tank.drawn)


def measured_of(memory: ThermalMemory, closed: Closed) -> float | None:
    """Return what was measured at a step's end; of two sensors in a tank the mean of its water [degC]."""
    return _temperature(memory, closed.step)


def _temperature(memory: ThermalMemory, step: Step) -> float | None:
    """Return what forecasts are compared with: of a tank with two sensors the mean of its water."""
    if memory.tank is None:
        return step.measured[0]
    known = tuple(value for value in step.measured if value is not None)
    return dot(memory.tank.shares, known) if len(known) == len(step.measured) else None


def model_of(memory: ThermalMemory) -> Discrete:
    """Return how what is stored moves over a step, as it is known now."""
    if memory.room is not None:
        return memory.room.best.discrete()
    assert memory.tank is not None  # noqa: S101 - one of the two
    return memory.tank.discrete(HOURS)


def nodes_of(memory: ThermalMemory) -> Vector | None:
    """Return where forecasts begin [degC]; None: nowhere yet."""
    if memory.room is not None:
        return memory.room.best.nodes
    assert memory.tank is not None  # noqa: S101 - one of the two
    return memory.tank.nodes
