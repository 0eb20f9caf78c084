"""What one allocation costs: by number of loads, by depth of the tree of circuits, and how it grows.

Run with `uv run python bench/engine.py`. Sites are seeded; a figure is the median processor time of
repeated calls of a prepared `Allocator`, which another program on the machine disturbs less than
wall-clock time. The main fuse and every circuit carry about half of what hangs on them, so that
limits, pools and reasons all have work to do. The last column compares a row with the one before it:
1.0 grows like n log n, less grows slower.

The first four columns give every load a number of its own; in the last all numbers are equal, so
that whole tiers fill together. Heaters go in steps of 1 W.
"""

import argparse
import math
import random
import statistics
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


def cost(given: House, *, budget: float) -> float:
    """Return the median processor time of one allocation [us], over `budget` seconds of calls."""
    allocator = Allocator(given.site)
    allocator.allocate(given.readings)
    times: list[float] = []
    end = time.thread_time() + budget
    while time.thread_time() < end or len(times) < 5:
        start = time.thread_time()
        allocator.allocate(given.readings)
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--budget", type=float, default=0.5, help="seconds a figure may take")
    budget = parser.parse_args().budget

    names = list(variants(house(1, 1)))
    print(f"seed {SEED}; microseconds an allocation\n")
    print("depth loads" + "".join(f"{name:>15}" for name in names) + "   growth of `priority`")
    for depth in DEPTHS:
        before: tuple[int, float] | None = None
        for count in COUNTS:
            costs = [cost(given, budget=budget) for given in variants(house(count, depth)).values()]
            ratio = "" if before is None else f"{growth(count, before[0], costs[0], before[1]):.2f}"
            figures = "".join(f"{figure:>15.1f}" for figure in costs)
            print(f"{depth:>5} {count:>5}{figures}   {ratio}")
            before = (count, costs[0])


if __name__ == "__main__":
    main()
