"""What a person sees and does on the demo's dashboard, in a real browser, against the real demo.

The tests of this module share one demo and run in their order: a person would not start afresh
for each of these things either.
"""

import asyncio
import os
import re
import signal
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import psutil
import pytest
from playwright.async_api import Locator, Page, expect

from evenload.demo.client import Client
from tests.browser.running import RunningDemo

pytestmark = pytest.mark.browser

DASHBOARD = Path(__file__).parents[2] / "demo" / "dashboard.yaml"

PICTURE = DASHBOARD.parents[1] / "docs" / "images" / "dashboard.png"

PICTURED = 200_000.0
"""How long the picture's graphs are filled before it is taken [ms]."""

METER_INTERVAL = 3.0
"""How often the demo's grid meter reports [s]."""

SOON = 1000 * (METER_INTERVAL + 2.0)
"""One meter interval, and what charger, Home Assistant and browser take to report back [ms]."""

METER_TIMEOUT = 1000 * 40.0
"""The grid meter is stale after 30 s; with a pass and the browser's share [ms]."""

BACK = 60.0
"""Home Assistant is running again after this time [s]."""

FAST = re.compile(r"\b([7-9]|1\d) A")
"""More than the safe current, as a tile says it."""

type State = Mapping[str, object]


class House:
    """What the simulated house says of itself, whatever Home Assistant does."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self.values: dict[str, object] = {}

    async def follow(self, seconds: float) -> list[dict[str, object]]:
        """Return how the house was at each of its reports during this time."""
        seen: list[dict[str, object]] = []
        try:
            async with asyncio.timeout(seconds):
                async for message in self._socket:
                    self.values.update(message.json().get("values", {}))
                    seen.append(dict(self.values))
        except TimeoutError:
            pass
        return seen


@asynccontextmanager
async def watched(demo: RunningDemo) -> AsyncGenerator[House]:
    """Watch the house from outside Home Assistant."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{demo.house_url}/feed") as socket,
    ):
        yield House(socket)


@pytest.fixture
async def home(demo: RunningDemo) -> AsyncGenerator[Client]:
    """Talk to Home Assistant beside the browser."""
    async with aiohttp.ClientSession() as session:
        client = Client(session, demo.url)
        await client.wait_until_running()
        yield client


async def states(home: Client) -> dict[str, State]:
    """Return the state of every entity, by its id."""
    return {state["entity_id"]: state for state in await home.get("/api/states")}


def tile(page: Page, name: str, *, section: int = 1) -> Locator:
    """Return the tile of this name in a section of the dashboard, the car's unless told."""
    return page.locator("hui-section").nth(section).locator("hui-tile-card", has_text=name).first


def reason(page: Page) -> Locator:
    """Return the card that says why the car has what it has."""
    return page.locator("hui-section").nth(1).locator("hui-markdown-card").first


def house_status(page: Page) -> Locator:
    """Return the words about the whole house."""
    return page.locator("hui-view-header hui-markdown-card")


async def choose_mode(page: Page, mode: str) -> None:
    """Click the car to another mode."""
    select = tile(page, "May charge by")
    await select.locator("ha-control-select-menu").click()
    await select.get_by_role("menuitem", name=mode).click()


async def switch(page: Page, name: str) -> None:
    """Click one of the demo's own switches."""
    await page.locator("hui-toggle-entity-row", has_text=name).locator("ha-switch").click()


def lacking(named: set[str], found: Mapping[str, State]) -> set[str]:
    """Return which of these entities are not there or know nothing."""
    nothing = {"unknown", "unavailable"}
    return {name for name in named if name not in found or found[name]["state"] in nothing}


async def test_everything_on_the_dashboard_is_there(page: Page, home: Client) -> None:
    named = set(
        re.findall(r"\b(?:sensor|select|switch|number|binary_sensor)\.\w+", DASHBOARD.read_text())
    )
    async with asyncio.timeout(BACK):
        # The charger dials in within seconds, and then says what it has.
        while lacking(named, await states(home)):  # noqa: ASYNC110 - it is another program
            await asyncio.sleep(1.0)
    await page.reload()
    await page.locator("hui-sections-view").wait_for(timeout=30_000)
    assert await page.locator("hui-warning, hui-error-card").count() == 0
    for phase in ("Phase A", "Phase B", "Phase C"):
        gauge = page.locator("hui-gauge-card", has_text=phase)
        await expect(gauge).to_contain_text(re.compile(r"-?\d+\.\d"))


async def test_only_this_machine_can_reach_it(demo: RunningDemo) -> None:
    open_to = {
        connection.laddr.ip
        for process in demo.family()
        for connection in process.net_connections("inet")
        if connection.status in {psutil.CONN_LISTEN, psutil.CONN_NONE}
    }
    assert open_to == {"127.0.0.1"}


