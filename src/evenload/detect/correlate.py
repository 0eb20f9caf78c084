"""A known sequence of high and low, looked for in each phase of the meter at each delay.

Each slot of the sequence has a level on each phase: the median of the meter's rows in the part of
the slot in which the charger has settled. From slot to slot the level must move by the charger's swing
where the sequence changes. Its log likelihood ratio against a phase that does not follow is the one
that steps have (`evidence`), with heavy tails, so that an oven that switches in some slots spoils those
alone; that it keeps step with a random sequence through a dozen slots does not happen. Slots that
are alike say how restless each phase is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from statistics import median

from evenload.detect.evidence import DEVIATION, SIGNS
from evenload.detect.nouns import Row
from evenload.detect.windows import FROM_DEVIATION, LEAST_NOISE

DELAYS = tuple(float(delay) for delay in range(1, 36))
"""From a command until the meter shows it in full [s]."""

UNDER_WAY = 6.0
"""A change is on its way for no longer than this [s]."""

ODDS = 1000.0
"""What is best must be so many times as likely as its best rival."""

LEAST_CHANGES = 4
"""So many changes must have been seen."""

ELSEWHERE = 0.02
"""How likely no phase shows it, before anything was seen."""

type Hang = tuple[tuple[int, float], ...]
"""Phases by their places, each with its sign; empty: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """What was found."""

    places: tuple[int, ...]
    """The phases that show the sequence, if they are sure; for legs that move alike in no order."""
    signs: dict[int, float]
    """The sign of each phase that is sure."""
    is_nowhere: bool
    """Whether it is sure that no phase shows it."""
    confidence: float
    """Of what fits best, 0 to 1."""
    delay: float | None
    """At which it fits best [s]; None: nothing fits."""


def correlate(
    rows: Sequence[Row],
    bits: Sequence[bool],
    *,
    began_at: float,
    slot: float,
    swings: Sequence[float],
) -> Correlation:
    """Return where the sequence `bits` shows that began at `began_at` with slots of `slot` [s].

    `swings` [A] are those of the legs that move; they move alike.
    """
    swing = median(swings)
    phases = len(rows[0].currents) if rows else 0
    begins = [began_at + place * slot for place in range(len(bits))]
    scores = {
        delay: _scores(
            [
                _levels(rows, begin + delay, begin + delay + slot - UNDER_WAY, phases)
                for begin in begins
            ],
            bits,
            swing,
            phases,
        )
        for delay in DELAYS
    }
    hangs: list[Hang] = [
        tuple(zip(places, signs, strict=True))
        for places in combinations(range(phases), min(len(swings), phases))
        for signs in product(SIGNS, repeat=min(len(swings), phases))
    ]
    if not hangs or not hangs[0]:
        return Correlation(places=(), signs={}, is_nowhere=False, confidence=0.0, delay=None)
    weights: dict[Hang, float] = {(): math.log(ELSEWHERE)}
    for hang in hangs:
        over_delays = [sum(scores[delay].get(each, 0.0) for each in hang) for delay in DELAYS]
        weights[hang] = (
            math.log((1.0 - ELSEWHERE) / len(hangs) / len(DELAYS))
            + max(over_delays)
            + math.log(sum(math.exp(each - max(over_delays)) for each in over_delays))
        )
    return _sure(weights, scores)


def _sure(
    weights: dict[Hang, float], scores: dict[float, dict[tuple[int, float], float]]
) -> Correlation:
    most = max(weights.values())
    total = sum(math.exp(weight - most) for weight in weights.values())
    chances = {hang: math.exp(weight - most) / total for hang, weight in weights.items()}
    best, *rivals = sorted(chances, key=lambda hang: -chances[hang])
    is_sure = chances[best] >= ODDS * chances[rivals[0]]
    if not best:
        return Correlation(
            places=(), signs={}, is_nowhere=is_sure, confidence=chances[best], delay=None
        )
    delay = max(DELAYS, key=lambda each: sum(scores[each].get(one, 0.0) for one in best))
    return Correlation(
        places=tuple(place for place, _ in best) if is_sure else (),
        signs=dict(best) if is_sure else {},
        is_nowhere=False,
        confidence=chances[best],
        delay=delay,
    )


def _scores(
    levels: Sequence[tuple[float, ...] | None], bits: Sequence[bool], swing: float, phases: int
) -> dict[tuple[int, float], float]:
    """Return each phase's log likelihood ratio with each sign; none where too little shows.

    `levels` are those of the slots at one delay [A].
    """
    changes: list[tuple[float, list[float]]] = []
    for (bit, level), (next_bit, next_level) in pairwise(zip(bits, levels, strict=True)):
        if level is not None and next_level is not None:
            expected = swing * (int(next_bit) - int(bit))
            changes.append((expected, [b - a for a, b in zip(level, next_level, strict=True)]))
    if sum(expected != 0.0 for expected, _ in changes) < LEAST_CHANGES:
        return {}
    scores: dict[tuple[int, float], float] = {}
    for phase in range(phases):
        still = [abs(shown[phase]) for expected, shown in changes if expected == 0.0]
        noise = max(LEAST_NOISE, FROM_DEVIATION * median(still)) if still else LEAST_NOISE
        noise = math.hypot(noise, DEVIATION * swing)
        for sign in SIGNS:
            scores[phase, sign] = sum(
                math.log1p((shown[phase] / noise) ** 2)
                - math.log1p(((shown[phase] - sign * expected) / noise) ** 2)
                for expected, shown in changes
            )
    return scores


def _levels(rows: Sequence[Row], begin: float, end: float, phases: int) -> tuple[float, ...] | None:
    """Return the median of each phase between two times [A]; None: no row is there."""
    inside = [row.currents for row in rows if begin < row.at <= end]
    if not inside:
        return None
    return tuple([median([currents[phase] for currents in inside]) for phase in range(phases)])
