"""What one run must hold, and one row of a table for many runs."""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from resumable import Part, Result
from rich.console import Console
from rich.table import Table

from evenload.simulate.plant import Plant
from evenload.simulate.run import run
from evenload.simulate.scenario import read_house
from evenload.simulate.strategies import STRATEGIES

_DAY = 86400
THERMAL_CURVE = 0.5
"""Thermal protection must not use more of the fuse's curve."""


def live(part: Part) -> Result:
    """Return the result of a part, with what became of the fuse without load management beside it."""
    house = read_house(part.scenario, part.changes)
    began = time.process_time()
    managed = run(Plant(house), STRATEGIES["evenload"](), seconds=part.seconds)
    spent = time.process_time() - began
    naive = run(Plant(house), STRATEGIES["naive"](), seconds=part.seconds, until_dark=True)
    return dict(managed.result) | {"naive": naive.result["fuse"], "processor_s": spent}


def broken(result: Result, *, thermal: bool, unnoticed: float) -> Iterator[str]:
    """Yield in words which limits a run has broken.

    While nobody can know of a fault, for `unnoticed` seconds, loads may keep a phase above its rating.
    """
    fuse = figures(result["fuse"])
    if fuse["trips_by_us"]:
        yield f"tripped at {fuse['tripped_at_s']} s, by our loads"
    if fuse["overload_by_us_beyond_s"] > unnoticed and not thermal:
        yield (
            f"a phase kept above its rating for {fuse['longest_overload_by_us_s']} s until"
            f" {fuse['longest_overload_by_us_at_s']} s, {fuse['overload_by_us_beyond_s']} s longer than"
            " meter and devices need"
        )
    by_house = fuse["trips_without_loads"] or fuse["curve_used_without_loads"] > THERMAL_CURVE
    if thermal and not by_house and fuse["curve_used"] > THERMAL_CURVE:
        yield f"{fuse['curve_used']:.0%} of the curve used"
    limit = figures(result["starvation"])["allowed_s"]
    for name, load in cast("dict[str, dict[str, float]]", result["loads"]).items():
        if load["starved_s"] > limit:
            yield f"{name} starved for {load['starved_s'] / 60.0:.0f} min"


@dataclass(slots=True)
class Row:
    """Many runs of one kind, added up."""

    name: str
    days: float = 0.0
    trips: int = 0
    without: int = 0
    naive: int = 0
    excused: float = 0.0
    longest: float = 0.0
    allowed: float = 0.0
    beyond: float = -1e9
    curve: float = 0.0
    starved: float = 0.0
    served: list[float] = field(default_factory=list[float])
    discomfort: float = 0.0
    spent: float = 0.0
    broken: list[str] = field(default_factory=list[str])

    def add(self, part: Part, result: Result, *, thermal: bool, unnoticed: float = 0.0) -> None:
        """Take one run."""
        fuse = figures(result["fuse"])
        self.excused = max(self.excused, unnoticed)
        self.days += part.seconds / _DAY
        self.trips += int(fuse["trips_by_us"])
        self.without += int(fuse["trips_without_loads"])
        self.naive += int(figures(result["naive"])["trips"])
        if fuse["overload_by_us_beyond_s"] > self.beyond:
            self.beyond = fuse["overload_by_us_beyond_s"]
            self.longest = fuse["longest_overload_by_us_s"]
            self.allowed = fuse["allowed_overload_by_us_s"]
        if not fuse["trips_without_loads"]:
            self.curve = max(self.curve, fuse["curve_used"])
        self.spent += cast("float", result["processor_s"])
        for load in cast("dict[str, dict[str, float]]", result["loads"]).values():
            self.starved = max(self.starved, load["starved_s"])
            self.discomfort += load.get("comfort_kelvin_hours", 0.0)
            if "served" in load:
                self.served.append(load["served"])
        self.broken += [
            f"{part.name}: {words}"
            for words in broken(result, thermal=thermal, unnoticed=unnoticed)
        ]

    @property
    def cells(self) -> Sequence[str]:
        """The row as it is printed, under `HEADS`."""
        mean = sum(self.served) / len(self.served) if self.served else 1.0
        least = min(self.served, default=1.0)
        return (
            self.name,
            f"{self.days:g}",
            f"{self.trips}",
            f"{self.without}",
            f"{self.naive}",
            f"{self.longest:g} of {self.allowed:g}",
            f"{self.excused:g}",
            f"{self.curve:.2f}",
            f"{self.starved / 60.0:.0f}",
            f"{mean:.2f} / {least:.2f}",
            f"{self.discomfort:.1f}",
            f"{self.spent / self.days:.1f}" if self.days else "-",
        )


HEADS = (
    "",
    "days",
    "trips by us",
    "without loads",
    "naive",
    "above rating by us [s]",
    "excused [s]",
    "curve used",
    "starved [min]",
    "served mean / least",
    "comfort [K h]",
    "s a day",
)


def figures(part: object) -> dict[str, float]:
    """Return one part of a result."""
    return cast("dict[str, float]", part)


def conclude(rows: Iterable[Row]) -> int:
    """Print the table and every limit that was broken; return the exit status."""
    table, findings = Table(*HEADS), list[str]()
    for row in rows:
        table.add_row(*row.cells)
        findings += row.broken
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    console.print("\n".join(findings) or "Every limit held.", markup=False, highlight=False)
    return 1 if findings else 0
