"""Conversations over real websockets: two plugs, both versions, and everything that goes wrong."""

import asyncio
import json
import ssl
import subprocess
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from evenload.model.readings import LoadState
from evenload.ocpp.commission import CheckPlan
from evenload.ocpp.frames import LONGEST_FRAME
from evenload.ocpp.nouns import Change, Setpoint, TroubleCode, Version
from evenload.ocpp.server import connection
from evenload.ocpp.server.central import NotConnectedError
from evenload.ocpp.state import StationSettings
from evenload.simulate.stations.behaviour import Behaviour
from evenload.simulate.stations.plug import PlugState
from tests.ocpp.rig import BOOT_16
from tests.ocpp.sockets import (
    HOST,
    Running,
    ask,
    central_system,
    raw_socket,
    until,
    virtual_station,
)

BOTH = pytest.mark.parametrize("version", [Version.V16, Version.V201])
PASSWORD = "a password of twenty"  # noqa: S105 - of a test


@pytest.fixture(autouse=True)
def sockets_allowed(socket_enabled: None) -> None:
    """Let Home Assistant's test plugin, which forbids sockets, make an exception."""


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Let the same plugin overlook a timer that aiohttp's client leaves behind when it closes."""
    return True


def states(client) -> list[PlugState]:
    return [plug.present_state() for plug in client.station.plugs]


@BOTH
async def test_two_plugs_of_one_station_charge_each_at_its_own_setpoint(version):
    async with central_system() as running, virtual_station(running, version) as client:
        running.central.command("garage", 1, Setpoint(current=10.0, fallback=6.0, lease=180.0))
        running.central.command("garage", 2, Setpoint(current=0.0, fallback=6.0, lease=180.0))
        await until(lambda: [plug.offered for plug in client.station.plugs] == [10.0, 0.0])
        await until(lambda: states(client) == [PlugState.CHARGING, PlugState.SUSPENDED_STATION])
        await until(lambda: running.plug(1).state is LoadState.CHARGING)
        await until(lambda: running.plug(2).state is LoadState.CONNECTED)
        await running.central.trigger("garage", "MeterValues", 1)
        await until(lambda: running.plug(1).current and running.plug(1).power.value == 6900.0)
        assert running.plug(1).session.id != running.plug(2).session.id
        assert running.count(Change.SESSION_BEGAN) == 2


@BOTH
async def test_silence_makes_a_station_fall_back_and_its_return_goes_on_with_the_session(version):
    async with central_system() as running, virtual_station(running, version) as client:
        await until(lambda: running.plug(2) and running.plug(2).session)
        running.central.command("garage", 1, Setpoint(current=16.0, fallback=6.0, lease=3.0))
        await until(lambda: client.station.plugs[0].offered == 16.0)
        session = running.plug(1).session
        await client.hang_up()
        await until(lambda: client.station.plugs[0].offered == 6.0)
        assert not running.central.snapshot("garage").connected
        client.pick_up()
        await until(lambda: running.central.snapshot("garage").connected)
        await running.central.trigger("garage", "MeterValues", 1)
        assert running.plug(1).session.id == session.id
        assert running.plug(1).session.ended is None


@BOTH
async def test_a_restart_of_the_central_system_adopts_what_runs(version):
    async with central_system() as first, virtual_station(first, version, plugs=1) as client:
        await until(lambda: first.plug(1) and first.plug(1).session)
        session, memory = first.plug(1).session, json.loads(json.dumps(first.central.memory()))
        port = first.port
        await first.central.stop()
        async with central_system(memory=memory) as second:
            await second.central.stop()
            await second.central.start(host=HOST, port=port)
            await until(lambda: second.central.snapshot("garage").connected)
            await until(lambda: second.plug(1).state is LoadState.CHARGING)
            assert second.plug(1).session.id == session.id
            assert second.plug(1).session.began == session.began
            assert second.count(Change.SESSION_BEGAN) == 0
            running = client.station.plugs[0].running
            assert running is not None
            await until(lambda: running.id == session.id)


@BOTH
async def test_a_car_that_leaves_ends_its_session_and_frees_its_plug_alone(version):
    async with central_system() as running, virtual_station(running, version) as client:
        await until(lambda: running.plug(1) and running.plug(1).session)
        await until(lambda: running.plug(2) and running.plug(2).session)
        client.station.plugs[0].outlet.plug_in(plugged=False)
        await until(lambda: running.plug(1).state is LoadState.DISCONNECTED)
        await until(lambda: running.plug(1).session.ended is not None)
        assert running.plug(1).session.end_reason == "EVDisconnected"
        assert running.plug(2).session.ended is None


