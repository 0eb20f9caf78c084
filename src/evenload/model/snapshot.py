"""What the controller sees: everything the devices have reported so far, each with its time.

One snapshot is immutable and taken at one instant. Times are seconds of one monotonic clock, the
same that `now` comes from. A value nobody has ever reported, or that its device has taken back
(unknown, unavailable), is None or left out; a value that is merely old stays, with its old time:
to judge it is the controller's work.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from evenload.model.control import ControlSettings
from evenload.model.readings import LoadState
from evenload.model.site import Leg, Phase, Site


@dataclass(frozen=True, slots=True)
class Sample:
    """One value as its device reported it."""

    value: float
    at: float
    """When it was reported, whether or not it had changed [s, monotonic]."""


def no_samples() -> dict[Phase, Sample]:
    """Return the mapping of a meter that is not there."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSnapshot:
    """What the device behind one load says of itself."""

    state: LoadState
    """As the device sees it; never `UNRESPONSIVE`, which is the controller's verdict."""
    available: bool = True
    """False: the device cannot be reached; its last values stay."""
    current: Mapping[Leg, Sample] = field(default_factory=dict[Leg, Sample])
    """Draw of each leg [A]."""
    power: Sample | None = None
    """Draw over all legs [W]."""
    setpoint: Sample | None = None
    """The limit the device says it carries, in the unit of the load's levels; 0: paused or off."""
    temperature: Sample | None = None
    """Of what it heats [degC]."""
    phases: Sample | None = None
    """How many phases a charger that can switch them gives its car now: 1 or 3."""
    by_hand_at: float | None = None
    """When a person last set it, where Home Assistant knows that it was one [s, monotonic]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything known of a house at one instant."""

    site: Site
    """The settings as they stand now, modes and priorities included."""
    settings: ControlSettings
    clock: datetime | None = None
    """The house's wall clock at this instant, with its time zone; None: not known."""
    grid: Mapping[Phase, Sample] = field(default_factory=no_samples)
    """Grid meter of each phase [A], import positive."""
    voltage: Mapping[Phase, Sample] = field(default_factory=no_samples)
    """[V]"""
    grid_power: Mapping[Phase, Sample] = field(default_factory=no_samples)
    """The same as power [W], import positive, where the meter gives it, too: it tells the sign."""
    grid_total: Sample | None = None
    """Import over all phases [W], import positive, where the meter knows no phases."""
    import_average: Sample | None = None
    """The meter's own average import in the window that runs [W]."""
    solar: Sample | None = None
    """Solar production [W], never negative."""
    battery_soc: Sample | None = None
    """[%]"""
    battery_power: Sample | None = None
    """[W], discharging positive."""
    inverter: Mapping[Phase, Sample] = field(default_factory=no_samples)
    """[A]"""
    circuits: Mapping[str, Mapping[Phase, Sample]] = field(
        default_factory=dict[str, Mapping[Phase, Sample]]
    )
    """Meters of circuits [A], by circuit id."""
    doubtful_maps: frozenset[str] = frozenset()
    """Loads whose phase map is contradicted by what the meter shows: they may be on any phase."""
    devices: Mapping[str, DeviceSnapshot] = field(default_factory=dict[str, DeviceSnapshot])
    """By load id; a load without one is disconnected."""
