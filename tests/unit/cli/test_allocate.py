"""`evenload allocate`: its tables, its JSON, and what it does with files that are not right."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evenload.cli.tables import headroom, use_share
from evenload.model.allocation import LimitUse
from tests.unit.cli.runs import EXAMPLE, run


@pytest.fixture
def house(tmp_path: Path) -> str:
    file = tmp_path / "house.yaml"
    file.write_text(EXAMPLE, encoding="utf-8")
    return str(file)


def test_json_is_as_documented(house):
    result = run("allocate", house, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert list(answer) == ["loads", "limits", "pools"]
    assert answer["loads"]["left"] == {
        "current": 6.0, "power": 4140.0, "reason": "minimum", "by": None,
    }  # fmt: skip
    assert answer["loads"]["right"] == {
        "current": 8.0, "power": 1840.0, "reason": "limited", "by": "garage/A",
    }  # fmt: skip
    assert answer["loads"]["boiler"] == {
        "current": 0.0, "power": 0.0, "reason": "waiting_for_surplus", "by": None,
    }  # fmt: skip
    assert answer["limits"]["main/A"] == {"base": -9.3, "allocated": 14.0, "limit": 25.0}
    assert answer["limits"]["garage/B"]["base"] == 0.1
    assert answer["pools"] == {"surplus": 800.0, "excess": -2200.0}


def test_one_object_for_each_file_and_line(house):
    result = run("allocate", house, house, "--json")
    lines = result.stdout.splitlines()
    assert len(lines) == 2
    assert json.loads(lines[0]) == json.loads(lines[1])


def test_the_table_says_who_gets_what_and_why(house):
    shown = run("allocate", house).stdout
    assert house in shown
    lines = {line.split()[0]: line for line in shown.splitlines() if line.strip()}
    assert "Left stays at its minimum, 6 A, until there is surplus for more." in lines["left"]
    assert "1.84 kW" in lines["right"]
    assert "Right gets 8 A, and no more fits: garage, phase A." in lines["right"]
    assert "Hot water waits for more surplus; its minimum is 2 kW." in lines["Hot"]
    assert "surplus 800 W, excess -2.2 kW" in shown


def test_the_table_shows_how_full_each_limit_is(house):
    shown = run("allocate", house).stdout
    full = next(line for line in shown.splitlines() if line.startswith("garage, phase A"))
    assert full.split()[3:] == ["6", "A", "14", "A", "20", "A", "0", "A", "█" * 16, "100%"]
    assert "the number of plugs wallbox may use at once" in shown


def test_what_is_piped_has_no_colours(house):
    result = subprocess.run(
        [sys.executable, "-m", "evenload", "allocate", house], capture_output=True, check=True
    )
    assert b"\x1b" not in result.stdout


def test_a_narrow_terminal_gets_lists(house):
    shown = run("allocate", house, width=40).stdout
    assert max(len(line) for line in shown.splitlines()) <= max(40, len(house))
    assert "right (standard): 8 A" in shown
    assert "garage, phase A: 100% of 20 A" in shown


def test_a_terminal_without_unicode_gets_plain_bars_and_escaped_names(tmp_path):
    file = tmp_path / "house.yaml"
    file.write_text(EXAMPLE.replace("Hot water", "Küche"), encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "evenload", "allocate", str(file)],
        capture_output=True,
        check=True,
        env={"PYTHONIOENCODING": "ascii", "COLUMNS": "120"},
    )
    assert b"#" * 16 + b" 100%" in result.stdout
    assert rb"K\xfcche" in result.stdout


def test_markup_in_a_name_is_shown_as_it_is(tmp_path):
    file = tmp_path / "house.yaml"
    file.write_text(EXAMPLE.replace("Hot water", '"[red]x[/red]"'), encoding="utf-8")
    assert "[red]x[/red]" in run("allocate", str(file)).stdout


def test_standard_input_is_a_dash():
    result = run("allocate", "-", "--json", text=EXAMPLE)
    assert json.loads(result.stdout)["loads"]["right"]["current"] == 8.0
    refused = run("allocate", "-", text="site: {}")
    assert refused.stderr.startswith("standard input: site.fuse: missing")
    assert refused.exit_code == 2


def test_a_bad_file_is_refused_with_every_finding_and_the_others_are_done(house, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("site: {fuse: 25A, margin: -1}\nreadings: {}", encoding="utf-8")
    none = tmp_path / "none.yaml"
    result = run("allocate", str(bad), str(none), str(tmp_path), house, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["loads"]["left"]["current"] == 6.0
    assert result.stderr.splitlines() == [
        f"{bad}: site.fuse: given '25A'; expected a number, without quotes or unit; did you mean 25?",
        f"{bad}: site.margin: given -1; expected 0 to 10000 A",
        f"{bad}: readings.grid.A: missing; expected a current on each phase [A]",
        f"{bad}: readings.grid.B: missing; expected a current on each phase [A]",
        f"{bad}: readings.grid.C: missing; expected a current on each phase [A]",
        f"{none}: (document): cannot be read, No such file or directory; expected a readable file",
        f"{tmp_path}: (document): cannot be read, Is a directory; expected a readable file",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"site: {fuse: 25}", "readings: missing"),
        (b"site: [", "line 1, column 8: while parsing a flow node"),
        (b"\xff\xfe", "line 1, column 1: byte 0xff is not UTF-8"),
        (b"", "(document): nothing is given"),
    ],
)
def test_whatever_a_file_holds_there_is_no_traceback(content, words, tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_bytes(content)
    result = run("allocate", str(file))
    assert result.exit_code == 2
    assert words in result.stderr
    assert isinstance(result.exception, SystemExit)


def test_without_a_file_the_usage_is_shown():
    result = run("allocate")
    assert result.exit_code == 2
    assert "FILE" in result.stderr


def test_the_headroom_of_a_limit():
    assert headroom("main/A", LimitUse(base=-9, allocated=5, limit=20)) == 24
    assert headroom("unbalance/AB", LimitUse(base=-9, allocated=-1, limit=20)) == 10


def test_the_used_share_of_a_limit():
    assert use_share("main/A", LimitUse(base=5, allocated=5, limit=20)) == 0.5
    assert use_share("main/A", LimitUse(base=-9, allocated=5, limit=20)) == 0.0
    assert use_share("unbalance/AB", LimitUse(base=-9, allocated=-1, limit=20)) == 0.5
    assert use_share("import", LimitUse(base=0, allocated=0, limit=0)) == 0.0
    assert use_share("import", LimitUse(base=10, allocated=0, limit=0)) == 1.0
