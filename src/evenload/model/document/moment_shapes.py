"""The shape of what describes a moment and the controller: `readings` and `control`."""

from pydantic import Field

from evenload.model.control import Preset
from evenload.model.document.words import (
    LegWord,
    NeedWord,
    PerLeg,
    PerPhase,
    PresetWord,
    Shape,
    StateWord,
    ZoneWord,
)
from evenload.model.readings import Need


class LoadReadingShape(Shape):
    """What is known of one load."""

    state: StateWord
    """What it is doing."""
    current: PerLeg | None = None
    """Draw of each leg; left out: 0, but its rated power for a switch that is on."""
    power: float | None = None
    """Draw over all legs, in place of current."""
    ceiling: float | None = None
    """Lowers its maximum for now: A per leg for ev, W for others; below its minimum it means 0."""
    need: NeedWord = Need.WANTS
    """What it needs, which may override its mode."""
    legs: list[LegWord] | None = None
    """The legs in use; left out: as the load says."""
    legs_certain: bool = True
    """If false, pools count the legs in use and limits every mapped leg."""


class BatteryReadingShape(Shape):
    """What is known of the battery."""

    soc: float
    """State of charge."""
    power: float
    """Positive when it discharges."""
    zone: ZoneWord | None = None
    """Where it stands about its target; left out: by soc."""
    accepts: float | None = None
    """What it would take now; left out: its max_charge."""
    responds: bool = True
    """Whether it is known to follow a rise of the loads."""


class ReadingsShape(Shape):
    """One moment of the whole site."""

    grid: PerPhase = Field(default_factory=dict)
    """The grid meter of each phase, import positive; every phase is required, except off the grid."""
    voltage: PerPhase = Field(default_factory=dict)
    """Of each phase; a phase that is left out has the site's voltage."""
    battery: BatteryReadingShape | None = None
    """The battery; left out: counted as below its target and idle."""
    inverter: PerPhase | None = None
    """What the inverter delivers on each phase; required off the grid."""
    circuits: dict[str, PerPhase] = Field(default_factory=dict)
    """Meters of circuits that have their own, by id, each with every phase of its circuit."""
    loads: dict[str, LoadReadingShape] = Field(default_factory=dict)
    """By id; a load that is left out is disconnected."""


class LoadControlShape(Shape):
    """How one load is treated over time; what is left out is as for its kind."""

    safe_current: float | None = None
    """What an ev falls back to when nobody can watch the fuse, on each leg; 0: it stops."""
    start_delay: float | None = None
    """How long surplus must have been there before it starts on surplus."""
    stop_delay: float | None = None
    """How long it stays at its minimum when surplus is gone."""
    start_share: float | None = None
    """The part of its minimum's power that surplus must cover to start it."""
    hold_share: float | None = None
    """The part of its minimum's power that surplus must cover for it to keep running."""
    min_on: float | None = None
    """Least time on; gives way to safety only."""
    min_off: float | None = None
    """Least time off."""
    starts_per_hour: int | None = None
    """Most starts in an hour."""
    settle_time: float | None = None
    """How long its device may take to follow a command."""
    command_interval: float | None = None
    """Least time between two commands that are no cuts."""


class ControlShape(Shape):
    """How the controller behaves; `evenload allocate` does not use it."""

    control: bool = True
    """If false, a dry run: everything is computed and explained, nothing is commanded."""
    preset: PresetWord = Preset.BALANCED
    """How patiently cars follow the sun."""
    meter_timeout: float = 30.0
    """The grid meter is stale after this time without a report, or three of its own intervals."""
    raise_interval: float = 10.0
    """Settled time before current is raised from the grid."""
    raise_rate: float = 2.0
    """Fastest rise from the grid."""
    overload_grace: float = 30.0
    """Headroom must have lasted this long before current is raised after an overload."""
    surplus_interval: float = 5.0
    """Least time between two changes that follow surplus."""
    appliance_reserve: float = 10.0
    """Kept free on each phase for an appliance while the meter is stale."""
    loads: dict[str, LoadControlShape] = Field(default_factory=dict)
    """By id; a load that is left out is treated as its kind is."""
