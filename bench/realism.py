"""What the simulated house does beside what recorded houses did: one table.

    python bench/realism.py [--days N]

Recorded figures are computed from the recordings that `EVENLOAD_DATA` points to; without them the
column is empty. Generated figures are those of seed 1.
"""

import argparse
import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from evenload.model.decision import Command
from evenload.simulate.plant import Plant
from evenload.simulate.scenario import parse_house
from evenload.simulate.settings import GeneratedSolar, Location, Sky
from evenload.simulate.traces.clouds import clearness
from evenload.simulate.traces.sun import clear_sky
from evenload.simulate.traces.table import DATA_VARIABLE

DAY = 86400
MIDSUMMER = 172
PEAK = 10_000.0
MINUTE = 60
DAYS = 30
"""of generated sky of each kind"""


def column(path: str, name: str) -> np.ndarray | None:
    """Return a recorded column; None where there are no recordings."""
    root = os.environ.get(DATA_VARIABLE)
    if not root:
        return None
    from evenload.simulate.traces.parquet import read_columns  # noqa: PLC0415 - pyarrow is optional

    return read_columns(Path(root) / path, [name])[name]


def a_house(household: dict[str, object], **more: object) -> Plant:
    phases = ["A"] if "one_phase" in more else ["A", "B", "C"]
    more.pop("one_phase", None)
    plant = {"household": household, "start": "2026-06-15", "seed": 1} | more
    return Plant(parse_house({"site": {"phases": phases, "fuse": 63}, "plant": plant}))


def minutes_of(plant: Plant, days: int) -> np.ndarray:
    """Return the mean current of each phase in each minute, shape (minutes, phases)."""
    currents = np.empty((days * DAY, len(plant.site.phases)))
    for second in range(days * DAY):
        plant.advance()
        currents[second] = plant.connection.currents
    return currents.reshape(-1, 60, currents.shape[1]).mean(axis=1)


def household(days: int) -> Iterator[tuple[str, str, str]]:
    """Yield how high a large house on one phase stands."""
    minutes = minutes_of(a_house({"size": "large"}, one_phase=True), days)[:, 0]
    recorded = column("house3p/uci_fr_house_1min_2009.parquet", "I_dA")
    known = None if recorded is None else recorded[~np.isnan(recorded)] / 10.0
    for name, figure in (
        ("large house on one phase: minutes above 25 A", lambda amps: f"{(amps > 25).mean():.2%}"),
        ("its highest minute", lambda amps: f"{amps.max():.0f} A"),
    ):
        yield name, "" if known is None else figure(known), figure(minutes)


