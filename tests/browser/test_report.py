"""What a person sees in the report of a simulation, on a desk and on a phone."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from evenload.simulate.plant import Plant
from evenload.simulate.report import page as report_of
from evenload.simulate.run import run
from evenload.simulate.scenario import read_house
from evenload.simulate.strategies import Evenload
from tests.browser.conftest import ARGUMENTS, find_chromium, sandbox_arguments

pytestmark = pytest.mark.browser

EVENING = (
    "plant.start=2026-06-15T17:00",
    "plant.devices.car.soc=20",
    "chargers.wallbox.plugs.car.mode=standard",
    "plant.fuse.rating=63",
    "plant.household.appliance_interval=240",
    "loads.boiler.mode=off",
    (
        "plant.faults=[{kind: meter_frozen, at: '17:10', duration: 900},"
        " {kind: home_assistant_gone, at: '17:40', duration: 30},"
        " {kind: charger_deaf, at: '17:50', duration: 900}]"
    ),
)
WIDE, PHONE = (1280, 900), (390, 844)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report of an evening on which a meter freezes, Home Assistant restarts, a charger is deaf."""
    outcome = run(
        Plant(read_house("terrace-house", EVENING)), Evenload(), seconds=5400, record=True
    )
    assert outcome.recorder is not None
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report_of(outcome, outcome.recorder, title="evening"), encoding="utf-8")
    return path


@asynccontextmanager
async def opened(report: Path, size: tuple[int, int]) -> AsyncGenerator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(playwright.chromium.executable_path),
            args=[*ARGUMENTS, *sandbox_arguments()],
        )
        page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
        failed: list[str] = []
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.on(
            "request",
            lambda request: failed.append(request.url) if _is_remote(request.url) else None,
        )
        await page.goto(report.as_uri())
        await page.locator("#charts .main-svg").first.wait_for()
        yield page
        assert not failed
        await browser.close()


def _is_remote(address: str) -> bool:
    return address.startswith("http")


async def test_it_says_what_broke_and_what_was_noticed_with_the_reason(report):
    async with opened(report, WIDE) as page:
        events = page.locator(".events")
        for words in (
            "goes on reporting what it last measured",
            "stand still though loads changed",
            "Wallbox gets only what is safe without it",
            "Home Assistant is gone",
            "Waiting for the grid meter",
            "ignores every command",
            "Wallbox does not follow its commands",
        ):
            await expect(events).to_contain_text(words)


async def test_a_time_in_the_list_zooms_every_chart_to_it(report):
    async with opened(report, WIDE) as page:
        await page.locator(".events button").nth(0).click()
        low, high = await page.evaluate("charts.layout.xaxis.range.map(String)")
        assert "2026-06-15 16:55" in low
        assert "2026-06-15 17:40" in high
        others = await page.evaluate("charts.layout.xaxis3.range.map(String)")
        assert others == [low, high]


async def test_a_phone_shows_all_of_it_without_scrolling_sideways(report):
    async with opened(report, PHONE) as page:
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        await expect(page.locator(".verdict")).to_contain_text("The main fuse held")
        await expect(page.locator("#charts")).to_contain_text("Wallbox, and why")
