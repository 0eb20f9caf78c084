"""The tutorial about the simulator works as it is written, only shorter."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evenload.cli.app import app_for

PAGE = Path("docs/tutorial/your-house-in-the-simulator.md")


def blocks(text: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def text(root: Path) -> str:
    return (root / PAGE).read_text(encoding="utf-8")


@pytest.fixture
def commands(text: str) -> list[list[str]]:
    lines = "\n".join(blocks(text, "sh")).replace("\\\n", " ").splitlines()
    return [shlex.split(line) for line in lines if line.strip()]


def shortened(arguments: list[str]) -> list[str]:
    """Return what follows `evenload`, for a run of half an hour."""
    at = arguments.index("--days") if "--days" in arguments else None
    kept = arguments if at is None else arguments[:at] + arguments[at + 2 :]
    return [*kept, "--days", "0.02"]


def test_each_simulation_runs_and_writes_its_report(text, commands, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-house.yaml").write_text(blocks(text, "yaml")[0], encoding="utf-8")
    ran = [words[3:] for words in commands if words[:3] == ["uv", "run", "evenload"]]
    assert len(ran) >= 5
    for arguments in map(shortened, ran):
        result = CliRunner().invoke(app_for(arguments), arguments)
        naive = "naive" in arguments
        assert result.exit_code == (1 if naive else 0), result.output
        assert ("tripped" in result.output) is naive
        if "--report" in arguments:
            report = tmp_path / arguments[arguments.index("--report") + 1]
            assert "<html" in report.read_text(encoding="utf-8")


def test_what_it_copies_is_there(root, commands):
    (copy,) = (words for words in commands if words[0] == "cp")
    assert (root / copy[1]).is_file()


def test_every_other_command_is_a_program_of_the_repository(root, commands):
    others = [words for words in commands if words[:3] == ["uv", "run", "python"]]
    assert others
    assert all((root / words[3]).is_file() for words in others)
