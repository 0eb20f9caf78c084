"""`evenload simulate` as a person or a program runs it."""

import json

import pytest
from typer.testing import CliRunner

from evenload.cli.app import app_for

SHORT = ("--days", "0.02")


def ran(*arguments: str):
    given = ("simulate", *arguments)
    return CliRunner().invoke(app_for(given), given)


def test_it_says_what_came_of_the_run():
    result = ran("terrace-house", *SHORT)
    assert result.exit_code == 0
    assert "The main fuse held" in result.stdout
    assert "Wallbox" in result.stdout
    assert result.stderr == "", "progress is for terminals only"


def test_it_prints_one_json_object():
    result = ran("demo-house", *SHORT, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["seconds"] == 1728


def test_a_trip_that_loads_caused_is_a_failure():
    result = ran("terrace-house", *SHORT, "--strategy", "naive")
    assert result.exit_code == 1
    assert "The main fuse tripped on day 1" in result.stdout
    assert "Without managed loads it would have held." in " ".join(result.stdout.split())


def test_it_takes_changes():
    result = ran("terrace-house", *SHORT, "--strategy", "naive", "--set", "site.fuse=63", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["fuse"]["trips"] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no-such.yaml",), "no-such.yaml: (document): cannot be read"),
        (("terrace-house", "--set", "site.fusee=3"), "site.fusee: unknown key"),
        (("terrace-house", "--set", "fuse"), "KEY=VALUE"),
        (
            (
                "terrace-house",
                "--set",
                "plant.household={source: csv, path: x.csv, columns: {A: w}}",
            ),
            "plant.household.path",
        ),
        (("terrace-house", "--strategy", "wishful"), "--strategy: given wishful"),
        (("terrace-house", "--days", "-1"), "--days"),
        (("terrace-house", "--report", "/no/such/place/report.html"), "--report"),
    ],
)
def test_bad_input_is_refused_before_anything_runs(arguments, said):
    result = ran(*arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_a_directory_is_no_report(tmp_path):
    result = ran("terrace-house", *SHORT, "--report", str(tmp_path))
    assert result.exit_code == 2
    assert "--report" in result.stderr
