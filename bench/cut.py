"""How long a cut takes: from the grid sensor's report to bytes on a charging station's socket.

    uv run python bench/cut.py [--cuts 300] [--seconds 600] [--seed 1] [--break sleep|off]

A real Home Assistant runs in a process of its own, with the recorder on and 20 loads: 8 charging stations with
two plugs each, which dial in over OCPP, half of them 1.6J and half 2.0.1, and 4 switched boilers. This process
is the house around it (`loaded_house.py`). Its meter reports about once a second; the rest of the house climbs
a staircase that leaves the cars ever less.

A time runs from just before the meter's report is sent to Home Assistant, so that its way into the sensor
counts, until the station has read the limit from its socket.

| row | what it is |
|---|---|
| cuts | lower limits commanded by the first pass that saw a report with more than the fuse's rating; these are judged |
| first | the first of them after each such report: the others wait in line |
| lowered, raises | other limits commanded by the first pass that saw a report |
| later | limits commanded by other passes, on news of a station or when a pause is over; from the pass |
| asked, bare | answers to trivial questions to Home Assistant and to a bare process (`noise.py`) |

The controls must fail: `--break sleep` holds Home Assistant's loop up for 0.3 s in every 0.5 s;
`--break off` never switches control on.
"""

import argparse
import asyncio
import bisect
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import cast

import aiohttp
from inside import HOLD_UP, NOTE_PASSES, Pass, add_integration, read_passes
from loaded_house import (
    BOILERS,
    FUSE,
    HOST,
    LOADS,
    PHASES,
    PLUGS,
    RATED,
    STATIONS,
    WITHOUT_PROFILE,
    LoadedHouse,
    Setpoint,
    identities,
)
from noise import Noise
from rich.console import Console

from evenload.demo.checks import check_home_assistant, find_checkout, free_port
from evenload.demo.client import Client, Json
from evenload.demo.configuration import write_configuration
from evenload.demo.home_assistant import HomeAssistant
from evenload.demo.progress import Teller
from evenload.demo.setting_up import ENTRIES, SUBENTRIES, set_up_house

MEDIAN_LIMIT = 0.020
"""[s]"""
TAIL_LIMIT = 0.100
"""Of the 99th percentile [s]."""
LEAST_CUTS = 100
"""Fewer have no 99th percentile."""
STARTING = 60.0
"""Longest time until all cars charge [s]; then measuring begins anyhow."""
SETTLING = 10.0
"""For plugs to be found and known before control, and for control to begin before measuring [s]."""

CUTS, FIRST, LOWERED, RAISES, LATER = "cuts", "first", "lowered", "raises", "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was seen from outside, and which pass commanded what."""

    house: LoadedHouse
    passes: list[Pass]
    noise: Noise


async def set_up(client: Client, url: str, ocpp_port: int) -> None:
    """Give Home Assistant the house and Evenload its loads, through their dialogues."""
    await set_up_house(client, url)
    entry = await client.walk(ENTRIES, "evenload", site_answers(ocpp_port))
    _, opened = cast("tuple[str, str]", entry["next_flow"])
    entry_id = cast("Json", entry["result"])["entry_id"]
    first, *others = identities()
    await client.walk_on(SUBENTRIES, opened, station_answers(first))
    for identity in others:
        await client.walk(SUBENTRIES, [entry_id, "charger"], station_answers(identity))
    for number in range(1, BOILERS + 1):
        await client.walk(SUBENTRIES, [entry_id, "load"], boiler_answers(number))


def site_answers(ocpp_port: int) -> dict[str, Json]:
    ocpp = {"ocpp_enabled": True, "ocpp_host": HOST, "ocpp_port": ocpp_port}
    sections = ("battery", "limits", "main_fuse", "tariff", "behaviour")
    sources = {
        f"grid_{each.lower()}": f"sensor.grid_meter_current_{each.lower()}" for each in PHASES
    }
    return {
        "user": {"fuse_current": FUSE, "phases": str(len(PHASES))},
        "sources": {**sources, **{each: {} for each in sections}, "ocpp": ocpp},
        "confirm": {},
    }


def station_answers(identity: str) -> dict[str, Json]:
    station: dict[str, object] = {
        "name": identity,
        "mode": "standard",
        "priority": 1,
        "station": {"charger_max_current": 32, "policy": "concurrent", "lease": 180},
        "levels": {
            "phase_map": "ABC",
            "min_current": 6,
            "max_current": 16,
            "step": 1,
            "safe_current": 6,
        },
        "manner": {},
    }
    return {
        "user": {"next_step_id": "station"},
        "station": {"ocpp_identity": identity},
        "new_station": station,
    }


def boiler_answers(number: int) -> dict[str, Json]:
    boiler: dict[str, object] = {
        "name": f"Hot water {number}",
        "switch_entity": f"switch.boiler_{number}_heating",
        "rated_power": RATED,
        "power_sensor": f"sensor.boiler_{number}_power",
        "phase_map": PHASES[(number - 1) % len(PHASES)],
        "behaviour": {},
        "mode": "standard",
        "priority": 2,
    }
    return {"user": {"next_step_id": "switch"}, "switch": boiler}


