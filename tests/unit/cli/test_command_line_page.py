"""The examples in docs/reference/command-line.md are what the commands print."""

import re
from pathlib import Path

import pytest

from tests.unit.cli.runs import run

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(
    r"^```console\n\$ evenload ([^\n]+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL
)
WIDTH = 100


def house() -> str:
    """Return the site file that the page shows."""
    found = re.search(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def printed(arguments: str) -> str:
    """Return what a command prints, without the blanks that tables end their lines with."""
    result = run(*arguments.split(), width=WIDTH)
    return "\n".join(line.rstrip() for line in result.output.rstrip().splitlines()) + "\n"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("house.yaml").write_text(house(), encoding="utf-8")
    broken = house().replace("fuse: 25", "fuse: 25 A").replace("mode: eco", "mode: echo")
    Path("broken.yaml").write_text(broken, encoding="utf-8")


def test_there_are_examples():
    assert len(EXAMPLES) == 4


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("arguments", "shown"), EXAMPLES, ids=[each[0] for each in EXAMPLES])
def test_an_example_prints_what_the_page_shows(arguments, shown):
    assert printed(arguments) == shown
