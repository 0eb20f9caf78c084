"""The house process: what its clients are told, what they may do, and how it begins and ends."""

import asyncio
import json
import signal
import subprocess
import sys
import urllib.request
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, test_utils

from evenload.simulate.house import LiveHouse
from evenload.simulate.plant import Plant
from evenload.simulate.scenario import read_house, scenario_names

pytestmark = pytest.mark.usefixtures("socket_enabled")

COMMAND = (sys.executable, "-m", "evenload.simulate.house")


@asynccontextmanager
async def served(scenario="demo-house"):
    """Serve a house whose seconds pass only when `advance` is called."""
    house = LiveHouse(Plant(read_house(scenario)), scenario)
    house.advance()
    async with test_utils.TestServer(house.application()) as server, ClientSession() as session:
        yield house, lambda: session.ws_connect(server.make_url("/feed")), server, session


async def received(socket, kind):
    """Return the next message of this kind."""
    while True:
        message = await asyncio.wait_for(socket.receive_json(), 5)
        if message["type"] == kind:
            return message


async def settled(socket):
    """Return when the house has dealt with everything this client has sent before."""
    await socket.send_str("the last word")
    while (await received(socket, "error"))["about"] != "":
        pass


async def test_it_says_that_it_runs():
    async with served() as (_, _, server, session), session.get(server.make_url("/")) as answer:
        assert (await answer.json())["status"] == "ok"


async def test_a_client_is_told_of_the_site():
    async with served() as (_, connect, *_), connect() as socket:
        described = await socket.receive_json()
        assert described["type"] == "describe"
        assert described["site"]["fuse"] == {"A": 16.0, "B": 16.0, "C": 16.0}


@pytest.mark.parametrize("scenario", scenario_names())
async def test_a_client_is_told_what_there_is_and_then_the_last_value_of_everything(scenario):
    async with served(scenario) as (_, connect, *_), connect() as socket:
        described = await socket.receive_json()
        values = (await received(socket, "report"))["values"]
        keys = {each["key"] for each in described["sensors"] + described["controls"]}
        faults = {f"fault.{each['key']}" for each in described["faults"]}
        assert keys | faults == set(values)
        ids = {device["id"] for device in described["devices"]}
        assert {each["device"] for each in described["sensors"] + described["controls"]} <= ids


async def test_a_load_of_kind_power_is_set_in_watts():
    async with served("heat-pump") as (house, connect, *_), connect() as socket:
        await socket.send_json({"type": "set", "key": "heating.setpoint", "value": 1500})
        await socket.send_json({"type": "set", "key": "heating.setpoint", "value": 1e6})
        assert "needs 0 to 2500" in (await received(socket, "error"))["message"]
        for _ in range(120):
            house.advance()
        assert house.plant.feed.values["heating.setpoint"] == 1500.0


async def test_what_is_set_reaches_the_device_and_its_own_report_says_so():
    async with served() as (house, connect, *_), connect() as socket:
        await socket.send_json({"type": "set", "key": "car.setpoint", "value": 10})
        await socket.send_json({"type": "set", "key": "boiler.on", "value": True})
        await settled(socket)
        for _ in range(30):
            house.advance()
        values = {}
        while values.get("boiler.on") is not True or values.get("car.current.L1") != 10.0:
            values |= (await received(socket, "report"))["values"]
        assert values["car.setpoint"] == 10.0
        assert values["car.status"] == "charging"


