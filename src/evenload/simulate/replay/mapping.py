"""The `replay:` part of a site file: which entity of Home Assistant is which sensor of the site."""

from collections.abc import Iterator
from collections.abc import Mapping as Keyed
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_core import ErrorDetails

from evenload.model.check.places import hint, listed, said
from evenload.model.finding import ConfigurationError, Finding
from evenload.model.readings import LoadState
from evenload.model.site import Leg, Phase, Site
from evenload.simulate.settings.words import Part, Positive

_DEFAULT_WORDS: Keyed[str, LoadState] = {
    word: state
    for state, words in {
        LoadState.DISCONNECTED: "available disconnected not_connected unplugged no_car a",
        LoadState.CONNECTED: (
            "connected preparing suspendedevse suspended_evse awaiting_start ready_to_charge "
            "waiting paused ready b"
        ),
        LoadState.CHARGING: "charging c",
        LoadState.SUSPENDED: "suspendedev suspended_ev",
        LoadState.FINISHED: "finishing finished completed complete charged",
        LoadState.ON: "on",
        LoadState.OFF: "off",
        LoadState.FAULTED: "faulted error fault",
    }.items()
    for word in words.split()
}
"""What chargers and switches say, in lower case; OCPP's statuses and those of common integrations."""


def _sensor(value: object) -> object:
    """Let an entity alone stand for a sensor."""
    return {"entity": value} if isinstance(value, str) else value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("a time zone such as Europe/Amsterdam") from error
    return value


class Sensor(Part):
    """An entity that holds a number."""

    entity: str
    """Its id, such as `sensor.grid_power`."""
    export: str | None = None
    """A second entity, whose number is taken off: for meters with one for import and one for export."""
    unit: str | None = None
    """What its numbers are in, where the history does not say; None: as its place has it."""
    inverted: bool = False
    """Whether its sign is the other way round."""


type SensorOrName = Annotated[Sensor, BeforeValidator(_sensor)]


class LoadSensors(Part):
    """What is known of one load; at least its power, its currents or its state."""

    power: SensorOrName | None = None
    """Over all legs [W]."""
    current: dict[Leg, SensorOrName] = {}  # noqa: RUF012 - pydantic copies it
    """Of each leg [A]."""
    setpoint: SensorOrName | None = None
    """The limit that its device carries, in the unit of its levels."""
    state: str | None = None
    """The entity that says what it is doing; None: it is taken to be there while it draws."""
    words: dict[str, LoadState] = {}  # noqa: RUF012 - pydantic copies it
    """What that entity's words mean, beside those that are known."""


class Mapping(Part):
    """The whole of `replay:`."""

    grid: dict[Phase, SensorOrName] = {}  # noqa: RUF012 - pydantic copies it
    """The grid meter of each phase: current [A], or power with `unit: W`; import positive."""
    voltage: dict[Phase, SensorOrName] = {}  # noqa: RUF012 - pydantic copies it
    """[V]"""
    total: SensorOrName | None = None
    """Import over all phases [W], where the meter knows no phases."""
    solar: SensorOrName | None = None
    """[W]"""
    battery_soc: SensorOrName | None = None
    """[%]"""
    battery_power: SensorOrName | None = None
    """[W], discharging positive."""
    circuits: dict[str, dict[Phase, SensorOrName]] = {}  # noqa: RUF012 - pydantic copies it
    """Meters of circuits [A], by the circuit's id."""
    loads: dict[str, LoadSensors] = {}  # noqa: RUF012 - pydantic copies it
    """By the load's id."""
    interval: Annotated[Positive, Field(le=60)] = 5.0
    """How often sensors report, and the controller is asked [s]."""
    gap: Positive = 300.0
    """When nothing at all is heard for so long, nothing counts as reported any more [s]."""
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "UTC"
    """Of the house."""

    def entities(self) -> Iterator[str]:
        """Yield every entity it names; one may come more than once."""
        for _, sensor in self.sensors():
            yield sensor.entity
            if sensor.export is not None:
                yield sensor.export
        for load in self.loads.values():
            if load.state is not None:
                yield load.state

    def sensors(self) -> Iterator[tuple[str, Sensor]]:
        """Yield every sensor of a number with its place: `grid.A`, `loads.car.current.L1` ..."""
        phases = {"grid": self.grid, "voltage": self.voltage}
        phases |= {f"circuits.{circuit}": own for circuit, own in self.circuits.items()}
        for place, sensors in phases.items():
            for phase, sensor in sensors.items():
                yield f"{place}.{phase}", sensor
        alone = {
            "total": self.total,
            "solar": self.solar,
            "battery_soc": self.battery_soc,
            "battery_power": self.battery_power,
        }
        for load, own in self.loads.items():
            alone |= {f"loads.{load}.power": own.power, f"loads.{load}.setpoint": own.setpoint}
            alone |= {f"loads.{load}.current.{leg}": each for leg, each in own.current.items()}
        for place, sensor in alone.items():
            if sensor is not None:
                yield place, sensor


