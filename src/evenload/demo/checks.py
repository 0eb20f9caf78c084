"""Look at the machine before anything is started, so that trouble is told in a clear sentence."""

import importlib.metadata
import importlib.util
import socket
from collections.abc import Iterable
from pathlib import Path

from evenload.demo.configuration import LOOPBACK
from evenload.demo.failure import DemoError

NEEDED_MODULES = ("homeassistant", "hass_frontend")
"""Home Assistant and its web pages."""

INSTALLING = "`uv sync` in the checkout installs it, which needs the network once"


def find_checkout(module: Path = Path(__file__)) -> Path:
    """Return the root of the repository that this package (of which `module` is a file) runs from.

    The demo's integration and dashboard are part of the repository, not of the installed library:
    without them DemoError is raised.
    """
    checkout = module.resolve().parents[3]
    needed = (
        checkout / "demo" / "dashboard.yaml",
        checkout / "custom_components" / "evenload" / "manifest.json",
    )
    if not all(path.is_file() for path in needed):
        raise DemoError(
            "The demo runs from a checkout of Evenload's repository, and this is an installed "
            "package. Clone the repository and run `uv run evenload demo` in it."
        )
    return checkout


def check_home_assistant(needed: Iterable[str] = NEEDED_MODULES) -> None:
    """Raise DemoError when Home Assistant cannot be started from this environment."""
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        raise DemoError(f"Home Assistant is not installed in this environment: {INSTALLING}.")


def home_assistant_version() -> str:
    """Return the version of the installed Home Assistant."""
    return importlib.metadata.version("homeassistant")


def check_port(port: int) -> None:
    """Raise DemoError when something else listens on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise DemoError(
                f"Port {port} cannot be used ({error.strerror}): another program has it, perhaps "
                f"another demo. Choose a free one: evenload demo --port {port + 1}"
            ) from error


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
