"""How much of the sun a car gets: one table, one row a recorded day, car and preset.

    EVENLOAD_DATA=... python bench/solar.py [--days D ...] [--cars C ...] [--presets P ...]

*Net solar gain* is the solar energy into the car less the grid energy it caused. It stands beside
the best that is possible with the whole day known beforehand (`solar_bound`) under the same minimum,
steps, least times on and off and 6 starts, and beside a loop in the style of evcc on the same day.

The days are recordings of roofs (or of the sun) at 2 s and at 1 min, scaled to 8 kWp, 1 min brought
to seconds by the plant. The car is at home all day and never full; it takes 6 to 16 A in steps of
1 A, on one phase, on three, or on one or three by a charger that can switch. The meter reports every
5 s what flowed 1 s ago. `--export-limit W` has the inverter hold export at that, so that the meter
hides the rest of the sun; the bound knows it all the same. `--break off` switches control off, `--break lag` makes the meter 60 s late:
figures that must be bad.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from solar_bound import JOULES_PER_KWH, Wear, best_gain

from evenload.simulate.plant import House, Plant
from evenload.simulate.scenario import parse_house
from evenload.simulate.strategies import STRATEGIES, Strategy

type Floats = NDArray[np.float64]

BEGIN, END = 5 * 3600, 22 * 3600
"""Seconds of the day between which there is sun."""
MINIMUM, MAXIMUM = 6, 16
"""[A per leg]"""
STARTED = 50.0
"""A car that draws more is on [W]."""
TARGETS = {
    ("one", "clear"): 0.96, ("one", "broken"): 0.88,
    ("switching", "clear"): 0.92, ("switching", "broken"): 0.87,
    ("three", "clear"): 0.92, ("three", "broken"): 0.72,
}  # fmt: skip
"""By car and sky, for the balanced preset."""
MOST_STARTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One recorded day."""

    sky: str
    file: str
    column: str = "pv_norm"
    rated: float = 1.0
    """What the column holds when 8 kWp give 8 kW."""
    shift: int = 0
    """From the recording's clock to the house's [s]."""


DAYS = {
    "utrecht-clear": Day(sky="clear", file="utrecht_2s_clear_20150409", shift=7200),
    "utrecht-cloudy": Day(sky="broken", file="utrecht_2s_cloudy_20140421", shift=7200),
    "almeria-clear": Day(sky="clear", file="almeria_1min_clear_20231015", shift=7200),
    "almeria-cloudy": Day(sky="broken", file="almeria_1min_cloudy_20231019", shift=7200),
    "turin-clear": Day(sky="clear", file="turin_1min_clear_20190330"),
    "bms": Day(sky="broken", file="nrel_midc_bms_ghi_1min_20220120", column="ghi_Wm2", rated=1000.0, shift=-25200),
    "nwtc": Day(sky="broken", file="nrel_nwtc_1min_20181014", column="ghi_Wm2", rated=1000.0),
    "midc": Day(sky="clear", file="midc_1min_with_stdev_20191115", column="ghi_Wm2", rated=1000.0),
    "surfrad": Day(sky="clear", file="surfrad_slv_1min_20160101", column="ghi_Wm2", rated=1000.0, shift=-25200),
}  # fmt: skip
CARS = {"one": (1,), "switching": (1, 3), "three": (3,)}
"""How many phases the car may be given."""


