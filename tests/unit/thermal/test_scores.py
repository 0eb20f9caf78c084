"""Forecasts are judged when their hour has come, beside expecting no change."""

import pytest

from evenload.thermal.discrete import Discrete
from evenload.thermal.scores import Scores, carried, started

WARMS = Discrete(((1.0,),), ((1.0, 0.0, 0.0, 0.0),))
"""A kelvin for each watt in a step."""


def ran(powers, temperatures):
    scores, now = Scores(), temperatures[0]
    scores = started(scores, WARMS, (now,), now)
    for power, now in zip(powers, temperatures[1:], strict=True):
        inputs = None if power is None else (power, 0.0, 0.0, 1.0)
        scores = carried(scores, inputs, now)
        scores = started(scores, WARMS, None if now is None else (now,), now)
    return scores.by_horizon()


def test_a_model_that_is_right_errs_by_nothing_and_persistence_by_the_change():
    scores = ran([0.5] * 100, [20.0 + 0.5 * step for step in range(101)])
    assert scores[3600].model == pytest.approx(0.0)
    assert scores[3600].persistence == pytest.approx(2.0)
    assert scores[86_400].persistence == pytest.approx(48.0)
    assert scores[86_400].count == 2


def test_a_model_that_is_wrong_errs_by_what_it_is_wrong():
    scores = ran([0.5] * 8, [20.0] * 9)
    assert scores[3600].model == pytest.approx(2.0)
    assert scores[3600].persistence == 0.0


def test_what_was_not_known_ends_a_forecast():
    scores = ran([0.5, None, 0.5, 0.5, 0.5, 0.5], [20.0] * 7)
    assert scores[3600].count == 0


def test_a_temperature_that_is_missing_judges_nothing():
    scores = ran([0.5] * 4, [20.0, 20.0, 20.0, 20.0, None])
    assert scores[3600].count == 0
