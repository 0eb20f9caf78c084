"""The shape of what describes a site: `site`, `circuits`, `chargers`, `loads`."""

from typing import Annotated, Literal

from pydantic import Field

from evenload.model.document.words import (
    DistributionWord,
    HelpWord,
    LegWord,
    ModeWord,
    PhaseMap,
    PhaseWord,
    PolicyWord,
    Rating,
    Shape,
)
from evenload.model.site import MAIN, BatteryHelp, Distribution, Mode, Phase, Policy


class DimmingShape(Shape):
    """A grid operator's limit on the sum of certain loads."""

    limit: float
    """What these loads together may draw."""
    loads: list[str]
    """Ids of the loads it names; a charger is named by its plugs."""


class InverterShape(Shape):
    """What the battery's or site's inverter can deliver."""

    max_power: float
    """Over all phases."""
    max_power_per_phase: float
    """On each phase."""
    balances_phases: bool = False
    """Whether it can give one phase more than an even part."""


class BatteryShape(Shape):
    """A battery that its own inverter runs; Evenload reads it and never commands it."""

    max_charge: float
    """Highest charging power."""
    max_discharge: float
    """Highest discharging power."""
    soc_min: float = 20.0
    """State of charge it is not drained below; at most soc_target."""
    soc_target: float = 80.0
    """State of charge up to which it comes before solar loads; at most soc_full."""
    soc_full: float = 97.0
    """State of charge from which excess loads are served like solar ones."""
    priority: int = 0
    """Solar and eco loads with a smaller priority number go before it; 0: it goes before all."""
    helps: HelpWord = BatteryHelp.MINIMUM
    """What its discharge above the target is for: nothing, to run at the minimum, or everything."""


class SiteShape(Shape):
    """The grid connection."""

    fuse: Rating
    """Rating of the main fuse on each phase; one number, or one for each phase."""
    voltage: float = 230.0
    """Phase to neutral, where none is read."""
    phases: list[PhaseWord] = Field(default_factory=lambda: [*Phase])
    """The phases there are."""
    margin: float = 0.0
    """Kept free on each phase of the main fuse and of circuits."""
    cloud_headroom: float | None = None
    """Most export counted as headroom of the main fuse; left out: its rating."""
    import_limit: float | None = None
    """Most import; left out: no limit, 0: none for loads."""
    unbalance_limit: float | None = None
    """Most difference between two phases; left out: no limit."""
    dimming: DimmingShape | None = None
    """A grid operator's limit on certain loads; left out: none."""
    phase_netting: bool = True
    """Whether export on one phase pays for import on another."""
    grid_import_allowed: bool = True
    """Whether standard and eco loads may draw on the grid."""
    distribution: DistributionWord = Distribution.PRIORITY
    """How power is shared among loads of one tier."""
    excess_threshold: float = 0.0
    """Surplus that stays with the grid before excess loads run."""
    off_grid: bool = False
    """Whether there is no grid; a battery and readings of its inverter are then required."""
    inverter: InverterShape | None = None
    """The inverter's limits; left out: none."""
    battery: BatteryShape | None = None
    """The battery; left out: none."""


class CircuitShape(Shape):
    """A fuse or breaker and everything behind it."""

    id: str
    """Unique over all loads, chargers and circuits: letters, digits, underscores, hyphens."""
    name: str | None = None
    """What people call it; left out: its id."""
    parent: str = MAIN
    """The id of the circuit it hangs on."""
    fuse: Rating
    """Rating on each phase; one number, or one for each phase it has."""
    reserve: float = 0.0
    """What else may draw behind it on each phase, where it has no meter of its own."""


class LoadKeys(Shape):
    """What plugs and other loads have in common."""

    id: str
    """Unique over all loads, chargers and circuits: letters, digits, underscores, hyphens."""
    name: str | None = None
    """What people call it; left out: its id."""
    mode: ModeWord = Mode.STANDARD
    """How it may be powered."""
    priority: int = 1
    """1 is served first within a mode; equal numbers share."""
    solar_share: float = 1.0
    """Solar and excess: the part of its minimum's power that surplus must cover."""
    eco_share: float = 0.5
    """Eco, of a switch: the part of its power that surplus must cover."""
    legs: list[LegWord] | None = None
    """The legs in use; left out: every mapped leg."""


class PlugShape(LoadKeys):
    """One outlet of a charger: a load of kind ev."""

    kind: Literal["ev"] = "ev"
    """Implied."""
    min: float
    """Lowest level above 0, on each leg."""
    max: float
    """Highest level, on each leg; at least min."""
    step: float = 1.0
    """Distance of the levels between."""
    phases: PhaseMap | None = None
    """The phase each leg hangs on; left out: as its charger."""


class ChargerShape(Shape):
    """A charging station: a circuit of its own, whose plugs are loads."""

    id: str
    """Unique over all loads, chargers and circuits: letters, digits, underscores, hyphens."""
    name: str | None = None
    """What people call it; left out: its id."""
    circuit: str = MAIN
    """The id of the circuit it hangs on."""
    max_current: float
    """What all its plugs together may draw on each phase."""
    max_active: int | None = None
    """How many plugs may be above 0 at once; left out: all."""
    policy: PolicyWord = Policy.CONCURRENT
    """How its plugs share it."""
    phases: PhaseMap | None = None
    """The phase each leg hangs on, for plugs that do not say; one leg a phase."""
    plugs: list[PlugShape]
    """At least one."""


class HouseLoadKeys(LoadKeys):
    """What loads that are no plugs have in common."""

    circuit: str = MAIN
    """The id of the circuit it hangs on."""
    phases: PhaseMap
    """The phase each leg hangs on, one leg a phase."""


class EvShape(HouseLoadKeys):
    """A car at a charger with one plug."""

    kind: Literal["ev"]
    """What kind of load it is."""
    min: float
    """Lowest level above 0, on each leg."""
    max: float
    """Highest level, on each leg; at least min."""
    step: float = 1.0
    """Distance of the levels between."""


class SwitchShape(HouseLoadKeys):
    """Something that is on or off."""

    kind: Literal["switch"]
    """What kind of load it is."""
    power: float
    """What it draws when it is on, over all legs."""


class SteppedShape(HouseLoadKeys):
    """Something with a list of powers."""

    kind: Literal["stepped"]
    """What kind of load it is."""
    levels: list[float]
    """The powers it can have beside 0, over all legs, rising."""


class PowerShape(HouseLoadKeys):
    """Something whose power can be set."""

    kind: Literal["power"]
    """What kind of load it is."""
    min: float
    """Lowest level above 0, over all legs."""
    max: float
    """Highest level, over all legs; at least min."""
    step: float = 1.0
    """Distance of the levels between."""


LoadShape = Annotated[
    EvShape | SwitchShape | SteppedShape | PowerShape, Field(discriminator="kind")
]
