"""Learning a room: one node and two side by side, and which of them to believe.

Both are learnt from every step. Each foretells the next measurement before it is learnt from it, so
what they err by one step ahead is measured on data they have not seen; two nodes are used while they are
better by more than a few percent. From a history the same is judged on days that were held out.

Forecasts begin from a second observer, which follows what is measured at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

from evenload.thermal.batch import fit
from evenload.thermal.discrete import Discrete, discrete
from evenload.thermal.estimate import Estimate, advance, first_estimate, rebegun
from evenload.thermal.matrices import Vector
from evenload.thermal.observer import Step, settle
from evenload.thermal.structures import Structure

STRUCTURES = (Structure.ROOM_ONE, Structure.ROOM_TWO)
_FOLLOWS = (0.5, 0.4)
"""How forecasts follow an error in a step: air, and walls."""
_BETTER = 0.97
"""Two nodes must err by less than this share of what one does, to be used."""
_WORSE = 1.1
"""And by more than this, to be used no more."""
_AVERAGED = 384
"""Over how many steps errors one step ahead are averaged."""
_LARGEST = 1.0
"""What one error counts at most: a window that is opened judges no model [K]."""
_HELD_OUT = 0.25
"""Of a history."""
HOURS = 0.25
"""[h]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One model of the room."""

    estimate: Estimate
    nodes: Vector | None = None
    """Where forecasts begin [degC]."""
    square: float = 0.0
    """Mean square of its errors one step ahead [K^2]."""
    judged: int = 0
    """How many there were."""

    @property
    def error(self) -> float:
        """One step ahead [K]."""
        return sqrt(self.square)

    @property
    def capacity(self) -> float:
        """Of all nodes [Wh/K]."""
        return sum(
            value
            for unknown, value in zip(
                self.estimate.network.unknowns, self.estimate.quantities, strict=True
            )
            if unknown.name.endswith("capacity")
        )

    @property
    def loss(self) -> float:
        """To the outside [W/K]."""
        names = [unknown.name for unknown in self.estimate.network.unknowns]
        return self.estimate.quantities[names.index("loss")]

    def discrete(self) -> Discrete:
        """Return it over one step."""
        return discrete(self.estimate.network, self.estimate.inner, HOURS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What is known of a room."""

    candidates: tuple[Candidate, ...]
    """In the order of `STRUCTURES`."""
    chosen: int = 1
    """Which of them is used."""

    @property
    def best(self) -> Candidate:
        """The one that is used."""
        return self.candidates[self.chosen]


def first_room() -> Room:
    """Return what is known before anything was measured."""
    return Room(candidates=tuple(Candidate(estimate=first_estimate(each)) for each in STRUCTURES))


def advance_room(room: Room, step: Step, memory: float, *, learns: bool = True) -> Room:
    """Return what is known after one more step; what is learnt counts for `memory` hours.

    Without `learns` only the temperatures follow.
    """
    moved = tuple(_advanced(each, step, memory, learns=learns) for each in room.candidates)
    return Room(candidates=moved, chosen=_chosen(moved, room.chosen))


def _chosen(candidates: Sequence[Candidate], before: int) -> int:
    """Return which candidate to use, after `before` was used."""
    one, two = candidates
    allowed = _WORSE if before else _BETTER
    return int(two.square <= allowed**2 * one.square)


def _advanced(candidate: Candidate, step: Step, memory: float, *, learns: bool) -> Candidate:
    judged = _followed(candidate, step)
    if not learns:
        return judged
    return replace(judged, estimate=advance(candidate.estimate, step, HOURS, memory))


def _followed(candidate: Candidate, step: Step) -> Candidate:
    """Return the candidate with its forecasts' beginning moved to the end of the step."""
    measured, nodes = step.measured[0], candidate.nodes
    if nodes is not None and step.inputs is not None:
        nodes = candidate.discrete().after(nodes, step.inputs)
    if measured is None:
        return replace(candidate, nodes=nodes)
    if nodes is None:
        hidden = candidate.estimate.network.nodes - 1
        return replace(candidate, nodes=(measured,) * (1 + hidden))
    error = measured - nodes[0]
    settled = settle(nodes, error, _FOLLOWS[: len(nodes)])
    if step.inputs is None:
        return replace(candidate, nodes=(measured, *nodes[1:]))
    square = min(_LARGEST, abs(error)) ** 2
    share = 1.0 / min(_AVERAGED, candidate.judged + 1)
    return replace(
        candidate,
        nodes=settled,
        square=candidate.square + share * (square - candidate.square),
        judged=candidate.judged + 1,
    )


def awakened(room: Room) -> Room:
    """Return what is known after nobody looked for long."""
    return replace(
        room,
        candidates=tuple(
            replace(each, nodes=None, estimate=rebegun(each.estimate)) for each in room.candidates
        ),
    )


def fit_room(room: Room, steps: Sequence[Step], memory: float) -> Room:
    """Return what these steps say all together, its forecasts beginning at their end."""
    fitted = tuple(
        replace(each, estimate=fit(_fresh(each.estimate), steps, HOURS, memory))
        for each in room.candidates
    )
    followed = Room(candidates=tuple(replace(each, nodes=None) for each in fitted))
    for step in steps:
        followed = advance_room(followed, step, memory, learns=False)
    kept = tuple(
        replace(each, square=own.square, judged=own.judged) if own.judged else each
        for each, own in zip(followed.candidates, room.candidates, strict=True)
    )
    return Room(candidates=kept, chosen=_chosen(kept, 0))


def _fresh(estimate: Estimate) -> Estimate:
    return first_estimate(estimate.structure)


def held_out(steps: int) -> int:
    """Return from which of so many steps on a history judges what was fitted to what was before."""
    return round(steps * (1.0 - _HELD_OUT))
