"""Houses for trials of the detection, lived through by the real controller and kept in files.

What a controller does is caused by the very noise that hides it, so a trial's steps are never mixed
with another house's noise: the controller reads the meter that the trial has, miswired as it is, and
follows sun and fuse by it. What it saw and commanded is kept pass by pass; the estimator, the
baseline and whatever else is compared then look at the same recording.
"""

import datetime as dt
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import cast

from evenload.model.site import Leg, Phase
from evenload.model.snapshot import Snapshot
from evenload.simulate.devices.feed import Feed
from evenload.simulate.devices.meter import GridMeter
from evenload.simulate.plant import Plant
from evenload.simulate.scenario import parse_house
from evenload.simulate.strategies.evenload import Evenload

PHASES = tuple(Phase)
LEGS = tuple(Leg)
CAR = "car"
PATIENCE = 2
"""The controller is asked so often while the meter is late [s]."""

_COMBO = "house3p/combo3p_uci"
HOUSES: Mapping[str, tuple[str, Sequence[str], int]] = {
    "french": (f"{_COMBO}_yearshift_1min_2009_4weeks.parquet", ("P_L1_W", "P_L2_W", "P_L3_W"), 174),
    "circuits": (f"{_COMBO}_circuits_1min_2009_4weeks.parquet", ("P_L1_W", "P_L2_W", "P_L3_W"), 174),
    "london": (
        "house3p/ukdale_house1_6s_20141109.parquet", ("main_W", "dish_washer_W", "washer_dryer_W"), 1
    ),
}  # fmt: skip
"""Recorded households: file, columns as phases, days from first to last."""

_FRENCH_WEEKS = (0, 56, 112, 168)
"""Where the four weeks of the French recordings begin [days]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """How the meter is really mounted."""

    swap: Mapping[Phase, Phase]
    """Under which name the meter reports each phase."""
    turned: tuple[Phase, ...]
    """Phases, by their own names, whose transformer is backwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One house for one stretch of time."""

    name: str
    seed: int
    legs: int
    """How many legs the car draws on."""
    hours: float
    behind: bool = True
    """False: the meter does not contain what the car draws."""
    lag_factor: int = 1
    """How much longer the meter lags than the seed says: 2 for the control."""

    @property
    def wiring(self) -> Wiring:
        """What the estimator has to find."""
        chance = Random(f"wiring {self.seed}")
        names = list(PHASES)
        if chance.random() < 0.7:
            chance.shuffle(names)
        draw = chance.random()
        turned = PHASES if draw < 0.03 else (chance.choice(PHASES),) if draw < 0.2 else ()
        return Wiring(swap=dict(zip(PHASES, names, strict=True)), turned=turned)

    @property
    def truth(self) -> dict[Leg, tuple[Phase, int]]:
        """The phase's name in the meter and its sign, by leg that the car draws on."""
        wiring = self.wiring
        return {
            leg: (wiring.swap[phase], -1 if phase in wiring.turned else 1)
            for leg, phase in list(zip(LEGS, PHASES, strict=True))[: self.legs]
        }


def settings_of(trial: Trial) -> dict[str, object]:
    """Return the site file of a trial."""
    chance = Random(f"house {trial.seed}")
    household = _household(chance)
    start = dt.datetime(2026, 4, 1) + dt.timedelta(  # noqa: DTZ001 - the house's own clock
        days=chance.randrange(150), hours=chance.randint(7, 15), minutes=chance.randrange(60)
    )
    lag = chance.randint(0, 10) * trial.lag_factor
    interval = chance.randint(1, 10)
    sunny = chance.random() < 0.8
    solar = {
        "peak": chance.choice((4000, 6000, 9000)),
        "phases": chance.choice((["A"], ["B"], ["C"], ["A", "B", "C"], ["A", "B", "C"])),
        "sky": chance.choice(("broken", "broken", "broken", "mixed", "clear")),
    }
    trips = _trips(chance, start, trial.hours)
    mode = chance.choice(("solar", "solar", "eco", "standard")) if sunny else "standard"
    battery = {"max_charge": 3000, "max_discharge": 3000} if chance.random() < 0.15 else None
    car = _car(chance, trial.legs) | {"trips": trips}
    site: dict[str, object] = {"fuse": chance.choice((16, 20, 25, 25)), "phases": ["A", "B", "C"]}
    plant: dict[str, object] = {
        "seed": trial.seed,
        "start": (start - dt.timedelta(minutes=1)).isoformat(),
        "household": household,
        "fuse": {"rating": 125},
        "meter": {"interval": interval, "lag": lag, **_meter(chance, trial.wiring)},
        "devices": {CAR: car},
    }
    if sunny:
        plant["solar"] = solar
    if battery is not None and trial.behind:
        soc = chance.randint(20, 90)
        site["battery"] = battery
        plant["battery"] = {"capacity": 8000, "soc": soc, "phases": ["A", "B", "C"]}
    phases = {"L1": "A"} if trial.legs == 1 else {"L1": "A", "L2": "B", "L3": "C"}
    plug = {"id": CAR, "min": 6, "max": 16, "step": 1, "mode": mode}
    return {
        "site": site,
        "chargers": [{"id": "box", "max_current": 16, "phases": phases, "plugs": [plug]}],
        "plant": plant,
    }


def _household(chance: Random) -> dict[str, object]:
    """Return one of the recorded houses, its phases in any order."""
    name = chance.choice(tuple(HOUSES))
    path, columns, _ = HOUSES[name]
    shuffled = list(columns)
    chance.shuffle(shuffled)
    first_day = 0 if name == "london" else chance.choice(_FRENCH_WEEKS) + chance.randrange(7)
    return {
        "source": "recorded",
        "path": path,
        "first_day": first_day,
        "columns": dict(zip("ABC", shuffled, strict=True)),
    }