def roof() -> Iterator[tuple[str, str, str]]:
    """Yield how fast 10 kWp changes."""
    clear = clear_sky(GeneratedSolar(peak=PEAK), Location(), MIDSUMMER, 15.0)
    clear = np.interp(np.arange(DAY) / 60.0, np.arange(clear.size), clear)
    skies = [
        clear * clearness(sky, np.random.default_rng(seed))
        for sky in (Sky.BROKEN, Sky.OVERCAST)
        for seed in range(DAYS)
    ]
    path = "pv/utrecht_2s_cloudy_20140421.parquet"
    power, times = column(path, "pv_norm"), column(path, "time")
    measured = None
    if power is not None and times is not None:
        measured = np.interp(np.arange(DAY), times - times[0] // DAY * DAY, power * PEAK)
    for span in (2, 10, 60, 300):
        recorded = "" if measured is None else f"{fastest(measured, span) / 1000:.2f} kW"
        if measured is not None and span >= MINUTE:
            recorded += f"; {', '.join(f'{change:.2f}' for change in by_minute(span))}"
        changes = [fastest(sky, span) / 1000 for sky in skies]
        yield (
            f"roof of 10 kWp: fastest change in {span} s",
            recorded,
            f"{max(changes):.2f} kW; half of the broken days {np.median(changes[:DAYS]):.2f}",
        )


def by_minute(span: int) -> Iterator[float]:
    """Yield the fastest change of the days of broken cloud known by the minute [kW]."""
    for path, name, rated in (
        ("pv/almeria_1min_cloudy_20231019.parquet", "pv_norm", 1.0),
        ("pv/nrel_nwtc_1min_20181014.parquet", "ghi_Wm2", 1000.0),
    ):
        power = column(path, name)
        if power is not None:
            yield fastest(power / rated * PEAK, span // MINUTE) / 1000


def fastest(power: np.ndarray, span: int) -> float:
    """Return the largest change within `span` seconds."""
    return np.abs(power[span:] - power[:-span]).max()


def car() -> Iterator[tuple[str, str, str]]:
    """Yield how an 11 kW car starts."""
    legs = {"L1": "A", "L2": "B", "L3": "C"}
    plant = Plant(
        parse_house(
            {
                "site": {"fuse": 63},
                "chargers": [
                    {
                        "id": "box",
                        "max_current": 16,
                        "phases": legs,
                        "plugs": [{"id": "car", "min": 6, "max": 16}],
                    }
                ],
                "plant": {"devices": {"car": {"kind": "car", "stagger": 20, "ramp": 1, "soc": 20}}},
            }
        )
    )
    to_full, spreads, orders = [], [], set()
    for _ in range(50):
        draws = started(plant)
        begins = [int(np.argmax(draws[:, leg] > 0)) for leg in range(3)]
        to_full.append(int(np.argmax(draws.min(axis=1) >= 15.9)) - min(begins))
        spreads.append(max(begins) - min(begins))
        orders.add(tuple(np.argsort(begins)))
    yield "three-phase car: from first current to full", "28 to 33 s", _range(to_full, "s")
    yield "between its first and last phase", "up to 20 s", _range(spreads, "s")
    yield "orders in which its phases come on", "different", f"{len(orders)} of 6"


def started(plant: Plant) -> np.ndarray:
    """Return the draw of each leg while the car starts [A], and stop it again."""
    plant.command(Command(load="car", setpoint=16.0))
    draws = []
    for _ in range(60):
        plant.advance()
        draws.append(list(plant.devices[0].draws))
    plant.command(Command(load="car", setpoint=0.0))
    for _ in range(20):
        plant.advance()
    return np.array(draws)


def phases(days: int) -> Iterator[tuple[str, str, str]]:
    """Yield what three phases do with a roof on two of them, as in the recorded home."""
    solar = {"peak": 6000, "phases": ["A", "B"], "sky": "mixed"}
    plant = a_house({"size": "normal"}, solar=solar)
    minutes = minutes_of(plant, days)
    both = ((minutes.min(axis=1) < -0.2) & (minutes.max(axis=1) > 0.2)).mean()
    yield "one phase exports while another imports", "32 % of minutes", f"{both:.0%} of minutes"


def heat_pump() -> Iterator[tuple[str, str, str]]:
    """Yield how a compressor starts."""
    plant = Plant(
        parse_house(
            {
                "site": {"phases": ["A"], "fuse": 25},
                "loads": [{"id": "it", "kind": "switch", "power": 1830, "phases": {"L1": "A"}}],
                "plant": {"start": "2026-01-12", "devices": {"it": {"kind": "heat_pump"}}},
            }
        )
    )
    plant.command(Command(load="it", setpoint=1830.0))
    powers = []
    for _ in range(60):
        plant.advance()
        powers.append(plant.devices[0].power)
    begun = next(second for second, power in enumerate(powers) if power > 0.0)
    path = "thermal/heatpump_brine_water_1s_4h.parquet"
    power, running = column(path, "P_el_W"), column(path, "compressor_on")
    recorded = ""
    if power is not None and running is not None:
        first = next(at for at, (was, now) in enumerate(pairwise(running)) if now > was)
        recorded = _start(power[first : first + 60])
    yield "heat pump: first seconds, and where it settles", recorded, _start(powers[begun:])


def _start(powers: np.ndarray | list[float]) -> str:
    first = ", ".join(f"{power / 1000:.2f}" for power in powers[:4])
    return f"{first} ... {powers[25] / 1000:.2f} kW"


def _range(values: list[int], unit: str) -> str:
    low, high = np.quantile(values, [0.1, 0.9])
    return f"{low:.0f} to {high:.0f} {unit} (8 of 10)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=20, help="simulated for household and phases")
    days = parser.parse_args().days
    print(f"{'figure':50} {'recorded':26} generated")
    for rows in (household(days), roof(), car(), phases(days), heat_pump()):
        for name, recorded, generated in rows:
            print(f"{name:50} {recorded:26} {generated}")


if __name__ == "__main__":
    main()
