"""The release zip is all that somebody's own Home Assistant needs."""

import asyncio
import json
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import AsyncIterator, Container, Iterable
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import aiohttp
import homeassistant
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from evenload import __version__
from evenload.demo.checks import free_port
from evenload.demo.client import Client
from evenload.demo.configuration import LOOPBACK, write_configuration
from evenload.demo.process import Process

START_TIMEOUT = 120.0
"""How long Home Assistant may take to start and answer [s]: ten times what two idle cores need."""

LOG = "output.log"
MODULES = "modules.txt"
"""Where Home Assistant tells, as it ends, which of Evenload's modules it had, and from where."""

OCPP = "evenload.ocpp"
"""The one part of the library that needs more than the standard library."""

ONLY = """
import sys
from importlib.machinery import PathFinder
class Guard:
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in {allowed!r}:
            return PathFinder.find_spec(name, path, target)
sys.meta_path[:] = [each for each in sys.meta_path if each is not PathFinder] + [Guard]
"""
"""Lets a process import nothing but what is listed."""

WITHOUT_THE_CHECKOUT = """
import atexit, runpy, sys

sys.path.append({packages!r})
try:
    import evenload
except ModuleNotFoundError:
    pass
else:
    sys.exit("the checkout's library can be seen, so this would show nothing")

def tell():
    with open({told!r}, "w") as file:
        file.writelines(f"{{name}} {{module.__file__}}\\n" for name, module in sys.modules.items()
                        if name.partition(".")[0] == "evenload")

atexit.register(tell)
sys.argv = ["hass", "--config", {folder!r}, "--skip-pip", "--log-no-color"]
runpy.run_path({starter!r}, run_name="__main__")
"""
"""Run with `-S`, by which nobody reads the path file of an editable install, and with `-P`, by which
the folder that the tests run in is not on the path: it has an integration of this name as well."""

A_HOUSE = """
config:
logger:
  default: warning
homeassistant:
  auth_providers:
    - type: trusted_networks
      trusted_networks: [127.0.0.1/32]
      allow_bypass_login: true
template:
  - triggers:
      - trigger: time_pattern
        seconds: "/1"
    sensor:
      - name: Grid
        unit_of_measurement: A
        state: "{{ 3 + now().second % 2 }}"
"""
"""A configuration with a meter that moves and reports every second, and hardly anything else."""

ANSWERS = {
    "user": {"fuse_current": 25, "phases": "1"},
    "sources": {
        "grid_a": "sensor.grid",
        "battery": {},
        "limits": {},
        "main_fuse": {},
        "tariff": {},
        "behaviour": {"distribution": "priority", "preset": "balanced", "meter_timeout": 30},
        "ocpp": {},
    },
    "confirm": {},
}


