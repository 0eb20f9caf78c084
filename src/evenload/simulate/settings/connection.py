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


class Meter(Part):
    """The grid meter, with everything that makes real ones hard to work with."""

    interval: Annotated[Whole, Field(ge=1, le=120)] = 5
    """Between two reports [s]."""
    lag: Annotated[Whole, Field(ge=0, le=60)] = 1
    """How old a value is when it is reported [s]."""
    resolution: NotNegative = 0.1
    """Step of the reported current [A]; 0: as fine as it is."""
    noise: NotNegative = 0.02
    """Standard deviation of the measurement [A]."""
    dropout: Share = 0.0
    """Share of reports that never arrive."""
    phase_swap: dict[Phase, Phase] = {}  # noqa: RUF012 - pydantic copies it
    """Under which phase's name each phase is reported, where it is not its own."""
    reversed: tuple[Phase, ...] = ()
    """Phases whose current transformer is mounted backwards."""
    voltage: bool = False
    """Whether it reports voltages too."""


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
