"""Whether the fuse holds, for as long as it takes to believe it: one table, one row a scenario.

    python bench/years.py [--scenario NAME ...] [--days N] [--jobs N] [--out DIR] [--set KEY=VALUE ...]

A year is cut into weeks that know nothing of each other, each with its own date and seed, so that they
run side by side, and a run that was stopped goes on where it was: each finished week is a file in
--out, and --jobs 0 shows what is there so far. Beside each week stands the same week with every load at full power (naive), up to its first
trip, and the same house without its loads, which tells what no load management could have prevented.

The exit status is 1 when a limit is broken: our loads trip a fuse, keep a phase above its rating longer
than meter and devices need, or starve; with `--set control.protection=thermal`, more than half of the
fuse's curve is used; or naive charging trips in less than every week, which would prove nothing.
"""

import argparse
import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

from held import Row, conclude, live
from resumable import Part, finish
from rich.console import Console
from rich.progress import track

from evenload.model.control import Protection
from evenload.simulate.scenario import read_house, scenario_names

WEEK = 7
_DAY = 86400
_STRIDE = 20
"""Has no divisor in common with the 53 weeks of a year."""
_SEEDS_APART = 1000
"""Weeks of scenarios with neighbouring seeds share none."""


def weeks(scenario: str, days: int, changes: tuple[str, ...]) -> Iterator[Part]:
    """Yield a scenario's weeks, the last one as short as is left."""
    plant = read_house(scenario, changes).plant
    for index, first in enumerate(range(0, days, WEEK)):
        start = plant.first_day + dt.timedelta(days=first)
        seed = _SEEDS_APART * plant.seed + index
        yield Part(
            name=f"{scenario}/{start.isoformat()}",
            scenario=scenario,
            changes=(*changes, f"plant.seed={seed}", f"plant.start={start.isoformat()}"),
            seconds=min(WEEK, days - first) * _DAY,
        )


def scattered(scenarios: list[str], days: int, changes: tuple[str, ...]) -> list[Part]:
    """Return the weeks of all scenarios in an order in which a few tell something of the whole year."""
    placed = [
        (index * _STRIDE % (days // WEEK + 1), part)
        for scenario in scenarios
        for index, part in enumerate(weeks(scenario, days, changes))
    ]
    return [part for _, part in sorted(placed, key=lambda each: each[0])]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scenario", nargs="+", choices=scenario_names(), metavar="NAME",
                        default=["terrace-house", "two-cars"], help="one row each")  # fmt: skip
    parser.add_argument("--days", type=int, default=365, help="of each scenario")
    parser.add_argument("--jobs", type=int, default=2,
                        help="weeks at the same time; 0: show what is there")  # fmt: skip
    parser.add_argument(
        "--out", type=Path, default=Path("build/years"), help="where weeks are kept"
    )
    parser.add_argument("--set", nargs="+", metavar="KEY=VALUE", default=[], dest="changes",
                        help="change any key of the scenarios")  # fmt: skip
    return parser.parse_args()


def main() -> None:
    given = arguments()
    changes = tuple(given.changes)
    thermal = f"control.protection={Protection.THERMAL}" in changes
    rows = {name: Row(name) for name in given.scenario}
    parts = scattered(given.scenario, given.days, changes)
    results = finish(parts, live, out=given.out, jobs=given.jobs)
    shown = Console(stderr=True)
    for part, result in track(results, total=len(parts), console=shown, description="weeks"):
        rows[part.row].add(part, result, thermal=thermal)
    for row in rows.values():
        if row.naive * WEEK < row.days - WEEK + 1:
            row.broken.append(f"{row.name}: naive trips less than once a week")
    sys.exit(conclude(rows.values()))


if __name__ == "__main__":
    main()
