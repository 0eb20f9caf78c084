"""What the entry's settings mean: the library's site, and which entity gives which reading.

Everything here is made anew from the entry whenever it changes; nothing is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from homeassistant.config_entries import ConfigSubentry

from evenload.model.control import ControlSettings
from evenload.model.site import (
    Battery,
    Charger,
    Distribution,
    Kind,
    Leg,
    Load,
    Mode,
    Phase,
    Policy,
    Site,
)

from .const import (
    CONF_BATTERY_MAX_CHARGE,
    CONF_BATTERY_MAX_DISCHARGE,
    CONF_BATTERY_POWER,
    CONF_BATTERY_SOC,
    CONF_BATTERY_TARGET,
    CONF_CHARGER_MAX_CURRENT,
    CONF_CHARGING_ENTITY,
    CONF_CONNECTED_ENTITY,
    CONF_CURRENT_SENSORS,
    CONF_DISTRIBUTION,
    CONF_ENABLE_ENTITY,
    CONF_EXCESS_THRESHOLD,
    CONF_FUSE_CURRENT,
    CONF_GRID,
    CONF_IDENTITY,
    CONF_IMPORT_AVERAGE,
    CONF_IMPORT_LIMIT,
    CONF_LIMIT_ENTITY,
    CONF_MANAGED,
    CONF_MARGIN,
    CONF_MAX_ACTIVE,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_MODE,
    CONF_PHASE_MAP,
    CONF_PHASES,
    CONF_PHASES_ENTITY,
    CONF_PLUG,
    CONF_PLUGS,
    CONF_POLICY,
    CONF_POWER_SENSOR,
    CONF_PRIORITY,
    CONF_RATED_POWER,
    CONF_SOLAR_POWER,
    CONF_STATUS_ENTITY,
    CONF_STEP,
    CONF_SWITCH_ENTITY,
    NOMINAL_VOLTAGE,
    SUBENTRY_CHARGER,
    SUBENTRY_LOAD,
)
from .preferences import Settings, control_settings, load_id_of
from .station_wiring import PortWiring, StationWiring, port_of, stations_of


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
    def driven(self) -> str:
        """The entity that nothing else may drive."""
        return self.limit

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
    def driven(self) -> str:
        """What nothing else may drive."""
        return f"{self.identity}/{self.plug}"

    @property
    def entities(self) -> tuple[str, ...]:
        """No entities: the station reports by itself."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchWiring:
    """A load behind a switch."""

    load: Load
    subentry_id: str
    managed: bool
    switch: str
    power: str | None

    @property
    def driven(self) -> str:
        """The entity that nothing else may drive."""
        return self.switch

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities it is read from."""
        return (self.switch,) if self.power is None else (self.switch, self.power)


type EntityLoadWiring = PlugWiring | SwitchWiring
"""A load that is driven through entities."""

type LoadWiring = EntityLoadWiring | StationPlugWiring


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """A site and the entities behind it."""

    site: Site
    """With the managed loads alone: to the library, others are part of the house."""
    settings: ControlSettings
    grid: Mapping[Phase, str]
    """What measures each phase: its current or its power."""
    import_average: str | None
    """The meter's own average import."""
    solar: str | None
    battery_soc: str | None
    battery_power: str | None
    loads: Mapping[str, LoadWiring]
    """By load id, managed or not."""
    port: PortWiring | None
    """Where charging stations dial in; None: nowhere."""
    stations: Mapping[str, StationWiring]
    """By identity."""

    @property
    def entities(self) -> frozenset[str]:
        """Every entity that is read."""
        optional = (self.import_average, self.solar, self.battery_soc, self.battery_power)
        return frozenset(
            (
                *self.grid.values(),
                *(entity for entity in optional if entity),
                *(entity for load in self.loads.values() for entity in load.entities),
            )
        )

    def entities_of_source(self, source: str) -> list[str]:
        """Return the entities behind what the controller calls a source."""
        match source:
            case "grid":
                return [*self.grid.values()]
            case "battery":
                return [entity for entity in (self.battery_soc, self.battery_power) if entity]
            case _:
                return []


def wiring_of(
    data: Settings, options: Settings, subentries: Mapping[str, ConfigSubentry]
) -> Wiring:
    """Return the wiring that an entry's data, options and subentries describe."""
    plugs: list[PlugWiring | StationPlugWiring] = [
        plug
        for subentry in subentries.values()
        if subentry.subentry_type == SUBENTRY_CHARGER
        for plug in _plugs(subentry)
    ]
    switches = [
        _switch(subentry)
        for subentry in subentries.values()
        if subentry.subentry_type == SUBENTRY_LOAD
    ]
    loads: list[LoadWiring] = [*plugs, *switches]
    site = replace(
        site_of(data, options),
        chargers=tuple(_chargers(plugs, subentries)),
        loads=tuple(switch.load for switch in switches if switch.managed),
        names={
            identifier: name
            for subentry in subentries.values()
            for identifier, name in _names(subentry).items()
        },
    )
    return Wiring(
        site=site,
        settings=control_settings(options, subentries),
        grid={phase: data[CONF_GRID[phase]] for phase in site.phases},
        import_average=data.get(CONF_IMPORT_AVERAGE),
        solar=data.get(CONF_SOLAR_POWER),
        battery_soc=data.get(CONF_BATTERY_SOC),
        battery_power=data.get(CONF_BATTERY_POWER),
        loads={load.load.id: load for load in loads},
        port=port_of(options),
        stations=stations_of(subentries),
    )


