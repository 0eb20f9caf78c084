"""A reader of the report learns what was wrong, when, and why loads had what they had.

What is looked at is the page itself: the list of what happened, and the sentences on the bands behind
each load.
"""

import html
import json
import re
from dataclasses import dataclass

from evenload.simulate.plant import Plant
from evenload.simulate.report import page
from evenload.simulate.run import run
from evenload.simulate.scenario import read_house
from evenload.simulate.strategies import Evenload

CHARGING = (
    "plant.start=2026-06-15T17:00",
    "plant.fuse.rating=63",
    "plant.household.appliance_interval=240",
    "plant.devices.car.soc=20",
    "chargers.wallbox.plugs.car.mode=standard",
    "loads.boiler.mode=off",
)
"""A car charges beside a household that moves, and nothing trips."""

HEATING = (
    "plant.start=2026-06-15T17:00",
    "chargers.wallbox.plugs.car.mode=off",
    "loads.boiler.mode=standard",
    "plant.devices.boiler.volume=20",
    "plant.devices.boiler.loss=25",
)
"""A small tank that loses much switches a load of 9 A every few minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the list of what happened."""

    time: str
    side: str
    text: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a page says in words."""

    lines: tuple[Line, ...]
    bands: tuple[str, ...]
    """On the bands of reasons, in order, each with its times."""

    def line(self, words: str) -> Line:
        """Return the one line that says so."""
        (found,) = (each for each in self.lines if words in each.text)
        return found


def reported(*changes: str, seconds: int) -> Report:
    outcome = run(
        Plant(read_house("terrace-house", changes)), Evenload(), seconds=seconds, record=True
    )
    assert outcome.recorder is not None
    text = page(outcome, outcome.recorder, title="terrace-house")
    figure = json.loads(_inside(text, '<script type="application/json" id="figure">', "</script>"))
    bands = [trace for trace in figure["data"] if trace["type"] == "heatmap"]
    return Report(
        lines=tuple(_lines(_inside(text, '<ol class="events">', "</ol>"))),
        bands=tuple(
            html.unescape(said.replace("<br>", " ")) for band in bands for said in band["text"][0]
        ),
    )


def _inside(text: str, begin: str, end: str) -> str:
    return text.split(begin, 1)[1].split(end, 1)[0]


def _lines(listed: str):
    pattern = r"<li class=\"\w+\"><button[^>]*>(.*?)</button><b>(\w+)</b> (.*?)((?:<small>.*?</small>)*)</li>"
    for time, side, text, small in re.findall(pattern, listed):
        details = tuple(html.unescape(each) for each in re.findall(r"<small>(.*?)</small>", small))
        yield Line(time=time, side=side, text=html.unescape(text), details=details)


def test_a_frozen_meter():
    report = reported(
        *CHARGING,
        "plant.faults=[{kind: meter_frozen, at: '17:10', duration: 900}]",
        seconds=2400,
    )
    broke = report.line("The grid meter goes on reporting what it last measured.")
    assert (broke.side, broke.time) == ("broke", "17:10:00, for 0:15:00")
    seen = report.line("The values of the grid meter stand still though loads changed.")
    assert seen.side == "noticed"
    assert "17:10:00" < seen.time < "17:14:00"
    safe = report.line("The grid meter cannot be trusted; loads have only what is safe without it.")
    assert any(
        detail.startswith("The grid meter cannot be trusted, so Wallbox") for detail in safe.details
    )
    assert any("The grid meter cannot be trusted, so Wallbox" in said for said in report.bands)


def test_a_reversed_phase():
    report = reported(*HEATING, "plant.meter.reversed=[A]", seconds=3600)
    broke = report.line("The current transformer of phase A is mounted backwards")
    assert (broke.side, broke.time) == ("broke", "17:00:00, to the end")
    seen = report.line("What loads draw makes the grid meter fall instead of rise")
    assert seen.side == "noticed"
    assert any("so Boiler is off until it can." in said for said in report.bands)


def test_a_charger_that_ignores_its_limit():
    report = reported(
        *CHARGING,
        "plant.faults=[{kind: charger_deaf, at: '17:10', duration: 900}]",
        seconds=2400,
    )
    broke = report.line("Every charger reports, and ignores every command.")
    assert (broke.side, broke.time) == ("broke", "17:10:00, for 0:15:00")
    seen = report.line("Wallbox does not follow its commands")
    assert seen.side == "noticed"
    assert "17:10:00" < seen.time < "17:20:00"
    assert any("does not follow its commands" in said for said in report.bands)


def test_a_restart_in_mid_charge():
    report = reported(
        *CHARGING,
        "plant.household.appliance_interval=100000",
        "plant.faults=[{kind: home_assistant_gone, at: '17:10', duration: 30}]",
        seconds=1200,
    )
    gone = report.line("Home Assistant is gone: nobody decides.")
    assert (gone.side, gone.time) == ("broke", "17:10:00, for 0:00:30")
    waits = report.line("Waiting for the grid meter to report twice; until then nothing is raised.")
    assert waits.side == "noticed"
    assert any(re.match(r"Wallbox .*\b\d+ A\b", detail) for detail in waits.details), "it goes on"
