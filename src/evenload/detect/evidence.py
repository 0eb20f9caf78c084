"""What one step says of where each leg hangs, and how that adds up.

For each leg, phase, sign and lag a step gives the log likelihood ratio of "this leg hangs on this phase,
which is counted this way, and the meter is so late" against "this leg is on no phase of this meter".
The phase's own doings have a Cauchy distribution about what the leg makes it do, for houses are still
most of the time and jump by a kettle now and then:

    score = log(1 + (d/s)^2) - log(1 + ((d - x)/s)^2)

with d what the meter showed, x what the leg did (reversed: -x), and s the noise. A kettle in the same
second costs or gives about as much as one good step, so it neither decides nor destroys a verdict.
Added to that is when it was shown: the reports say between which two moments the leg was half way, the
rows between which two the phase was, and the lag has to bring both together.

Legs that move alike say the same for every permutation, so a balanced step prefers none. Ratios
against one and the same rival may be added for any assignment of legs to phases, so sums by leg are
all that is kept. They fade a little with every step: what was rewired is found again.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from evenload.detect.nouns import Evidence, Step, Track, Witnessed
from evenload.detect.windows import Meter, View, crossing, is_answered, view
from evenload.model.site import Leg

LAGS = tuple(float(lag) for lag in range(-15, 26))
"""How much later the meter may show a step than the load's device reports it [s].

