"""The demo's processes end when told to, by force if need be, and with their launcher."""

import asyncio
import signal
import sys
from pathlib import Path

import aiohttp
import pytest
from rich.console import Console

from evenload.demo.failure import DemoError
from evenload.demo.home_assistant import HomeAssistant
from evenload.demo.process import Process
from evenload.demo.progress import Teller

READY = "print('ready', flush=True)"
STUBBORN = (
    f"import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); {READY}; sys.stdin.read()"
)
PATIENT = f"import sys; {READY}; sys.stdin.read(); print('the launcher has gone')"


async def started(program: str, log: Path) -> Process:
    """Start a program and wait until it has printed that it is ready."""
    process = await Process.start((sys.executable, "-c", program), log=log)
    while "ready" not in await asyncio.to_thread(log.read_text):
        assert process.exit_code is None
    return process


async def test_a_process_that_ignores_requests_is_ended_by_force(tmp_path: Path) -> None:
    process = await started(STUBBORN, tmp_path / "log")
    await process.stop(patience=0.2)
    assert process.exit_code == -signal.SIGKILL


async def test_a_process_that_obeys_is_not_forced(tmp_path: Path) -> None:
    process = await started(PATIENT, tmp_path / "log")
    await process.stop(patience=20.0)
    assert process.exit_code == -signal.SIGTERM


async def test_a_home_assistant_that_does_not_start_is_told_with_its_last_words(
    tmp_path: Path, socket_enabled: None
) -> None:
    program = tmp_path / "demo" / "home_assistant.py"
    program.parent.mkdir()
    program.write_text("raise SystemExit('the database is on fire')")
    home_assistant = HomeAssistant(
        checkout=tmp_path, folder=tmp_path, port=1, teller=Teller(Console(quiet=True))
    )
    async with aiohttp.ClientSession() as session:
        with pytest.raises(DemoError, match=r"did not start:\nthe database is on fire"):
            await home_assistant.start(session)
    await home_assistant.stop()
