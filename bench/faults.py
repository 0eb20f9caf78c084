"""Whether the fuse holds while things break: one table, one row a fault.

    python bench/faults.py [--seeds N] [--only NAME ...] [--thermal] [--jobs N] [--out DIR]

Each row is the evening of the scenario two-cars with both cars empty and in standard mode, a cold boiler,
a kettle and an oven coming on in turn every five minutes besides what the household does by chance, and
one thing that breaks at 18:00. The first row is the same evening with nothing broken. Three rows are about
Home Assistant being away: it restarts in mid-charge, it is gone for four hours, and it is gone for four
hours while an appliance of 2.3 kW starts on every phase within the lease, when nobody can answer.

Beside each evening stands the same one with every load at full power (naive), up to its first trip, and
without its loads. The exit status is 1 when our loads trip the fuse, starve, or keep a phase above its
rating longer than meter, devices and the time that the fault goes unnoticed account for; with --thermal,
when more than half of the fuse's curve is used.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from held import Row, conclude, live
from resumable import Part, finish
from rich.console import Console
from rich.progress import track

from evenload.simulate.settings import FaultKind

EVENING = (
    "plant.start=2026-05-04T16:00:00",
    "plant.household.size=small",
    "plant.household.appliance_interval=300",
    "chargers.station.plugs.red.mode=standard",
    "loads=[{id: boiler, kind: switch, power: 2000, phases: {L1: A}, priority: 3}]",
    "plant.devices.boiler={kind: tank, temperature: 30, daily_draw: 300}",
    "control.loads.boiler={lease: 10}",
    *(f"plant.devices.{car}.{key}" for car in ("blue", "red") for key in ("soc=20", "trips=[]")),
)
SECONDS = 7 * 3600
THERMAL = ("control.protection=thermal", "control.fuse_kind=gG")
MINUTE, HOUR = 60, 3600
WORST_EVENING = (
    f"plant.appliances=[{{at: '18:00:05', duration: {HOUR}, power: 6900, phases: [A, B, C]}}]",
    "plant.household.appliance_interval=null",
)
"""As much as `control.appliance_reserve` keeps free comes on at once on every phase, and nothing besides by the
clock."""
_LEASE = 10
"""Of both chargers, as the scenario says, and of the boiler's relay, which switches itself off [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Something that goes wrong."""

    faults: tuple[str, ...] = ()
    """As `plant.faults` takes them."""
    changes: tuple[str, ...] = ()
    unnoticed: float = 0.0
    """How long nobody can know or do anything about it [s]."""


DURATION: Mapping[FaultKind, int] = {
    FaultKind.CHARGER_REBOOT: 90,
    FaultKind.METER_DROPOUT: 2 * HOUR,
    FaultKind.CHARGER_ROUNDING: 2 * HOUR,
    FaultKind.HOME_ASSISTANT_GONE: 4 * HOUR,
}
"""Where 20 minutes are not what it usually takes [s]."""

UNNOTICED: Mapping[FaultKind, float] = {
    FaultKind.METER_SILENT: 30.0,
    FaultKind.METER_NAN: 30.0,
    FaultKind.METER_GLITCH: 30.0,
    FaultKind.METER_DROPOUT: 30.0,
    FaultKind.METER_FROZEN: 120.0,
    FaultKind.CHARGER_DEAF: 30.0,
    FaultKind.CHARGER_OFFLINE: _LEASE,
    FaultKind.CHARGER_REBOOT: _LEASE,
    FaultKind.RELAY_STUCK: 30.0,
    FaultKind.RELAY_OFFLINE: _LEASE,
    FaultKind.HOME_ASSISTANT_GONE: _LEASE,
}
"""A meter is silent for meter_timeout before it counts as lost; a frozen one is found out by lowering loads,
after three times as long as it has ever stood still; who does not obey is known after its settle time and two
reports; what is out of reach, or has nobody to tell it anything, falls back after its lease [s].

What the device itself draws that takes no command is not counted. The others have to make room for
it as for any house."""


def broken(kind: FaultKind, at: str = "18:00", duration: int | None = None) -> str:
    lasts = DURATION.get(kind, 20 * MINUTE) if duration is None else duration
    return f"{{kind: {kind}, at: '{at}', duration: {lasts}}}"


def cases() -> Iterator[tuple[str, Case]]:
    yield "nothing", Case()
    for kind in FaultKind:
        yield kind.value, Case(faults=(broken(kind),), unnoticed=UNNOTICED.get(kind, 0.0))
    gone = FaultKind.HOME_ASSISTANT_GONE
    yield "restart", Case(faults=(broken(gone, duration=30),), unnoticed=_LEASE)
    yield (
        "gone_with_appliance",
        Case(faults=(broken(gone),), changes=WORST_EVENING, unnoticed=_LEASE),
    )


def parts(seeds: int, only: list[str], thermal: tuple[str, ...]) -> Iterator[tuple[Part, Case]]:
    for name, case in cases():
        if only and name not in only:
            continue
        for seed in range(1, seeds + 1):
            changes = (
                *EVENING,
                *thermal,
                *case.changes,
                f"plant.seed={seed}",
                f"plant.faults=[{', '.join(case.faults)}]",
            )
            file = f"{name}/{'thermal' if thermal else 'strict'}-{seed}"
            yield Part(name=file, scenario="two-cars", changes=changes, seconds=SECONDS), case


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [name for name, _ in cases()]
    parser.add_argument("--seeds", type=int, default=5, help="evenings of each fault")
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", default=[], help="rows")
    parser.add_argument("--thermal", action="store_true", help="with thermal protection")
    parser.add_argument("--jobs", type=int, default=2, help="evenings at the same time")
    parser.add_argument(
        "--out", type=Path, default=Path("build/faults"), help="where they are kept"
    )
    return parser.parse_args()


def main() -> None:
    given = arguments()
    todo = dict(parts(given.seeds, given.only, THERMAL if given.thermal else ()))
    rows = {part.row: Row(part.row) for part in todo}
    results = finish(list(todo), live, out=given.out, jobs=given.jobs)
    shown = Console(stderr=True)
    for part, result in track(results, total=len(todo), console=shown, description="evenings"):
        rows[part.row].add(part, result, thermal=given.thermal, unnoticed=todo[part].unnoticed)
    sys.exit(conclude(rows.values()))


if __name__ == "__main__":
    main()
