"""A process of the demo: it ends when we say so, and also when we are gone.

Each process stands in a group of its own, so that Ctrl-C in the terminal reaches only the
launcher, which then ends the others in order. Each reads from a pipe that only the launcher holds
open: if the launcher is killed, the pipe closes, and the process ends itself.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence
from pathlib import Path

LOG_LINES = 12
"""How many last lines of a log are shown when its process has failed."""


class Process:
    """One running process, with its output in a file."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        """Hold a process that `start` has started."""
        self._process = process
        self._log = log

    @classmethod
    async def start(cls, arguments: Sequence[str | Path], *, log: Path) -> Process:
        """Start a program; what it prints is appended to `log`."""
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return cls(process, log)

    @property
    def pid(self) -> int:
        """The process's number in the operating system."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended, minus the signal if by one; None: it runs."""
        return self._process.returncode

    async def ended(self) -> int:
        """Wait until it has ended and return its exit code."""
        return await self._process.wait()

    async def stop(self, *, patience: float) -> None:
        """End it, by force if it does not end within `patience` [s]."""
        if self.exit_code is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), patience)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        await self._process.wait()

    def last_words(self) -> str:
        """Return the end of what it printed."""
        lines = self._log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-LOG_LINES:])
