"""The worked example of docs/explanation/detection.md."""

import math

import pytest

from evenload.detect.evidence import DEVIATION, _score
from evenload.detect.nouns import Row, Step
from evenload.detect.windows import Meter, View

STEP = Step(
    load="car",
    changes=(10.0,),
    rest_since=0.0,
    begun_at=10.0,
    done_at=11.0,
    halves=((10.0, 11.0),),
)
ROWS = [
    Row(at=float(at), currents=(0.0, 0.0, 0.0), solar_current=0.0, battery_current=0.0)
    for at in range(20)
]
SEEN = View(shown=(0.1, 9.7, -2.0), noise=(0.3, 0.3, 0.3), first=5, last=15, before=(0.0, 0.0, 0.0))


@pytest.mark.parametrize(
    ("phase", "sign", "expected"), [(0, 1.0, -5.6), (1, -1.0, -1.4), (2, 1.0, -3.5)]
)
def test_it_gives_what_the_page_says(phase: int, sign: float, expected: float) -> None:
    score = _score(Meter.of(ROWS), SEEN, STEP, leg=0, phase=phase, expected=sign * 10.0, lag=0.0)
    assert score == pytest.approx(expected, abs=0.05)


def test_what_was_shown_in_size_and_in_time_scores_higher_still() -> None:
    rows = [
        Row(
            at=float(at),
            currents=(0.0, 9.7 if at >= 11 else 0.0, 0.0),
            solar_current=0.0,
            battery_current=0.0,
        )
        for at in range(20)
    ]
    noise = math.hypot(0.3, DEVIATION * 10.0)
    by_size = math.log1p((9.7 / noise) ** 2) - math.log1p((0.3 / noise) ** 2)
    assert by_size == pytest.approx(5.4, abs=0.05)
    in_time, late = (
        _score(Meter.of(rows), SEEN, STEP, leg=0, phase=1, expected=10.0, lag=lag)
        for lag in (0.0, 6.0)
    )
    assert in_time > by_size > late
