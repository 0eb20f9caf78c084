"""The method to beat: points for phases that moved with the load in the same cycle.

As it is described by those who use it: in each cycle of 2 s, when a leg's draw changed by 0.5 A or more,
each phase whose current changed by 0.5 A or more the same way gets points, min(|change|, 15) / 5
but at least 0.1. From 6 points on the best phase is told if it has 70 % of all points, and with 15
it is applied; from 10 points on without that share all points are halved. Its sign is judged by
the sum over the phases: 10 of the last 15 changes of 1 A or more against it, and the meter is told to
be reversed. It serves cars on one and two legs; a balanced one is skipped.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from detection_trials import LEGS, PHASES, Record

from evenload.model.site import Leg, Phase

CYCLE = 2
LEAST_CHANGE = 0.5
MOST, UNIT, LEAST_POINTS = 15.0, 5.0, 0.1
NOTIFY, REMAP, SHARE = 6.0, 15.0, 0.7
HALVED_FROM = 10.0
SIGN_CHANGE, SIGN_COUNT, SIGN_WINDOW = 1.0, 10, 15
STEP = 2.0
"""Changes of 2 A or more are counted, to stand beside the estimator's steps."""


@dataclass(slots=True, kw_only=True)
class Points:
    """What was found in one trial."""

    told: dict[Leg, tuple[Phase, int, int]] = field(
        default_factory=dict[Leg, tuple[Phase, int, int]]
    )
    """Phase, second and number of steps when it was first told, by leg."""
    applied: dict[Leg, Phase] = field(default_factory=dict[Leg, Phase])
    """What was applied first, by leg."""
    reversed_at: int | None = None
    """When the meter was told to be reversed."""


def count_points(records: Sequence[Record], legs: int) -> Points:
    """Return what the method makes of a recording."""
    found = Points()
    scores = [[0.0] * len(PHASES) for _ in range(legs)]
    against: deque[bool] = deque(maxlen=SIGN_WINDOW)
    meter: list[float] | None = None
    draws: list[float] | None = None
    seen_meter: list[float] | None = None
    seen_draws: list[float] | None = None
    cycle_at, steps = 0, 0
    for second, row, car, _, _, _ in records:
        meter = row[1:] if row else meter
        draws = car[1 : 1 + legs] if car and car[4] is not None else draws
        if second - cycle_at < CYCLE or meter is None or draws is None:
            continue
        cycle_at = second
        if seen_meter is not None and seen_draws is not None:
            moves = [b - a for a, b in zip(seen_meter, meter, strict=True)]
            changes = [b - a for a, b in zip(seen_draws, draws, strict=True)]
            steps += max(map(abs, changes)) >= STEP
            _judge_sign(found, against, sum(changes), sum(moves), second)
            _score(found, scores, changes, moves, when=(second, steps))
        seen_meter, seen_draws = meter, draws
    return found


def _score(
    found: Points,
    scores: list[list[float]],
    changes: Sequence[float],
    moves: Sequence[float],
    *,
    when: tuple[int, int],
) -> None:
    if len(changes) == len(PHASES):
        return
    for leg, change in enumerate(changes):
        if abs(change) < LEAST_CHANGE:
            continue
        points = max(LEAST_POINTS, min(abs(change), MOST) / UNIT)
        own = scores[leg]
        for phase, move in enumerate(moves):
            if abs(move) >= LEAST_CHANGE and (move > 0.0) == (change > 0.0):
                own[phase] += points
        total, best = sum(own), max(own)
        name, phase = LEGS[leg], PHASES[own.index(best)]
        if best >= NOTIFY and best >= SHARE * total:
            found.told.setdefault(name, (phase, *when))
            if best >= REMAP:
                found.applied.setdefault(name, phase)
        elif total >= HALVED_FROM:
            own[:] = [score / 2.0 for score in own]


def _judge_sign(
    found: Points, against: deque[bool], change: float, move: float, second: int
) -> None:
    if abs(change) < SIGN_CHANGE:
        return
    against.append(change * move < 0.0)
    if found.reversed_at is None and sum(against) >= SIGN_COUNT:
        found.reversed_at = second
