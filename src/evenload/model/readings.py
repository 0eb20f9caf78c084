"""What the engine is told of one moment: one consistent set of readings.

The controller prepares it from a `Snapshot`; `evenload allocate` reads it from a site file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from evenload.model.site import Leg, Phase


class LoadState(StrEnum):
    """What a load is doing."""

    DISCONNECTED = "disconnected"
    CONNECTED = "connected"
    """Wants power and draws none."""
    CHARGING = "charging"
    ON = "on"
    SUSPENDED = "suspended"
    """Connected, and does not take what it is offered."""
    FINISHED = "finished"
    FAULTED = "faulted"
    UNRESPONSIVE = "unresponsive"
    """Does not obey; said by the controller, never by a device."""
    OFF = "off"
    """Of a switch or tank: not drawing now, available."""


class Need(StrEnum):
    """What a load needs, which may override its mode."""

    MUST = "must"
    """Served as standard whatever its mode, except off."""
    WANTS = "wants"
    """Served by its mode."""
    CAN_STORE = "can_store"
    """Served as solar at most."""
    SATISFIED = "satisfied"
    """Gets nothing."""


class BatteryZone(StrEnum):
    """Where the battery's state of charge stands about its target."""

    BELOW = "below"
    AT = "at"
    ABOVE = "above"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReading:
    """What is known of one load; a load without one is disconnected."""

    state: LoadState
    current: Mapping[Leg, float] | None = None
    """Draw of each leg [A]."""
    power: float | None = None
    """Draw over all legs [W]; given instead of `current`."""
    ceiling: float | None = None
    """Lowers its maximum for now, in the unit of its levels; below its minimum it means 0."""
    need: Need = Need.WANTS
    solar_share: float | None = None
    """Takes the place of the load's own `solar_share` for now; None: the load's own holds."""
    legs: tuple[Leg, ...] | None = None
    """The legs in use; None: as the load says."""
    legs_certain: bool = True
    """False: pools count `legs`, limits count every mapped leg."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryReading:
    """What is known of the battery."""

    soc: float
    """[%]"""
    power: float
    """[W], discharging positive."""
    zone: BatteryZone | None = None
    """None: by `soc`."""
    accepts: float | None = None
    """What it would take now [W]; None: its `max_charge`."""
    responds: bool = True
    """Whether it is known to follow a rise of the loads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """One moment of the whole site, all at the same instant."""

    grid: Mapping[Phase, float] = field(default_factory=dict[Phase, float])
    """Grid meter of each phase [A], import positive, managed loads included."""
    loads: Mapping[str, LoadReading] = field(default_factory=dict[str, LoadReading])
    hidden_power: float = 0.0
    """Surplus that no meter shows, because the inverter holds export back [W]."""
    voltage: Mapping[Phase, float] = field(default_factory=dict[Phase, float])
    """[V]; a phase that is not here has the site's voltage."""
    battery: BatteryReading | None = None
    inverter: Mapping[Phase, float] | None = None
    """What the inverter delivers on each phase [A]; off the grid it takes the place of the grid meter."""
    circuits: Mapping[str, Mapping[Phase, float]] = field(
        default_factory=dict[str, Mapping[Phase, float]]
    )
    """Meters of circuits that have their own [A]."""
    fuse: Mapping[Phase, float] | None = None
    """Lowers what may flow through the main fuse for now [A], margin taken off; None: its rating."""
    import_limit: float | None = None
    """Lowers the site's import limit for now [W]; None: the site's own holds."""
