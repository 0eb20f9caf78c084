"""How far the estimated base is from what really flows beside the loads: one table, one row a house.

    python bench/estimation.py [--hours H] [--seeds N]

Each row is a shipped house with another meter, another charger or another car. Two errors are shown
for every decision, the larger of all phases: *shown* against the base at the moment that the meter's
last report is of, which is all that can be known, and *now* against the base of this second, which
the house moves meanwhile. Beside them stands what subtracting the chargers' last reports from the
meter's last report would give (*naive*, against the same moment as *shown*), and the lag that was
learnt, in seconds, beside the true one.
"""

import argparse
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from evenload.controller import ControllerState, step
from evenload.controller.learn import lag
from evenload.simulate.plant import Plant
from evenload.simulate.scenario import read_house

WARM_UP = 300
"""Nothing is counted before this [s]."""
NOMINAL = 230.0
"""[V]"""
LONG_AGO = 60
"""How far back the truth is kept [s]."""

COMMON = (
    "plant.start=2026-06-15T16:00:00",
    "plant.tick=2",
    "plant.household.appliance_interval=240",
    "plant.solar.sky=broken",
)
ONE, THREE = "terrace-house", "demo-house"
ONE_CAR = (
    "plant.devices.car.soc=10",
    "plant.devices.car.trips=[]",
    "chargers.wallbox.plugs.car.mode=standard",
)
ROWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("as shipped", ONE, ()),
    ("meter every 1 s", ONE, ("plant.meter.interval=1",)),
    ("meter every 15 s, lag 8 s", ONE, ("plant.meter.interval=15", "plant.meter.lag=8")),
    ("meter lags 10 s", ONE, ("plant.meter.lag=10",)),
    ("charger reports every 30 s", ONE, ("plant.devices.car.charger.report_interval=30",)),
    ("charger reports every 90 s", ONE, ("plant.devices.car.charger.report_interval=90",)),
    ("charger follows after 12 s", ONE, ("plant.devices.car.charger.delay=12",)),
    ("polls up to 10 s late", ONE, ("plant.meter.interval=10", "plant.meter.jitter=9")),
    ("three phases", THREE, ()),
    ("phases 20 s apart", THREE, ("plant.devices.car.stagger=20",)),
    ("the same, lag 8 s", THREE, ("plant.devices.car.stagger=20", "plant.meter.lag=8")),
    ("the charger tells its total", THREE, (
        "plant.devices.car.stagger=20", "plant.devices.car.charger.reports_legs=false",
    )),
    ("powers alone", THREE, ("plant.meter.reports=powers",)),
    ("currents 8 s older", THREE, ("plant.meter.reports=both", "plant.meter.current_lag=8")),
    ("whole amperes, changes only", ONE, ("plant.meter.resolution=1", "plant.meter.report_change=0.5")),
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Errors:
    """What was measured in one row [A]."""

    shown: list[float] = field(default_factory=list[float])
    now: list[float] = field(default_factory=list[float])
    naive: list[float] = field(default_factory=list[float])
    lags: list[float] = field(default_factory=list[float])
    """[s]"""


def live(name: str, changes: Sequence[str], seed: int, seconds: int, errors: Errors) -> int:
    """Let one house live and add its errors; return the meter's true lag [s]."""
    plant = Plant(read_house(name, (*COMMON, *ONE_CAR, *changes, f"plant.seed={seed}")))
    meter = plant.settings.meter
    true_lag = max(meter.lag, meter.current_lag or 0)
    truth: deque[list[float]] = deque(maxlen=LONG_AGO)
    state = ControllerState.initial(0.0)
    reported = 0
    for second in range(seconds):
        plant.advance()
        flows, managed = plant.connection.currents, plant.managed_currents
        truth.append([flow - own for flow, own in zip(flows, managed, strict=True)])
        if plant.meter_reported:
            reported = second
        if not (plant.meter_reported or second % 2 == 0):
            continue
        snapshot = plant.snapshot()
        state, decision = step(state, snapshot, float(second))
        for command in decision.commands:
            plant.command(command)
        back = second - reported + true_lag
        if second < WARM_UP or not decision.base or back >= len(truth):
            continue
        then = truth[-1 - back]
        base = list(decision.base.values())
        errors.shown.append(_apart(base, then))
        errors.now.append(_apart(base, truth[-1]))
        values = state.meters["grid"].values
        if values is not None:
            errors.naive.append(_apart(_naive(plant, values), then))
        errors.lags.append(lag(state.lags, state.meters["grid"].interval).usual)
    return true_lag


def _naive(plant: Plant, values: Sequence[float]) -> list[float]:
    """Return the meter's last report less the devices' last reports [A]."""
    base = list(values)
    snapshot = plant.snapshot()
    for device in plant.devices:
        reports = snapshot.devices[device.load.id]
        for phase, leg in zip(device.phases, device.load.phases, strict=True):
            sample = reports.current.get(leg)
            if sample is not None:
                base[phase] -= sample.value
            elif reports.power is not None:
                base[phase] -= reports.power.value / NOMINAL / len(device.phases)
    return base


def _apart(one: Sequence[float], other: Sequence[float]) -> float:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def _share(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--seeds", type=int, default=2)
    options = parser.parse_args()
    print(f"{'':<28} {'shown [A]':>20} {'now [A]':>13} {'naive [A]':>13} {'lag [s]':>14}")
    heads = ("median", "95 %", "99 %", "95 %", "99 %", "95 %", "99 %", "learnt", "true")
    print(f"{'':<28} " + " ".join(f"{head:>6}" for head in heads))
    for title, name, changes in ROWS:
        errors, true_lag = Errors(), 0
        for seed in range(1, options.seeds + 1):
            true_lag = live(name, changes, seed, int(3600 * options.hours), errors)
        figures = (
            *(_share(errors.shown, share) for share in (0.5, 0.95, 0.99)),
            *(_share(errors.now, share) for share in (0.95, 0.99)),
            *(_share(errors.naive, share) for share in (0.95, 0.99)),
            _share(errors.lags, 0.5),
            float(true_lag),
        )
        print(f"{title:<28} " + " ".join(f"{figure:>6.1f}" for figure in figures))


if __name__ == "__main__":
    main()
