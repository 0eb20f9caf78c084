"""What the tests of the repository's own files share."""

import json
import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def integration(root: Path) -> Path:
    return root / "custom_components" / "evenload"


@pytest.fixture(scope="session")
def committed(root: Path) -> tuple[Path, ...]:
    """The files that the repository consists of, as far as they still stand in the checkout."""
    listed = subprocess.run(
        ("git", "ls-files", "-z"), cwd=root, check=True, capture_output=True, text=True
    )
    paths = (root / name for name in listed.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


@pytest.fixture(scope="session")
def translations(integration: Path) -> dict[str, object]:
    return json.loads((integration / "translations" / "en.json").read_text(encoding="utf-8"))