Chargers report up to 15 s late themselves."""

SIGNS = (1.0, -1.0)
"""As it should be, reversed."""

LARGE_STEP = 6.0
"""Two steps of more than this are enough [A]."""

MOVES = 2.0
"""A leg that changed by this has moved [A]."""

STAYS = 0.5
"""A leg that changed by less has not [A]."""

APART = 1.0
"""Legs whose changes differ by this can be told apart [A]."""

DEVIATION = 0.05
"""Meter and charger measure the same change as differently [share of it]."""

FADING = 0.93
"""What remains of earlier evidence with each step."""

IN_TIME = 0.9
"""How surely a step is shown when it should be."""

ANY_TIME = 40.0
"""A change that has nothing to do with the step comes at any moment within this [s]."""

SLACK = 0.5
"""Times are rounded by as much [s]."""

SHOWN_STEPS = 12
"""How many steps are kept for people to see."""

CALIBRATED = 12.0
"""What a calibration adds to what it found: it is sure by itself."""

CALIBRATED_STEPS = 3
"""It counts as so many steps."""

REACH = 35.0
"""Other loads that move so long before or after a step disturb it [s]."""


def no_evidence(legs: tuple[Leg, ...], phases: int) -> Evidence:
    """Return the evidence of no step at all."""
    return Evidence(
        legs=legs,
        scores=(0.0,) * (len(legs) * phases * len(SIGNS) * len(LAGS)),
        counts=(0,) * ((len(legs) + 1) * len(LAGS)),
        large_counts=(0,) * ((len(legs) + 1) * len(LAGS)),
    )


def with_step(
    evidence: Evidence, step: Step, meter: Meter, disturbance: float, factor: float
) -> Evidence:
    """Return the evidence with one more step, of a meter whose numbers were divided by `factor`."""
    if is_answered(meter, step):
        return evidence
    phases = len(meter.columns)
    if factor != evidence.factor:
        evidence = replace(no_evidence(evidence.legs, phases), factor=factor)
    views = [view(meter, step, lag, disturbance) for lag in LAGS]
    if not any(views):
        return evidence
    added: list[float] = []
    for leg, change in enumerate(step.changes):
        for phase in range(phases):
            for sign in SIGNS:
                added += [
                    _score(meter, seen, step, leg=leg, phase=phase, expected=sign * change, lag=lag)
                    if seen is not None
                    else 0.0
                    for lag, seen in zip(LAGS, views, strict=True)
                ]
    scores = tuple([FADING * old + new for old, new in zip(evidence.scores, added, strict=True)])
    return _counted(replace(evidence, scores=scores), step, views)


def _score(
    meter: Meter, seen: View, step: Step, *, leg: int, phase: int, expected: float, lag: float
) -> float:
    if abs(expected) < STAYS:
        return 0.0
    shown = seen.shown[phase]
    noise = math.hypot(seen.noise[phase], DEVIATION * expected)
    off = (shown - expected) / noise
    score = math.log1p((shown / noise) ** 2) - math.log1p(off * off)
    if abs(shown - expected) < abs(expected) / 2.0 > noise:
        score += _timing(step.halves[leg], crossing(meter, seen, phase), lag)
    return score


def _timing(reported: tuple[float, float], shown: tuple[float, float], lag: float) -> float:
    """Return how much better a lag explains when a change was shown than chance does."""
    begin, end = reported[0] + lag - SLACK, reported[1] + lag + SLACK
    overlap = max(0.0, min(end, shown[1]) - max(begin, shown[0])) / (end - begin)
    by_chance = min(0.5, max(0.5, shown[1] - shown[0]) / ANY_TIME)
    return math.log((IN_TIME * overlap + (1.0 - IN_TIME) * by_chance) / by_chance)


def _counted(evidence: Evidence, step: Step, views: Sequence[View | None]) -> Evidence:
    sizes = [abs(change) for change in step.changes]
    moved = [size >= MOVES for size in sizes]
    apart = _tells_legs_apart(step)
    large = [size > LARGE_STEP for size in sizes]
    counts = _add(evidence.counts, (*moved, apart), views)
    large_counts = _add(evidence.large_counts, (*large, apart and any(large)), views)
    return replace(evidence, counts=counts, large_counts=large_counts)


def _tells_legs_apart(step: Step) -> bool:
    """Return whether some legs moved otherwise than others: by another current, or at another time."""
    moved = [leg for leg, change in enumerate(step.changes) if abs(change) >= STAYS]
    changes = [step.changes[leg] for leg in moved]
    if len(moved) == 1 or max(changes) - min(changes) >= APART:
        return True
    halves = [step.halves[leg] for leg in moved]
    return max(begin for begin, _ in halves) >= min(end for _, end in halves)


def _add(
    counts: Sequence[int], which: Sequence[bool], views: Sequence[View | None]
) -> tuple[int, ...]:
    added = [yes and seen is not None for yes in which for seen in views]
    return tuple(count + more for count, more in zip(counts, added, strict=True))


def with_calibration(
    evidence: Evidence, found: Mapping[Leg, tuple[int, float]], phases: int
) -> Evidence:
    """Return the evidence with what a calibration found: place and sign of the phase of each leg."""
    lags = len(LAGS)
    scores, counts = list(evidence.scores), list(evidence.counts)
    for leg, (phase, sign) in found.items():
        row = evidence.legs.index(leg)
        place = ((row * phases + phase) * len(SIGNS) + SIGNS.index(sign)) * lags
        for at in range(lags):
            scores[place + at] += CALIBRATED
            counts[row * lags + at] += CALIBRATED_STEPS
    if found:
        last = len(evidence.legs) * lags
        counts[last:] = [count + CALIBRATED_STEPS for count in counts[last:]]
    return replace(
        evidence,
        scores=tuple(scores),
        counts=tuple(counts),
        calibrations=evidence.calibrations + bool(found),
    )


def with_witness(
    evidence: Evidence, step: Step, meter: Meter, lag: float, disturbance: float
) -> Evidence:
    """Return the evidence with what people may see of a step."""
    seen = view(meter, step, lag, disturbance)
    if seen is None or is_answered(meter, step):
        return evidence
    witness = Witnessed(
        at=step.done_at,
        changes=tuple(round(change, 1) for change in step.changes),
        shown=tuple(round(change, 1) for change in seen.shown),
    )
    return replace(evidence, witnessed=(*evidence.witnessed, witness)[-SHOWN_STEPS:])


def disturbance_of(tracks: Mapping[str, Track], step: Step) -> float:
    """Return what other loads than the step's own moved around it [A], as if all on one phase."""
    begin, end = step.begun_at - REACH, step.done_at + REACH
    moved = 0.0
    for load, track in tracks.items():
        if load == step.load:
            continue
        near = [report.currents for report in track.reports if begin <= report.at <= end]
        spans = [max(column) - min(column) for column in zip(*near, strict=True)]
        if spans and max(spans) >= STAYS:
            moved += max(spans)
    return moved