async def test_the_car_follows_its_mode_within_a_meter_interval_and_says_why(page: Page) -> None:
    await choose_mode(page, "Standard")
    await expect(tile(page, "Charger set to")).to_contain_text(
        re.compile(r"\b(1\d|[6-9]) A"), timeout=SOON
    )
    await expect(tile(page, "Allocated")).to_contain_text(re.compile(r"\b(1\d|[6-9])\.0 A"))
    await expect(reason(page)).to_contain_text(re.compile(r"Wallbox plug 1 gets .*\d+ A"))
    await expect(tile(page, "Draws")).to_contain_text(
        re.compile(r"\b([4-9]|1\d),\d{3} W"), timeout=30_000
    )
    generous = await current_of(page)

    await choose_mode(page, "Solar")
    await expect(reason(page)).to_contain_text(re.compile("surplus|minimum"), timeout=SOON)
    await expect(tile(page, "Charger set to")).not_to_contain_text(f"{generous:g} A", timeout=SOON)
    assert await current_of(page) < generous

    await choose_mode(page, "Off")
    await expect(tile(page, "Charger set to")).to_contain_text(re.compile(r"\b0 A"), timeout=SOON)
    await expect(tile(page, "Allocated")).to_contain_text(re.compile(r"\b0\.0 A"))
    await expect(reason(page)).to_contain_text("its mode is off")


async def current_of(page: Page) -> float:
    """Return what the charger is set to, as its tile shows it [A]."""
    text = await tile(page, "Charger set to").locator("ha-tile-info").inner_text()
    match = re.search(r"(\d+) A", text)
    assert match is not None, text
    return float(match.group(1))


async def test_without_its_meter_the_car_is_safe_and_it_says_so(page: Page) -> None:
    await choose_mode(page, "Standard")
    await expect(tile(page, "Charger set to")).to_contain_text(FAST, timeout=60_000)

    await switch(page, "Meter off")
    await expect(house_status(page)).to_contain_text("Failsafe", timeout=METER_TIMEOUT)
    await expect(house_status(page)).to_contain_text("meter")
    await expect(tile(page, "Charger set to")).to_contain_text(re.compile(r"\b6 A"), timeout=SOON)
    await expect(reason(page)).to_contain_text("meter")

    await switch(page, "Meter off")
    await expect(house_status(page)).to_contain_text("OK", timeout=2 * SOON)
    await expect(tile(page, "Charger set to")).to_contain_text(FAST, timeout=90_000)
    await photograph(page)


async def photograph(page: Page) -> None:
    """Renew the README's picture, if EVENLOAD_SCREENSHOTS asks for it: a car on solar, and how it came."""
    if not os.environ.get("EVENLOAD_SCREENSHOTS"):
        return
    await choose_mode(page, "Solar")
    await page.wait_for_timeout(PICTURED)
    await page.mouse.move(0, 0)
    await page.screenshot(path=PICTURE)
    await choose_mode(page, "Standard")
    await expect(tile(page, "Charger set to")).to_contain_text(FAST, timeout=90_000)


async def test_killing_home_assistant_interrupts_no_session(
    page: Page, home: Client, demo: RunningDemo
) -> None:
    await home.call(
        "number", "set_value", {"entity_id": "number.wallbox_plug_1_priority", "value": 7}
    )
    await expect(tile(page, "Priority")).to_contain_text("7", timeout=SOON)
    # So low that oven and car fit beside each other while nobody watches.
    await choose_mode(page, "Eco")
    await expect(tile(page, "Charger set to")).to_contain_text(
        re.compile(r"\b[67] A"), timeout=60_000
    )
    killed = demo.home_assistant
    async with watched(demo) as house:
        await house.follow(METER_INTERVAL)
        before = dict(house.values)
        assert before["car.power"] > 4000

        os.kill(killed, signal.SIGKILL)
        seen = await house.follow(METER_INTERVAL)
        async with asyncio.timeout(BACK):
            while demo.home_assistant == killed:
                seen += await house.follow(1.0)
        seen += await house.follow(3 * METER_INTERVAL)

    assert {values["car.status"] for values in seen} == {"charging"}
    assert {values["car.starts"] for values in seen} == {before["car.starts"]}
    assert min(values["car.power"] for values in seen) > 4000, "6 A is its safe current"
    assert house.values["car.energy"] > before["car.energy"]
    # The page is the same one all the time: it finds Home Assistant again by itself.
    await expect(tile(page, "Priority")).to_contain_text("7", timeout=30_000)
    await expect(tile(page, "May charge by")).to_contain_text("Eco")
    await expect(house_status(page)).to_contain_text("OK", timeout=30_000)


async def test_home_assistant_has_nothing_to_complain_of_but_the_meter(demo: RunningDemo) -> None:
    log = (demo.folder / "output.log").read_text()
    ours = re.findall(
        r"^.* (?:WARNING|ERROR) .*\[(?:custom_components\.)?evenload.*$", log, re.MULTILINE
    )
    assert len(ours) == 1, ours
    assert "grid meter" in ours[0]
    assert "Traceback" not in log
    assert "Detected blocking call" not in log
