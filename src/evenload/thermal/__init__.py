"""Models of rooms and of tanks of hot water: what they hold and lose, learnt while they are used.

`begin` or `learn` (from a history) makes a memory, `observe` learns from each sample, `assess` says what
it is worth, `predict` and `linearise` are for whoever plans, `refine` once a day learns all of it again.
`dump_memory` and `load_memory` keep it over a restart. Nothing here reads a clock.
"""

from evenload.thermal.cop import carnot_cop, cop_while
from evenload.thermal.memory import ThermalMemory, begin, learn, observe, refine
from evenload.thermal.nouns import STEP, ThermalKind, ThermalSample, ThermalSettings
from evenload.thermal.persist import dump_memory, load_memory
from evenload.thermal.predict import (
    LinearModel,
    Outlook,
    Trajectory,
    expected_draws,
    linearise,
    predict,
)
from evenload.thermal.quality import Assessment, Parameter, QualityReason, assess
from evenload.thermal.retrace import Traced, retrace
from evenload.thermal.scores import Score

__all__ = [
    "STEP",
    "Assessment",
    "LinearModel",
    "Outlook",
    "Parameter",
    "QualityReason",
    "Score",
    "ThermalKind",
    "ThermalMemory",
    "ThermalSample",
    "ThermalSettings",
    "Traced",
    "Trajectory",
    "assess",
    "begin",
    "carnot_cop",
    "cop_while",
    "dump_memory",
    "expected_draws",
    "learn",
    "linearise",
    "load_memory",
    "observe",
    "predict",
    "refine",
    "retrace",
]
