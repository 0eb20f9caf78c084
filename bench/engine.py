"""What one allocation costs: over many houses, by number of loads, by depth of the tree of circuits.

Run with `uv run python bench/engine.py`. Sites are seeded; a figure is the median processor time of
repeated calls of a prepared `Allocator`, which another program on the machine disturbs less than
wall-clock time. The main fuse and every circuit carry about half of what hangs on them, so that
limits, pools and reasons all have work to do. Heaters go in steps of 1 W. Four of the variants give
every load a number of its own; in `equal numbers` all are equal, so that whole tiers fill together.

The first table has ten loads on three phases and three circuits, in houses of many seeds: with the
very same readings again and again, and with new ones at every call, in which all meters, draws and
voltages have moved. The second, with new readings only, goes to a thousand loads; its last column
compares a row with the one before it: 1.0 grows like n log n, less grows slower.

Exit status 1 where a figure misses its aim.
"""

import argparse
import math
import random
import statistics
import sys
import time
from dataclasses import dataclass, replace

from evenload.engine import Allocator
from evenload.model.readings import BatteryReading, LoadReading, LoadState, Readings
from evenload.model.site import (
    MAIN,
    Battery,
    Circuit,
    Distribution,
    Kind,
    Leg,
    Load,
    Mode,
    Phase,
    Site,
)

SEED = 20260101
COUNTS = (1, 10, 100, 1000)
DEPTHS = (1, 2, 3, 4)
WIDTH = 3
"""Circuits under each circuit."""
HOUSES = 24
"""Houses of ten loads, one a seed."""
HOUSE_DEPTH = 2
"""Three circuits behind the main fuse."""
LEAST_CALLS = 15
"""How often an allocation is timed at least."""

MOST_OF_A_HOUSE = 100.0
"""What ten loads in the dearest house may cost [us]."""
MOST_OF_A_THOUSAND = 10_000.0
"""What a thousand loads may cost, in the deepest tree [us]."""
MOST_GROWTH = 1.1
"""What a row may have of n log n, after the row before it: a tenth is noise."""

MODES = (Mode.STANDARD, Mode.ECO, Mode.SOLAR, Mode.EXCESS)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A site with one moment's readings."""

    site: Site
    readings: Readings


def house(count: int, depth: int, seed: int = SEED) -> House:
    """Return a three-phase site of `count` loads with `depth` fuses from each up to the grid."""
    rng = random.Random(seed)
    circuits, leaves = tree(count, depth)
    loads = tuple(random_load(number, leaves, rng) for number in range(count))
    site = Site(
        fuse=dict.fromkeys(Phase, 6.0 * count + 10.0),
        excess_threshold=500.0,
        battery=Battery(max_charge=3000.0, max_discharge=3000.0),
        circuits=circuits,
        loads=loads,
    )
    readings = Readings(
        grid={phase: rng.uniform(-4.0, 0.0) * count for phase in Phase},
        loads={load.id: random_reading(load, rng) for load in loads},
        voltage={phase: rng.uniform(225.0, 240.0) for phase in Phase},
        battery=BatteryReading(soc=82.0, power=-500.0),
    )
    return House(site=site, readings=readings)


def tree(count: int, depth: int) -> tuple[tuple[Circuit, ...], tuple[str, ...]]:
    """Return the circuits, and the ids of those that loads hang on."""
    circuits: list[Circuit] = []
    lowest = (MAIN,)
    for _ in range(1, depth):
        behind = count / (len(lowest) * WIDTH)
        here = [
            Circuit(
                id=f"{parent}{number}",
                parent=parent,
                fuse=dict.fromkeys(Phase, 8.0 * behind + 8.0),
            )
            for parent in lowest
            for number in range(WIDTH)
        ]
        circuits.extend(here)
        lowest = tuple(circuit.id for circuit in here)
    return tuple(circuits), lowest


def random_load(number: int, leaves: tuple[str, ...], rng: random.Random) -> Load:
    """Return mostly cars on one or three phases, and some switches and heaters."""
    kind = rng.choice((Kind.EV, Kind.EV, Kind.EV, Kind.SWITCH, Kind.POWER))
    phases = dict(zip(Leg, Phase, strict=True))
    if kind is not Kind.EV or rng.random() < 0.4:
        phases = {Leg.L1: rng.choice(tuple(Phase))}
    load = Load(
        id=f"load{number}",
        kind=kind,
        phases=phases,
        circuit=leaves[number % len(leaves)],
        mode=rng.choice(MODES),
        priority=number + 1,
    )
    if kind is Kind.EV:
        return replace(load, minimum=6.0, maximum=16.0)
    if kind is Kind.SWITCH:
        return replace(load, levels=(2000.0,))
    return replace(load, minimum=300.0, maximum=3000.0)


