"""How commands reach devices that are slow, stuck or in the way of each other."""

import asyncio

import pytest

from custom_components.evenload import dispatcher as module
from custom_components.evenload.dispatcher import Dispatcher
from custom_components.evenload.stations import Stations
from custom_components.evenload.wiring import wiring_of
from evenload.model.decision import Command
from tests.homeassistant.house import site_entry


class SlowDevices:
    """Devices that answer only when they are told to."""

    def __init__(self, hass):
        self.begun: list[tuple[str, float | None]] = []
        self.done: list[tuple[str, float | None]] = []
        self.answer = asyncio.Event()
        for domain, service in (
            ("number", "set_value"),
            ("switch", "turn_on"),
            ("switch", "turn_off"),
        ):
            hass.services.async_register(domain, service, self.serve)

    async def serve(self, call):
        what = (call.data["entity_id"], call.data.get("value"))
        self.begun.append(what)
        await self.answer.wait()
        self.done.append(what)


@pytest.fixture
def devices(hass):
    return SlowDevices(hass)


@pytest.fixture
def sender(hass, devices):
    """Return a function that sends setpoints to the car and to the boiler."""
    entry = site_entry()
    entry.add_to_hass(hass)
    wiring = wiring_of(entry.data, entry.options, entry.subentries)
    car, boiler = wiring.loads
    dispatcher = Dispatcher(hass, entry, Stations(hass, entry, lambda: None))
    hass.states.async_set("switch.station_charging", "on")

    async def send(*commands):
        ids = {"car": car, "boiler": boiler}
        dispatcher.send(
            wiring, [Command(load=ids[w], setpoint=s, urgent=u) for w, s, u in commands]
        )
        for _ in range(5):
            await asyncio.sleep(0)

    send.dispatcher = dispatcher
    send.car = car
    return send


LIMIT = "number.station_limit"


async def settle(hass):
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_a_slow_device_holds_no_other_up_and_cuts_go_first(hass, devices, sender):
    await sender(("car", 6, True), ("boiler", 2000, False))
    assert devices.begun == [(LIMIT, 6), ("switch.boiler", None)]
    devices.answer.set()
    await settle(hass)


async def test_only_the_newest_of_what_waits_is_sent(hass, devices, sender):
    for setpoint in (8, 9, 10):
        await sender(("car", setpoint, False))
    assert devices.begun == [(LIMIT, 8)]
    devices.answer.set()
    await settle(hass)
    assert devices.done == [(LIMIT, 8), (LIMIT, 10)]
    assert sender.dispatcher.sent == 2


async def test_a_cut_takes_the_place_of_a_raise_that_is_under_way(hass, devices, sender):
    await sender(("car", 16, False))
    await sender(("car", 6, True))
    assert devices.begun == [(LIMIT, 16), (LIMIT, 6)]
    devices.answer.set()
    await settle(hass)
    assert devices.done == [(LIMIT, 6)]


async def test_a_cut_that_is_under_way_is_left_to_finish(hass, devices, sender):
    await sender(("car", 8, True))
    await sender(("car", 6, True))
    assert devices.begun == [(LIMIT, 8)]
    devices.answer.set()
    await settle(hass)
    assert devices.done == [(LIMIT, 8), (LIMIT, 6)]


async def test_a_device_that_never_answers_is_given_up_and_tried_again(
    hass, devices, sender, monkeypatch, caplog
):
    monkeypatch.setattr(module, "CALL_TIMEOUT", 0.01)
    await sender(("car", 8, False))
    await settle(hass)
    assert sender.dispatcher.failing == {sender.car: "TimeoutError"}
    assert "Cannot command Wallbox: TimeoutError" in caplog.text
    devices.answer.set()
    await sender(("car", 8, False))
    await settle(hass)
    assert sender.dispatcher.failing == {}
    assert "Wallbox accepts commands again" in caplog.text
