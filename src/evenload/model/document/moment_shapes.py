"""The shape of what describes a moment: `readings`."""

from pydantic import Field

from evenload.model.document.words import (
    LegWord,
    NeedWord,
    PerLeg,
    PerPhase,
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