def random_reading(load: Load, rng: random.Random) -> LoadReading:
    """Return a load that runs at some current."""
    current = dict.fromkeys(load.phases, rng.uniform(0.0, 12.0))
    return LoadReading(state=LoadState.CHARGING, current=current)


def moved(readings: Readings, seed: int) -> Readings:
    """Return readings of another moment of the same house, in which nothing is as it was."""
    rng = random.Random(seed)
    return replace(
        readings,
        grid={phase: current + rng.uniform(-0.5, 0.5) for phase, current in readings.grid.items()},
        voltage={
            phase: volts + rng.uniform(-1.0, 1.0) for phase, volts in readings.voltage.items()
        },
        loads={load: _moved_load(reading, rng) for load, reading in readings.loads.items()},
    )


def _moved_load(reading: LoadReading, rng: random.Random) -> LoadReading:
    drawn = (reading.current or {}).items()
    return replace(
        reading, current={leg: max(0.0, value + rng.uniform(-0.2, 0.2)) for leg, value in drawn}
    )


def cost(given: House, *, budget: float, is_moving: bool = True) -> float:
    """Return the median processor time of one allocation [us], over `budget` seconds of calls."""
    allocator = Allocator(given.site)
    allocator.allocate(given.readings)
    times: list[float] = []
    end = time.thread_time() + budget
    while time.thread_time() < end or len(times) < LEAST_CALLS:
        readings = moved(given.readings, len(times)) if is_moving else given.readings
        start = time.thread_time()
        allocator.allocate(readings)
        times.append(time.thread_time() - start)
    return statistics.median(times) * 1e6


def variants(given: House) -> dict[str, House]:
    """Return the house with each distribution, every load with its own number and all equal."""
    equal = tuple(replace(load, priority=1) for load in given.site.loads)
    houses = {
        distribution.value: replace(given, site=replace(given.site, distribution=distribution))
        for distribution in Distribution
    }
    return houses | {"equal numbers": replace(given, site=replace(given.site, loads=equal))}


def growth(count: int, before: int, spent: float, spent_before: float) -> float:
    """Return cost per n log n relative to the row before: 1.0 grows like n log n."""
    work = count * math.log2(count + 1)
    work_before = before * math.log2(before + 1)
    return (spent / work) / (spent_before / work_before)


def show_houses(budget: float) -> list[str]:
    """Print what houses of ten loads cost; return what misses its aim."""
    print(f"10 loads, 3 phases, 3 circuits: {HOUSES} houses, microseconds an allocation\n")
    print(" " * 15 + f"{'same readings':>20}{'new readings':>20}")
    print(" " * 15 + f"{'median':>10}{'dearest':>10}" * 2)
    houses = [variants(house(10, HOUSE_DEPTH, SEED + number)) for number in range(HOUSES)]
    missed: list[str] = []
    for name in houses[0]:
        line = f"{name:<15}"
        for is_moving in (False, True):
            costs = [cost(each[name], budget=budget, is_moving=is_moving) for each in houses]
            line += f"{statistics.median(costs):>10.1f}{max(costs):>10.1f}"
            if max(costs) > MOST_OF_A_HOUSE:
                missed.append(f"10 loads, {name}: {max(costs):.1f} us")
        print(line, flush=True)
    return missed


def show_growth(budget: float) -> list[str]:
    """Print what more loads and deeper trees cost; return what misses its aim."""
    names = list(variants(house(1, 1)))
    print("\nnew readings, microseconds an allocation\n")
    print("depth loads" + "".join(f"{name:>15}" for name in names) + "   growth of `priority`")
    missed: list[str] = []
    for depth in DEPTHS:
        before: tuple[int, float] | None = None
        for count in COUNTS:
            costs = [cost(given, budget=budget) for given in variants(house(count, depth)).values()]
            ratio = None if before is None else growth(count, before[0], costs[0], before[1])
            figures = "".join(f"{figure:>15.1f}" for figure in costs)
            print(
                f"{depth:>5} {count:>5}{figures}   {'' if ratio is None else f'{ratio:.2f}'}",
                flush=True,
            )
            if ratio is not None and ratio > MOST_GROWTH:
                missed.append(f"{count} loads, depth {depth}: grows by {ratio:.2f} of n log n")
            before = (count, costs[0])
        if depth == DEPTHS[-1] and max(costs) > MOST_OF_A_THOUSAND:
            missed.append(f"{count} loads, depth {depth}: {max(costs):.0f} us")
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--budget", type=float, default=0.2, help="seconds a figure may take")
    budget = parser.parse_args().budget

    print(f"seed {SEED}")
    missed = show_houses(budget / 5.0) + show_growth(budget)
    print("\n" + ("\n".join(["misses its aim:", *missed]) if missed else "every aim is met"))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
