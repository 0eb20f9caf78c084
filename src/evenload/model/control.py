"""How the controller behaves over time: the settings of design chapter "conditioning".

Durations are seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from evenload.model.site import Kind, Load


class Preset(StrEnum):
    """How patiently cars follow the sun."""

    STRICT = "strict"
    """Start on full surplus, stop soon: hardly any grid energy."""
    BALANCED = "balanced"
    """Start on most of it and ride through clouds: fewer interruptions."""


START_SHARE = {Preset.STRICT: 1.0, Preset.BALANCED: 0.6}
"""The share of an ev's minimum that surplus must cover to start it, by preset."""

HOLD_SHARE = {Preset.STRICT: 0.9, Preset.BALANCED: 0.5}
"""The share of an ev's minimum that surplus must cover for it to keep running, by preset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadControl:
    """How one load is treated over time."""

    safe_current: float = 6.0
    """What an ev falls back to when nobody can watch the fuse [A per leg]; 0: it stops."""
    start_delay: float = 60.0
    """How long surplus must have been there before it starts on surplus."""
    stop_delay: float = 180.0
    """How long it stays at its minimum when surplus is gone."""
    start_share: float = 0.6
    """The share of its minimum's power that surplus must cover to start it, 0 to 1."""
    hold_share: float = 0.5
    """The share of its minimum's power that surplus must cover for it to keep running, 0 to 1."""
    min_on: float = 300.0
    """Least time on; gives way to safety only."""
    min_off: float = 300.0
    """Least time off."""
    starts_per_hour: int = 6
    settle_time: float = 15.0
    """How long its device may take to follow a command, before what it learnt counts."""
    command_interval: float = 10.0
    """Least time between two commands that are no cuts; 30 s suits devices behind a cloud."""

    @classmethod
    def of_kind(cls, kind: Kind, preset: Preset = Preset.BALANCED) -> LoadControl:
        """Return the defaults for a load of this kind."""
        if kind is Kind.EV:
            return cls(start_share=START_SHARE[preset], hold_share=HOLD_SHARE[preset])
        return cls(safe_current=0.0, start_share=1.0, min_on=60.0, min_off=60.0, starts_per_hour=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSettings:
    """How the site's controller behaves."""

    control: bool = True
    """False: a dry run; everything is computed and explained, nothing is commanded."""
    preset: Preset = Preset.BALANCED
    meter_timeout: float = 30.0
    """The grid meter is stale after this time without a report, or three of its own intervals."""
    raise_interval: float = 10.0
    """Settled time before current is raised from the grid."""
    raise_rate: float = 2.0
    """Fastest rise from the grid [A/s]."""
    overload_grace: float = 30.0
    """Headroom must have lasted this long before current is raised after an overload."""
    surplus_interval: float = 5.0
    """Least time between two changes that follow surplus."""
    appliance_reserve: float = 10.0
    """Kept free on each phase for an appliance while the meter is stale [A]."""
    loads: Mapping[str, LoadControl] = field(default_factory=dict[str, LoadControl])
    """By load id; a load that is not here has the defaults of its kind."""

    def of(self, load: Load) -> LoadControl:
        """Return how `load` is treated."""
        own = self.loads.get(load.id)
        return own if own is not None else LoadControl.of_kind(load.kind, self.preset)
