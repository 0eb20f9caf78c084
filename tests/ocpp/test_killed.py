"""Home Assistant is killed while a car charges: the station falls back by itself, and its session goes on.

Everything is real but the car: Home Assistant and the station are processes of their own, and the
setpoint's lease runs by the station's clock. Nothing here can be hastened but the lease.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import aiohttp
import pytest
import yaml
from rich.console import Console

from evenload.demo.checks import find_checkout, free_port
from evenload.demo.client import Client, Json
from evenload.demo.configuration import write_configuration
from evenload.demo.home_assistant import HomeAssistant
from evenload.demo.progress import Teller
from evenload.demo.setting_up import ENTRIES, SUBENTRIES

HOST = "127.0.0.1"
LEASE = 10.0
"""The shortest that may be chosen [s]."""
FALLING = 3.0
"""From the end of a lease until the station, which lives second by second, has followed [s]."""
SAFE = 6.0
FULL = 16.0
PATIENCE = 60.0
"""Longest time that anything may take on a busy machine [s]."""

type Seen = dict[str, object]


@pytest.fixture(autouse=True)
def sockets_allowed(socket_enabled: None) -> None:
    """Let Home Assistant's test plugin, which forbids sockets, make an exception."""


class Station:
    """The station's process, and what it has printed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.history: list[Seen] = []

    async def until(self, come_true: Callable[[Seen], bool], patience: float = PATIENCE) -> Seen:
        """Wait until what it shows last is so."""
        output = cast("asyncio.StreamReader", self._process.stdout)
        async with asyncio.timeout(patience):
            while not (self.history and come_true(self.history[-1])):
                self.history.append(json.loads(await output.readline()))
        return self.history[-1]


@asynccontextmanager
async def lone_station(url: str) -> AsyncGenerator[Station]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.ocpp.lone_station", url, "garage"),
        stdout=asyncio.subprocess.PIPE,
        cwd=find_checkout(),
    )
    try:
        yield Station(process)
    finally:
        process.kill()
        await process.wait()


def add_meter(folder: Path) -> None:
    """Give Home Assistant a meter that reports a quiet house each second."""
    sensors = [
        {
            "name": f"Grid {phase}",
            "unit_of_measurement": "A",
            "device_class": "current",
            # Not twice the same, for a template's sensor reports only what has changed.
            "state": "{{ 1.0 + now().second / 100 }}",
        }
        for phase in "abc"
    ]
    every_second = {"trigger": "time_pattern", "seconds": "/1"}
    with (folder / "configuration.yaml").open("a") as settings:
        yaml.safe_dump({"template": [{"triggers": [every_second], "sensor": sensors}]}, settings)


async def set_up(client: Client, ocpp_port: int) -> None:
    """Give Evenload its house and station through their dialogues, and let it control."""
    sections = ("battery", "limits", "main_fuse", "tariff", "behaviour")
    ocpp = {"ocpp_enabled": True, "ocpp_host": HOST, "ocpp_port": ocpp_port}
    entry = await client.walk(
        ENTRIES,
        "evenload",
        {
            "user": {"fuse_current": 25, "phases": "3"},
            "sources": {f"grid_{phase}": f"sensor.grid_{phase}" for phase in "abc"}
            | {each: {} for each in sections}
            | {"ocpp": ocpp},
            "confirm": {},
        },
    )
    levels = {"min_current": 6, "max_current": FULL, "step": 1, "safe_current": SAFE}
    station: dict[str, object] = {
        "name": "Garage",
        "mode": "standard",
        "priority": 1,
        "station": {"charger_max_current": FULL, "policy": "concurrent", "lease": LEASE},
        "levels": {"phase_map": "ABC", **levels},
        "manner": {},
    }
    _, opened = cast("tuple[str, str]", entry["next_flow"])
    await client.walk_on(
        SUBENTRIES,
        opened,
        {
            "user": {"next_step_id": "station"},
            "station": {"ocpp_identity": "garage"},
            "new_station": station,
        },
    )
    title = cast("str", cast("Json", entry["result"])["title"]).lower().replace(" ", "_")
    await client.call("switch", "turn_on", {"entity_id": f"switch.{title}_control"})


async def test_a_killed_home_assistant_lets_the_station_fall_back_and_then_adopts_its_session(
    tmp_path: Path,
) -> None:
    port, ocpp_port = free_port(), free_port()
    write_configuration(tmp_path, port=port, checkout=find_checkout())
    add_meter(tmp_path)
    home = HomeAssistant(
        checkout=find_checkout(), folder=tmp_path, port=port, teller=Teller(Console(quiet=True))
    )
    loop = asyncio.get_running_loop()
    async with (
        aiohttp.ClientSession() as session,
        lone_station(f"ws://{HOST}:{ocpp_port}/") as station,
    ):
        try:
            await set_up(await home.start(session), ocpp_port)
            before = await station.until(lambda seen: seen["offered"] == FULL)
            assert before["transaction"] is not None

            os.kill(cast("int", home.pid), signal.SIGKILL)
            killed_at = loop.time()
            await station.until(lambda seen: not seen["online"])
            await station.until(lambda seen: seen["offered"] == SAFE, LEASE + FALLING)
            assert loop.time() - killed_at > LEASE / 2, "a lease is renewed at a third of it"

            client = await home.start(session)
            await station.until(lambda seen: seen["online"] and seen["offered"] == FULL)
            told = [seen for seen in station.history if seen["transaction"] is not None]
            assert {seen["transaction"] for seen in told} == {before["transaction"]}
            after = station.history[-1]
            assert (after["StartTransaction"], after["StopTransaction"]) == (1, 0)

            # Only who knows the transaction's id can end it.
            await client.call("button", "press", {"entity_id": "button.garage_stop_charging"})
            await station.until(lambda seen: seen["StopTransaction"] == 1)
        finally:
            await home.stop()
