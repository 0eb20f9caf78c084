"""What the controller sees: everything the devices have reported so far, each with its time.

One snapshot is immutable and taken at one instant. Times are seconds of one monotonic clock, the
same that `now` comes from. A value nobody has ever reported, or that its device has taken back
(unknown, unavailable), is None or left out; a value that is merely old stays, with its old time:
to judge it is the controller's work.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything known of a house at one instant."""

    site: Site
    """The settings as they stand now, modes and priorities included."""
    settings: ControlSettings
    grid: Mapping[Phase, Sample] = field(default_factory=no_samples)
    """Grid meter of each phase [A], import positive."""
    voltage: Mapping[Phase, Sample] = field(default_factory=no_samples)
    """[V]"""
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
    devices: Mapping[str, DeviceSnapshot] = field(default_factory=dict[str, DeviceSnapshot])
    """By load id; a load without one is disconnected."""
