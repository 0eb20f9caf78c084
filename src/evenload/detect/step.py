"""One pass of the estimator: `step(state, observation, now) -> (state, verdicts)`.

Rows of the meter and reports of loads are kept for some minutes. A step that a load reports waits
until the meter must have shown it at any lag, then its evidence is added once, and verdicts are
drawn anew. Passes without such a step cost next to nothing.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

from evenload.detect.calibration import CalibrationResult
from evenload.detect.evidence import (
    LAGS,
    disturbance_of,
    no_evidence,
    with_calibration,
    with_step,
    with_witness,
)
from evenload.detect.nouns import (
    DetectorState,
    Evidence,
    Observation,
    Row,
    Step,
    Track,
    Verdicts,
)
from evenload.detect.steps import KEPT, follow, with_order
from evenload.detect.verdict import judge
from evenload.detect.windows import INTERVALS, WINDOW, Meter
from evenload.model.site import Leg, Phase

LONGEST_INTERVAL = 15.0
"""No step waits for a meter that reports more rarely than this [s]."""

PATIENCE = LAGS[-1] + max(WINDOW, INTERVALS * LONGEST_INTERVAL)
"""After so long the meter has shown a step at any lag [s]."""

TOO_LARGE = 500.0
"""A house's phase carries no more than this: milliamperes were taken for amperes [A]."""

TOO_SMALL = 0.1
"""A load that moves by 2 A shows more than this: kiloamperes were taken for amperes [A]."""

THOUSAND = 1000.0


def step(
    state: DetectorState, observation: Observation, now: float
) -> tuple[DetectorState, Verdicts]:
    """Return the state with one more observation, and what is known of the wiring."""
    rows = _with_row(state.rows, observation, now)
    tracks = _follow(state.tracks, observation, now)
    due = {load: _due(track, now) for load, track in tracks.items() if track.pending}
    evidence = state.evidence
    if any(due.values()):
        evidence = dict(evidence)
        for load, steps in due.items():
            legs = observation.legs[load]
            for each in steps:
                before = evidence.get(load) or no_evidence(legs, len(observation.phases))
                evidence[load] = _witness(before, each, rows, tracks, observation.phases)
            tracks[load] = replace(
                tracks[load],
                pending=tuple(each for each in tracks[load].pending if each not in steps),
            )
    evidence = _of_same_legs(evidence, observation)
    verdicts = state.verdicts
    if verdicts is None or evidence is not state.evidence:
        verdicts = judge(evidence, observation.phases)
    state = DetectorState(rows=rows, tracks=tracks, evidence=evidence, verdicts=verdicts)
    return state, verdicts


def with_result(
    state: DetectorState,
    load: str,
    legs: tuple[Leg, ...],
    phases: tuple[Phase, ...],
    result: CalibrationResult,
) -> DetectorState:
    """Return the state with what a calibration of `load` found, which has these `legs` in order."""
    before = state.evidence.get(load) or no_evidence(legs, len(phases))
    found = {
        leg: (phases.index(phase), -1.0 if result.is_reversed[phase] else 1.0)
        for leg, phase in result.phases.items()
        if phase in result.is_reversed
    }
    evidence = dict(state.evidence) | {load: with_calibration(before, found, len(phases))}
    return replace(state, evidence=evidence, verdicts=judge(evidence, phases))


def _with_row(rows: tuple[Row, ...], observation: Observation, now: float) -> tuple[Row, ...]:
    at = observation.meter_at
    if observation.meter is None or (rows and at <= rows[-1].at):
        return rows
    if rows and (len(rows[0].currents) != len(observation.meter) or rows[0].at < now - 2.0 * KEPT):
        same = [row for row in rows if len(row.currents) == len(observation.meter)]
        rows = tuple(same[bisect_left([row.at for row in same], now - KEPT) :])
    row = Row(
        at=at,
        currents=observation.meter,
        solar_current=observation.solar_current,
        battery_current=observation.battery_current,
    )
    return (*rows, row)


def _follow(tracks: Mapping[str, Track], observation: Observation, now: float) -> dict[str, Track]:
    followed: dict[str, Track] = {}
    for load, legs in observation.legs.items():
        track, report = tracks.get(load) or Track(), observation.reports.get(load)
        if track.reports and len(track.reports[-1].currents) != len(legs):
            track = Track()
        track = follow(track, load, report, now)
        setpoint = observation.orders.get(load)
        followed[load] = track if setpoint is None else with_order(track, setpoint, now)
    return followed


def _due(track: Track, now: float) -> tuple[Step, ...]:
    return tuple(each for each in track.pending if now >= each.done_at + PATIENCE)


def _witness(
    evidence: Evidence,
    one: Step,
    rows: Sequence[Row],
    tracks: Mapping[str, Track],
    phases: Sequence[object],
) -> Evidence:
    """Return the evidence with what the meter showed of one step."""
    if not rows:
        return evidence
    factor = factor_of(rows)
    meter = Meter.of(rows, factor=factor)
    disturbance = disturbance_of(tracks, one)
    evidence = with_step(evidence, one, meter, disturbance, factor)
    return with_witness(evidence, one, meter, _likeliest_lag(evidence, len(phases)), disturbance)


def _likeliest_lag(evidence: Evidence, phases: int) -> float:
    """Return the lag of the best single assignment of any leg [s]."""
    places = range(len(evidence.scores))
    best = max(places, key=lambda place: evidence.scores[place])
    return LAGS[best % len(LAGS)] if phases else 0.0


def factor_of(rows: Sequence[Row]) -> float:
    """Return by what the meter's numbers have to be divided to be amperes of a house."""
    largest = sorted(max(map(abs, row.currents)) for row in rows)
    if largest[len(largest) // 2] > TOO_LARGE:
        return THOUSAND
    return 1.0 / THOUSAND if 0.0 < largest[-1] < TOO_SMALL else 1.0


def _of_same_legs(
    evidence: Mapping[str, Evidence], observation: Observation
) -> Mapping[str, Evidence]:
    """Return the evidence without loads that are gone or have other legs now."""
    if all(observation.legs.get(load) == each.legs for load, each in evidence.items()):
        return evidence
    return {
        load: each for load, each in evidence.items() if observation.legs.get(load) == each.legs
    }
