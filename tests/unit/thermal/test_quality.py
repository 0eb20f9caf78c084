"""A model that is not good enough is not used, and says why."""

from dataclasses import replace

import pytest

from evenload.thermal import Outlook, QualityReason, assess, begin, linearise, predict
from evenload.thermal.scores import Score, Scores
from tests.unit.thermal.houses import ROOM, TANK

HOUR = Outlook(power=(0.0,) * 4, outdoor=(5.0,) * 4)


def judged(memory, model, persistence):
    """Return the memory with a day's forecasts that erred so."""
    score = Score(model_square=model**2, persistence_square=persistence**2, count=96)
    return replace(memory, scores=Scores(scores=(*memory.scores.scores[:2], score)))


@pytest.mark.parametrize("settings", [ROOM, TANK])
def test_nothing_is_known_at_first(settings):
    told = assess(begin(settings))
    assert not told.is_usable
    assert told.reason is QualityReason.TOO_LITTLE_DATA
    assert "Rules until then" in told.sentence


@pytest.mark.parametrize(
    ("model", "persistence", "reason"),
    [
        (0.4, 2.0, QualityReason.GOOD),
        (0.6, 0.1, QualityReason.GOOD),
        (1.2, 1.0, QualityReason.WORSE_THAN_PERSISTENCE),
        (2.6, 4.0, QualityReason.TOO_INACCURATE),
    ],
)
def test_errors_a_day_ahead_decide(room, model, persistence, reason):
    told = assess(judged(room, model, persistence))
    assert told.reason is reason
    assert told.is_usable is (reason is QualityReason.GOOD)
    assert f"{model:.1f} K" in told.sentence


def test_one_that_is_worse_than_persistence_foretells_nothing(room):
    bad = judged(room, 3.0, 2.0)
    assert predict(room, HOUR, now=room.measured_at) is not None
    assert predict(bad, HOUR, now=room.measured_at) is None
    assert linearise(bad, HOUR, now=room.measured_at) is None


def test_what_was_hardly_heated_is_too_uncertain(tank):
    assert tank.tank is not None
    doubt = replace(tank.tank, covariance=((1e5, 0.0), (0.0, 1.0)))
    assert assess(replace(tank, tank=doubt)).reason is QualityReason.TOO_UNCERTAIN
