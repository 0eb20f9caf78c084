"""The diagnostics download: settings without names, and the last minutes of what was decided."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_NAME, CONF_PASSWORD
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from evenload.model.allocation import LimitUse

from .coordinator import EvenloadConfigEntry
from .history import Moment
from .inspection import entities_of_load, entities_of_site, flaws_of
from .station_tokens import CONF_TOKEN, CONF_TOKEN_NAME

TO_REDACT = frozenset({CONF_NAME, CONF_PASSWORD, "names", "title", CONF_TOKEN, CONF_TOKEN_NAME})
"""People name things after themselves and their street; entity ids stay, to tell them apart."""


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: EvenloadConfigEntry
) -> dict[str, Any]:
    """Return everything about a site."""
    coordinator = entry.runtime_data
    wiring = coordinator.wiring
    content = {
        "data": dict(entry.data),
        "options": dict(entry.options),
        "subentries": [_plain(subentry.as_dict()) for subentry in entry.subentries.values()],
        "site": _plain(wiring.site),
        "settings": _plain(wiring.settings),
        "problems": [str(finding) for finding in flaws_of(hass, entities_of_site(wiring))],
        "memory": coordinator.content(),
        "measured": _plain(coordinator.measured),
        "commands_sent": coordinator.dispatcher.sent,
        "commands_failing": coordinator.dispatcher.failing,
        "moments": [_moment(moment) for moment in coordinator.history.moments],
    }
    redacted: dict[str, Any] = async_redact_data(content, TO_REDACT)
    return redacted


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: EvenloadConfigEntry, device: dr.AnyDeviceEntry
) -> dict[str, Any]:
    """Return what is about one load; for the site's own device, everything."""
    coordinator = entry.runtime_data
    subentry = entry.subentries.get(device.config_subentry_id or "")
    if subentry is None:
        return await async_get_config_entry_diagnostics(hass, entry)
    loads = {
        identifier: load
        for identifier, load in coordinator.wiring.loads.items()
        if load.subentry_id == subentry.subentry_id
    }
    content = {
        "subentry": _plain(subentry.as_dict()),
        "loads": _plain(loads),
        "problems": [
            str(finding)
            for load in loads.values()
            for finding in flaws_of(hass, entities_of_load(load))
        ],
        "moments": [_moment(moment, of=loads) for moment in coordinator.history.moments],
    }
    redacted: dict[str, Any] = async_redact_data(content, TO_REDACT)
    return redacted


def _moment(moment: Moment, of: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Return one pass, of all loads or some; the settings, which hardly change, are left out."""
    snapshot, decision = moment.snapshot, moment.decision
    devices, loads = snapshot.devices, decision.loads
    if of is not None:
        return {
            "at": decision.at,
            "devices": _plain({load: devices[load] for load in of if load in devices}),
            "loads": _plain({load: loads[load] for load in of if load in loads}),
            "commands": _plain([c for c in decision.commands if c.load in of]),
        }
    readings = {
        name: _plain(getattr(snapshot, name))
        for name in ("grid", "solar", "battery_soc", "battery_power", "devices")
    }
    return {"readings": readings, "decision": _plain(decision)}


def _plain(value: object) -> object:
    """Return a noun as what JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, LimitUse):
        return value._asdict()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value
