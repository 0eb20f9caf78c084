"""Actions for charging stations that dial in: restart, start and stop, and ask for a message."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

import probatio
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import entity_registry as er

from evenload.ocpp.calling import Answered
from evenload.ocpp.server import CentralSystem
from evenload.ocpp.server.central import NotConnectedError
from evenload.ocpp.starting import TOKEN

from .const import DOMAIN
from .coordinator import EvenloadCoordinator
from .load_wiring import StationPlugWiring

ATTR_HARD: Final = "hard"
ATTR_MESSAGE: Final = "message"
ATTR_TOKEN: Final = "token"  # noqa: S105 - the name of a field

MESSAGES: Final = ("MeterValues", "StatusNotification", "Heartbeat", "BootNotification")
OF_PLUG: Final = frozenset({"MeterValues", "StatusNotification"})
"""Messages that are about one plug."""
ACCEPTED: Final = frozenset({"Accepted", "Unlocked", "Scheduled"})
"""A station's words for yes."""
_LONGEST_TOKEN = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """The station that an entity belongs to."""

    coordinator: EvenloadCoordinator
    identity: str
    plug: int | None
    """None: an entity of the station as a whole."""

    @property
    def central(self) -> CentralSystem:
        """Who speaks with it; raises HomeAssistantError where nobody does."""
        central = self.coordinator.stations.central
        if central is None:
            raise not_connected(self.identity)
        return central


type Asking = Callable[[Addressed, ServiceCall], Awaitable[Answered]]


async def _reset(to: Addressed, call: ServiceCall) -> Answered:
    return await to.central.reset(to.identity, hard=call.data[ATTR_HARD])


async def _start(to: Addressed, call: ServiceCall) -> Answered:
    return await to.central.start_charging(to.identity, plug_of(to, call), call.data[ATTR_TOKEN])


async def _stop(to: Addressed, call: ServiceCall) -> Answered:
    return await to.central.stop_charging(to.identity, plug_of(to, call))


async def _trigger(to: Addressed, call: ServiceCall) -> Answered:
    message = call.data[ATTR_MESSAGE]
    plug = plug_of(to, call) if message in OF_PLUG else None
    return await to.central.trigger(to.identity, message, plug)


_ENTITY: Final = {probatio.Required(ATTR_ENTITY_ID): cv.entity_id}

ACTIONS: Final[dict[str, tuple[Asking, probatio.Schema]]] = {
    "reset_charger": (
        _reset,
        probatio.Schema({**_ENTITY, probatio.Optional(ATTR_HARD, default=False): cv.boolean}),
    ),
    "start_charging": (
        _start,
        probatio.Schema(
            {
                **_ENTITY,
                probatio.Optional(ATTR_TOKEN, default=TOKEN): probatio.All(
                    cv.string, probatio.Length(min=1, max=_LONGEST_TOKEN)
                ),
            }
        ),
    ),
    "stop_charging": (_stop, probatio.Schema(_ENTITY)),
    "trigger_message": (
        _trigger,
        probatio.Schema(
            {**_ENTITY, probatio.Optional(ATTR_MESSAGE, default=MESSAGES[0]): probatio.In(MESSAGES)}
        ),
    ),
}


@callback
def register_station_actions(hass: HomeAssistant) -> None:
    """Offer the actions."""
    for name, (ask, schema) in ACTIONS.items():
        hass.services.async_register(DOMAIN, name, _handler(hass, ask), schema=schema)


def _handler(
    hass: HomeAssistant, ask: Asking
) -> Callable[[ServiceCall], Coroutine[Any, Any, None]]:
    async def handle(call: ServiceCall) -> None:
        to = station_of(hass, call.data[ATTR_ENTITY_ID])
        await answered(to.identity, ask(to, call))

    return handle


def station_of(hass: HomeAssistant, entity_id: str) -> Addressed:
    """Return the station that an entity belongs to; raise ServiceValidationError where it is none."""
    registered = er.async_get(hass).async_get(entity_id)
    entry = (
        None
        if registered is None or registered.config_entry_id is None
        else hass.config_entries.async_get_entry(registered.config_entry_id)
    )
    if registered is None or entry is None or entry.state is not ConfigEntryState.LOADED:
        raise no_plug(entity_id)
    coordinator = entry.runtime_data
    if not isinstance(coordinator, EvenloadCoordinator):
        raise no_plug(entity_id)
    for identifier, load in coordinator.wiring.loads.items():
        own = registered.unique_id.startswith(f"{identifier}_")
        if own and isinstance(load, StationPlugWiring):
            return Addressed(coordinator=coordinator, identity=load.identity, plug=load.number)
    for identity, station in coordinator.wiring.stations.items():
        if registered.config_subentry_id == station.subentry_id:
            return Addressed(coordinator=coordinator, identity=identity, plug=None)
    raise no_plug(entity_id)


def plug_of(to: Addressed, call: ServiceCall) -> int:
    """Return the plug that is meant; raise ServiceValidationError where it is not said."""
    if to.plug is None:
        raise no_plug(call.data[ATTR_ENTITY_ID])
    return to.plug


async def answered(identity: str, asked: Awaitable[Answered]) -> None:
    """Wait for the station's answer; raise HomeAssistantError where it is no."""
    try:
        answer = await asked
    except NotConnectedError as error:
        raise not_connected(identity) from error
    if answer.status not in ACCEPTED:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="station_refused",
            translation_placeholders={"station": identity, "answer": answer.status},
        )


def not_connected(identity: str) -> HomeAssistantError:
    """Return the error for a station that is not there."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="station_not_connected",
        translation_placeholders={"station": identity},
    )


def no_plug(entity_id: str) -> ServiceValidationError:
    """Return the error for an entity that belongs to no plug of a station."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="no_station_plug",
        translation_placeholders={"entity": entity_id},
    )