def house(day: Day, car: str, preset: str, arguments: argparse.Namespace) -> House:
    """Return the house of one row."""
    legs = ["L1"] if car == "one" else ["L1", "L2", "L3"]
    load = {
        "id": "car", "kind": "ev", "min": MINIMUM, "max": MAXIMUM, "mode": "solar",
        "phases": dict(zip(legs, "ABC", strict=False)), "legs": legs,
    }  # fmt: skip
    control: dict[str, object] = {"preset": preset, "control": arguments.broken != "off"}
    charger: dict[str, object] = {}
    roof: dict[str, object] = {}
    if arguments.export_limit is not None:
        control["export_limit"] = arguments.export_limit
        roof = {"export_limit": arguments.export_limit, "export_lag": 2}
    if car == "switching":
        control["loads"] = {"car": {"phase_switching": {}}}
        charger = {"switches_phases": True, "switch_pause": 10}
    return parse_house(
        {
            "site": {"fuse": 40},
            "control": control,
            "loads": [load],
            "plant": {
                "seed": arguments.seed,
                "start": "2026-06-15T05:00",
                "meter": {"interval": 5, "lag": 60 if arguments.broken == "lag" else 1},
                "household": {"size": "small"},
                "solar": {
                    "source": "recorded", "path": f"pv/{day.file}.parquet", "column": day.column,
                    "rated": day.rated, "shift": day.shift, "peak": 8000, "phases": ["A", "B", "C"],
                    **roof,
                },
                "devices": {
                    "car": {
                        "kind": "car", "capacity": 400_000, "soc": 5, "ramp": 1,
                        "stagger": 15 if car != "one" else 0, "charger": charger,
                    }
                },
            },
        }
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What came of one day."""

    surplus: Floats
    """What the roof could give beyond the household, by second [W]."""
    power: Floats
    """What the car drew, by second [W]."""
    voltage: Floats
    """Mean of the phases, by second [V]."""
    base_power: float
    """Mean of the household [W]."""
    switches: int

    @property
    def gain(self) -> float:
        """Return the net solar gain [kWh]."""
        sun = np.minimum(self.power, np.maximum(self.surplus, 0.0))
        return float((2.0 * sun - self.power).sum()) / JOULES_PER_KWH

    @property
    def starts(self) -> int:
        """Return how often charging began; standing still while phases are switched is no stop."""
        on = self.power > STARTED
        begins = np.flatnonzero(~on[:-1] & on[1:])
        ends = np.flatnonzero(on[:-1] & ~on[1:])
        pauses = sum(1 for begin in begins if ends.size and 0 < _since(ends, begin) < 60)
        return len(begins) - pauses


def _since(ends: NDArray[np.intp], begin: int) -> int:
    before = ends[ends < begin]
    return int(begin - before[-1]) if before.size else 0


def live(setup: House, strategy: Strategy) -> Lived:
    """Live through one day's sun."""
    plant = Plant(setup)
    fresh, asked, given, switches = plant.feed.fresh, 0, 0, 0
    rows: list[tuple[float, float, float, float]] = []
    for second in range(END - BEGIN):
        plant.advance()
        if plant.meter_reported or second - asked >= 2:
            asked = second
            for command in strategy.decide(plant.snapshot(), float(plant.second)):
                plant.command(command)
                if command.phases is not None:
                    switches += given not in (0, command.phases)
                    given = command.phases
        fresh.clear()
        voltage = sum(plant.moment.voltages) / len(plant.moment.voltages)
        rows.append((plant.sunshine, plant.base_power, plant.devices[0].power, voltage))
    sun, base, power, voltages = np.array(rows).T
    return Lived(
        surplus=sun - base,
        power=power,
        voltage=voltages,
        base_power=float(base.mean()),
        switches=switches,
    )


def bound(lived: Lived, car: str) -> float:
    """Return the best gain that was possible [kWh]."""
    levels = [
        legs * current * lived.voltage
        for legs in CARS[car]
        for current in range(MINIMUM, MAXIMUM + 1)
    ]
    return best_gain(lived.surplus, levels, Wear())


def rows(name: str, car: str, arguments: argparse.Namespace) -> Iterator[bool]:
    """Print the rows of one day and car; yield of each whether it reaches its target."""
    theirs = None
    if arguments.evcc:
        theirs = live(house(DAYS[name], car, "balanced", arguments), STRATEGIES["evcc_style"]())
    for preset in arguments.presets:
        yield row(name, car, preset, theirs, arguments)


def row(
    name: str, car: str, preset: str, theirs: Lived | None, arguments: argparse.Namespace
) -> bool:
    """Print one row; return whether it reaches its target."""
    day = DAYS[name]
    setup = house(day, car, preset, arguments)
    began = time.process_time()
    ours = live(setup, STRATEGIES["evenload"]())
    seconds = time.process_time() - began
    best = bound(ours, car)
    share = ours.gain / best
    other = "-" if theirs is None else f"{theirs.gain / best:6.3f} {theirs.starts:3d}"
    target = TARGETS[car, day.sky]
    reached = preset != "balanced" or (share >= target and ours.starts <= MOST_STARTS)
    print(
        f"{name:15} {day.sky:6} {car:9} {preset:8} {best:6.2f} {ours.gain:6.2f} {share:6.3f}"
        f" {target if preset == 'balanced' else '':>5} {'' if reached else 'NO':2}"
        f" {ours.starts:3d} {ours.switches:3d}  {other}  {ours.base_power:4.0f} {seconds:4.1f}",
        flush=True,
    )
    return reached


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", nargs="*", default=list(DAYS), choices=list(DAYS))
    parser.add_argument("--cars", nargs="*", default=list(CARS), choices=list(CARS))
    parser.add_argument(
        "--presets", nargs="*", default=["balanced", "strict"], choices=["balanced", "strict"]
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-evcc", dest="evcc", action="store_false")
    parser.add_argument("--export-limit", type=float, metavar="W")
    parser.add_argument("--break", dest="broken", choices=["off", "lag"])
    return parser.parse_args(arguments)


def main() -> None:
    """Print the table."""
    arguments = parse()
    print(
        "day             sky    car       preset    bound   gain  share  goal    sts swi"
        "  evcc-style  base  cpu\n"
        "                                             kWh    kWh"
        "                           share sts     W    s"
    )
    reached = [
        is_reached
        for day in arguments.days
        for car in arguments.cars
        for is_reached in rows(day, car, arguments)
    ]
    print(f"{sum(reached)} of {len(reached)} rows reach what is aimed for")


if __name__ == "__main__":
    main()
