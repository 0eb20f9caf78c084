"""The report is one file that keeps every spike and says why each load had what it had."""

import json
import re

import pytest

from evenload.model.allocation import Reason
from evenload.model.decision import LoadDecision
from evenload.simulate.plant import Plant
from evenload.simulate.record import Recorder, Series, Stretch
from evenload.simulate.report import page
from evenload.simulate.report.reasons import COLOURS, merged
from evenload.simulate.run import run
from evenload.simulate.scenario import read_house
from evenload.simulate.strategies import Evenload
from tests.unit.simulate.strategies import Scripted


def stretch(begin: int, end: int, reason: Reason) -> Stretch:
    decision = LoadDecision(setpoint=0, current=0, power=0, draw_power=0, reason=reason)
    return Stretch(begin=begin, end=end, decision=decision)


def test_a_bucket_keeps_its_lowest_and_highest_in_the_order_they_came():
    series = Series(lambda: 0.0)
    for values in ([1.0, 9.0, -4.0, 2.0], [5.0, 7.0]):
        series.pending.extend(values)
        series.close()
    assert list(series.values) == [9.0, -4.0, 5.0, 7.0]


def test_short_stretches_give_way_to_what_lasted_longest():
    given = [
        stretch(0, 100, Reason.SURPLUS),
        stretch(100, 102, Reason.FULL),
        stretch(102, 109, Reason.HOLDING),
        stretch(109, 112, Reason.FULL),
        stretch(112, 300, Reason.RESTING),
    ]
    found = [(each.begin, each.end, each.decision.reason) for each in merged(given, 10)]
    assert found == [
        (0, 100, Reason.SURPLUS),
        (100, 112, Reason.HOLDING),
        (112, 300, Reason.RESTING),
    ]


def test_every_reason_has_a_colour_of_its_own():
    assert set(COLOURS) == set(Reason)
    assert len(set(COLOURS.values())) == len(COLOURS)


@pytest.fixture(scope="module")
def outcome():
    plant = Plant(read_house("demo-house"))
    return run(plant, Evenload(), seconds=1800, record=True)


def recorder_of(outcome) -> Recorder:
    assert outcome.recorder is not None
    return outcome.recorder


def figure_in(text: str) -> dict:
    found = re.search(
        r'<script type="application/json" id="figure">(.*?)</script>', text, re.DOTALL
    )
    assert found is not None
    return json.loads(found[1])


def test_it_stands_alone(outcome):
    text = page(outcome, recorder_of(outcome), title="demo-house")
    body = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"""(src|href)=["'](https?:)?//""", body)
    assert len(text) < 12e6


def test_it_draws_everything_there_is(outcome):
    figure = figure_in(page(outcome, recorder_of(outcome), title="demo-house"))
    titles = " ".join(each["text"] for each in figure["layout"]["annotations"])
    for word in (
        "Phase A",
        "Phase C",
        "Power",
        "Car",
        "Boiler",
        "Surplus",
        "charge",
        "Temp",
        "Cost",
    ):
        assert word in titles
    bands = sum(trace["type"] == "heatmap" for trace in figure["data"])
    assert bands == len(outcome.plant.devices) >= 2


def test_it_says_in_words_why_a_load_has_what_it_has(outcome):
    figure = figure_in(page(outcome, recorder_of(outcome), title="demo-house"))
    bands = [trace for trace in figure["data"] if trace["type"] == "heatmap"]
    sentences = [text for band in bands for text in band["text"][0]]
    assert sentences
    assert all(
        re.match(r"\d\d:\d\d(:\d\d)? to \d\d:\d\d(:\d\d)?<br>\w", text) for text in sentences
    )
    assert any("surplus" in text for text in sentences)


def test_a_title_is_text_and_no_markup(outcome):
    text = page(outcome, recorder_of(outcome), title="<img src=x>.yaml")
    assert "<img" not in re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)


def test_a_run_without_reasons_is_drawn_too():
    plant = Plant(read_house("terrace-house"))
    outcome = run(plant, Scripted({0: {"boiler": 2000.0}}), seconds=600, record=True)
    assert "terrace" in page(outcome, recorder_of(outcome), title="terrace")