@BOTH
async def test_a_person_stops_starts_and_resets(version):
    async with central_system() as running, virtual_station(running, version) as client:
        central = running.central
        await until(lambda: running.plug(1) and running.plug(1).session)
        assert (await central.stop_charging("garage", 1)).status == "Accepted"
        await until(lambda: running.plug(1).session.ended is not None)
        assert running.plug(1).state is LoadState.FINISHED, "also before its status follows"
        with pytest.raises(NotConnectedError):
            await central.stop_charging("garage", 1)
        assert (await central.start_charging("garage", 1)).status == "Accepted"
        await until(lambda: running.plug(1).session.ended is None)
        assert (await central.unlock("garage", 1)).status == "Accepted"
        assert (await central.reset("garage", hard=True)).status == "Accepted"
        await until(lambda: running.count(Change.BOOTED) == 2)
        await until(lambda: PlugState.CHARGING in states(client))


@BOTH
async def test_settings_are_written_and_read(version):
    name = (
        "MeterValueSampleInterval"
        if version is Version.V16
        else "SampledDataCtrlr/TxUpdatedInterval"
    )
    async with central_system() as running, virtual_station(running, version):
        await until(lambda: running.central.snapshot("garage").connected)
        written = await running.central.write_setting("garage", name, "30")
        assert written.status == "Accepted"
        read = await running.central.read_setting("garage", name)
        assert '"30"' in json.dumps(read.payload)


async def test_a_station_that_never_answers_questions_is_cut_within_five_seconds():
    behaviour = Behaviour(never_answers=frozenset({"GetConfiguration"}))
    async with (
        central_system() as running,
        virtual_station(running, behaviour=behaviour) as client,
    ):
        await until(lambda: client.station.received)
        loop = asyncio.get_running_loop()
        began = loop.time()
        running.central.command("garage", 1, Setpoint(current=0.0))
        await until(
            lambda: "SetChargingProfile" in {call.action for call in client.station.received}
        )
        assert loop.time() - began < 5.2


async def test_a_wrong_password_is_refused_slowed_and_visible(caplog):
    known = {"garage": StationSettings(password=PASSWORD)}
    async with (
        central_system(known) as running,
        virtual_station(running, password=PASSWORD[:-1]) as client,
    ):
        await until(lambda: client.refused == 401)
        await until(lambda: client.refused == 429)
        snapshot = running.central.snapshot("garage")
        assert not snapshot.connected
        assert snapshot.troubles == (TroubleCode.WRONG_PASSWORD,)
        assert caplog.text.count("wrong password") == 1
        assert PASSWORD not in caplog.text
        assert PASSWORD not in json.dumps(running.central.memory())


@pytest.mark.parametrize("sent", [PASSWORD, PASSWORD.encode().hex()])
async def test_the_right_password_is_let_in_as_text_and_as_hexadecimal(sent):
    known = {"garage": StationSettings(password=PASSWORD)}
    async with central_system(known) as running, virtual_station(running, password=sent):
        await until(lambda: running.central.snapshot("garage").connected)


async def test_an_unknown_station_is_refused_listed_once_and_can_be_accepted(caplog):
    caplog.set_level("INFO")
    async with (
        central_system({}) as running,
        virtual_station(running, identity="newcomer") as client,
    ):
        await until(lambda: client.refused == 404 and running.central.strangers[0].count > 2)
        (attempt,) = running.strangers
        assert attempt.identity == "newcomer"
        assert attempt.protocols == (Version.V16,)
        assert caplog.text.count("unknown station newcomer") == 1
        running.central.add("newcomer", StationSettings())
        assert running.central.strangers == ()
        await until(lambda: running.central.snapshot("newcomer").connected)


