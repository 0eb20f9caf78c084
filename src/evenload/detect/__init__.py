"""Finds the wiring from what loads do and the meter shows: phase map, polarity, lag."""

from evenload.detect.nouns import DetectorState, Observation, Verdicts
from evenload.detect.step import step

__all__ = ["DetectorState", "Observation", "Verdicts", "step"]
