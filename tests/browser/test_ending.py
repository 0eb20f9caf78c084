"""However the demo ends, nothing of it stays; and what keeps it from starting is said clearly."""

import signal
import socket
from pathlib import Path

import pytest

from tests.browser.running import END_TIMEOUT, RunningDemo, wait_until_gone

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demo_leaves_no_process_and_no_folder(
    number: signal.Signals, tmp_path: Path, free_ports: list[int]
) -> None:
    """Ctrl-C as soon as it is up, and a request to end while it is still starting."""
    demo = RunningDemo(tmp_path / "printed.txt", port=free_ports[1])
    if number is signal.SIGINT:
        demo.wait_until_up()
    else:
        demo.wait_for("Starting the simulated house")
    folder, family = demo.folder, demo.family()
    assert folder.is_dir()

    demo.process.send_signal(number)

    assert demo.process.wait(END_TIMEOUT) == 0, demo.printed
    assert wait_until_gone(family) == []
    assert not folder.exists()
    assert "its processes and its folder are gone" in demo.printed


def test_nothing_outlives_a_launcher_that_was_killed(tmp_path: Path, free_ports: list[int]) -> None:
    demo = RunningDemo(tmp_path / "printed.txt", port=free_ports[2])
    demo.wait_until_up()
    folder, family = demo.folder, demo.family()
    assert {demo.home_assistant, demo.house} < {process.pid for process in family}

    demo.process.kill()
    demo.process.wait(END_TIMEOUT)

    assert wait_until_gone(family) == []
    assert not folder.exists()


def test_a_port_in_use_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        demo = RunningDemo(tmp_path / "printed.txt", port=port)
        assert demo.process.wait(END_TIMEOUT) == 1
    assert f"Port {port} cannot be used" in demo.printed
    assert "Traceback" not in demo.printed
