"""How long one pass of the controller takes: one table, one row a size of house.

    python bench/controller.py [--passes N] [--profile]

Exits with status 1 when the median of 10 loads misses the aim.

Each house has three phases, three circuits, a battery, and loads of which some are cars that follow
their setpoint, some boilers. The meter reports every pass, each load every fifth, all with a little
noise, so that estimating, allocating and conditioning are all at work. Beside it stands one allocation of the engine alone.
Figures are processor time, which another program on the machine disturbs less.
"""

import argparse
import cProfile
import pstats
import random
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

from evenload.controller import ControllerState, step
from evenload.controller.adopt import new_memory
from evenload.controller.ask import load_reading
from evenload.controller.plan import prepare
from evenload.engine import Allocator
from evenload.model.control import ControlSettings
from evenload.model.readings import LoadState, Readings
from evenload.model.site import Battery, Circuit, Kind, Leg, Load, Mode, Phase, Site
from evenload.model.snapshot import DeviceSnapshot, Sample, Snapshot

PHASES = (Phase.A, Phase.B, Phase.C)
MODES = (Mode.STANDARD, Mode.ECO, Mode.SOLAR, Mode.EXCESS)
SEED = 7
REPORT_INTERVAL = 5
AIMED_SIZE, AIM = 10, 300.0
"""With so many loads a pass is to take no longer than this [us]."""


def house(count: int) -> Site:
    circuits = tuple(
        Circuit(id=name, fuse=dict.fromkeys(PHASES, 32.0)) for name in ("one", "two", "three")
    )
    loads = tuple(_load(number, circuits[number % 3].id) for number in range(count))
    return Site(
        fuse=dict.fromkeys(PHASES, 63.0),
        circuits=circuits,
        loads=loads,
        battery=Battery(max_charge=5000.0, max_discharge=5000.0),
    )


def _load(number: int, circuit: str) -> Load:
    mode, priority = MODES[number % len(MODES)], 1 + number % 3
    legs = dict(zip(Leg, PHASES, strict=True))
    name = f"load{number}"
    if number % 2:
        return Load(
            id=name, kind=Kind.SWITCH, phases={Leg.L1: PHASES[number % 3]}, circuit=circuit,
            mode=mode, priority=priority, levels=(2000.0,),
        )  # fmt: skip
    return Load(
        id=name, kind=Kind.EV, phases=legs, circuit=circuit,
        mode=mode, priority=priority, minimum=6.0, maximum=16.0,
    )  # fmt: skip


def passes(site: Site, count: int, profile: cProfile.Profile | None = None) -> Iterator[float]:
    """Yield how long each pass took [s]."""
    chance = random.Random(SEED)
    state = ControllerState.initial(0.0)
    devices: dict[str, DeviceSnapshot] = {}
    told = {load.id: 0.0 for load in site.loads}
    settings = ControlSettings()
    for second in range(1, count + 1):
        now = float(second)
        snapshot = _snapshot(site, settings, told, devices, now=now, chance=chance)
        if profile is not None:
            profile.enable()
        began = time.process_time()
        state, decision = step(state, snapshot, now)
        took = time.process_time() - began
        if profile is not None:
            profile.disable()
        yield took
        for command in decision.commands:
            told[command.load] = command.setpoint


def _snapshot(
    site: Site,
    settings: ControlSettings,
    told: dict[str, float],
    devices: dict[str, DeviceSnapshot],
    *,
    now: float,
    chance: random.Random,
) -> Snapshot:
    grid = {phase: -10.0 + chance.gauss(0.0, 0.3) for phase in PHASES}
    for number, load in enumerate(site.loads):
        current = told[load.id] if load.kind is Kind.EV else told[load.id] / 230.0
        for phase in load.phases.values():
            grid[phase] += current
        if load.id in devices and (now + number) % REPORT_INTERVAL:
            continue
        noisy = max(0.0, current + chance.gauss(0.0, 0.1)) if current else 0.0
        states = (LoadState.CONNECTED, LoadState.CHARGING)
        if load.kind is not Kind.EV:
            states = (LoadState.OFF, LoadState.ON)
        devices[load.id] = DeviceSnapshot(
            state=states[told[load.id] > 0.0],
            current={leg: Sample(noisy, now) for leg in load.phases},
            setpoint=Sample(told[load.id], now),
        )
    return Snapshot(
        site=site,
        settings=settings,
        grid={phase: Sample(current, now) for phase, current in grid.items()},
        solar=Sample(8000.0, now),
        battery_soc=Sample(85.0, now),
        battery_power=Sample(0.0, now),
        devices=dict(devices),
    )


def show_profile(site: Site, count: int) -> None:
    """Print the functions in which most of the passes' time goes."""
    profile = cProfile.Profile()
    for _ in passes(site, count, profile):
        pass
    pstats.Stats(profile).sort_stats("tottime").print_stats(40)


def engine_alone(site: Site, count: int) -> float:
    """Return the median time of one allocation for the same loads [s]."""
    allocator = Allocator(site)
    chance = random.Random(SEED)
    settings = ControlSettings()
    nothing = {load.id: 0.0 for load in site.loads}
    snapshot = _snapshot(site, settings, nothing, {}, now=0.0, chance=chance)
    plan = prepare(site, settings, allocator)
    readings = Readings(
        grid={phase: sample.value for phase, sample in snapshot.grid.items()},
        loads={
            one.load.id: load_reading(
                replace(new_memory(one), mode=one.load.mode), one,
                snapshot.devices[one.load.id], 0.0,
            )
            for one in plan.loads
        },
    )  # fmt: skip
    times: list[float] = []
    for _ in range(count):
        began = time.process_time()
        allocator.allocate(readings)
        times.append(time.process_time() - began)
    return statistics.median(times)


def main() -> int:
    """Print the table; return 1 where the aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passes", type=int, default=1000)
    parser.add_argument("--profile", action="store_true", help="show where 10 loads' time goes")
    arguments = parser.parse_args()
    count = arguments.passes
    if arguments.profile:
        show_profile(house(AIMED_SIZE), count)
        return 0
    print(
        f"{'loads':>5} {'mean us':>8} {'median us':>10} {'99 % us':>9} {'longest us':>11}"
        f" {'engine us':>10} {'aim us':>7}"
    )
    is_missed = False
    for size in (1, 2, 5, 10, 20, 50):
        site = house(size)
        times = sorted(1e6 * took for took in passes(site, count))
        middle = statistics.median(times)
        aim = AIM if size == AIMED_SIZE else None
        is_missed = is_missed or (aim is not None and middle > aim)
        print(
            f"{size:>5} {statistics.mean(times):>8.0f} {middle:>10.0f}"
            f" {times[int(0.99 * len(times))]:>9.0f} {times[-1]:>11.0f}"
            f" {1e6 * engine_alone(site, 200):>10.0f} {'' if aim is None else f'{aim:.0f}':>7}"
        )
    return int(is_missed)


if __name__ == "__main__":
    sys.exit(main())
