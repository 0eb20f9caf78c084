"""The command line as a whole: quick help, one command at a time, clear words where something lacks."""

import subprocess
import sys

import pytest

from evenload import __version__
from evenload.cli.app import COMMANDS
from tests.unit.cli.runs import run


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code in a Python of its own, where imports start from nothing."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )


def test_help_lists_every_command():
    result = run("--help")
    assert result.exit_code == 0
    for name in COMMANDS:
        assert name in result.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_listed_command_exists_and_has_help(name):
    result = run(name, "--help")
    assert result.exit_code == 0
    assert f"evenload {name}" in result.stdout


def test_the_version_is_the_packages():
    assert run("--version").stdout.strip() == __version__


def test_a_misspelt_command_is_told():
    result = run("alocate")
    assert result.exit_code == 2
    assert "Did you mean 'allocate'?" in result.stderr


def test_help_loads_none_of_what_commands_need():
    code = (
        "import sys; sys.argv = ['evenload', '--help']\n"
        "import evenload.cli\n"
        "try:\n    evenload.cli.main()\n"
        "except SystemExit:\n    pass\n"
        "print(sorted({'pydantic', 'numpy', 'plotly', 'aiohttp', 'yaml'} & set(sys.modules)))"
    )
    result = python(code)
    assert result.stdout.splitlines()[-1] == "[]", result.stderr


@pytest.mark.parametrize("package", ["typer", "rich"])
def test_a_missing_extra_is_named(package):
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "sys.argv = ['evenload', 'allocate', 'house.yaml']\n"
        "import evenload.cli; evenload.cli.main()"
    )
    result = python(code)
    assert result.returncode == 1
    assert f"needs {package}" in result.stderr
    assert "pip install 'evenload[cli]'" in result.stderr
    assert "Traceback" not in result.stderr


def test_it_runs_as_a_module():
    result = subprocess.run(
        [sys.executable, "-m", "evenload", "--version"], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == __version__
