"""A Home Assistant with the integration on its path, and a house made of entities."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

import custom_components  # noqa: F401 - before the plugin's own package of this name is found
from custom_components.evenload import preferences
from evenload.simulate.stations import client
from tests.homeassistant.house import House
from tests.homeassistant.street import SECOND, Street, impatient


@pytest.fixture(autouse=True)
def _integration(enable_custom_integrations):
    """Let Home Assistant find the integration."""


@pytest.fixture
async def house(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> House:
    for domain in ("number", "switch"):
        assert await async_setup_component(hass, domain, {})
    house = House(hass, freezer)
    house.start()
    return house


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preferences, "ControlSettings", impatient)
    monkeypatch.setattr(client, "_STEP", SECOND)


@pytest.fixture
async def street(hass: HomeAssistant) -> AsyncIterator[Street]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    street = Street(hass, port)
    street.report()
    yield street
    for task in street.running:
        task.cancel()
    await asyncio.gather(*street.running, return_exceptions=True)
