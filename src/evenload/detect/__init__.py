"""Finds the wiring from what loads do and the meter shows: phase map, polarity, lag."""

from evenload.detect.nouns import DetectorState, Observation, Verdicts
from evenload.detect.persist import dump_state, load_state
from evenload.detect.step import step, with_result
from evenload.detect.watch import observation

__all__ = [
    "DetectorState",
    "Observation",
    "Verdicts",
    "dump_state",
    "load_state",
    "observation",
    "step",
    "with_result",
]
