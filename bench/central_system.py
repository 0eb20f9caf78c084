"""What the central system costs, and what it stands.

    uv run python bench/central_system.py load [--stations 200] [--seconds 60]
    uv run python bench/central_system.py fuzz [--frames 1000000] [--seed 1]

`load`: virtual stations with two plugs each, in a process of their own, dial in over real websockets,
charge, and send meter values every 10 s; setpoints are renewed as a controller would have it. The figure
is this process's share of one core; every message must be answered. The control is the same with meter
values every second, which must cost more.

`fuzz`: frames as `frames.py` makes them; nothing may be raised, no station may be left unusable, and a
healthy one beside them may notice nothing.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter

import frames

from evenload.ocpp.nouns import Event, Setpoint, Version
from evenload.ocpp.server import CentralSystem, Options
from evenload.ocpp.state import StationSettings
from evenload.simulate.settings import CarPart
from evenload.simulate.stations.behaviour import Behaviour
from evenload.simulate.stations.client import Dial, StationClient
from evenload.simulate.stations.outlet import CarOutlet
from evenload.simulate.stations.station import VirtualStation

HOST = "127.0.0.1"
PLUGS = 2
SETTLING = 25.0
"""From the first station's dialling until setting up is over and measuring begins [s]."""
LEASE = 180.0
"""[s]"""
SETPOINT = Setpoint(current=10.0, fallback=6.0, lease=LEASE)
MOST_OF_A_CORE = 0.15


def names(count: int) -> list[str]:
    return [f"station-{number:03}" for number in range(count)]


async def be_stations(port: int, count: int, seconds: float) -> None:
    """Be all stations for a time, and print what they sent and what was answered."""
    clients: list[StationClient] = []
    for number, name in enumerate(names(count)):
        version = Version.V16 if number % 2 else Version.V201
        car = CarPart(kind="car", soc=10.0)
        outlets = [CarOutlet(car, seed=number, plug=plug) for plug in range(1, PLUGS + 1)]
        virtual = VirtualStation(version, outlets, Behaviour())
        dial = Dial(url=f"ws://{HOST}:{port}/", identity=name)
        clients.append(StationClient(virtual, dial))
    tasks = []
    for client in clients:
        tasks.append(asyncio.create_task(client.run()))
        await asyncio.sleep(5.0 / count)  # not all in one second, as meter values would then be
    await asyncio.sleep(seconds)
    sent = sum(client.station.sent for client in clients)
    answered = sum(client.station.answered for client in clients)
    for task in tasks:
        task.cancel()
    print(json.dumps({"sent": sent, "answered": answered}))


async def load(count: int, seconds: float, interval: float) -> tuple[float, int, int, Counter[str]]:
    """Return the share of a core, messages sent and answered, and the events by kind."""
    events: Counter[str] = Counter()

    def listen(event: Event) -> None:
        events[event.change] += 1

    stations = {name: StationSettings(meter_interval=interval) for name in names(count)}
    central = CentralSystem(Options(stations=stations), listen)
    port = await central.start(host=HOST, port=0)
    whole = SETTLING + seconds + 5.0
    command = (sys.executable, __file__, "stations", str(port), str(count), str(whole))
    child = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    for name in stations:
        for plug in range(1, PLUGS + 1):
            central.command(name, plug, SETPOINT)
    await run_controller(central, SETTLING)
    began = time.process_time()
    await run_controller(central, seconds)
    share = (time.process_time() - began) / seconds
    connected = sum(
        bool((found := central.snapshot(name)) and found.connected) for name in stations
    )
    events["connected at the end"] = connected
    output, _ = await child.communicate()
    counted = json.loads(output)
    await central.stop()
    return share, counted["sent"], counted["answered"], events


async def run_controller(central: CentralSystem, seconds: float) -> None:
    """Repeat every setpoint at a third of its lease, not all in one second."""
    until = time.monotonic() + seconds
    second = 0
    while time.monotonic() < until:
        for number, name in enumerate(central.identities):
            if (number + second) % (LEASE / 3) == 0:
                for plug in range(1, PLUGS + 1):
                    central.command(name, plug, SETPOINT)
        second += 1
        await asyncio.sleep(1.0)


def run_load(count: int, seconds: float) -> int:
    print(f"{count} stations with {PLUGS} plugs, {seconds:.0f} s, {os.cpu_count()} cores")
    print("meter values every | share of a core |   sent | answered | connected")
    shares: list[float] = []
    for interval in (10.0, 1.0):
        share, sent, answered, events = asyncio.run(load(count, seconds, interval))
        shares.append(share)
        connected = events["connected at the end"]
        print(f"{interval:>16.0f} s | {share:>14.1%} | {sent:>6} | {answered:>8} | {connected:>9}")
        # What is on its way when the stations stop is not lost.
        if connected < count or sent - answered > count:
            print("messages or stations were lost")
            return 1
    return 0 if shares[0] < MOST_OF_A_CORE and shares[0] < shares[1] else 1


def run_fuzz(count: int, seed: int) -> int:
    began = time.perf_counter()
    damage = frames.fuzz(count, seed)
    took = time.perf_counter() - began
    print(f"seed {seed}: {damage.frames} frames in {took:.0f} s")
    print(f"{damage.mutated / damage.frames:.0%} mutated, {damage.answered} frames sent in turn")
    for failure in damage.failures[:20]:
        print(f"FAILED {failure}")
    return 1 if damage.failures else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Load and hostile frames for the central system.")
    commands = parser.add_subparsers(dest="what", required=True)
    of_load = commands.add_parser("load", help="200 stations over real sockets")
    of_load.add_argument("--stations", type=int, default=200)
    of_load.add_argument("--seconds", type=float, default=60.0)
    of_fuzz = commands.add_parser("fuzz", help="hostile frames")
    of_fuzz.add_argument("--frames", type=int, default=1_000_000)
    of_fuzz.add_argument("--seed", type=int, default=1)
    of_stations = commands.add_parser("stations", help="the other process of load")
    of_stations.add_argument("port", type=int)
    of_stations.add_argument("count", type=int)
    of_stations.add_argument("seconds", type=float)
    given = parser.parse_args()
    if given.what == "stations":
        asyncio.run(be_stations(given.port, given.count, given.seconds))
        return 0
    if given.what == "fuzz":
        return run_fuzz(given.frames, given.seed)
    return run_load(given.stations, given.seconds)


if __name__ == "__main__":
    sys.exit(main())
