"""What of a time is the machine's, and what Home Assistant's: two questions, asked at chance times.

`bare` is how long another process, which does nothing else, takes to echo a line. `asked` is how long Home
Assistant takes to answer its simplest question, in which Evenload has no part.
"""

import asyncio
import contextlib
import random
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable

from evenload.demo.client import Client

HOST = "127.0.0.1"
PAUSE = (0.2, 0.6)
"""Shortest and longest time between two questions [s]."""


class Noise:
    """The times of both questions, while `asked`."""

    def __init__(self, seed: int) -> None:
        """Have asked nothing."""
        self.bare: list[float] = []
        """[s]"""
        self.asked: list[float] = []
        """[s]"""
        self._chance = random.Random(seed)

    @contextlib.asynccontextmanager
    async def asking(self, client: Client) -> AsyncGenerator[None]:
        """Ask both until left."""
        echo = await asyncio.create_subprocess_exec(
            *(sys.executable, __file__),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )

        async def ask_bare() -> None:
            if echo.stdin is not None and echo.stdout is not None:
                echo.stdin.write(b"?\n")
                await echo.stdout.readline()

        async def ask_home_assistant() -> None:
            await client.get("/api/")

        tasks = [
            asyncio.create_task(self._ask(ask_bare, self.bare)),
            asyncio.create_task(self._ask(ask_home_assistant, self.asked)),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            echo.kill()
            await echo.wait()

    async def _ask(self, ask: Callable[[], Awaitable[None]], times: list[float]) -> None:
        while True:
            await asyncio.sleep(self._chance.uniform(*PAUSE))
            asked_at = time.monotonic()
            await ask()
            times.append(time.monotonic() - asked_at)


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(line)
        sys.stdout.flush()