def build(root: Path, output: Path, *options: str) -> subprocess.CompletedProcess[str]:
    script = root / "scripts" / "build_release.py"
    return subprocess.run(
        (sys.executable, script, "--output", output, *options),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def release(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("release") / "evenload.zip"
    done = build(root, output)
    assert done.returncode == 0, done.stderr
    return output


def test_the_same_files_give_the_same_bytes(root, release, tmp_path):
    again = tmp_path / "again.zip"
    build(root, again)
    assert again.read_bytes() == release.read_bytes()


def test_one_version_stands_everywhere(root, integration):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    manifest = json.loads((integration / "manifest.json").read_text(encoding="utf-8"))
    assert project["version"] == manifest["version"] == __version__


def test_a_tag_that_is_not_the_version_is_refused(root, tmp_path):
    done = build(root, tmp_path / "wrong.zip", "--expect-version", "99.0.0")
    assert done.returncode == 1
    assert "99.0.0 in --expect-version" in done.stderr
    assert not (tmp_path / "wrong.zip").exists()


def test_the_zip_holds_the_integration_the_library_and_the_licence(root, release):
    names = zipfile.ZipFile(release).namelist()
    assert {"manifest.json", "LICENSE", "brand/icon.png", "translations/en.json"} <= set(names)
    assert {"library/evenload/__init__.py", "library/evenload/engine/__init__.py"} <= set(names)
    assert names == sorted(names)
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_the_bundled_library_imports_where_only_home_assistant_is(release, tmp_path):
    zipfile.ZipFile(release).extractall(tmp_path)
    modules = [
        ".".join(path.relative_to(tmp_path / "library").with_suffix("").parts)
        for path in sorted((tmp_path / "library").rglob("*.py"))
    ]
    assert len(modules) > 10
    names = [module.removesuffix(".__init__") for module in modules]
    alone = [name for name in names if not name.startswith(OCPP)]
    assert len(alone) < len(names), "the central system is there"
    import_in_a_new_process(tmp_path, alone, "-S")


def test_the_bundled_central_system_needs_what_home_assistant_and_the_manifest_bring(
    release, tmp_path, integration
):
    zipfile.ZipFile(release).extractall(tmp_path)
    manifest = json.loads((integration / "manifest.json").read_text(encoding="utf-8"))
    brought = brought_packages(("homeassistant", *manifest["requirements"]))
    assert "aiohttp" in brought
    assert "ocpp" in brought
    assert "pydantic" not in brought, "or this would not find what is missing"
    guard = ONLY.format(allowed=sorted({*brought, *sys.stdlib_module_names, "evenload"}))
    modules = [
        ".".join(path.relative_to(tmp_path / "library").with_suffix("").parts)
        for path in sorted((tmp_path / "library" / "evenload" / "ocpp").rglob("*.py"))
    ]
    names = [module.removesuffix(".__init__") for module in modules]
    import_in_a_new_process(tmp_path, names, program=guard)


def test_a_missing_package_would_be_found(tmp_path):
    (tmp_path / "library").mkdir()
    guard = ONLY.format(allowed=sorted(sys.stdlib_module_names))
    with pytest.raises(AssertionError, match="No module named 'pydantic'"):
        import_in_a_new_process(tmp_path, ["pydantic"], program=guard)


def import_in_a_new_process(
    folder: Path, modules: Iterable[str], *options: str, program: str = ""
) -> None:
    """Import these modules of the library unpacked in `folder`."""
    lines = [program, "import sys", f"sys.path.insert(0, {str(folder / 'library')!r})"]
    lines += [f"import {module}" for module in modules]
    done = subprocess.run(
        (sys.executable, *options, "-W", "error", "-c", "\n".join(lines)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def brought_packages(requirements: Iterable[str]) -> set[str]:
    """Return the top-level modules of these requirements and of all they need in turn."""
    found: set[str] = set()
    waiting = [Requirement(each).name for each in requirements]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in found:
            continue
        try:
            needs = distribution(name).requires or ()
        except PackageNotFoundError:
            continue  # of another platform
        found.add(name)
        needed = map(Requirement, needs)
        waiting += [
            each.name
            for each in needed
            if each.marker is None or each.marker.evaluate({"extra": ""})
        ]
    return {
        module
        for module, owners in packages_distributions().items()
        if any(canonicalize_name(owner) in found for owner in owners)
    }


@pytest.fixture
async def clean_home_assistant(
    root: Path, release: Path, tmp_path: Path, socket_enabled: None
) -> AsyncIterator[tuple[Process, Client]]:
    """A running Home Assistant whose only copy of Evenload is the unpacked release."""
    port, folder = free_port(), tmp_path / "configuration"
    folder.mkdir()
    write_configuration(folder, port=port, checkout=root)
    (folder / "configuration.yaml").write_text(A_HOUSE, encoding="utf-8")
    for link in (folder / "custom_components").iterdir():
        link.unlink()
    zipfile.ZipFile(release).extractall(folder / "custom_components" / "evenload")
    program = WITHOUT_THE_CHECKOUT.format(
        packages=str(Path(homeassistant.__path__[0]).parent),
        told=str(tmp_path / MODULES),
        folder=str(folder),
        starter=str(root / "demo" / "home_assistant.py"),
    )
    arguments = (sys.executable, "-S", "-P", "-c", program)
    process = await Process.start(arguments, log=tmp_path / LOG)
    try:
        async with aiohttp.ClientSession() as session, asyncio.timeout(START_TIMEOUT):
            client = Client(session, f"http://{LOOPBACK}:{port}")
            await client.wait_until_running()
            yield process, client
    finally:
        await process.stop(patience=30.0)


async def test_unpacked_into_a_clean_home_assistant_it_can_be_set_up_and_decides(
    clean_home_assistant, tmp_path
):
    process, client = clean_home_assistant
    await a_state(client, "sensor.grid", ("3", "4"))
    await client.walk("/api/config/config_entries/flow", "evenload", ANSWERS)
    await a_state(client, "_status", ("ok",))
    await process.stop(patience=30.0)
    modules = dict(line.split() for line in (tmp_path / MODULES).read_text().splitlines())
    assert "evenload.controller" in modules
    bundled = str(
        tmp_path / "configuration" / "custom_components" / "evenload" / "library" / "evenload"
    )
    assert all(file.startswith(bundled) for file in modules.values())
    assert "Traceback" not in (tmp_path / LOG).read_text()


async def a_state(client: Client, name: str, wanted: Container[str]) -> None:
    """Return when the entity whose id ends in `name` has one of the wanted states."""
    async with asyncio.timeout(30.0):
        while True:
            states = await client.get("/api/states")
            if any(each["entity_id"].endswith(name) and each["state"] in wanted for each in states):
                return
            await asyncio.sleep(0.5)
