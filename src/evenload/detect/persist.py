"""What survives a restart: the evidence, as JSON with a version.

Rows, reports and steps that wait are of the moment and are not kept. Data that cannot be read, or that
another version wrote, or that holds no evidence of this shape, means learning afresh, never an error.
"""

from evenload.detect.evidence import LAGS, SIGNS
from evenload.detect.nouns import DetectorState, Evidence, Witnessed
from evenload.model.saved import mapping, number, sequence, whole
from evenload.model.site import Leg

VERSION = 1
DECIMALS = 2
MOST_PHASES = 3


def dump_state(state: DetectorState, now: float) -> dict[str, object]:
    """Return what to keep of `state`, made of what JSON knows."""
    return {
        "version": VERSION,
        "lags": list(LAGS),
        "loads": {load: _dump(evidence, now) for load, evidence in state.evidence.items()},
    }


def load_state(data: object, now: float) -> DetectorState:
    """Return the state that `data` was dumped from, as of `now`; a fresh one where it is not that."""
    try:
        kept = mapping(data)
        if kept["version"] != VERSION or kept["lags"] != list(LAGS):
            return DetectorState()
        loads = mapping(kept["loads"])
        return DetectorState(evidence={load: _load(each, now) for load, each in loads.items()})
    except KeyError, TypeError, ValueError, ArithmeticError:
        return DetectorState()


def _dump(evidence: Evidence, now: float) -> dict[str, object]:
    return {
        "legs": [leg.value for leg in evidence.legs],
        "scores": [round(score, DECIMALS) for score in evidence.scores],
        "counts": list(evidence.counts),
        "large_counts": list(evidence.large_counts),
        "calibrations": evidence.calibrations,
        "factor": evidence.factor,
        "witnessed": [
            [max(0.0, now - each.at), list(each.changes), list(each.shown)]
            for each in evidence.witnessed
        ],
    }


def _load(data: object, now: float) -> Evidence:
    kept = mapping(data)
    legs = tuple([Leg(leg) for leg in sequence(kept["legs"])])
    scores = tuple([number(score) for score in sequence(kept["scores"])])
    counts = tuple([whole(each) for each in sequence(kept["counts"])])
    large_counts = tuple([whole(each) for each in sequence(kept["large_counts"])])
    phases, rest = divmod(len(scores), len(legs) * len(SIGNS) * len(LAGS))
    rows = (len(legs) + 1) * len(LAGS)
    if rest or not 1 <= phases <= MOST_PHASES or {len(counts), len(large_counts)} != {rows}:
        raise ValueError(len(scores))
    return Evidence(
        legs=legs,
        scores=scores,
        counts=counts,
        large_counts=large_counts,
        calibrations=whole(kept["calibrations"]),
        factor=number(kept["factor"]),
        witnessed=tuple([_witnessed(each, now) for each in sequence(kept["witnessed"])]),
    )


def _witnessed(data: object, now: float) -> Witnessed:
    age, changes, shown = sequence(data)
    return Witnessed(
        at=now - number(age),
        changes=tuple([number(change) for change in sequence(changes)]),
        shown=tuple([number(change) for change in sequence(shown)]),
    )
