"""From evidence to probabilities: every way to wire a load, every phase counted either way.

The sign belongs to the meter's phase, so all loads share it: for each of the signs of all phases, each
load weighs its own assignments of legs to phases, at every lag, and "on none". What a load says of
the signs is the sum over its assignments.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product

from evenload.detect.evidence import LAGS, SIGNS
from evenload.detect.nouns import Evidence

REVERSED = 0.03
"""How likely a transformer is backwards, before anything was seen."""

ALL_REVERSED = 0.03
"""How likely all are."""

ELSEWHERE = 0.02
"""How likely a load is not behind this meter."""

type Signs = tuple[int, ...]
"""Of each phase: index in `SIGNS`."""

type Assignment = tuple[int, ...]
"""The phase's place for each leg that was seen; empty: on none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One load's log likelihoods."""

    legs: tuple[int, ...]
    """The places of the legs that were seen."""
    phases: int
    by_signs: Mapping[tuple[Assignment, Signs], float]
    """Of each assignment with the signs of its own phases, lags weighed in."""

    def of(self, assignment: Assignment, signs: Signs) -> float:
        """Return the log likelihood of an assignment where all phases have these signs."""
        if not assignment:
            return math.log(ELSEWHERE)
        own = tuple(signs[phase] for phase in assignment)
        return self.by_signs[assignment, own] + self._prior

    @property
    def _prior(self) -> float:
        return math.log((1.0 - ELSEWHERE) / math.perm(self.phases, len(self.legs)))

    @property
    def assignments(self) -> list[Assignment]:
        """Every way to hang the legs, and none."""
        return [(), *permutations(range(self.phases), len(self.legs))]


def weigh(evidence: Evidence, phases: int) -> Weighed:
    """Return what a load's evidence makes of every assignment."""
    legs = seen_legs(evidence)
    by_signs = {
        (assignment, signs): _sum_of_exponentials(
            scores_by_lag(evidence, phases, legs, assignment, signs)
        )
        - math.log(len(LAGS))
        for assignment in permutations(range(phases), len(legs))
        for signs in product(range(len(SIGNS)), repeat=len(legs))
    }
    return Weighed(legs=legs, phases=phases, by_signs=by_signs)


def seen_legs(evidence: Evidence) -> tuple[int, ...]:
    """Return the places of the legs that have moved while the meter could be seen."""
    lags = len(LAGS)
    return tuple(
        leg
        for leg in range(len(evidence.legs))
        if any(evidence.counts[leg * lags : (leg + 1) * lags])
    )


def scores_by_lag(
    evidence: Evidence, phases: int, legs: Sequence[int], assignment: Assignment, signs: Signs
) -> list[float]:
    """Return an assignment's log likelihood ratio at each lag; `signs` are those of its phases."""
    lags = len(LAGS)
    columns: list[Sequence[float]] = []
    for leg, phase, sign in zip(legs, assignment, signs, strict=True):
        place = ((leg * phases + phase) * len(SIGNS) + sign) * lags
        columns.append(evidence.scores[place : place + lags])
    return [sum(scores) for scores in zip(*columns, strict=True)] if columns else [0.0] * lags


def sign_weights(loads: Sequence[Weighed], phases: int) -> dict[Signs, float]:
    """Return the log weight of the signs of all phases, by everything that all loads say."""
    return {
        signs: _prior_of(signs)
        + sum(
            _sum_of_exponentials([load.of(each, signs) for each in load.assignments])
            for load in loads
        )
        for signs in product(range(len(SIGNS)), repeat=phases)
    }


def assignment_weights(load: Weighed, weights: Mapping[Signs, float]) -> dict[Assignment, float]:
    """Return the probability of each way to wire `load`, whose say in `weights` is counted once."""
    logs: dict[Assignment, float] = {}
    others = {
        signs: weight - _sum_of_exponentials([load.of(each, signs) for each in load.assignments])
        for signs, weight in weights.items()
    }
    for assignment in load.assignments:
        logs[assignment] = _sum_of_exponentials(
            [rest + load.of(assignment, signs) for signs, rest in others.items()]
        )
    return probabilities(logs)


def probabilities[Key](logs: Mapping[Key, float]) -> dict[Key, float]:
    """Return probabilities that add up to 1 from log weights."""
    total = _sum_of_exponentials(list(logs.values()))
    return {key: math.exp(weight - total) for key, weight in logs.items()}


def _prior_of(signs: Signs) -> float:
    turned = sum(1 for sign in signs if sign == 1)
    single = REVERSED**turned * (1.0 - REVERSED) ** (len(signs) - turned)
    whole = ALL_REVERSED if turned == len(signs) else 0.0
    return math.log((1.0 - ALL_REVERSED) * single + whole)


def _sum_of_exponentials(values: Sequence[float]) -> float:
    """Return the logarithm of the sum of exponentials."""
    most = max(values)
    return most + math.log(sum([math.exp(value - most) for value in values]))
