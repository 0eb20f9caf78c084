"""`evenload replay` as a person or a program runs it."""

import json

import pytest
from typer.testing import CliRunner

from evenload.cli.app import app_for
from tests.unit.simulate.histories import SITE, lived, write_export


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("replay")
    (folder / "house.yaml").write_text(SITE, encoding="utf-8")
    write_export(folder / "history.csv", lived(seconds=4500))
    return folder


@pytest.fixture
def ran(folder, monkeypatch):
    monkeypatch.chdir(folder)

    def run(*arguments: str):
        given = ("replay", *arguments)
        return CliRunner().invoke(app_for(given), given)

    return run


def test_it_says_what_evenload_would_have_done_and_what_cannot_be_known(ran):
    result = ran("house.yaml", "history.csv")
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    assert "Evenload would have made loads yield" in text
    assert "Wallbox (solar)" in text
    assert "would have been another" in text
    assert result.stderr == "", "progress is for terminals only"


def test_json_and_a_page(ran, folder):
    result = ran("house.yaml", "history.csv", "--json", "--report", "out.html")
    data = json.loads(result.stdout)
    assert data["fuse"]["overload_seconds"] > 0
    assert data["loads"]["car"]["lowered_kwh"] > 0
    assert "Wallbox, and why" in (folder / "out.html").read_text(encoding="utf-8")


def test_a_part_of_the_day_by_the_clock_of_the_house(ran):
    whole = json.loads(ran("house.yaml", "history.csv", "--json").stdout)
    part = json.loads(
        ran(
            "house.yaml", "history.csv", "--json",
            "--from", "2026-06-15T12:30", "--until", "2026-06-15T13:00",
        ).stdout
    )  # fmt: skip
    assert part["start"].startswith("2026-06-15T12:30")
    assert part["seconds"] <= 1800 < whole["seconds"]


def test_an_entity_that_was_not_recorded_is_named(ran, folder):
    more = SITE.replace("  solar: sensor.solar\n", "  solar: sensor.elsewhere\n")
    (folder / "more.yaml").write_text(more, encoding="utf-8")
    assert "sensor.elsewhere" in ran("more.yaml", "history.csv").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("house.yaml", "nothing.csv"), "nothing.csv: (document): cannot be read"),
        (("nothing.yaml", "history.csv"), "nothing.yaml"),
        (("house.yaml", "house.yaml"), "begins with the columns"),
        (("house.yaml", "history.csv", "--from", "noon"), "--from: given noon"),
        (("house.yaml", "history.csv", "--until", "2020-01-01"), "between those moments"),
        (("house.yaml", "history.csv", "--report", "no/where.html"), "there is no directory"),
    ],
)
def test_what_makes_no_sense_is_refused(ran, arguments, said):
    result = ran(*arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
