"""What the entry says of charging stations that dial in over OCPP: the port, and each station."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_PASSWORD

from evenload.ocpp.plug import PlugSettings
from evenload.ocpp.state import StationSettings

from .const import (
    CONF_CHARGER_MAX_CURRENT,
    CONF_IDENTITY,
    CONF_MIN_CURRENT,
    CONF_OCPP_CERTIFICATE,
    CONF_OCPP_ENABLED,
    CONF_OCPP_HOST,
    CONF_OCPP_KEY,
    CONF_OCPP_PORT,
    CONF_PHASE_MAP,
    CONF_PLUG,
    CONF_PLUGS,
    DEFAULT_OCPP_HOST,
    DEFAULT_OCPP_PORT,
    NOMINAL_VOLTAGE,
)
from .preferences import Settings
from .station_manner import CONF_METER_INTERVAL, DEFAULT_METER_INTERVAL, overrides_of
from .station_tokens import tokens_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PortWiring:
    """Where stations dial in."""

    host: str
    """The address that is listened on."""
    port: int
    certificate: str | None
    """The file of a TLS certificate with its chain; None: no TLS."""
    key: str | None
    """The file of its private key; None: in the same file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationWiring:
    """One station and the charger it is."""

    subentry_id: str
    settings: StationSettings = field(repr=False)
    """With its password."""


def port_of(options: Settings) -> PortWiring | None:
    """Return where stations dial in; None where they may not."""
    if not options.get(CONF_OCPP_ENABLED, False):
        return None
    return PortWiring(
        host=options.get(CONF_OCPP_HOST, DEFAULT_OCPP_HOST),
        port=int(options.get(CONF_OCPP_PORT, DEFAULT_OCPP_PORT)),
        certificate=options.get(CONF_OCPP_CERTIFICATE),
        key=options.get(CONF_OCPP_KEY),
    )


def stations_of(subentries: Mapping[str, ConfigSubentry]) -> dict[str, StationWiring]:
    """Return the stations by identity."""
    return {
        subentry.data[CONF_IDENTITY]: StationWiring(
            subentry_id=subentry.subentry_id, settings=_settings(subentry.data)
        )
        for subentry in subentries.values()
        if CONF_IDENTITY in subentry.data
    }


def _settings(data: Settings) -> StationSettings:
    plugs: list[Settings] = data[CONF_PLUGS]
    return StationSettings(
        password=data.get(CONF_PASSWORD),
        tokens=tokens_of(data),
        max_current=float(data[CONF_CHARGER_MAX_CURRENT]),
        meter_interval=float(data.get(CONF_METER_INTERVAL, DEFAULT_METER_INTERVAL)),
        overrides=overrides_of(data),
        plugs={
            int(plug[CONF_PLUG]): PlugSettings(
                phases=len(plug[CONF_PHASE_MAP]),
                minimum=float(plug[CONF_MIN_CURRENT]),
                voltage=NOMINAL_VOLTAGE,
            )
            for plug in plugs
        },
    )