async def test_a_station_that_speaks_no_ocpp_is_let_go_after_the_handshake(caplog):
    async with central_system() as running:
        for _ in range(2):
            async with raw_socket(running, protocols=("soap1.2",)) as socket:
                assert socket.protocol is None
                message = await socket.receive()
                assert message.type is aiohttp.WSMsgType.CLOSE
        assert caplog.text.count("speaks no version of OCPP") == 1
        assert running.count(Change.CONNECTED) == 0
        assert running.central.snapshot("garage").troubles == (TroubleCode.NO_VERSION,)
        async with raw_socket(running) as socket:
            await ask(socket, "Heartbeat", {})
            assert running.central.snapshot("garage").troubles == ()


async def test_the_first_version_that_both_speak_is_taken():
    async with central_system() as running:
        offered = ("ocpp3.0", Version.V201, Version.V16)
        async with raw_socket(running, protocols=offered) as socket:
            assert socket.protocol == Version.V201
        async with raw_socket(running, protocols=(Version.V21,)) as socket:
            assert (await ask(socket, "Heartbeat", {}))[0] == 3


async def test_a_frame_that_is_too_long_ends_that_connection_alone_and_is_told(caplog, monkeypatch):
    known = {"garage": StationSettings(), "other": StationSettings()}
    async with central_system(known) as running, raw_socket(running, "other") as other:
        for _ in range(2):
            async with raw_socket(running) as socket:
                await socket.send_str('[2,"1","Heartbeat",{"x":"' + "x" * LONGEST_FRAME + '"}]')
                message = await socket.receive()
                assert message.type is aiohttp.WSMsgType.CLOSE
                assert message.data == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
        assert (await ask(other, "Heartbeat", {}))[0] == 3
        assert caplog.text.count("garage was let go") == 1
        assert running.central.snapshot("garage").troubles == (TroubleCode.FRAME_TOO_LONG,)
        assert running.central.snapshot("other").troubles == ()
        monkeypatch.setattr(connection, "_WELL_BEHAVED", 0.0)
        async with raw_socket(running):
            await until(lambda: running.central.snapshot("garage").troubles == ())


async def test_noise_on_one_connection_disturbs_no_other():
    known = {"garage": StationSettings(), "other": StationSettings()}
    async with (
        central_system(known) as running,
        raw_socket(running) as noisy,
        raw_socket(running, "other") as other,
    ):
        for text in ("", "[", "[[[", '{"a":1}', "[2]", '[2,"1","Conjure",{}]', "[" * 50_000):
            await noisy.send_str(text)
        await noisy.send_bytes(b"\x00\xff")
        assert (await ask(noisy, "Heartbeat", {}))[0] == 3
        assert (await ask(other, "Heartbeat", {}))[0] == 3


async def test_a_station_that_sends_too_fast_is_read_slower_and_loses_nothing():
    async with central_system() as running, raw_socket(running) as socket:
        count = 260
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number in range(count):
            await socket.send_str(json.dumps([2, f"n{number}", "Heartbeat", {}]))
        answered = 0
        while answered < count:
            frame = json.loads(await socket.receive_str())
            answered += frame[0] == 3
        assert loop.time() - began > 1.0, "60 beyond the burst of 200, at 50 a second"


async def test_a_new_connection_replaces_the_old_one_and_keeps_its_state():
    async with central_system() as running, raw_socket(running) as first:
        await ask(first, "BootNotification", BOOT_16)
        start = {
            "connectorId": 1,
            "idTag": "X",
            "meterStart": 0,
            "timestamp": "2026-06-01T12:00:00Z",
        }
        await ask(first, "StartTransaction", start)
        async with raw_socket(running) as second:
            await ask(second, "Heartbeat", {})
            messages = [message async for message in first]
            assert all(message.type is aiohttp.WSMsgType.TEXT for message in messages)
            assert first.closed
            assert running.plug(1).session is not None
            assert running.central.snapshot("garage").connected
            assert running.count(Change.DISCONNECTED) == 0


async def test_two_stations_with_one_identity_are_noticed_and_the_first_stays(caplog):
    async with central_system() as running, AsyncExitStack() as stack:
        sessions = [await stack.enter_async_context(at(f"127.0.0.{host}")) for host in (1, 2)]
        for number in range(4):
            socket = await dial(sessions[number % 2], running, stack)
        for _ in range(2):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await dial(sessions[0], running, stack)
            assert refused.value.status == 409
        assert (await ask(socket, "Heartbeat", {}))[0] == 3, "the one that is there stays"
        assert running.central.snapshot("garage").troubles == (TroubleCode.SAME_IDENTITY,)
        assert caplog.text.count("is the name of two stations") == 1


