"""Render the icon and the logo from their SVG sources into the sizes Home Assistant asks for.

    uv run python scripts/render_brand.py

Needs Chromium. On a dark background the ink turns pale; the colours of the phases stay.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "docs" / "images" / "brand"
TARGET = ROOT / "custom_components" / "evenload" / "brand"

DARK_INK = 'color="#12343b"'
PALE_INK = 'color="#e8f1f2"'
HEIGHT = 256
"""[px] of every picture at its single size."""


class Picture(NamedTuple):
    """One file to render."""

    name: str
    svg: str
    scale: int


def pictures() -> Iterator[Picture]:
    """Yield every picture: icon and logo, for light and dark, at single and double size."""
    for kind in ("icon", "logo"):
        light = (SOURCES / f"{kind}.svg").read_text(encoding="utf-8")
        for prefix, svg in (("", light), ("dark_", light.replace(DARK_INK, PALE_INK))):
            for suffix, scale in (("", 1), ("@2x", 2)):
                yield Picture(f"{prefix}{kind}{suffix}.png", svg, scale)


def width_of(svg: str) -> int:
    """Return the width [px] that the SVG's view box has at the common height."""
    box = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    if box is None:
        raise ValueError("the SVG has no viewBox that starts at the origin")
    return round(int(box.group(1)) * HEIGHT / int(box.group(2)))


def render(browser: Browser, picture: Picture) -> None:
    """Draw one picture on a transparent page of exactly its size."""
    width = width_of(picture.svg)
    page = browser.new_page(
        viewport={"width": width, "height": HEIGHT}, device_scale_factor=picture.scale
    )
    page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{picture.svg}")
    page.screenshot(path=TARGET / picture.name, omit_background=True)
    page.close()


def main() -> None:
    """Render every picture."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for picture in pictures():
            render(browser, picture)
        browser.close()


if __name__ == "__main__":
    main()
