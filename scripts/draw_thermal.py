"""Draw the picture of docs/explanation/thermal-models.md, from the recordings that EVENLOAD_DATA points to.

    uv run python scripts/draw_thermal.py

The living room of the test house, experiment 1: a model fitted to the first 28 days, and what it foretells
at each midnight of the days after.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from evenload.simulate.traces.parquet import read_columns
from evenload.simulate.traces.table import DATA_VARIABLE
from evenload.thermal import (
    ThermalKind,
    ThermalSample,
    ThermalSettings,
    Traced,
    learn,
    observe,
    retrace,
)

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "thermal-test-house.svg"
RECORDING = Path("thermal") / "twinhouse_n2_exp1_10min.parquet"
COLUMNS = (
    "time",
    "N2_living_AT_h125cm",
    "N2_heat_elP_living_room",
    "Ambient_temperature",
    "Solar_radiation_global_horizontal",
)
DAY, FITTED = 86_400.0, 28
WIDTH, LEFT, RIGHT = 860, 46, 12
TOP, TALL, GAP, LOW = 34, 220, 34, 70
INK, RED, BLUE, FAINT = "#1f2a37", "#c0392b", "#3b6fb6", "#d8dee4"


def samples(root: Path) -> list[ThermalSample]:
    """Return the living room's readings."""
    columns = read_columns(root / RECORDING, COLUMNS)
    rows = zip(*(columns[name].tolist() for name in COLUMNS), strict=True)
    return [
        ThermalSample(at=at, temperature=warm, power=power, outdoor=outdoor, sun=sun)
        for at, warm, power, outdoor, sun in rows
    ]


def traced(read: Sequence[ThermalSample]) -> list[Traced]:
    """Return the days after the fit."""
    end = read[0].at + FITTED * DAY
    settings = ThermalSettings(kind=ThermalKind.ROOM)
    memory = learn(settings, [sample for sample in read if sample.at < end])
    memory = replace(memory, settings=replace(settings, is_learning=False))
    for sample in read:
        if sample.at >= end:
            memory = observe(memory, sample)
    return [each for each in retrace(memory) if each.at > end]


class Axis:
    """Where values of one row are drawn."""

    def __init__(self, top: float, height: float, low: float, high: float) -> None:
        """Spread `low` to `high` over so many pixels below `top`."""
        self.top, self.height, self.low, self.high = top, height, low, high

    def place(self, value: float) -> float:
        """Return the height of a value [px]."""
        return self.top + self.height * (self.high - value) / (self.high - self.low)

    def grid(self, step: float, unit: str) -> Iterator[str]:
        """Yield lines and labels."""
        value = self.low
        while value <= self.high:
            y = self.place(value)
            yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{FAINT}"/>'
            yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}{unit}</text>'
            value += step


def line(points: Sequence[tuple[float, float]], colour: str) -> str:
    """Return a line through points."""
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>'


def picture(rows: Sequence[Traced]) -> str:
    """Return the picture as SVG."""
    first, last = rows[0].at, rows[-1].at
    known = [each for each in rows if each.measured is not None and each.foretold is not None]
    warm = Axis(TOP, TALL, 14.0, 28.0)
    heat = Axis(TOP + TALL + GAP, LOW, 0.0, 2.0)

    def across(at: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (at - first) / (last - first)

    parts = [*warm.grid(2.0, " °C"), *heat.grid(1.0, " kW")]
    for each in rows:
        if each.at % (2 * DAY) == 0.0:
            day = datetime.fromtimestamp(each.at, UTC)
            x, y = across(each.at), TOP + TALL + GAP + LOW
            parts.append(f'<path d="M{x:.1f} {TOP}V{y}" stroke="{FAINT}"/>')
            parts.append(f'<text x="{x:.1f}" y="{y + 16}" text-anchor="middle">{day:%d %b}</text>')
    parts.append(line([(across(each.at), warm.place(each.measured or 0)) for each in known], INK))
    parts.append(line([(across(each.at), warm.place(each.foretold or 0)) for each in known], RED))
    powers = [(each.at, each.inputs[0]) for each in rows if each.inputs is not None]
    parts.append(line([(across(at), heat.place(power / 1000)) for at, power in powers], BLUE))
    titles = (("measured", INK, 0), ("foretold at the midnight before", RED, 90))
    for text, colour, right in titles:
        parts.append(f'<text x="{LEFT + right}" y="18" fill="{colour}">{text}</text>')
    parts.append(f'<text x="{LEFT + 330}" y="18" fill="{BLUE}">heating (below)</text>')
    body = "\n".join(parts)
    height = TOP + TALL + GAP + LOW + 28
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="sans-serif" font-size="12" fill="{INK}">\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def main() -> None:
    """Draw it."""
    root = os.environ.get(DATA_VARIABLE)
    if not root:
        sys.exit(f"{DATA_VARIABLE} has to say where the recordings are")
    PICTURE.write_text(picture(traced(samples(Path(root)))), encoding="utf-8")
    print(PICTURE)


if __name__ == "__main__":
    main()
