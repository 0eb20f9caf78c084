"""Actions: the commissioning check, which shows what a charging station really does."""

from dataclasses import asdict
from typing import Any, Final

import probatio
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from evenload.ocpp.commission import CheckPlan
from evenload.ocpp.server.central import NotConnectedError

from .const import DOMAIN
from .coordinator import EvenloadCoordinator
from .load_wiring import StationPlugWiring
from .station_actions import no_plug, not_connected, station_of

ACTION_CHECK: Final = "commissioning_check"
ATTR_LEASE: Final = "lease"
ATTR_SILENCE: Final = "silence"

LEAST_DIFFERENCE = 2.0
"""A fall by less than this cannot be told from a car that takes a little less [A]."""

CHECK_SCHEMA = probatio.Schema(
    {
        probatio.Required(ATTR_ENTITY_ID): cv.entity_id,
        probatio.Optional(ATTR_LEASE, default=30.0): probatio.All(
            probatio.Coerce(float), probatio.Range(min=10.0, max=600.0)
        ),
        probatio.Optional(ATTR_SILENCE, default=120.0): probatio.All(
            probatio.Coerce(float), probatio.Range(min=30.0, max=900.0)
        ),
    }
)


@callback
def register_actions(hass: HomeAssistant) -> None:
    """Offer the integration's actions."""

    async def check(call: ServiceCall) -> dict[str, Any]:
        """Check a plug of a charging station, and return what was found."""
        coordinator, load = _plug_of(hass, call.data[ATTR_ENTITY_ID])
        plan = _plan(coordinator, load, call)
        central = coordinator.stations.central
        if central is None:
            raise not_connected(load.identity)
        try:
            report = await central.check(load.identity, load.number, plan)
        except NotConnectedError as error:
            raise not_connected(load.identity) from error
        found = {**asdict(report), "at": dt_util.now().isoformat(timespec="seconds")}
        coordinator.keep_check(load.load.id, found)
        return found

    hass.services.async_register(
        DOMAIN,
        ACTION_CHECK,
        check,
        schema=CHECK_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


def _plug_of(hass: HomeAssistant, entity_id: str) -> tuple[EvenloadCoordinator, StationPlugWiring]:
    """Return the plug that an entity belongs to; raise ServiceValidationError where it is none."""
    to = station_of(hass, entity_id)
    for load in to.coordinator.wiring.loads.values():
        if isinstance(load, StationPlugWiring) and load.of == (to.identity, to.plug):
            return to.coordinator, load
    raise no_plug(entity_id)


def _plan(
    coordinator: EvenloadCoordinator, load: StationPlugWiring, call: ServiceCall
) -> CheckPlan:
    """Return what is tried: what the plug may draw now fits every fuse."""
    decision = coordinator.data.loads.get(load.load.id)
    safe = coordinator.wiring.settings.of(load.load).safe_current
    high = 0.0 if decision is None else decision.current
    if high < max(safe, load.load.minimum) + LEAST_DIFFERENCE:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="too_little_room",
            translation_placeholders={"current": f"{high:g}", "safe": f"{safe:g}"},
        )
    return CheckPlan(
        high=high, safe=safe, lease=call.data[ATTR_LEASE], silence=call.data[ATTR_SILENCE]
    )
