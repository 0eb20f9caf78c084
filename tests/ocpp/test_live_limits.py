"""What limits, phases and tokens come to on a real websocket, with stations that follow the specification."""

from dataclasses import replace

import pytest

from evenload.ocpp import switching
from evenload.ocpp.nouns import Change, Setpoint, Version
from evenload.ocpp.state import StationSettings
from evenload.simulate.stations.behaviour import Behaviour
from evenload.simulate.stations.plug import PlugState
from evenload.simulate.stations.profiles import HeldProfile
from tests.ocpp.sockets import central_system, until, virtual_station

BOTH = pytest.mark.parametrize("version", [Version.V16, Version.V201])


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
async def test_a_limit_that_somebody_else_left_goes_where_telling_was_no_use(version):
    async with central_system() as running, virtual_station(running, version) as client:
        await until(lambda: running.plug(1) and running.plug(1).session)
        theirs = HeldProfile(
            id=9,
            plug=1,
            stack=3,
            purpose="TxProfile",
            kind="Relative",
            installed=client.station.time,
            unit="A",
            periods=((0.0, 14.0, None),),
        )
        client.station.profiles.install(theirs)
        setpoint = Setpoint(current=8.0, fallback=6.0, lease=180.0)
        running.central.command("garage", 1, setpoint)
        await until(lambda: client.station.plugs[0].offered == 14.0)
        running.central.command("garage", 1, replace(setpoint, clears_others=True))
        await until(lambda: client.station.plugs[0].offered == 8.0)
        assert theirs not in client.station.profiles


async def test_a_station_that_is_cut_off_ends_its_lease_by_itself():
    behaviour = Behaviour(ends_offline=True)
    async with (
        central_system() as running,
        virtual_station(running, Version.V21, behaviour=behaviour) as client,
    ):
        await until(lambda: running.central.snapshot("garage").abilities.offline_limit)
        await until(lambda: running.plug(1) and running.plug(1).session)
        running.central.command("garage", 1, Setpoint(current=16.0, fallback=6.0, lease=6.0))
        await until(lambda: client.station.plugs[0].offered == 16.0)
        await client.hang_up()
        lease, base = sorted(client.station.profiles, key=lambda profile: -profile.stack)
        await until(lambda: lease not in client.station.profiles)
        assert base in client.station.profiles
        await until(lambda: client.station.plugs[0].offered == 6.0)


@BOTH
async def test_a_plug_gives_its_car_one_phase_after_it_has_stood_still(version, monkeypatch):
    monkeypatch.setattr(switching, "PAUSE", 2.0)
    behaviour = Behaviour(switches_phases=True)
    async with (
        central_system() as running,
        virtual_station(running, version, behaviour=behaviour) as client,
    ):
        plug = client.station.plugs[0]
        await until(lambda: running.plug(1) and running.plug(1).session)
        await until(lambda: running.central.snapshot("garage").phase_switching)
        three = Setpoint(current=10.0, fallback=6.0, lease=180.0, phases=3)
        running.central.command("garage", 1, three)
        await until(lambda: list(plug.outlet.draws) == [10.0, 10.0, 10.0])
        running.central.command("garage", 1, replace(three, phases=1))
        await until(lambda: max(plug.outlet.draws) == 0.0)
        await until(lambda: list(plug.outlet.draws) == [10.0, 0.0, 0.0])
        assert running.plug(1).phases.value == 1.0


async def test_a_changed_interval_reaches_a_station_that_is_connected():
    async with central_system() as running, virtual_station(running) as client:
        await until(lambda: client.station.speech.meter_interval == 10.0)
        await until(lambda: running.central.snapshot("garage").abilities.meter_interval == 10.0)
        running.central.add("garage", StationSettings(meter_interval=20.0))
        await until(lambda: client.station.speech.meter_interval == 20.0)


@BOTH
async def test_a_token_is_asked_for_and_charges_once_it_is_welcome(version):
    behaviour = Behaviour(token="04A2B3C4D5E680")  # noqa: S106 - a name, no secret
    known = {"garage": StationSettings(tokens=frozenset())}
    async with (
        central_system(known) as running,
        virtual_station(running, version, plugs=1, behaviour=behaviour) as client,
    ):
        await until(lambda: running.count(Change.TOKEN_REFUSED))
        await until(lambda: states(client) == [PlugState.FINISHING])
        refused = next(each for each in running.events if each.change is Change.TOKEN_REFUSED)
        assert (refused.plug, refused.token) == (1, behaviour.token)
        answer = await running.central.start_charging("garage", 1, behaviour.token)
        assert answer.status == "Accepted"
        await until(lambda: states(client) == [PlugState.CHARGING])
