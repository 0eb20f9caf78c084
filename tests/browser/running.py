"""A demo running as a person starts it: the command `evenload demo` in a process of its own."""

import re
import subprocess
import sys
import time
from pathlib import Path

import psutil

COMMAND = Path(sys.executable).with_name("evenload")

START_TIMEOUT = 90.0
"""The demo must be up within this time [s]."""

END_TIMEOUT = 30.0
"""Nothing of it may be left after this time [s]."""

POLL_INTERVAL = 0.2
"""Time between two looks at another process [s]."""


class RunningDemo:
    """One demo and what it has printed."""

    def __init__(self, log: Path, *, port: int, options: tuple[str, ...] = ()) -> None:
        """Start a demo that shows itself on `port` and prints to `log`."""
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [COMMAND, "demo", "--port", str(port), "--no-browser", *options],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )

    @property
    def printed(self) -> str:
        """All it has printed so far."""
        return self.log.read_text()

    @property
    def folder(self) -> Path:
        """Its throw-away configuration."""
        return Path(self.wait_for(r"configuration to (\S+)"))

    @property
    def home_assistant(self) -> int:
        """The number of its present Home Assistant process."""
        self.wait_for(r"Home Assistant is process (\d+)")
        return int(re.findall(r"Home Assistant is process (\d+)", self.printed)[-1])

    @property
    def house(self) -> int:
        """The number of its house's process."""
        return int(self.wait_for(r"the house process (\d+)"))

    @property
    def house_url(self) -> str:
        """Where its house listens."""
        return self.wait_for(r"the house process \d+ at (http://[\d.]+:\d+)")

    def wait_for(self, pattern: str, *, timeout: float = START_TIMEOUT) -> str:
        """Wait until it has printed something that matches, and return the match's first group."""
        deadline = time.monotonic() + timeout
        while (match := re.search(pattern, self.printed)) is None:
            assert self.process.poll() is None, f"the demo has ended:\n{self.printed}"
            assert time.monotonic() < deadline, f"never printed {pattern}:\n{self.printed}"
            time.sleep(POLL_INTERVAL)
        return match.group(match.lastindex or 0)

    def wait_until_up(self) -> None:
        """Wait until it invites to look at it."""
        self.wait_for(r"Open http")

    def family(self) -> list[psutil.Process]:
        """Return its processes."""
        launcher = psutil.Process(self.process.pid)
        return [launcher, *launcher.children(recursive=True)]

    def end(self) -> None:
        """End it, however it is, and wait until it is gone."""
        self.process.terminate()
        self.process.wait(END_TIMEOUT)


def wait_until_gone(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Wait until the processes have ended; return those that have not."""
    _, alive = psutil.wait_procs(processes, timeout=END_TIMEOUT)
    return alive