def state_of(word: str, load: LoadSensors) -> LoadState | None:
    """Return what a device's word means; None: it is not known."""
    lower = word.strip().lower()
    own = {key.lower(): state for key, state in load.words.items()}
    return own.get(lower, _DEFAULT_WORDS.get(lower.replace(" ", "_"), None))


def read_mapping(data: object, site: Site, *, source: str = "") -> Mapping:
    """Return what `replay:` says about `site`; raises ConfigurationError with every finding."""
    if not isinstance(data, dict):
        allowed = "which entity is which sensor: grid, solar, loads ..."
        missing = Finding(path="replay", problem="missing", allowed=allowed)
        raise ConfigurationError([missing], source=source)
    try:
        mapping = Mapping.model_validate(data)
    except ValidationError as error:
        findings = [_finding(details) for details in error.errors(include_url=False)]
        raise ConfigurationError(findings, source=source) from error
    findings = list(_mismatches(mapping, site))
    if findings:
        raise ConfigurationError(findings, source=source)
    return mapping


def _finding(details: ErrorDetails) -> Finding:
    """Return one of pydantic's errors as a finding."""
    given = said(details["input"])
    return Finding(
        path=".".join(("replay", *map(str, details["loc"]))),
        problem={"missing": "missing", "extra_forbidden": "unknown key"}.get(
            details["type"], f"given {given}"
        ),
        allowed=_ALLOWED.get(details["type"], details["msg"].removeprefix("Value error, ")),
    )


_ALLOWED = {
    "string_type": "text",
    "float_type": "a number",
    "missing": "a value",
    "extra_forbidden": f"one of {listed(sorted(Mapping.model_fields))}, or of a sensor's keys",
    "model_type": "an entity, or keys with values",
    "dict_type": "keys with values",
}


def _mismatches(mapping: Mapping, site: Site) -> Iterator[Finding]:
    """Yield what the mapping and the site say differently."""
    missing = [phase for phase in site.phases if phase not in mapping.grid]
    if missing and mapping.total is None:
        yield Finding(
            path="replay.grid",
            problem=f"{listed(missing)} is missing",
            allowed=f"a sensor for each phase of the site ({listed(site.phases)}), or replay.total",
        )
    loads = {load.id for load in site.all_loads}
    for name, own in mapping.loads.items():
        path = f"replay.loads.{name}"
        if name not in loads:
            allowed = f"the id of a load: {listed(sorted(loads))}{hint(name, loads)}"
            yield Finding(path=path, problem="no such load", allowed=allowed)
        elif own.power is None and not own.current and own.state is None:
            yield Finding(path=path, problem="nothing to go by", allowed="power, current or state")
    circuits = {circuit.id for circuit in site.circuits}
    for name in mapping.circuits:
        if name not in circuits:
            allowed = f"the id of a circuit: {listed(sorted(circuits))}"
            yield Finding(
                path=f"replay.circuits.{name}", problem="no such circuit", allowed=allowed
            )
