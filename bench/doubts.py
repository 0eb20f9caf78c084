"""Whether missing, late or doubtful data ever raises a setpoint: random houses, random faults.

    python bench/doubts.py [--houses N] [--first SEED] [--hours H] [--defect NAME]

Each house is one of the shipped ones with another meter, other modes and other devices, all by its
seed, and lives through a random sequence of everything that can break, restarts included. What is
doubtful is decided here, from what really broke and what was really reported, not from what the
controller thinks of it. One table is printed: for each kind of doubt how many decisions were made in
it, and how many of them raised something. The last row counts the raises outside of all doubt: were
there none, the others would mean nothing.

`--defect` breaks the controller on purpose, to show that the table can tell.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from statistics import median
from types import MappingProxyType

import evenload.controller.habits as habits_module
import evenload.controller.meters as meters_module
from evenload.controller import ControllerState, dump_state, load_state, step
from evenload.model.decision import Decision
from evenload.model.site import Mode
from evenload.model.snapshot import Sample, Snapshot
from evenload.simulate.plant import Plant
from evenload.simulate.scenario import read_house
from evenload.simulate.settings import FaultKind

type Step = Callable[[ControllerState, Snapshot, float], tuple[ControllerState, Decision]]

HOUSES = ("terrace-house", "demo-house", "two-cars")
CARS = {"terrace-house": ("car",), "demo-house": ("car",), "two-cars": ("blue", "red")}
PLUGS = {
    "terrace-house": ("chargers.wallbox.plugs.car", "loads.boiler"),
    "demo-house": ("chargers.wallbox.plugs.car", "loads.boiler"),
    "two-cars": ("chargers.station.plugs.blue", "chargers.station.plugs.red"),
}
FAULTS = tuple(kind for kind in FaultKind if kind is not FaultKind.CLOCK_STEP)
LEAST_SLIP = 2.0
"""A slip that is by less than this too small, or below what was said before, is no leap [A]."""
WARM_UP = 60
"""A house runs for so long before anything breaks [s]."""


class Doubt(StrEnum):
    """Why nothing may be raised."""

    STARTED = "just started"
    """The grid meter has not reported twice since the controller started."""
    LATE = "late"
    """Its last report is older than two of its intervals, as they lately were, and a second."""
    NO_NUMBER = "no number"
    WRONG_UNIT = "wrong unit"
    """What it said last was a thousand times too much, or the only report since it was."""
    SLIP = "one slip"
    """What it said last, and only then, was a thousand times too little: a fall that could well be."""
    FROZEN = "frozen"
    """It has repeated a reading that is no longer true."""
    BATTERY = "battery silent"
    """For loads that run on surplus alone."""
    UNREACHABLE = "device unreachable"
    """For the load behind it."""


@dataclass(slots=True, kw_only=True)
class Findings:
    """What was counted."""

    decisions: Counter[Doubt] = field(default_factory=Counter[Doubt])
    raises: Counter[Doubt] = field(default_factory=Counter[Doubt])
    sound_raises: int = 0
    """Raises that no doubt stood against."""
    examples: list[str] = field(default_factory=list[str])

    def add(self, other: Findings) -> None:
        """Count what another house found, too."""
        self.decisions += other.decisions
        self.raises += other.raises
        self.sound_raises += other.sound_raises
        self.examples += other.examples


class House:
    """One house with its controller, its faults, and what is known of them from outside."""

    def __init__(self, seed: int, seconds: int, decide: Step) -> None:
        """Build the house of this seed, which is to live for so long [s]."""
        self.seed = seed
        self.chance = random.Random(seed)
        self.plant = Plant(read_house(*_house(self.chance, seed)))
        self.decide = decide
        self.state = ControllerState.initial(0.0)
        self.before: Decision | None = None
        self.events = _faults(self.chance, seconds)
        self.reports = 0
        """Of the grid meter since the controller started."""
        self.reported_at = float("-inf")
        self.gaps: list[float] = []
        """The last few times between two of them [s]."""
        self.last: Mapping[str, float] = {}
        self.slips = sorted(self.chance.randint(WARM_UP, seconds) for _ in range(seconds // 120))
        """When the next report is a thousand times too little [s]."""
        self.has_slipped = False
        """Whether the last report was."""
        self.spoilt: dict[FaultKind, int] = {}
        """By fault of the meter: how many reports ago it spoilt one."""
        self.findings = Findings()

    def live(self, seconds: int) -> Findings:
        """Live so long [s] and return what was found."""
        was_gone = False
        asked_at = 0
        for second in range(seconds):
            while self.events and self.events[0][0] <= second:
                _, kind, active = self.events.pop(0)
                self.plant.fail(kind, active=active)
            self.plant.advance()
            if was_gone and not self.plant.gone:
                self._restart()
            was_gone = self.plant.gone
            if self.plant.meter_reported:
                self._note_report(second)
            is_due = self.plant.meter_reported or second - asked_at >= 2
            if is_due and not self.plant.gone:
                asked_at = second
                self._decide(float(second))
            self.plant.feed.fresh.clear()
            if self.plant.dark:
                break
        return self.findings

    def _restart(self) -> None:
        """As the platform does: what was saved is read again, and nothing else is known."""
        now = float(self.plant.second)
        self.state = load_state(json.loads(json.dumps(dump_state(self.state, now))), now)
        self.before = None
        self.reports = 0

    def _note_report(self, second: int) -> None:
        self.reports += 1
        if self.reports > 1:
            self.gaps = [*self.gaps, second - self.reported_at][-5:]
        self.reported_at = float(second)
        samples = self.plant.feed.samples
        says = {key: sample.value for key, sample in samples.items() if key.startswith("grid")}
        active = {kind for kind, _ in self.plant.active_faults}
        self.spoilt = {kind: age + 1 for kind, age in self.spoilt.items()}
        for kind in (FaultKind.METER_NAN, FaultKind.METER_GLITCH):
            if kind in active:
                self.spoilt[kind] = 0
        if FaultKind.METER_FROZEN in active and says == self.last:
            self.spoilt[FaultKind.METER_FROZEN] = 0
        is_large = any(
            self.last.get(key, 0.0) - says[key] / 1000.0 > LEAST_SLIP < says[key] for key in says
        )
        is_due = bool(self.slips) and self.slips[0] <= second
        is_large = is_large and FaultKind.METER_FROZEN not in active
        self.has_slipped = is_due and is_large and not self.has_slipped
        self.last = says
        while self.slips and self.slips[0] <= second:
            self.slips.pop(0)

    def _doubts(self, snapshot: Snapshot, now: float) -> dict[Doubt, frozenset[str] | None]:
        """Return what is doubtful now, each with the loads it concerns; None: all."""
        meter = self.plant.settings.meter
        found: dict[Doubt, frozenset[str] | None] = {}
        if self.reports < 2:
            found[Doubt.STARTED] = None
        interval = max(meter.interval + meter.jitter, median(self.gaps) if self.gaps else 0.0)
        if now - self.reported_at > 2.0 * interval + 1.0:
            found[Doubt.LATE] = None
        if self.spoilt.get(FaultKind.METER_NAN, 9) < 1:
            found[Doubt.NO_NUMBER] = None
        if self.spoilt.get(FaultKind.METER_GLITCH, 9) < 2:
            found[Doubt.WRONG_UNIT] = None
        if self.has_slipped:
            found[Doubt.SLIP] = None
        if self.spoilt.get(FaultKind.METER_FROZEN, 9) < 1:
            found[Doubt.FROZEN] = None
        battery, part = snapshot.battery_power, self.plant.settings.battery
        if part is not None and (
            battery is None or now - battery.at > 2.0 * part.report_interval + 1.0
        ):
            found[Doubt.BATTERY] = frozenset(
                load.id
                for load in snapshot.site.all_loads
                if load.mode in (Mode.SOLAR, Mode.EXCESS)
            )
        unreachable = frozenset(
            name for name, device in snapshot.devices.items() if not device.available
        )
        if unreachable:
            found[Doubt.UNREACHABLE] = unreachable
        return found

    def _decide(self, now: float) -> None:
        snapshot = self.plant.snapshot()
        if self.has_slipped:
            slip = {
                phase: Sample(one.value / 1000.0, one.at) for phase, one in snapshot.grid.items()
            }
            snapshot = replace(snapshot, grid=slip)
        self.state, decision = self.decide(self.state, snapshot, now)
        doubts = self._doubts(snapshot, now)
        raised = self._raised(snapshot, decision)
        for doubt, concerned in doubts.items():
            self.findings.decisions[doubt] += 1
            wrong = raised if concerned is None else raised & concerned
            self.findings.raises[doubt] += len(wrong)
            self.findings.examples += [
                f"seed {self.seed}, {now:.0f} s, {doubt}: {name} to"
                f" {decision.loads[name].setpoint:g}, {decision.loads[name].reason}"
                for name in sorted(wrong)
            ]
        if not doubts:
            self.findings.sound_raises += len(raised)
        self.before = decision
        for command in decision.commands:
            self.plant.command(command)

    def _raised(self, snapshot: Snapshot, decision: Decision) -> frozenset[str]:
        """Return the loads that are told more than they had, by what was told or what they carry."""
        told = {command.load: command.setpoint for command in decision.commands}
        raised: set[str] = set()
        for name, device in snapshot.devices.items():
            carried = 0.0 if device.setpoint is None else device.setpoint.value
            had = carried if self.before is None else self.before.loads[name].setpoint
            is_told = name in told and told[name] > max(had, carried)
            has = decision.loads[name].setpoint if device.available else 0.0
            if is_told or (self.before is not None and has > max(had, carried)):
                raised.add(name)
        return frozenset(raised)


def _house(chance: random.Random, seed: int) -> tuple[str, list[str]]:
    """Return a shipped house and what is other about it."""
    name = chance.choice(HOUSES)
    hour = chance.choice((8, 11, 13, 16, 18))
    changes = [
        f"plant.seed={seed}",
        f"plant.start=2026-06-15T{hour:02d}:00:00",
        "plant.tick=2",
        f"plant.solar.sky={chance.choice(('clear', 'broken', 'mixed'))}",
        f"plant.household.appliance_interval={chance.choice((100, 240, 600))}",
        f"plant.meter.interval={chance.choice((1, 2, 3, 5, 5, 10, 15))}",
        f"plant.meter.lag={chance.choice((0, 1, 2, 3, 5, 8))}",
        f"plant.meter.jitter={chance.choice((0, 0, 1))}",
        "plant.meter.resolution=0",
    ]
    for car in CARS[name]:
        changes += [
            f"plant.devices.{car}.soc={chance.choice((10, 30))}",
            f"plant.devices.{car}.trips=[]",
            f"plant.devices.{car}.ramp={chance.choice((1, 2, 4, 16))}",
            f"plant.devices.{car}.charger.delay={chance.choice((0, 1, 2, 5, 12))}",
            f"plant.devices.{car}.charger.report_interval={chance.choice((5, 10, 30, 60))}",
        ]
    changes += [
        f"{load}.mode={chance.choice(('standard', 'eco', 'solar', 'excess'))}"
        for load in PLUGS[name]
    ]
    return name, changes


def _faults(chance: random.Random, seconds: int) -> list[tuple[int, FaultKind, bool]]:
    """Return what breaks and mends, in the order of time."""
    events: list[tuple[int, FaultKind, bool]] = []
    for _ in range(max(2, seconds // 300)):
        kind = chance.choice(FAULTS)
        began = chance.randint(WARM_UP, max(WARM_UP, seconds - 60))
        lasts = chance.choice((3, 10, 40, 90, 200, 600))
        events += [(began, kind, True), (began + lasts, kind, False)]
    return sorted(events, key=lambda event: event[0])


DEFECTS = MappingProxyType(
    {
        "late": ((meters_module, "LATE", 1e3), (meters_module, "SILENT", 1e3)),
        "leap": ((meters_module, "LEAP", float("inf")),),
        "frozen": ((habits_module, "ACQUAINTED", 10**9),),
    }
)
"""Ways to break the controller: modules, and what of them becomes what."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--houses", type=int, default=40)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--defect", choices=sorted(DEFECTS))
    options = parser.parse_args()
    if options.defect is not None:
        for module, name, value in DEFECTS[options.defect]:
            setattr(module, name, value)
    found = Findings()
    seconds = int(3600 * options.hours)
    for seed in range(options.first, options.first + options.houses):
        found.add(House(seed, seconds, step).live(seconds))
    print(f"{'doubt':<20} {'decisions':>10} {'raises':>7}")
    for doubt in Doubt:
        print(f"{doubt:<20} {found.decisions[doubt]:>10} {found.raises[doubt]:>7}")
    print(f"{'none':<20} {'':>10} {found.sound_raises:>7}")
    for example in found.examples[:20]:
        print(example)


if __name__ == "__main__":
    main()