async def measure(options: argparse.Namespace) -> Measured:
    """Run the house and Home Assistant until enough cuts were seen or the time is over."""
    checkout = find_checkout()
    check_home_assistant()
    ocpp_port, house_port, port = free_port(), free_port(), free_port()
    house = LoadedHouse(options.seed, url=f"ws://{HOST}:{ocpp_port}/")
    teller = Teller(Console(stderr=True))
    async with AsyncExitStack() as stack:
        folder = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="evenload-cut-", ignore_cleanup_errors=True)
            )
        )
        session = await stack.enter_async_context(aiohttp.ClientSession())
        write_configuration(folder, port=port, checkout=checkout)
        add_integration(folder, "passes", NOTE_PASSES)
        if options.broken == "sleep":
            add_integration(folder, "hold", HOLD_UP)
        await stack.enter_async_context(house.served(house_port))
        home = HomeAssistant(checkout=checkout, folder=folder, port=port, teller=teller)
        stack.push_async_callback(home.stop)
        with teller.step("Starting Home Assistant"):
            client = await home.start(session)
        with teller.step(f"Setting {LOADS} loads up"):
            url = f"http://{HOST}:{house_port}"
            await set_up(client, url, ocpp_port)
        house.dial()
        with teller.step("Letting the cars charge, then taking control of them"):
            await wait_for(lambda: house.charging == STATIONS * PLUGS, STARTING)
            await asyncio.sleep(SETTLING)
            if options.broken != "off":
                await client.call("switch", "turn_on", {"entity_id": "switch.demo_house_control"})
            await asyncio.sleep(SETTLING)
        noise = Noise(options.seed)
        await stack.enter_async_context(noise.asking(client))
        house.reports.clear()
        house.setpoints.clear()
        house.passing = False

        def measured() -> Measured:
            return Measured(house=house, passes=read_passes(folder), noise=noise)

        with teller.step("Measuring"):
            # Each look takes the stations' time, too.
            await wait_for(
                lambda: len(sorted_out(measured())[CUTS]) >= options.cuts,
                options.seconds,
                look_every=5.0,
            )
        return measured()


async def wait_for(
    come_true: Callable[[], bool], patience: float, *, look_every: float = 0.5
) -> None:
    """Wait until something is so, at most `patience` [s]."""
    until = time.monotonic() + patience
    while not come_true() and time.monotonic() < until:  # noqa: ASYNC110 another process
        await asyncio.sleep(look_every)


def changes_of(setpoints: Sequence[Setpoint]) -> list[tuple[Setpoint, float]]:
    """Return each setpoint with by how much it is more than the plug's last one [A]."""
    last: dict[str, float] = {}
    changes: list[tuple[Setpoint, float]] = []
    for each in setpoints:
        changes.append((each, each.current - last.get(each.plug, WITHOUT_PROFILE)))
        last[each.plug] = each.current
    return changes


def commanding(setpoint: Setpoint, passes: Sequence[Pass]) -> Pass | None:
    """Return the pass that commanded what has reached a station; None: it is older than all."""
    return next(
        (
            each
            for each in reversed(passes)
            if each.at <= setpoint.at and each.commands.get(setpoint.plug) == setpoint.current
        ),
        None,
    )


def sorted_out(measured: Measured) -> dict[str, list[float]]:
    """Return the time that each changed limit took [s], by what it was."""
    house, passes = measured.house, measured.passes
    times: dict[str, list[float]] = {CUTS: [], FIRST: [], LOWERED: [], RAISES: [], LATER: []}
    answered: set[int] = set()
    sent = [report.at for report in house.reports]
    for setpoint, more in changes_of(house.setpoints):
        made_by = commanding(setpoint, passes) if more != 0 else None
        if made_by is None:
            continue
        before = bisect.bisect_right(sent, made_by.saw) - 1
        if not made_by.is_of_report or before < 0:
            times[LATER].append(setpoint.at - made_by.at)
            continue
        report, took = house.reports[before], setpoint.at - house.reports[before].at
        fall = CUTS if report.overload > 0 else LOWERED
        kind = RAISES if more > 0 else fall
        times[kind].append(took)
        if kind == CUTS and before not in answered:
            answered.add(before)
            times[FIRST].append(took)
    return times


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def told(name: str, times: Sequence[float]) -> str:
    if not times:
        return f"{name:<8} | {0:>6} |         |         |         |"
    figures = (median(times), percentile(times, 0.9), percentile(times, 0.99), max(times))
    return f"{name:<8} | {len(times):>6} | " + " | ".join(f"{t * 1000:>7.1f}" for t in figures)


def main() -> int:
    parser = argparse.ArgumentParser(description="The time of a cut in a real Home Assistant.")
    parser.add_argument("--cuts", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--break", dest="broken", choices=("sleep", "off"))
    options = parser.parse_args()
    measured = asyncio.run(measure(options))
    house, noise = measured.house, measured.noise
    times = sorted_out(measured) | {"asked": noise.asked, "bare": noise.bare}
    cuts = times[CUTS]
    reports = len(house.reports)
    overloads = sum(report.overload > 0 for report in house.reports)
    print(f"{LOADS} loads, seed {options.seed}; {reports} reports, {overloads} of an overload")
    print("[ms]     |  count |  median |    90 % |    99 % |   worst")
    for name, found in times.items():
        print(told(name, found))
    enough = len(cuts) >= LEAST_CUTS
    if not enough:
        print(f"fewer than {LEAST_CUTS} cuts say nothing")
    good = enough and median(cuts) <= MEDIAN_LIMIT and percentile(cuts, 0.99) <= TAIL_LIMIT
    print("within" if good else "NOT within", "20 ms in the median and 100 ms in 99 of 100 cuts")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