def site_of(data: Settings, options: Settings) -> Site:
    """Return the site without loads."""
    phases = tuple(Phase)[: data[CONF_PHASES]]
    return Site(
        fuse=dict.fromkeys(phases, float(data[CONF_FUSE_CURRENT])),
        voltage=NOMINAL_VOLTAGE,
        phases=phases,
        margin=float(options.get(CONF_MARGIN, 0.0)),
        import_limit=options.get(CONF_IMPORT_LIMIT),
        distribution=Distribution(options.get(CONF_DISTRIBUTION, Distribution.PRIORITY)),
        excess_threshold=float(options.get(CONF_EXCESS_THRESHOLD, 0.0)),
        battery=_battery(data),
    )


def with_load_settings(subentry: ConfigSubentry, load_id: str, changes: Settings) -> dict[str, Any]:
    """Return the subentry's data with some settings of one of its loads changed."""
    if subentry.subentry_type != SUBENTRY_CHARGER:
        return {**subentry.data, **changes}
    plugs: list[Settings] = subentry.data[CONF_PLUGS]
    return {
        **subentry.data,
        CONF_PLUGS: [
            {**plug, **changes}
            if load_id_of(subentry.subentry_id, plug[CONF_PLUG]) == load_id
            else plug
            for plug in plugs
        ],
    }


def phase_map_of(text: str) -> dict[Leg, Phase]:
    """Return the phase map that a text as `BCA` stands for: L1 on B, L2 on C, L3 on A."""
    return {leg: Phase(letter) for leg, letter in zip(Leg, text, strict=False)}


def _battery(data: Settings) -> Battery | None:
    if CONF_BATTERY_SOC not in data:
        return None
    battery = Battery(
        max_charge=float(data[CONF_BATTERY_MAX_CHARGE]),
        max_discharge=float(data[CONF_BATTERY_MAX_DISCHARGE]),
    )
    target = data.get(CONF_BATTERY_TARGET)
    return battery if target is None else replace(battery, soc_target=float(target))


def _chargers(
    plugs: Sequence[PlugWiring | StationPlugWiring], subentries: Mapping[str, ConfigSubentry]
) -> Iterator[Charger]:
    """Yield the chargers that have a plug to manage."""
    for subentry_id in dict.fromkeys(plug.subentry_id for plug in plugs if plug.managed):
        own = [plug for plug in plugs if plug.subentry_id == subentry_id and plug.managed]
        data = subentries[subentry_id].data
        most = data.get(CONF_MAX_ACTIVE)
        yield Charger(
            id=subentry_id,
            plugs=tuple(plug.load for plug in own),
            max_current=float(data[CONF_CHARGER_MAX_CURRENT]),
            policy=Policy(data.get(CONF_POLICY, Policy.CONCURRENT)),
            max_active=None if most is None else int(most),
        )


def _plugs(subentry: ConfigSubentry) -> list[PlugWiring | StationPlugWiring]:
    identity = subentry.data.get(CONF_IDENTITY)
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


def _switch(subentry: ConfigSubentry) -> SwitchWiring:
    data = subentry.data
    load = Load(
        id=load_id_of(subentry.subentry_id),
        kind=Kind.SWITCH,
        phases=phase_map_of(data[CONF_PHASE_MAP]),
        mode=Mode(data[CONF_MODE]),
        priority=int(data[CONF_PRIORITY]),
        levels=(float(data[CONF_RATED_POWER]),),
    )
    return SwitchWiring(
        load=load,
        subentry_id=subentry.subentry_id,
        managed=data[CONF_MANAGED],
        switch=data[CONF_SWITCH_ENTITY],
        power=data.get(CONF_POWER_SENSOR),
    )


def _names(subentry: ConfigSubentry) -> dict[str, str]:
    """Return what people call a subentry's charger and loads."""
    names = {subentry.subentry_id: subentry.title}
    if subentry.subentry_type == SUBENTRY_CHARGER:
        plugs: list[Settings] = subentry.data[CONF_PLUGS]
        for plug in plugs:
            identifier = load_id_of(subentry.subentry_id, plug[CONF_PLUG])
            only = len(plugs) == 1
            names[identifier] = (
                subentry.title if only else f"{subentry.title} plug {plug[CONF_PLUG]}"
            )
    return names
