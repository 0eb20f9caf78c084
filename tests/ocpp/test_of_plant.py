"""A simulated house whose charger dials in: the central system drives the plant's own cars."""

import asyncio

import pytest

from evenload.model.readings import LoadState
from evenload.ocpp.nouns import Setpoint, Version
from evenload.ocpp.state import StationSettings
from evenload.simulate.describe import describe
from evenload.simulate.house import LiveHouse, RefusedError
from evenload.simulate.plant import Plant
from evenload.simulate.scenario import read_house
from evenload.simulate.stations.of_plant import plugs_of, station_clients
from tests.ocpp.sockets import central_system, until


@pytest.fixture(autouse=True)
def sockets_allowed(socket_enabled: None) -> None:
    """Let Home Assistant's test plugin, which forbids sockets, make an exception."""


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Let the same plugin overlook a timer that aiohttp's client leaves behind when it closes."""
    return True


@pytest.fixture
def plant() -> Plant:
    return Plant(read_house("demo-house"))


async def test_each_plug_of_the_house_is_driven_over_ocpp(plant):
    (charger,) = plant.site.chargers
    first, second = plugs_of(plant, charger)
    async with central_system({charger.id: StationSettings()}) as running:
        (client,) = station_clients(plant, running.url, Version.V16)
        house = asyncio.create_task(LiveHouse(plant, "demo-house").run())
        task = asyncio.create_task(client.run())
        try:
            running.central.command(charger.id, 1, Setpoint(current=7.0))
            running.central.command(charger.id, 2, Setpoint(current=0.0))
            await until(lambda: max(first.draws) == pytest.approx(7.0))
            assert max(second.draws) == 0.0
            await until(lambda: running.plug(1, charger.id).state is LoadState.CHARGING)
            assert running.plug(1, charger.id).session is not None
        finally:
            for each in (house, task):
                each.cancel()
            await asyncio.gather(house, task, return_exceptions=True)


def test_what_dials_in_is_neither_described_nor_set_in_the_house(plant):
    cars = frozenset({"car", "second_car"})
    house = LiveHouse(plant, "demo-house", elsewhere=cars)
    described = {sensor["key"] for sensor in describe(plant, "demo-house", cars)["sensors"]}
    assert "boiler.power" in described
    assert not [key for key in described if key.startswith(("car.", "second_car."))]
    with pytest.raises(RefusedError, match="cannot be set"):
        house.receive('{"type": "set", "key": "car.setpoint", "value": 10}')
