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
    Phase,
    Policy,
    Site,
)

from .circuit_wiring import CircuitWiring, circuit_id_of, circuits_of
from .const import (
    CONF_BATTERY_MAX_CHARGE,
    CONF_BATTERY_MAX_DISCHARGE,
    CONF_BATTERY_POWER,
    CONF_BATTERY_SOC,
    CONF_BATTERY_TARGET,
    CONF_CHARGER_MAX_CURRENT,
    CONF_DISTRIBUTION,
    CONF_EXCESS_THRESHOLD,
    CONF_FUSE_CURRENT,
    CONF_GRID,
    CONF_IMPORT_AVERAGE,
    CONF_IMPORT_LIMIT,
    CONF_INVERTED,
    CONF_MARGIN,
    CONF_MAX_ACTIVE,
    CONF_PHASES,
    CONF_PLUG,
    CONF_PLUGS,
    CONF_POLICY,
    CONF_SOLAR_POWER,
    NOMINAL_VOLTAGE,
    SUBENTRY_CHARGER,
    SUBENTRY_LOAD,
)
from .kinds import appliance_of
from .load_needs import with_needs
from .load_wiring import (
    AnyPlugWiring,
    LoadWiring,
    plugs_of,
)
from .preferences import Settings, control_settings, load_id_of
from .station_wiring import PortWiring, StationWiring, port_of, stations_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """A site and the entities behind it."""

    site: Site
    """With the managed loads alone: to the library, others are part of the house."""
    settings: ControlSettings
    grid: Mapping[Phase, str]
    """What measures each phase: its current or its power."""
    inverted: frozenset[Phase]
    """Phases of the grid meter that count the wrong way round."""
    import_average: str | None
    """The meter's own average import."""
    solar: str | None
    battery_soc: str | None
    battery_power: str | None
    loads: Mapping[str, LoadWiring]
    """By load id, managed or not."""
    circuits: Mapping[str, CircuitWiring]
    """By circuit id."""
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
                *(entity for each in self.circuits.values() for entity in each.meter.values()),
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
                circuit = self.circuits.get(source)
                return [] if circuit is None else [*circuit.meter.values()]


def wiring_of(
    data: Settings, options: Settings, subentries: Mapping[str, ConfigSubentry]
) -> Wiring:
    """Return the wiring that an entry's data, options and subentries describe."""
    plugs: list[AnyPlugWiring] = [
        plug
        for subentry in subentries.values()
        if subentry.subentry_type == SUBENTRY_CHARGER
        for plug in plugs_of(subentry)
    ]
    appliances = [
        appliance_of(subentry, circuit_id_of(subentry.data, subentries))
        for subentry in subentries.values()
        if subentry.subentry_type == SUBENTRY_LOAD
    ]
    loads: list[LoadWiring] = [*plugs, *appliances]
    circuits = circuits_of(subentries)
    site = replace(
        site_of(data, options),
        circuits=tuple(each.circuit for each in circuits.values()),
        chargers=tuple(_chargers(plugs, subentries)),
        loads=tuple(each.load for each in appliances if each.managed),
        names={
            identifier: name
            for subentry in subentries.values()
            for identifier, name in _names(subentry).items()
        },
    )
    return Wiring(
        site=site,
        settings=with_needs(control_settings(options, subentries), subentries),
        grid={phase: data[CONF_GRID[phase]] for phase in site.phases},
        inverted=frozenset(Phase(letter) for letter in data.get(CONF_INVERTED, ())),
        import_average=data.get(CONF_IMPORT_AVERAGE),
        solar=data.get(CONF_SOLAR_POWER),
        battery_soc=data.get(CONF_BATTERY_SOC),
        battery_power=data.get(CONF_BATTERY_POWER),
        loads={load.load.id: load for load in loads},
        circuits=circuits,
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


def load_settings(subentry: ConfigSubentry, load_id: str) -> Settings:
    """Return what is stored of one load of a subentry."""
    plugs: list[Settings] = subentry.data.get(CONF_PLUGS, [])
    own = (p for p in plugs if load_id_of(subentry.subentry_id, p[CONF_PLUG]) == load_id)
    return next(own, subentry.data)


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
    plugs: Sequence[AnyPlugWiring], subentries: Mapping[str, ConfigSubentry]
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
            circuit=circuit_id_of(data, subentries),
            policy=Policy(data.get(CONF_POLICY, Policy.CONCURRENT)),
            max_active=None if most is None else int(most),
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