@pytest.mark.parametrize(
    ("message", "about"),
    [
        ("not json", ""),
        ("[" * 100_000, ""),
        ('"text"', ""),
        ("{}", ""),
        ('{"type": "set"}', ""),
        ('{"type": "dance", "key": "car.setpoint", "value": 1}', ""),
        ('{"type": "set", "key": 7, "value": 1}', ""),
        ('{"type": "set", "key": "grid.A", "value": 1}', "grid.A"),
        ('{"type": "set", "key": "car.on", "value": true}', "car.on"),
        ('{"type": "set", "key": "car.setpoint", "value": 17}', "car.setpoint"),
        ('{"type": "set", "key": "car.setpoint", "value": -1}', "car.setpoint"),
        ('{"type": "set", "key": "car.setpoint", "value": NaN}', "car.setpoint"),
        ('{"type": "set", "key": "car.setpoint", "value": "10"}', "car.setpoint"),
        ('{"type": "set", "key": "car.setpoint", "value": true}', "car.setpoint"),
        ('{"type": "set", "key": "car.setpoint", "value": null}', "car.setpoint"),
        ('{"type": "set", "key": "boiler.on", "value": 1}', "boiler.on"),
        ('{"type": "fault", "key": "roof_on_fire", "value": true}', "roof_on_fire"),
        ('{"type": "fault", "key": "meter_silent", "value": "yes"}', "meter_silent"),
    ],
)
async def test_what_makes_no_sense_is_answered_and_changes_nothing(message, about):
    async with served() as (house, connect, *_), connect() as socket:
        before = dict(house.plant.feed.values)
        await socket.send_str(message)
        assert (await received(socket, "error"))["about"] == about
        assert house.plant.feed.values == before
        for _ in range(10):
            house.advance()
        assert await received(socket, "report")


async def test_faults_are_switched_and_shown_to_those_who_come_later():
    async with served() as (house, connect, *_):
        async with connect() as socket:
            await socket.send_json({"type": "fault", "key": "meter_silent", "value": True})
            await settled(socket)
        async with connect() as socket:
            values = (await received(socket, "report"))["values"]
            assert values["fault.meter_silent"] is True
            house.plant.feed.fresh.clear()
            for _ in range(30):
                house.advance()
            for _ in range(3):
                reported = (await received(socket, "report"))["values"]
                assert not any(key.startswith("grid.") for key in reported)


async def test_clients_come_and_go_and_the_house_lives_on():
    async with served() as (house, connect, *_), connect() as stays:
        for _ in range(5):
            leaves = await connect()
            await received(leaves, "report")
            house.advance()
            await leaves.close()
        second = house.plant.second
        for _ in range(10):
            house.advance()
        assert house.plant.second == second + 10
        seen = 0
        while seen < 5:
            assert (await received(stays, "report"))["values"]
            seen += 1


async def test_a_client_that_takes_nothing_is_let_go_and_holds_nobody_up():
    async with served() as (house, connect, server, session), connect():
        for _ in range(3000):
            house.advance()
        async with session.get(server.make_url("/")) as answer:
            assert (await answer.json())["clients"] == 0


def started(*arguments, **options) -> subprocess.Popen:
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, "stdin"])
def test_it_says_where_it_listens_and_ends_when_told(end):
    options = ("--until-stdin-closes",) if end == "stdin" else ()
    with started("demo-house", "--port", "0", *options, stdin=subprocess.PIPE) as house:
        line = house.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:")
        with urllib.request.urlopen(line.split()[-1], timeout=5) as answer:  # noqa: S310 - our own
            assert json.load(answer)["status"] == "ok"
        if end == "stdin":
            house.stdin.close()
        else:
            house.send_signal(end)
        assert house.wait(timeout=5) == 0
        assert house.stderr.read() == ""


def test_a_port_that_is_taken_is_said_in_a_sentence():
    with started("demo-house", "--port", "0") as first:
        port = first.stdout.readline().strip().rsplit(":", 1)[1]
        with started("demo-house", "--port", port) as second:
            assert second.wait(timeout=20) == 1
            assert second.stderr.read().startswith(f"cannot listen on 127.0.0.1:{port}")
        first.terminate()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no-such-house",), "no-such-house: (document): cannot be read"),
        (("demo-house", "--set", "plant.meter.intervall=3"), "plant.meter.intervall: unknown key"),
        (("demo-house", "--speed", "0"), "--speed"),
        (("demo-house", "--start", "noon"), "plant.start"),
    ],
)
def test_bad_input_is_refused_with_its_place(arguments, said):
    with started(*arguments, "--port", "0") as house:
        assert house.wait(timeout=20) == 2
        assert said in house.stderr.read()
