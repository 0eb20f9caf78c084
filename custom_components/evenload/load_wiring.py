"""The loads of the entry: each as the library knows it, and the entities behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from homeassistant.config_entries import ConfigSubentry

from evenload.model.site import Kind, Load, Mode
from evenload.ocpp.nouns import RateUnit, Version

from .const import (
    CONF_CHARGING_ENTITY,
    CONF_CONNECTED_ENTITY,
    CONF_CURRENT_SENSORS,
    CONF_ENABLE_ENTITY,
    CONF_IDENTITY,
    CONF_LIMIT_ENTITY,
    CONF_MANAGED,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_MODE,
    CONF_PHASE_MAP,
    CONF_PHASES_ENTITY,
    CONF_PLUG,
    CONF_PLUGS,
    CONF_POWER_SENSOR,
    CONF_PRIORITY,
    CONF_STATUS_ENTITY,
    CONF_STEP,
)
from .kinds import Appliance
from .ocpp_devices import CONF_CPID, CONF_UNIT, CONF_VERSION
from .ocpp_plug import OcppPlugWiring
from .phase_map import phase_map_of
from .preferences import Settings, load_id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugWiring:
    """One plug of a charger and the entities it is read and driven through."""

    load: Load
    subentry_id: str
    plug: str
    """Its name within the charger: `1`."""
    managed: bool
    limit: str
    """The number that sets its current or power."""
    enable: str | None
    """The switch that lets it charge."""
    phases: str | None
    """What sets whether the car gets one phase or three."""
    current: tuple[str, ...]
    """Sensors of its legs, from L1; a single one counts for every leg."""
    power: str | None
    status: str | None
    connected: str | None
    charging: str | None

    @property
    def driven(self) -> tuple[str, ...]:
        """The entities that nothing else may drive."""
        return (self.limit,)

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities it is read from."""
        optional = (
            self.enable,
            self.phases,
            self.power,
            self.status,
            self.connected,
            self.charging,
        )
        return (self.limit, *self.current, *(entity for entity in optional if entity))


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPlugWiring:
    """One plug of a charging station that dials in over OCPP."""

    load: Load
    subentry_id: str
    plug: str
    """Its number at the station: `1`."""
    managed: bool
    identity: str
    """What the station calls itself when it dials in."""

    @property
    def number(self) -> int:
        """Its number: the connector of OCPP 1.6, the EVSE of 2.x."""
        return int(self.plug)

    @property
    def of(self) -> tuple[str, int]:
        """Its station and its number there."""
        return self.identity, self.number

    @property
    def driven(self) -> tuple[str, ...]:
        """What nothing else may drive."""
        return (f"{self.identity}/{self.plug}",)

    @property
    def entities(self) -> tuple[str, ...]:
        """No entities: the station reports by itself."""
        return ()


type EntityLoadWiring = PlugWiring | OcppPlugWiring | Appliance
"""A load that is driven through entities."""

type AnyPlugWiring = PlugWiring | OcppPlugWiring | StationPlugWiring

type LoadWiring = EntityLoadWiring | StationPlugWiring


def plugs_of(subentry: ConfigSubentry) -> Sequence[AnyPlugWiring]:
    """Return the plugs of a charger."""
    identity = subentry.data.get(CONF_IDENTITY)
    if CONF_CPID in subentry.data:
        return [_ocpp_plug(subentry, plug) for plug in subentry.data[CONF_PLUGS]]
    if identity is None:
        return [_plug(subentry.subentry_id, plug) for plug in subentry.data[CONF_PLUGS]]
    return [
        StationPlugWiring(
            load=_plug_load(subentry.subentry_id, plug),
            subentry_id=subentry.subentry_id,
            plug=plug[CONF_PLUG],
            managed=plug[CONF_MANAGED],
            identity=identity,
        )
        for plug in subentry.data[CONF_PLUGS]
    ]


def _plug_load(subentry_id: str, plug: Settings) -> Load:
    return Load(
        id=load_id_of(subentry_id, plug[CONF_PLUG]),
        kind=Kind.EV,
        phases=phase_map_of(plug[CONF_PHASE_MAP]),
        circuit=subentry_id,
        mode=Mode(plug[CONF_MODE]),
        priority=int(plug[CONF_PRIORITY]),
        minimum=float(plug[CONF_MIN_CURRENT]),
        maximum=float(plug[CONF_MAX_CURRENT]),
        step=float(plug[CONF_STEP]),
    )


def _ocpp_plug(subentry: ConfigSubentry, plug: Settings) -> OcppPlugWiring:
    return OcppPlugWiring(
        load=_plug_load(subentry.subentry_id, plug),
        subentry_id=subentry.subentry_id,
        plug=plug[CONF_PLUG],
        managed=plug[CONF_MANAGED],
        cpid=subentry.data[CONF_CPID],
        version=Version(subentry.data[CONF_VERSION]),
        unit=RateUnit(subentry.data[CONF_UNIT].upper()),
        status=plug.get(CONF_STATUS_ENTITY),
        current=plug.get(CONF_CURRENT_SENSORS[0]),
        power=plug.get(CONF_POWER_SENSOR),
    )


def _plug(subentry_id: str, plug: Settings) -> PlugWiring:
    return PlugWiring(
        load=_plug_load(subentry_id, plug),
        subentry_id=subentry_id,
        plug=plug[CONF_PLUG],
        managed=plug[CONF_MANAGED],
        limit=plug[CONF_LIMIT_ENTITY],
        enable=plug.get(CONF_ENABLE_ENTITY),
        phases=plug.get(CONF_PHASES_ENTITY),
        current=tuple(plug[key] for key in CONF_CURRENT_SENSORS if key in plug),
        power=plug.get(CONF_POWER_SENSOR),
        status=plug.get(CONF_STATUS_ENTITY),
        connected=plug.get(CONF_CONNECTED_ENTITY),
        charging=plug.get(CONF_CHARGING_ENTITY),
    )