async def test_a_station_that_dials_again_after_its_network_failed_is_no_twin():
    async with central_system() as running, AsyncExitStack() as stack:
        session = await stack.enter_async_context(at("127.0.0.1"))
        loop = asyncio.get_running_loop()
        for _ in range(6):  # nobody reads at the other end of the connections before
            began = loop.time()
            await dial(session, running, stack)
            assert loop.time() - began < 1.0, "the dead connection makes the new one wait"
        assert running.central.snapshot("garage").troubles == ()


def at(address: str) -> aiohttp.ClientSession:
    """Return a client at one of this machine's addresses."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(local_addr=(address, 0)))


async def dial(
    session: aiohttp.ClientSession, running: Running, stack: AsyncExitStack
) -> aiohttp.ClientWebSocketResponse:
    """Connect, and hang up when the stack is left."""
    socket = await session.ws_connect(f"{running.url}/garage", protocols=(Version.V16,))
    stack.push_async_callback(socket.close)
    await ask(socket, "Heartbeat", {})
    return socket


async def test_permessage_deflate_is_spoken():
    async with (
        central_system() as running,
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"{running.url}/garage", protocols=(Version.V201,), compress=15
        ) as socket,
    ):
        assert socket.compress
        assert (await ask(socket, "Heartbeat", {}))[0] == 3


@pytest.mark.parametrize(("path", "status"), [("garage", 400), ("", 404)])
async def test_a_browser_is_told_what_this_is(path, status):
    async with (
        central_system() as running,
        aiohttp.ClientSession() as session,
        session.get(f"http://{HOST}:{running.port}/{path}") as response,
    ):
        assert response.status == status


async def test_a_station_that_is_removed_is_let_go():
    async with central_system() as running, raw_socket(running) as socket:
        await ask(socket, "Heartbeat", {})
        await running.central.remove("garage")
        async for _ in socket:
            pass
        assert running.central.snapshot("garage") is None
        with pytest.raises(NotConnectedError):
            await running.central.reset("garage")


async def test_a_listener_that_fails_ends_no_connection(caplog):
    async with central_system() as running:
        running.central._listener = fail
        async with raw_socket(running) as socket:
            assert (await ask(socket, "Heartbeat", {}))[0] == 3
    assert "has failed" in caplog.text


def fail(_event: object) -> None:
    raise ValueError


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Make a certificate for this machine."""
    key, chain = tmp_path / "key.pem", tmp_path / "chain.pem"
    request = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=test"
    subprocess.run(
        (*request.split(), "-keyout", str(key), "-out", str(chain)),
        check=True,
        capture_output=True,
    )
    return key, chain


async def test_security_profile_2_is_a_password_over_tls(certificate):
    key, chain = certificate
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    await asyncio.to_thread(context.load_cert_chain, chain, key)
    known = {"garage": StationSettings(password=PASSWORD)}
    async with central_system(known, tls=context) as running:
        secure = Running(running.central, running.port, running.events, scheme="wss")
        async with virtual_station(secure, password=PASSWORD):
            await until(lambda: running.central.snapshot("garage").connected)
            await until(lambda: running.plug(1) and running.plug(1).session)


async def test_the_commissioning_check_finds_that_a_virtual_station_falls_back():
    plan = CheckPlan(high=12.0, safe=6.0, lease=4.0, silence=12.0)
    async with central_system() as running, virtual_station(running):
        await until(lambda: running.plug(1) and running.plug(1).state is LoadState.CHARGING)
        async with asyncio.timeout(60.0):
            report = await running.central.check("garage", 1, plan)
        assert report.problem is None
        assert (report.obeys, report.falls_back, report.falls_back_alone) == (True, True, True)


async def test_a_cut_ends_the_commissioning_check():
    behaviour = Behaviour(deaf=True)
    async with central_system() as running, virtual_station(running, behaviour=behaviour):
        await until(lambda: running.plug(1) and running.plug(1).state is LoadState.CHARGING)
        checking = asyncio.create_task(
            running.central.check("garage", 1, CheckPlan(high=12.0, safe=6.0))
        )
        await asyncio.sleep(0.1)
        running.central.command("garage", 1, Setpoint(current=8.0))
        report = await checking
        assert report.problem == "the controller wanted less", "a cut ends the check at once"
        assert running.plug(1).setpoint.value == 8.0
