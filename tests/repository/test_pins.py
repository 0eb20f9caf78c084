"""A checkout gets the same versions everywhere, without naming where packages come from."""

import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("debian", "org"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
    )
)
"""In parts, so that this file does not name them either."""


@pytest.fixture(scope="module")
def pins(root: Path) -> dict[str, Requirement]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    requirements = map(Requirement, project["tool"]["uv"]["constraint-dependencies"])
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def declared(root: Path) -> Iterator[Requirement]:
    """Yield every requirement that pyproject.toml declares, in whatever group or extra."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    lists = [
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    for entry in (entry for entries in lists for entry in entries):
        if isinstance(entry, str):
            yield Requirement(entry)


def installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def needs(requirement: Requirement) -> Iterator[Requirement]:
    """Yield what an installed requirement needs in turn, on this machine."""
    found = installed(requirement.name)
    for line in (found.requires or ()) if found is not None else ():
        needed = Requirement(line)
        environments = [
            default_environment() | {"extra": extra} for extra in requirement.extras or {""}
        ]
        if needed.marker is None or any(needed.marker.evaluate(each) for each in environments):
            yield needed


def closure(requirements: Iterator[Requirement]) -> set[str]:
    """Return the names of all that these requirements bring with them, themselves included."""
    waiting, seen = list(requirements), set[str]()
    while waiting:
        requirement = waiting.pop()
        if str(requirement) not in seen:
            seen.add(str(requirement))
            waiting.extend(needs(requirement))
    return {canonicalize_name(Requirement(each).name) for each in seen} - {"evenload"}


def test_every_dependency_is_pinned_to_one_version_and_installed_at_it(root, pins):
    names = closure(declared(root))
    assert len(names) > 100, "Home Assistant alone brings more: the closure was not followed"
    at = {name: found.version for name in names if (found := installed(name)) is not None}
    wrong = {
        name: version
        for name, version in at.items()
        if name not in pins or str(pins[name].specifier) != f"=={version}"
    }
    assert not wrong, "run scripts/pin_versions.py, then uv sync"


def test_every_pin_names_exactly_one_version(pins):
    assert all(str(pin.specifier).startswith("==") and "*" not in str(pin) for pin in pins.values())


def test_no_committed_file_names_a_package_registry(root, committed):
    naming = [
        f"{path.relative_to(root)}: {host}"
        for path in committed
        for host in REGISTRY_HOSTS
        if host.encode() in path.read_bytes()
    ]
    assert not naming


def test_the_lock_file_with_its_index_address_stays_out_of_the_repository(root, committed):
    assert root / "uv.lock" not in committed
