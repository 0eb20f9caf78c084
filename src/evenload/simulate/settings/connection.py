"""What stands between a house and the grid: fuse, meter, battery."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from evenload.model.site import Phase
from evenload.simulate.settings.words import (
    NotNegative,
    Number,
    Part,
    Percent,
    Positive,
    Share,
    Whole,
)


class FuseKind(StrEnum):
    """The kind of main fuse."""

    GG = "gG"
    B = "B"
    C = "C"
    D = "D"


class Fuse(Part):
    """The main fuse that is really there."""

    kind: FuseKind = FuseKind.GG
    """A gG fuse, or a breaker with B, C or D characteristic."""
    rating: Positive | None = None
    """[A]; None: what the site says."""


class MeterReports(StrEnum):
    """What a meter reports."""

    CURRENTS = "currents"
    """The current of each phase."""
    POWERS = "powers"
    """The power of each phase."""
    BOTH = "both"
    TOTAL = "total"
    """Power over all phases alone."""


class Meter(Part):
    """A meter, with everything that makes real ones hard to work with."""

    interval: Annotated[Whole, Field(ge=1, le=120)] = 5
    """Between two reports [s]."""
    jitter: Annotated[Whole, Field(ge=0, le=60)] = 0
    """Each report comes up to so much later, by chance [s]."""
    lag: Annotated[Whole, Field(ge=0, le=60)] = 1
    """How old a value is when it is reported [s]."""
    reports: MeterReports = MeterReports.CURRENTS
    """What it reports; a circuit's meter reports currents."""
    current_lag: Annotated[Whole, Field(ge=0, le=60)] | None = None
    """How old currents are where it reports both and they are older than powers [s]; None: they are not."""
    report_change: NotNegative | None = None
    """It reports a phase only when it has changed by more than this [A]; None: at every interval."""
    resolution: NotNegative = 0.1
    """Step of the reported current [A]; 0: as fine as it is."""
    power_resolution: NotNegative = 1.0
    """Step of the reported power [W]; 0: as fine as it is."""
    noise: NotNegative = 0.02
    """Standard deviation of the measurement [A]."""
    dropout: Share = 0.0
    """Share of reports that never arrive."""
    phase_swap: dict[Phase, Phase] = {}  # noqa: RUF012 - pydantic copies it
    """Under which phase's name each phase is reported, where it is not its own."""
    reversed: tuple[Phase, ...] = ()
    """Phases whose current transformer is mounted backwards."""
    signed: bool = True
    """Whether currents say which way they flow; otherwise export reads as import does."""
    voltage: bool = False
    """Whether it reports voltages too."""
    average: bool = False
    """Whether it reports its own average import of the quarter of an hour that runs, too."""


class CircuitPart(Part):
    """A fuse or breaker of the site below the main one, as it really is."""

    fuse: Fuse = Fuse()
    """What it is; its rating is the site's unless it is given."""
    base_power: NotNegative = 0.0
    """What draws behind it all the time without being managed [W], over its phases in equal parts."""
    household_share: Share = 0.0
    """The share of the household that is behind it."""
    meter: Meter | None = None
    """None: it has no meter of its own."""


class Inverter(Part):
    """What solar and battery reach the house through, as it really is."""

    max_power: Positive | None = None
    """[W] over all phases; None: what the site says."""
    max_power_per_phase: Positive | None = None
    """[W]; None: what the site says."""
    balances_phases: bool | None = None
    """Whether it gives each phase what that needs; None: what the site says."""
    overload: Annotated[Number, Field(ge=1)] = 1.5
    """Off the grid: it fails at once above this multiple of its power."""
    overload_time: NotNegative = 5.0
    """Off the grid: it fails when it has been above its power for longer than this [s]."""
    shutdown_soc: Percent = 5.0
    """Off the grid: the battery's state of charge at which the house goes dark."""


class Battery(Part):
    """The house's battery; power limits and lowest state of charge are the site's."""

    capacity: Positive
    """What it holds [Wh]."""
    soc: Percent = 50.0
    """State of charge at the start."""
    efficiency: Annotated[Number, Field(gt=0, le=1)] = 0.92
    """There and back."""
    lag: Annotated[Whole, Field(ge=1, le=60)] = 2
    """How long it takes to follow the grid connection [s]."""
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)] = (Phase.A,)
    """The phases it feeds, in equal parts."""
    report_interval: Annotated[Whole, Field(ge=1)] = 5
    """Between two reports [s]."""
