"""How the controller behaves over time: the settings of design chapter "conditioning".

Durations are seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from evenload.model.need import ReadyBy, Runtime, Temperatures
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


class Protection(StrEnum):
    """What a phase above its rating means."""

    STRICT = "strict"
    """It is brought back at once."""
    THERMAL = "thermal"
    """The house may use the time that its fuse's curve leaves; loads are never given more."""


class FuseKind(StrEnum):
    """What the main fuse is, which fixes its curve."""

    GG = "gG"
    """A fuse after IEC 60269-1."""
    B = "B"
    """A circuit-breaker after IEC 60898-1, as the two below."""
    C = "C"
    D = "D"
    OTHER = "other"
    """A selective breaker, or a meter that cuts by contract: no curve is assumed."""


class Window(StrEnum):
    """Over which time a capacity tariff averages import."""

    QUARTER = "15min"
    """Aligned to the clock."""
    HOUR = "60min"
    """Aligned to the clock."""
    ROLLING_QUARTER = "rolling"
    """The last 15 minutes at any moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAverage:
    """A limit on average import, as capacity tariffs bill it."""

    limit: float
    """[W]"""
    window: Window = Window.QUARTER
    follows_peak: bool = False
    """Whether the limit rises to the month's highest average so far: what was paid may be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseSwitching:
    """How a charger that can give a car one phase or three is switched."""

    delay: float = 120.0
    """Surplus must have been in the other regime for so long [s]."""
    pause: float = 15.0
    """The car stands still for so long at a switch, for the hardware's sake [s]."""
    per_hour: int = 4
    """Most switches in an hour."""
    per_session: int = 20
    """Most switches while one car is connected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadControl:
    """How one load is treated over time."""

    safe_current: float = 6.0
    """What an ev falls back to when nobody can watch the fuse [A per leg]; 0: it stops."""
    lease: float | None = None
    """A setpoint above the safe current expires after this time unless it is told again [s].

    A relay then switches itself off. None: its device cannot do that; it keeps the last setpoint for ever.
    """
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
    starts_per_session: int | None = None
    """Most starts while one car is connected; None: no limit."""
    starts_per_day: int | None = None
    """Most starts in 24 hours, for each is a cycle of its relay; None: no limit."""
    phase_switching: PhaseSwitching | None = None
    """None: its charger cannot switch between one phase and three."""
    settle_time: float = 15.0
    """How long its device may take to follow a command, before what it learnt counts."""
    command_interval: float = 10.0
    """Least time between two commands that are no cuts; 30 s suits devices behind a cloud."""
    temperatures: Temperatures | None = None
    """Of a store of heat; None: it has none that is known."""
    runtime: Runtime | None = None
    """How long it is to run each day; None: as its mode has it."""
    ready_by: ReadyBy | None = None
    """Of an ev; None: it is ready when its mode has made it so."""

    @property
    def has_need(self) -> bool:
        """Whether it needs anything by itself, whatever its mode."""
        return not (self.temperatures is None and self.runtime is None and self.ready_by is None)

    @classmethod
    def of_kind(cls, kind: Kind, preset: Preset = Preset.BALANCED) -> LoadControl:
        """Return the defaults for a load of this kind."""
        if kind is Kind.EV:
            return cls(
                start_share=START_SHARE[preset],
                hold_share=HOLD_SHARE[preset],
                starts_per_session=12,
            )
        return cls(safe_current=0.0, start_share=1.0, min_on=60.0, min_off=60.0, starts_per_hour=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSettings:
    """How the site's controller behaves."""

    control: bool = True
    """False: a dry run; everything is computed and explained, nothing is commanded."""
    preset: Preset = Preset.BALANCED
    protection: Protection = Protection.STRICT
    fuse_kind: FuseKind | None = None
    """What the main fuse is; None: not known, which allows strict protection only."""
    import_average: ImportAverage | None = None
    """A capacity tariff's limit; None: there is none."""
    export_limit: float | None = None
    """The inverter holds export at this [W], so that surplus beyond it is hidden; None: it does not."""
    rotation: float = 1800.0
    """Loads of one rank whose minimums do not all fit take turns of this length [s]."""
    manual_override: float = 7200.0
    """After a person operated a device, it is not raised or scheduled for so long [s]."""
    daily_commands: int = 2000
    """Most commands to one device in 24 hours; cuts are exempt."""
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
    """What an appliance draws [A]: kept free on each phase while the meter is stale, and borne on top
    of what loads are given where meter and devices are slow."""
    loads: Mapping[str, LoadControl] = field(default_factory=dict[str, LoadControl])
    """By load id; a load that is not here has the defaults of its kind."""

    def of(self, load: Load) -> LoadControl:
        """Return how `load` is treated."""
        own = self.loads.get(load.id)
        return own if own is not None else LoadControl.of_kind(load.kind, self.preset)
