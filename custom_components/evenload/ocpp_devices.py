"""Finds the chargers that the custom integration `ocpp` has brought to Home Assistant, and their entities.

It calls a charger by its `cpid`. The unique ids of its sensors are `ocpp.<cpid>.<what>.sensor`, and
`ocpp.<cpid>.conn<n>.<what>.sensor` for a charger with several connectors; each of these is a plug.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from .const import CONF_CURRENT_SENSORS, CONF_POWER_SENSOR, CONF_STATUS_ENTITY

INTEGRATION: Final = "ocpp"
ACTION_LIMIT: Final = "set_charge_rate"
"""Its action that passes a charging profile on to a connector."""

CONF_CPID: Final = "ocpp_cpid"
CONF_VERSION: Final = "ocpp_version"
CONF_UNIT: Final = "unit"

_SENSOR = re.compile(r"ocpp\.(?P<cpid>[^.]+)\.(?:conn(?P<connector>\d+)\.)?(?P<what>.+)\.sensor")
_MEANS: Final = {
    "status.connector": CONF_STATUS_ENTITY,
    "current.import": CONF_CURRENT_SENSORS[0],
    "power.active.import": CONF_POWER_SENSOR,
}


@dataclass(slots=True, kw_only=True)
class OcppCharger:
    """One charger of the integration."""

    cpid: str
    name: str
    connectors: dict[int, dict[str, str]] = field(default_factory=dict[int, dict[str, str]])
    """The entities of each connector, by the setting that they are for."""
    devices: set[str] = field(default_factory=set[str])
    """Ids of the charger's devices."""

    @property
    def plugs(self) -> Mapping[int, Mapping[str, str]]:
        """The entities of each plug; those of the charger as a whole are of its only one."""
        several = {number: each for number, each in self.connectors.items() if number > 0}
        return dict(sorted(several.items())) or {1: self.connectors.get(0, {})}


def ocpp_chargers(hass: HomeAssistant) -> dict[str, OcppCharger]:
    """Return the integration's chargers by cpid."""
    found: dict[str, OcppCharger] = {}
    for entry in er.async_get(hass).entities.values():
        if entry.platform != INTEGRATION or entry.domain != Platform.SENSOR:
            continue
        match = _SENSOR.fullmatch(entry.unique_id.lower())
        if match is None or match["what"] not in _MEANS:
            continue
        charger = found.setdefault(
            match["cpid"], OcppCharger(cpid=match["cpid"], name=match["cpid"])
        )
        connector = charger.connectors.setdefault(int(match["connector"] or 0), {})
        connector[_MEANS[match["what"]]] = entry.entity_id
        if entry.device_id is not None:
            charger.devices.add(entry.device_id)
    for charger in found.values():
        _name(hass, charger)
    return found


def ocpp_charger_of(hass: HomeAssistant, device_id: str) -> OcppCharger | None:
    """Return the charger that a device is, or is a connector of; None: another integration's."""
    chargers = ocpp_chargers(hass).values()
    return next((each for each in chargers if device_id in each.devices), None)


def _name(hass: HomeAssistant, charger: OcppCharger) -> None:
    """Take the name, and the device, that belong to the charger as a whole."""
    devices = dr.async_get(hass)
    known = [devices.async_get(device_id) for device_id in charger.devices]
    for entry_id in {each.config_entry_id for each in known if each is not None}:
        device = devices.async_get_device_by_identifier((INTEGRATION, charger.cpid), entry_id)
        if device is not None:
            charger.devices.add(device.id)
            charger.name = device.name_by_user or device.name or charger.cpid
