"""What keeps the demo from starting is found first, and said in a sentence that helps."""

import socket
from pathlib import Path

import pytest

from evenload.demo.checks import (
    check_home_assistant,
    check_port,
    find_checkout,
    free_port,
    home_assistant_version,
)
from evenload.demo.failure import DemoError


def test_it_finds_the_checkout_that_it_runs_from() -> None:
    assert (find_checkout() / "demo" / "dashboard.yaml").is_file()


def test_an_installed_package_says_that_the_demo_needs_a_checkout(tmp_path: Path) -> None:
    module = tmp_path / "lib" / "site-packages" / "evenload" / "demo" / "checks.py"
    with pytest.raises(DemoError, match="Clone the repository"):
        find_checkout(module)


def test_a_missing_home_assistant_says_what_installs_it() -> None:
    check_home_assistant()
    assert home_assistant_version().startswith("20")
    with pytest.raises(DemoError, match=r"not installed .* `uv sync` .* needs the network"):
        check_home_assistant(("homeassistant", "no_such_frontend"))


def test_a_busy_port_says_which_and_how_to_choose_another(socket_enabled: None) -> None:
    check_port(free_port())
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(DemoError, match=f"Port {port} .* --port {port + 1}"):
            check_port(port)
