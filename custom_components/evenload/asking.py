"""Asks for a report where the controller wants one: of a source that has been quiet for long.

Home Assistant passes that on to integrations that poll; one whose device speaks by itself has nothing
to do.
"""

from collections.abc import Iterable

from homeassistant.components.homeassistant import SERVICE_UPDATE_ENTITY
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import DOMAIN as HOMEASSISTANT
from homeassistant.core import HomeAssistant, callback

from .wiring import Wiring

ASK_INTERVAL = 30.0
"""A source is asked again after this time [s]."""


class Asking:
    """Remembers which sources were asked, so that none is pestered."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Ask nobody yet."""
        self._hass = hass
        self._asked_at: dict[str, float] = {}

    @callback
    def ask(self, wiring: Wiring, sources: Iterable[str], now: float) -> None:
        """Ask each of these sources for a report, unless it was asked just now."""
        for source in sources:
            asked_at = self._asked_at.get(source)
            if asked_at is not None and now < asked_at + ASK_INTERVAL:
                continue
            entities = wiring.entities_of_source(source)
            if not entities or not self._hass.services.has_service(
                HOMEASSISTANT, SERVICE_UPDATE_ENTITY
            ):
                continue
            self._asked_at[source] = now
            self._hass.async_create_task(
                self._hass.services.async_call(
                    HOMEASSISTANT, SERVICE_UPDATE_ENTITY, {ATTR_ENTITY_ID: entities}
                ),
                name=f"evenload asks {source}",
            )
