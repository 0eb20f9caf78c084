"""`evenload thermal fit` as a person or a program runs it."""

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from evenload.cli.app import app_for
from tests.unit.thermal.houses import BOILER, room_days, tank_days


def moment(sample):
    return datetime.fromtimestamp(sample.at, UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A boiler and a house, in the forms that people have them in."""
    folder = tmp_path_factory.mktemp("thermal")
    boiler = tuple(tank_days(4))
    rows = [f"{moment(each).isoformat()},{each.temperature:.2f},{each.power:g}" for each in boiler]
    (folder / "boiler.csv").write_text("\n".join(["time,temperature,power", *rows]))
    rows = [
        f"{moment(each):%Y-%m-%d %H:%M};{each.temperature * 1.8 + 32:.2f};{each.power / 1000:g}"
        for each in boiler
    ]
    text = "\n".join(["Time;Water;Rod", *rows]).replace(".", ",")
    (folder / "american.csv").write_text(text)
    (folder / "history.csv").write_text("\n".join(export(boiler)))
    house = room_days(3)
    rows = [
        f"{each.at},{'' if each.temperature is None else each.temperature},{each.power},{each.outdoor}"
        for each in house
    ]
    (folder / "house.csv").write_text("\n".join(["time,temperature,power,outdoor", *rows]))
    return folder


def export(samples):
    """Yield what the history panel downloads: entity by entity, changes only."""
    yield "entity_id,state,last_changed"
    for entity, state in (
        ("sensor.boiler", lambda each: f"{each.temperature:.1f}"),
        ("switch.boiler", lambda each: "on" if each.power else "off"),
    ):
        last = None
        for each in samples:
            if state(each) != last:
                last = state(each)
                yield f"{entity},{last},{moment(each).isoformat()}"


@pytest.fixture
def ran(folder, monkeypatch):
    monkeypatch.chdir(folder)

    def run(*arguments: str):
        given = ("thermal", "fit", *arguments)
        return CliRunner().invoke(app_for(given), given)

    return run


ENTITIES = ("--temperature", "sensor.boiler", "--power", "switch.boiler", "--rated", "2000")
AMERICAN = ("--temperature", "Water", "--power", "Rod")


@pytest.mark.parametrize(
    "arguments",
    [
        ("boiler.csv",),
        ("american.csv", *AMERICAN, "--unit", "temperature=F", "--unit", "power=kW"),
        ("history.csv", *ENTITIES),
    ],
    ids=["a plain table", "other units, names and commas", "Home Assistant's history"],
)
def test_a_boiler_is_fitted_in_whatever_form_it_comes(ran, arguments):
    result = ran(*arguments, "--kind", "tank", "--ambient", "19", "--json")
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert data["structure"] == "tank"
    for name, truth in BOILER.items():
        assert data["parameters"][name]["value"] == pytest.approx(truth, rel=0.15), name
    assert data["errors"]["21600"]["model"] < data["errors"]["21600"]["persistence"]
    assert data["usable"]


def test_a_person_reads_the_verdict_first(ran):
    result = ran("boiler.csv", "--kind", "tank", "--ambient", "19")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("boiler.csv, 4.0 days")
    assert "Six hours ahead it errs by" in lines[1]
    assert any(line.startswith("heat loss") and "W/K" in line for line in lines)


def test_the_page_has_everything_inside(ran, folder):
    result = ran("house.csv", "--report", "house.html")
    assert result.exit_code == 0, result.output
    text = (folder / "house.html").read_text(encoding="utf-8")
    assert "Plotly.newPlot" in text
    assert "foretold" in text
    assert 'src="http' not in text


def test_every_bad_cell_is_named_with_its_line_and_column(ran, folder):
    rows = (
        "2026-01-01,warm,0,3",
        "soon,20,0,3",
        "2026-01-02,20,on,3",
        "2026-01-01,20,0,3",
        "2026-01-03,20",
    )
    (folder / "bad.csv").write_text("\n".join(["time,temperature,power,outdoor", *rows]))
    result = ran("bad.csv")
    assert result.exit_code == 2
    said = result.stderr.splitlines()
    assert said[0].startswith("bad.csv: line 2, column temperature: given 'warm'")
    assert said[1].startswith("bad.csv: line 3, column time: given 'soon'")
    assert said[2].startswith("bad.csv: line 4, column power: given 'on'")
    assert "--rated" in said[2]
    assert said[3].startswith("bad.csv: line 5, column time: is not after")
    assert said[4].startswith("bad.csv: line 6, column 2: is the last")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere.csv",), "cannot be read"),
        (("boiler.csv",), "a room needs the temperature outside"),
        (("boiler.csv", "--sun", "roof"), "a column roof"),
        (("boiler.csv", "--unit", "power=hp"), "expected ROLE=UNIT"),
        (("boiler.csv", "--time-zone", "Moon"), "expected a time zone"),
        (("boiler.csv", "--report", "no/where.html"), "there is no directory"),
        (("history.csv",), "is a history of Home Assistant; expected --power"),
        (("history.csv", *ENTITIES[:3], "sensor.x"), "holds nothing of sensor.x"),
    ],
)
def test_what_cannot_be_used_says_what_would_be_right(ran, arguments, said):
    result = ran(*arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


def test_a_few_hours_are_too_little(ran, folder):
    lines = (folder / "boiler.csv").read_text().splitlines()
    (folder / "short.csv").write_text("\n".join(lines[:60]))
    result = ran("short.csv", "--kind", "tank")
    assert result.exit_code == 2
    assert "a day of them at least" in result.stderr
