"""Draws docs/images/detection.svg: steps of a car against the phases of a meter, in a recorded house.

    EVENLOAD_DATA=... python bench/detection_figure.py [--seed N] [--begin S] [--end S] [--out FILE]

It is one trial of `detection.py`, made anew: above what the charger reports, below it what each phase
of the meter shows, and at each step that counted how likely each phase is by then.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from detection import HOURS, verdicts_of
from detection_trials import CAR, PHASES, Record, Trial, live

WIDTH, LEFT, HEIGHT, GAP = 900, 110, 90, 22
INKS = ("#a33", "#27c", "#2a7a2a")
type Points = list[tuple[float, float]]


def series(records: Sequence[Record], begin: int, end: int) -> list[Points]:
    """Return the car's reports and the meter's phases, each as times and currents."""
    found: list[Points] = [[] for _ in range(1 + len(PHASES))]
    for second, row, car, *_ in records:
        if not begin <= second <= end:
            continue
        if car and car[4] is not None:
            found[0].append((car[4], car[1]))
        if row:
            for points, value in zip(found[1:], row[1:], strict=True):
                points.append((row[0], value))
    return found


def panel(points: Points, title: str, ink: str, top: float, span: tuple[int, int]) -> list[str]:
    """Return one panel: a staircase of currents with its scale."""
    values = [value for _, value in points]
    low, high = min(0.0, *map(round, values)), max(2.0, *map(round, values))
    begin, end = span

    def place(at: float, value: float) -> tuple[float, float]:
        across = LEFT + (at - begin) / (end - begin) * (WIDTH - LEFT - 10)
        return round(across, 1), round(top + HEIGHT * (high - value) / (high - low), 1)

    path: list[str] = []
    for at, value in points:
        x, y = place(at, value)
        path += [f"H{x}", f"V{y}"] if path else [f"M{x},{y}"]
    _, zero = place(begin, 0.0)
    return [
        f'<line x1="{LEFT}" x2="{WIDTH - 10}" y1="{zero}" y2="{zero}" stroke="#bbb"/>',
        f'<path d="{"".join(path)}" fill="none" stroke="{ink}" stroke-width="1.5"/>',
        f'<text x="4" y="{top + 14}" font-weight="bold" fill="{ink}">{title}</text>',
        f'<text x="{LEFT - 6}" y="{top + 10}" text-anchor="end">{high:.0f} A</text>',
        f'<text x="{LEFT - 6}" y="{top + HEIGHT}" text-anchor="end">{low:.0f} A</text>',
    ]


def chances(records: Sequence[Record], span: tuple[int, int], top: float) -> list[str]:
    """Return, at each moment at which a step was counted, bars for what fits best and how surely."""
    begin, end = span
    drawn: list[str] = []
    for second, verdicts, _ in verdicts_of(records, 1, knows_causes=True):
        load = verdicts.loads.get(CAR)
        if load is None or not load.best or not begin <= second <= end:
            continue
        (phase,) = load.best.values()
        ink = INKS[PHASES.index(phase)]
        x = LEFT + (second - begin) / (end - begin) * (WIDTH - LEFT - 10)
        height = HEIGHT * load.confidence
        edge = "#000" if load.phases else "none"
        drawn.append(
            f'<rect x="{x - 6:.1f}" y="{top + HEIGHT - height:.1f}" width="12" height="{height:.1f}" '
            f'fill="{ink}" stroke="{edge}" stroke-width="2"/>'
        )
    drawn.append(f'<text x="4" y="{top + 14}" font-weight="bold">verdict</text>')
    drawn.append(f'<text x="{LEFT - 6}" y="{top + HEIGHT}" text-anchor="end">0</text>')
    return drawn


def draw(trial: Trial, span: tuple[int, int]) -> str:
    """Return the figure as SVG."""
    records = live(trial)
    found = series(records, *span)
    titles = ["car L1", *(f"phase {phase}" for phase in PHASES)]
    parts: list[str] = []
    for place, (points, title) in enumerate(zip(found, titles, strict=True)):
        ink = ("#333", *INKS)[place]
        parts += panel(points, title, ink, GAP + place * (HEIGHT + GAP), span)
    bottom = GAP + len(titles) * (HEIGHT + GAP)
    parts += chances(records, span, bottom)
    for minute in range(-(-span[0] // 300) * 5, span[1] // 60 + 1, 5):
        x = LEFT + (minute * 60 - span[0]) / (span[1] - span[0]) * (WIDTH - LEFT - 10)
        parts.append(
            f'<text x="{x:.1f}" y="{bottom + HEIGHT + 18}" text-anchor="middle">{minute} min</text>'
        )
    height = bottom + HEIGHT + 28
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def main() -> None:
    """Write the figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1_000_024)
    parser.add_argument("--begin", type=int, default=1200, help="[s]")
    parser.add_argument("--end", type=int, default=3600, help="[s]")
    parser.add_argument("--out", type=Path, default=Path("docs/images/detection.svg"))
    options = parser.parse_args()
    trial = Trial(name="figure", seed=options.seed, legs=1, hours=HOURS)
    options.out.write_text(draw(trial, (options.begin, options.end)), encoding="utf-8")


if __name__ == "__main__":
    main()
