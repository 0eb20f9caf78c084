"""The shape of how the controller behaves: `control`."""

from pydantic import Field

from evenload.model.control import Preset, Protection, Window
from evenload.model.document.need_shapes import (
    ReadyByShape,
    RuntimeShape,
    TemperaturesShape,
)
from evenload.model.document.words import (
    FuseKindWord,
    PresetWord,
    ProtectionWord,
    Shape,
    WindowWord,
)


class ImportAverageShape(Shape):
    """A capacity tariff."""

    limit: float
    """Most import on average."""
    window: WindowWord = Window.QUARTER
    """What is averaged over: 15min or 60min of the clock, or the last 15 minutes: rolling."""
    follows_peak: bool = False
    """Whether the limit rises to the month's highest average so far: what was paid may be used."""


class PhaseSwitchingShape(Shape):
    """How a charger is switched between one phase and three."""

    delay: float = 120.0
    """Surplus must have been in the other regime for so long."""
    pause: float = 15.0
    """The car stands still for so long at a switch."""
    per_hour: int = 4
    """Most switches in an hour."""
    per_session: int = 20
    """Most switches while one car is connected."""


class LoadControlShape(Shape):
    """How one load is treated over time; what is left out is as for its kind."""

    safe_current: float | None = None
    """What an ev falls back to when nobody can watch the fuse, on each leg; 0: it stops."""
    lease: float | None = None
    """What is above safe_current, of a relay that it is on, ends so long after it was told; left out: never."""
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
    starts_per_session: int | None = None
    """Most starts while one car is connected."""
    starts_per_day: int | None = None
    """Most starts in 24 hours, for each is a cycle of its relay."""
    phase_switching: PhaseSwitchingShape | None = None
    """For a charger that can switch between one phase and three; left out: it cannot."""
    settle_time: float | None = None
    """How long its device may take to follow a command."""
    command_interval: float | None = None
    """Least time between two commands that are no cuts."""
    temperatures: TemperaturesShape | None = None
    """Of a store of heat; left out: it has none that is known."""
    runtime: RuntimeShape | None = None
    """How long it is to run each day; left out: as its mode has it."""
    ready_by: ReadyByShape | None = None
    """When a car must have got how much; left out: its mode decides."""


class ControlShape(Shape):
    """How the controller behaves; `evenload allocate` does not use it."""

    control: bool = True
    """If false, a dry run: everything is computed and explained, nothing is commanded."""
    preset: PresetWord = Preset.BALANCED
    """How patiently cars follow the sun."""
    protection: ProtectionWord = Protection.STRICT
    """What a phase above its rating means; thermal needs fuse_kind."""
    fuse_kind: FuseKindWord | None = None
    """What the main fuse is, which fixes its curve; left out: not known."""
    import_average: ImportAverageShape | None = None
    """A capacity tariff's limit on average import; left out: there is none."""
    export_limit: float | None = None
    """The inverter holds export at this, so that surplus beyond it is hidden; left out: it does not."""
    rotation: float = 1800.0
    """Loads of one rank whose minimums do not all fit take turns of this length."""
    manual_override: float = 7200.0
    """After a person operated a device, it is not raised or scheduled for so long."""
    daily_commands: int = 2000
    """Most commands to one device in 24 hours; cuts are exempt."""
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
    """What an appliance draws: kept free while the meter is stale, and where reaction is slow."""
    loads: dict[str, LoadControlShape] = Field(default_factory=dict)
    """By id; a load that is left out is treated as its kind is."""
