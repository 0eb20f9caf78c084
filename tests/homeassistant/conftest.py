"""A Home Assistant with the integration on its path, and a house made of entities."""

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

import custom_components  # noqa: F401 - before the plugin's own package of this name is found
from tests.homeassistant.house import House


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
