"""How long a simulated day takes: one table, one row an interval of the meter.

    python bench/simulate.py [--hours N] [--runs N]

One house on three phases with five loads (three cars, two boilers), a roof and a battery, the real
controller, steps of one second. Figures are processor time, scaled to a day; the share of the plant
alone is measured by the same hours with nobody deciding. Of several runs the median counts; status 1
says that it misses the aim.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from evenload.model.decision import Command, Decision
from evenload.model.snapshot import Snapshot
from evenload.simulate.plant import House, Plant
from evenload.simulate.run import run
from evenload.simulate.scenario import parse_house
from evenload.simulate.strategies import Evenload, Strategy

HOURS_A_DAY = 24
TARGETS = {5: 10.0, 1: 25.0}
"""By interval of the meter [s]: processor seconds a day that are aimed for."""


class Nobody:
    """Decides nothing."""

    pace: int | None = None
    decision: Decision | None = None

    def decide(self, snapshot: Snapshot, now: float) -> Sequence[Command]:  # noqa: ARG002 - the protocol's
        """Command nothing."""
        return ()

    def restarted(self, now: float) -> None:
        """Remember nothing, as before."""


def house(interval: int) -> House:
    cars, boilers = ("left", "middle", "right"), ("boiler", "pool")
    plugs = [{"id": car, "min": 6, "max": 16, "mode": "solar"} for car in cars]
    phases = {"L1": "A", "L2": "B", "L3": "C"}
    return parse_house(
        {
            "site": {"fuse": 35, "battery": {"max_charge": 3000, "max_discharge": 3000}},
            "chargers": [{"id": "row", "max_current": 32, "phases": phases, "plugs": plugs}],
            "loads": [
                {"id": name, "kind": "switch", "power": 2000, "phases": {"L1": "B"}, "mode": "eco"}
                for name in boilers
            ],
            "plant": {
                "start": "2026-06-15T08:00",
                "meter": {"interval": interval, "lag": 1},
                "solar": {"peak": 15000, "phases": ["A", "B", "C"], "sky": "broken"},
                "battery": {"capacity": 8000},
                "devices": {car: {"kind": "car", "soc": 20, "stagger": 10} for car in cars}
                | {boiler: {"kind": "tank"} for boiler in boilers},
            },
        }
    )


def measured(interval: int, strategy: Strategy, hours: float) -> tuple[float, int]:
    """Return the processor seconds that a day takes, and the passes in it."""
    plant = Plant(house(interval))
    began = time.process_time()
    outcome = run(plant, strategy, seconds=round(3600 * hours))
    spent = time.process_time() - began
    passes = outcome.result["control"]["passes"]
    return spent * HOURS_A_DAY / hours, round(passes * HOURS_A_DAY / hours)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=4.0, help="simulated in each run")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    hours = arguments.hours
    print("meter [s]   a day [s]   of it the plant [s]   passes   aim [s]")
    is_missed = False
    for interval, aim in TARGETS.items():
        runs = [measured(interval, Evenload(), hours) for _ in range(arguments.runs)]
        day, passes = sorted(runs)[len(runs) // 2]
        plant, _ = measured(interval, Nobody(), hours)
        print(f"{interval:9}   {day:9.1f}   {plant:19.1f}   {passes:6}   {aim:7.1f}")
        is_missed = is_missed or day > aim
    return int(is_missed)


if __name__ == "__main__":
    sys.exit(main())
