"""`evenload compare` as a person or a program runs it."""

import json

import pytest
from typer.testing import CliRunner

from evenload.cli.app import app_for
from evenload.simulate.scenario import scenario_names

ALONE = ("--jobs", "1")
NOON = ("--set", "plant.start=2026-06-15T13:00", "--days", "0.04")


def ran(*arguments: str):
    given = ("compare", *arguments)
    return CliRunner().invoke(app_for(given), given)


def test_one_table_holds_all_strategies_and_the_bound():
    result = ran(
        "terrace-house", *NOON, "--with", "static,evcc_style,juggler_style", "--bound", *ALONE
    )
    assert result.exit_code == 0, result.output
    header = next(line for line in result.stdout.splitlines() if "evenload" in line)
    assert header.split() == [
        "strategy",
        "evenload",
        "static",
        "evcc_style",
        "juggler_style",
        "bound",
    ]
    gain = next(
        line for line in result.stdout.splitlines() if line.startswith("net solar gain, kWh")
    )
    *others, most = map(float, gain.split()[4:])
    assert len(others) == 4
    assert max(others) <= most + 0.02
    assert result.stderr == "", "progress is for terminals only"


def test_json_has_every_figure_and_the_bound_holds_in_it():
    result = ran("terrace-house", *NOON, "--with", "evcc_style", "--bound", "--json", *ALONE)
    data = json.loads(result.stdout)
    assert list(data["strategies"]) == ["evenload", "evcc_style"]
    for each in data["strategies"].values():
        assert each["result"]["seconds"] == 3456
        assert each["summary"]["net_solar_gain"] <= data["bound"]["net_solar_gain_kwh"] + 0.02
        assert each["least_cost"] <= each["summary"]["cost"] + 0.01


def test_the_same_seed_gives_every_strategy_the_same_house():
    result = ran(
        "terrace-house", *NOON, "--with", "static,naive", "--set", "site.fuse=63", "--json"
    )
    data = json.loads(result.stdout)
    suns = {each["result"]["energy"]["solar_kwh"] for each in data["strategies"].values()}
    assert len(suns) == 1
    assert data["bound"] is None


def test_as_many_processes_as_asked_for_change_nothing():
    one, two = (
        json.loads(ran("terrace-house", *NOON, "--with", "static", "--json", "--jobs", jobs).stdout)
        for jobs in ("1", "2")
    )
    for data in (one, two):
        for each in data["strategies"].values():
            del each["result"]["control"]
    assert one == two


def test_a_trip_is_seen_and_has_no_least_cost():
    morning = ("--days", "0.02")
    result = ran("terrace-house", *morning, "--with", "naive", "--bound", *ALONE)
    assert result.exit_code == 0
    assert "naive tripped a fuse" in result.stdout
    least = next(line for line in result.stdout.splitlines() if line.startswith("least cost"))
    assert least.split()[-1] == "-"


@pytest.mark.parametrize("scenario", [name for name in scenario_names() if name != "car-park"])
def test_every_shipped_scenario_can_be_compared_and_bounded(scenario):
    short = ("--set", "plant.start=2026-06-15T12:00", "--days", "0.003")
    result = ran(scenario, *short, "--with", "evcc_style", "--bound", "--json", *ALONE)
    assert result.stderr == ""
    data = json.loads(result.stdout)
    gains = [each["summary"]["net_solar_gain"] for each in data["strategies"].values()]
    loads = data["strategies"]["evenload"]["result"]["loads"]
    assert max(gains) <= data["bound"]["net_solar_gain_kwh"] + 0.01 * len(loads)


def test_a_car_park_can_be_compared():
    result = ran("car-park", "--days", "0.002", "--with", "static,juggler_style", *ALONE)
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no-such.yaml",), "no-such.yaml: (document): cannot be read"),
        (("terrace-house", "--with", "wishful"), "--with: given wishful; expected evenload"),
        (("terrace-house", "--with", "evcc-style"), "did you mean evcc_style?"),
        (("terrace-house", "--set", "site.fusee=3"), "site.fusee: unknown key"),
        (("terrace-house", "--jobs", "0"), "--jobs"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, said):
    result = ran(*arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