def _trips(chance: Random, start: dt.datetime, hours: float) -> list[dict[str, object]]:
    """Return when the car comes and goes, twice."""
    arrives = start + dt.timedelta(minutes=chance.randint(3, 10))
    errand = start + dt.timedelta(hours=hours / 2.0, minutes=chance.randint(-20, 20))
    back = errand + dt.timedelta(minutes=chance.randint(10, 25))
    leaves = start + dt.timedelta(hours=hours, minutes=-chance.randint(5, 20))
    return [
        {"leaves": f"{start:%H:%M}", "returns": f"{arrives:%H:%M}", "energy": 0},
        {"leaves": f"{errand:%H:%M}", "returns": f"{back:%H:%M}", "energy": 4000},
        {"leaves": f"{leaves:%H:%M}", "returns": "03:00", "energy": 9000},
    ]


def _car(chance: Random, legs: int) -> dict[str, object]:
    """Return a car with its charger, but for when it is there."""
    charger = {
        "delay": chance.randint(1, 5),
        "report_interval": chance.randint(1, 10),
        "report_lag": chance.randint(0, 5),
    }
    return {
        "kind": "car",
        "capacity": 90000,
        "soc": 20,
        "max_current": 16,
        "legs": [leg.value for leg in LEGS[:legs]],
        "ramp": chance.choice((1, 2, 4, 8)),
        "ramp_down": chance.choice((4, 8, 16)),
        "response": chance.randint(0, 4),
        "stagger": chance.choice((0, 6, 12, 20)),
        "charger": charger,
    }


def _meter(chance: Random, wiring: Wiring) -> dict[str, object]:
    """Return how a meter is mounted and how well it measures."""
    return {
        "jitter": chance.choice((0, 0, 1)),
        "resolution": chance.choice((0.01, 0.1, 0.1)),
        "noise": 0.02,
        "phase_swap": {key.value: value.value for key, value in wiring.swap.items()},
        "reversed": [phase.value for phase in wiring.turned],
    }


class _OtherMeter:
    """A meter in another place, which shows the house without its car."""

    def __init__(self, plant: Plant) -> None:
        meter = plant.settings.meter
        self._meter = GridMeter(meter, plant.site.phases, Random(plant.settings.seed))
        self._feed = Feed()
        self._plant = plant

    def advance(self) -> None:
        """Measure one second."""
        plant = self._plant
        flows, cars = plant.connection.currents, plant.managed_currents
        self._meter.observe([flow - car for flow, car in zip(flows, cars, strict=True)])
        self._feed.now = float(plant.second)
        self._meter.report(self._feed, plant.second, [plant.site.voltage] * 3)

    def seen(self, snapshot: Snapshot) -> Snapshot:
        """Return the snapshot with what this meter reported."""
        samples = self._feed.samples
        grid = {phase: samples[f"grid.{phase}"] for phase in PHASES if f"grid.{phase}" in samples}
        return replace(snapshot, grid=grid)


type Record = list[object]
"""One pass: now, meter [at, A, B, C], car [state, L1, L2, L3, at], [solar], [battery], setpoints told.

None where nothing is new."""


def live(trial: Trial) -> list[Record]:
    """Let the controller live through a trial; return what it saw and told in each pass."""
    plant = Plant(parse_house(settings_of(trial), source=trial.name))
    other = None if trial.behind else _OtherMeter(plant)
    strategy = Evenload()
    records: list[Record] = []
    last: list[object] = [None] * 4
    reported = asked = 0
    for second in range(int(trial.hours * 3600)):
        plant.advance()
        if other is not None:
            other.advance()
        reported = second if plant.meter_reported else reported
        late = second - reported > plant.settings.meter.interval and second - asked >= PATIENCE
        if not (plant.meter_reported or late):
            continue
        asked = second
        snapshot = plant.snapshot() if other is None else other.seen(plant.snapshot())
        commands = strategy.decide(snapshot, float(second))
        for command in commands:
            plant.command(command)
        seen = _seen(snapshot)
        fresh = [new if new != old else None for new, old in zip(seen, last, strict=True)]
        last = seen
        told = [command.setpoint for command in commands]
        records.append([second, *fresh, told or None])
    return records


def _seen(snapshot: Snapshot) -> list[object]:
    car = snapshot.devices[CAR]
    grid = [snapshot.grid[phase] for phase in PHASES if phase in snapshot.grid]
    meter = (
        [max(s.at for s in grid), *(s.value for s in grid)] if len(grid) == len(PHASES) else None
    )
    legs = [car.current[leg].value if leg in car.current else None for leg in LEGS]
    at = max((sample.at for sample in car.current.values()), default=None)
    solar, battery = snapshot.solar, snapshot.battery_power
    return [
        meter,
        [car.state.value, *legs, at],
        None if solar is None else [solar.at, solar.value],
        None if battery is None else [battery.at, battery.value],
    ]


def recording(trial: Trial, folder: Path) -> list[Record]:
    """Return a trial's recording: out of its file, or lived through and kept."""
    path = folder / f"{trial.name}.json.gz"
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return cast("list[Record]", json.load(file))
    except OSError, ValueError, EOFError:
        records = live(trial)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    with gzip.open(half, "wt", encoding="utf-8", compresslevel=3) as file:
        json.dump(records, file)
    half.replace(path)
    return records
