"""Start Home Assistant, and start it again whenever it ends without our doing.

A person may kill it to see what becomes of the car; then it comes back with the same
configuration. When it ends soon after each of several starts, something is wrong with it.
"""

import asyncio
import sys
import time
from pathlib import Path

import aiohttp

from evenload.demo.client import Client
from evenload.demo.configuration import LOOPBACK
from evenload.demo.failure import DemoError
from evenload.demo.process import Process
from evenload.demo.progress import Teller

PATIENCE = 180.0
"""How long Home Assistant may take to start, at the first start on a slow machine too [s]."""

QUICK_END = 60.0
"""An end sooner than this after the start counts as a failure [s]."""

QUICK_ENDS_ALLOWED = 3
"""How many failures in a row are answered by another start."""


class HomeAssistant:
    """The running Home Assistant; each start is a new process with the same configuration."""

    def __init__(self, *, checkout: Path, folder: Path, port: int, teller: Teller) -> None:
        """Prepare to run Home Assistant from the configuration in `folder`."""
        self.url = f"http://{LOOPBACK}:{port}"
        self._program = checkout / "demo" / "home_assistant.py"
        self._folder = folder
        self._teller = teller
        self._process: Process | None = None
        self._started = 0.0

    async def start(self, session: aiohttp.ClientSession) -> Client:
        """Start it, wait until it runs, and return a logged-in client."""
        self._started = time.monotonic()
        # Isolated, for any other folder `custom_components` on the path would hide the folder's own.
        self._process = await Process.start(
            (sys.executable, "-I", self._program, "--config", self._folder, "--skip-pip"),
            log=self._folder / "output.log",
        )
        client = Client(session, self.url)
        running = asyncio.create_task(client.wait_until_running())
        ended = asyncio.create_task(self._process.ended())
        try:
            await asyncio.wait(
                (running, ended), timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED
            )
            if not running.done():
                raise DemoError(f"Home Assistant did not start:\n{self._process.last_words()}")
            await running
        finally:
            running.cancel()
            ended.cancel()
        return client

    @property
    def pid(self) -> int | None:
        """The number of its present process; None: not started."""
        return None if self._process is None else self._process.pid

    def last_words(self) -> str:
        """Return the end of what it logged."""
        return "" if self._process is None else self._process.last_words()

    async def keep_alive(self, session: aiohttp.ClientSession) -> None:
        """Start it again whenever it ends; raise DemoError when that does not help."""
        failures = 0
        while self._process is not None:
            exit_code = await self._process.ended()
            failures = failures + 1 if time.monotonic() - self._started < QUICK_END else 0
            if failures > QUICK_ENDS_ALLOWED:
                raise DemoError(
                    "Home Assistant ended again and again soon after its start:\n"
                    + self._process.last_words()
                )
            how = f"was killed by signal {-exit_code}" if exit_code < 0 else "has ended"
            self._teller.say(f"Home Assistant {how}; the house goes on. Starting it again.")
            with self._teller.step("Starting Home Assistant again"):
                await self.start(session)
            self._teller.say(f"Home Assistant is process {self.pid} now.")

    async def stop(self) -> None:
        """End it, if it runs."""
        if self._process is not None:
            await self._process.stop(patience=20.0)
