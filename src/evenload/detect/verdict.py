"""Verdicts: what is sure enough to be told, and to be acted on.

A verdict needs odds of at least 1000 to 1 against the best rival; three steps that tell the legs
apart, or two of more than 6 A; and the lag known to 2 s, for with a lag that is unknown the meter's
change before a step looks like the step. A calibration stands for all of that. "Not behind this meter" needs the
same odds against every phase at every lag. Nothing is kept: every verdict is drawn anew from all
evidence, so that steps which contradict it reopen it, two in a row at once.
"""

from collections.abc import Mapping

from evenload.detect.evidence import LAGS, MOVES, SIGNS
from evenload.detect.nouns import Evidence, LoadVerdict, PolarityVerdict, Verdicts
from evenload.detect.wirings import (
    Assignment,
    Signs,
    Weighed,
    assignment_weights,
    probabilities,
    scores_by_lag,
    sign_weights,
    weigh,
)
from evenload.model.site import Leg, Phase

ODDS = 1000.0
"""What is best must be so many times as likely as its best rival."""

STEPS = 3
"""So many steps are enough."""

LARGE_STEPS = 2
"""So many large ones are."""

LAG_SPREAD = 2.0
"""The lag is known when it is off by no more than this on average [s]."""

CONTRADICTIONS = 2
"""So many steps in a row that do not fit reopen a verdict, whatever was seen before."""

AMISS = 0.5
"""A phase that differs from a step by more than this share does not fit."""

LEAST_PROBABILITY = 1e-300
"""Keeps odds finite."""


def judge(evidence: Mapping[str, Evidence], phases: tuple[Phase, ...]) -> Verdicts:
    """Return everything that the evidence of all loads makes sure."""
    weighed = {
        load: weigh(each, len(phases)) for load, each in evidence.items() if any(each.counts)
    }
    weights = sign_weights(list(weighed.values()), len(phases))
    signs = probabilities(weights)
    loads: dict[str, LoadVerdict] = {}
    steps = [(0, 0)] * len(phases)
    for load, each in weighed.items():
        verdict, seen = _load_verdict(evidence[load], each, weights, signs, phases)
        loads[load] = verdict
        steps = [(a + c, b + d) for (a, b), (c, d) in zip(steps, seen, strict=True)]
    polarity = {
        phase: _polarity_verdict(signs, place, steps[place]) for place, phase in enumerate(phases)
    }
    factors = {evidence[load].factor for load in weighed}
    factor = factors.pop() if len(factors) == 1 else 1.0
    return Verdicts(loads=loads, polarity=polarity, factor=factor)


def _load_verdict(
    evidence: Evidence,
    weighed: Weighed,
    weights: Mapping[Signs, float],
    signs: Mapping[Signs, float],
    phases: tuple[Phase, ...],
) -> tuple[LoadVerdict, list[tuple[int, int]]]:
    """Return the verdict on a load, and how many steps, large ones apart, it gives each phase."""
    chances = assignment_weights(weighed, weights)
    ranked = sorted(chances, key=lambda each: -chances[each])
    best = ranked[0]
    odds = chances[best] / max(chances[ranked[1]], LEAST_PROBABILITY)
    lag, spread = _lag(evidence, weighed, best, signs) if best else (None, None)
    place = LAGS.index(min(LAGS, key=lambda each: abs(each - lag))) if lag is not None else None
    enough = _is_enough(evidence, len(evidence.legs), place)
    sure: dict[Leg, Phase] = {}
    is_lag_known = evidence.calibrations > 0 or (spread is not None and spread <= LAG_SPREAD)
    if place is not None and enough and is_lag_known:
        sure = {
            evidence.legs[leg]: phases[best[order]]
            for order, leg in enumerate(weighed.legs)
            if _is_enough(evidence, leg, place)
            and _is_sure(chances, order, best[order])
            and not _is_contradicted(evidence, leg, best[order])
        }
    counts = [(0, 0)] * len(phases)
    if place is not None and is_lag_known:
        for leg, phase in zip(weighed.legs, best, strict=True):
            counts[phase] = _count(evidence, leg, place)
    verdict = LoadVerdict(
        phases=sure or None,
        is_elsewhere=not best and odds >= ODDS and enough,
        best={evidence.legs[leg]: phases[at] for leg, at in zip(weighed.legs, best, strict=False)},
        confidence=chances[best],
        odds=odds,
        steps=_count(evidence, len(evidence.legs), place)[0],
        lag=lag,
        lag_spread=spread,
    )
    return verdict, counts


def _is_sure(chances: Mapping[Assignment, float], order: int, phase: int) -> bool:
    """Return whether one leg is sure to hang on a phase, wherever the others do."""
    by_phase: dict[int | None, float] = {}
    for assignment, chance in chances.items():
        place = assignment[order] if assignment else None
        by_phase[place] = by_phase.get(place, 0.0) + chance
    rival = max([chance for place, chance in by_phase.items() if place != phase])
    return by_phase[phase] >= ODDS * max(rival, LEAST_PROBABILITY)


def _is_contradicted(evidence: Evidence, leg: int, phase: int) -> bool:
    """Return whether the last steps of a leg did not show on a phase, either way round."""
    steps = [
        (abs(each.changes[leg]), abs(each.shown[phase]))
        for each in evidence.witnessed
        if abs(each.changes[leg]) >= MOVES
    ]
    last = steps[-CONTRADICTIONS:]
    return len(last) == CONTRADICTIONS and all(
        abs(shown - change) > AMISS * change for change, shown in last
    )


def _count(evidence: Evidence, row: int, place: int | None) -> tuple[int, int]:
    """Return how many steps, and large ones, there were at a lag; without one, at the poorest lag."""
    lags = len(LAGS)
    counts = evidence.counts[row * lags : (row + 1) * lags]
    large = evidence.large_counts[row * lags : (row + 1) * lags]
    return (min(counts), min(large)) if place is None else (counts[place], large[place])


def _is_enough(evidence: Evidence, row: int, place: int | None) -> bool:
    steps, large = _count(evidence, row, place)
    return steps >= STEPS or large >= LARGE_STEPS


def _lag(
    evidence: Evidence, weighed: Weighed, best: Assignment, signs: Mapping[Signs, float]
) -> tuple[float, float]:
    """Return the lag where the legs hang as is best, and by how much it is off on average [s]."""
    likeliest = max(signs, key=lambda each: signs[each])
    own = tuple(likeliest[phase] for phase in best)
    scores = scores_by_lag(evidence, weighed.phases, weighed.legs, best, own)
    shares = probabilities(dict(zip(LAGS, scores, strict=True)))
    mean = sum(lag * share for lag, share in shares.items())
    return mean, sum(abs(lag - mean) * share for lag, share in shares.items())


def _polarity_verdict(
    signs: Mapping[Signs, float], place: int, counted: tuple[int, int]
) -> PolarityVerdict:
    turned = sum(chance for each, chance in signs.items() if SIGNS[each[place]] < 0.0)
    steps, large = counted
    likelier = max(turned, 1.0 - turned)
    odds = likelier / max(1.0 - likelier, LEAST_PROBABILITY)
    is_sure = odds >= ODDS and (steps >= STEPS or large >= LARGE_STEPS)
    return PolarityVerdict(
        is_reversed=turned > 1.0 - turned if is_sure else None, confidence=likelier, steps=steps
    )
