"""The real demo, and a real browser that looks at it."""

import os
import shutil
import socket
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright
from pytest_socket import enable_socket

from tests.browser.running import RunningDemo

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The commands by which Chromium is found, unless EVENLOAD_CHROMIUM names its path."""

ARGUMENTS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(autouse=True)
def sockets(socket_enabled: None) -> None:
    """Let these tests talk to the demo; the Home Assistant plugin forbids sockets otherwise."""


@pytest.fixture(scope="module")
def free_ports() -> list[int]:
    """Give ports that nothing listens on."""
    enable_socket()
    probes = [socket.socket() for _ in range(4)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, free_ports: list[int]) -> Generator[RunningDemo]:
    """Run one demo for all tests of a module."""
    running = RunningDemo(tmp_path_factory.mktemp("demo") / "printed.txt", port=free_ports[0])
    try:
        running.wait_until_up()
        yield running
    finally:
        running.end()


@pytest.fixture
async def page(demo: RunningDemo) -> AsyncGenerator[Page]:
    """Open the demo's dashboard in a browser, as the link that the demo prints does."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(playwright.chromium.executable_path),
            args=[*ARGUMENTS, *sandbox_arguments()],
        )
        page = await browser.new_page(viewport={"width": 1440, "height": 860})
        await page.goto(demo.wait_for(r"Open (http\S+)"))
        await page.locator("hui-sections-view").wait_for(timeout=30_000)
        yield page
        await browser.close()


def find_chromium(own: str) -> str:
    """Return the path of Chromium, `own` being where Playwright would install one of its own.

    Fails with what to install when there is none: a test that nobody runs protects nobody.
    """
    candidates = (os.environ.get("EVENLOAD_CHROMIUM"), *map(shutil.which, BROWSERS), own)
    found = next((path for path in candidates if path and Path(path).exists()), None)
    if found is None:
        pytest.fail(
            "The browser tests need Chromium: install the package `chromium`, or run"
            " `uv run playwright install chromium`, or give a path in EVENLOAD_CHROMIUM."
        )
    return found


def sandbox_arguments() -> tuple[str, ...]:
    """Return what Chromium needs when it is run by root, as in containers."""
    return ("--no-sandbox",) if os.geteuid() == 0 else ()
