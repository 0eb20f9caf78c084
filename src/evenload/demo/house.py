"""Start the simulated house, a process of its own that knows nothing of Home Assistant."""

import asyncio
import sys
from pathlib import Path

import aiohttp

from evenload.demo.checks import free_port
from evenload.demo.configuration import LOOPBACK
from evenload.demo.failure import DemoError
from evenload.demo.process import Process

SCENARIO = "demo-house"

PATIENCE = 30.0
"""How long the house may take to answer, on a slow machine too [s]."""

POLL_INTERVAL = 0.1
"""Time between two looks at whether the house answers [s]."""


class House:
    """The running house."""

    def __init__(self, process: Process, url: str) -> None:
        """Hold a house that `start` has started."""
        self.process = process
        self.url = url

    @classmethod
    async def start(cls, *, speed: float, ocpp_port: int, log: Path) -> House:
        """Start a house on a free port, whose charger dials Home Assistant at `ocpp_port`.

        `speed` hastens sun, temperatures and state of charge.
        """
        port = free_port()
        arguments = (
            *("--port", str(port), "--speed", str(speed), "--until-stdin-closes"),
            *("--ocpp", f"ws://{LOOPBACK}:{ocpp_port}/"),
        )
        process = await Process.start(
            (sys.executable, "-m", "evenload.simulate.house", SCENARIO, *arguments), log=log
        )
        return cls(process, f"http://{LOOPBACK}:{port}")

    async def wait_until_it_answers(self, session: aiohttp.ClientSession) -> None:
        """Return when the house answers; raise DemoError when it never does."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not await self._answers(session):  # noqa: ASYNC110 another process
                    await asyncio.sleep(POLL_INTERVAL)
        except TimeoutError as error:
            raise DemoError(
                f"The simulated house does not answer:\n{self.process.last_words()}"
            ) from error

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        if self.process.exit_code is not None:
            raise DemoError(f"The simulated house ended:\n{self.process.last_words()}")
        try:
            async with session.get(self.url) as response:
                return response.ok
        except aiohttp.ClientError:
            return False
