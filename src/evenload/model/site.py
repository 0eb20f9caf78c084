"""What a site is made of: its fuse, circuits, chargers, loads, battery and inverter.

These nouns hold settings only; what is measured stands in `readings` (the engine's input) and
`snapshot` (the controller's). All are frozen: a changed setting is a new `Site`, made with
`dataclasses.replace`.

Signs: sources are positive when they feed the house (grid import, solar, battery discharge),
loads when they consume. Currents are amperes per phase or leg, powers watts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MAIN = "main"
"""The id of the root circuit: the site's main fuse."""


class Phase(StrEnum):
    """A phase of the site. A single-phase site has A only."""

    A = "A"
    B = "B"
    C = "C"


class Leg(StrEnum):
    """A load's own conductor; a phase map says which phase each leg hangs on."""

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"


class Mode(StrEnum):
    """How a load may be powered; tiers are served in the order below, `OFF` not at all."""

    OFF = "off"
    STANDARD = "standard"
    """Up to its maximum, from any source."""
    ECO = "eco"
    """Its minimum always, from any source; more from surplus."""
    SOLAR = "solar"
    """From surplus."""
    EXCESS = "excess"
    """From surplus above the export threshold."""


class Distribution(StrEnum):
    """How power is shared among loads of one tier."""

    PRIORITY = "priority"
    SHARED = "shared"
    OPTIMIZED = "optimized"
    STRICT = "strict"


class Policy(StrEnum):
    """How the plugs of one charger share it."""

    CONCURRENT = "concurrent"
    SEQUENTIAL = "sequential"


class Kind(StrEnum):
    """What kind of load it is: its unit of control and its levels."""

    EV = "ev"
    """A car at a plug: 0, or minimum to maximum in steps, amperes per leg."""
    SWITCH = "switch"
    """0 or its rated power [W]."""
    STEPPED = "stepped"
    """0 or one of a list of powers [W]."""
    POWER = "power"
    """0, or minimum to maximum in steps, watts."""


class BatteryHelp(StrEnum):
    """What the battery's discharge above its target counts for, for other than standard loads."""

    NONE = "none"
    MINIMUM = "minimum"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One thing that may be turned up, down, on or off: a plug of a charger, a switch, a heater."""

    id: str
    """Unique over all loads, chargers and circuits of the site."""
    kind: Kind
    phases: Mapping[Leg, Phase]
    """The phase map: the phase each leg hangs on, one leg a phase."""
    circuit: str = MAIN
    """The id of the circuit or charger it hangs on."""
    mode: Mode = Mode.STANDARD
    priority: int = 1
    """1 is served first within a tier; equal numbers share."""
    minimum: float = 0.0
    """Lowest level above 0, for ev [A per leg] and power [W]."""
    maximum: float = 0.0
    """Highest level, for ev [A per leg] and power [W]."""
    step: float = 1.0
    """Distance of levels between minimum and maximum, for ev [A per leg] and power [W], above 0."""
    levels: tuple[float, ...] = ()
    """The levels of a stepped load [W], or the rated power of a switch alone; rising, without 0."""
    solar_share: float = 1.0
    """Solar and excess: the share of its minimum's power that surplus must cover, 0 to 1."""
    eco_share: float = 0.5
    """Eco, for a switch: the share of its power that surplus must cover, 0 to 1."""
    legs: tuple[Leg, ...] | None = None
    """The legs in use; None: every mapped leg."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charger:
    """A charging station: a circuit of its own, whose plugs are loads."""

    id: str
    plugs: tuple[Load, ...]
    """Loads of kind ev, whose circuit is this charger's id."""
    max_current: float
    """What all plugs together may draw on each phase [A]."""
    circuit: str = MAIN
    """The id of the circuit it hangs on."""
    max_active: int | None = None
    """How many plugs may be above 0 at once; None: all."""
    policy: Policy = Policy.CONCURRENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """A fuse or breaker and everything behind it."""

    id: str
    fuse: Mapping[Phase, float]
    """Rating of each phase [A]."""
    parent: str = MAIN
    reserve: float = 0.0
    """What unmanaged loads behind it may draw on each phase [A], where it has no meter of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """A battery that its own inverter runs; Evenload reads it and never commands it."""

    max_charge: float
    """[W]"""
    max_discharge: float
    """[W]"""
    soc_min: float = 20.0
    """[%]"""
    soc_target: float = 80.0
    """[%]"""
    soc_full: float = 97.0
    """[%]"""
    priority: int = 0
    """Loads with a smaller priority number go before it; 0: it goes before all."""
    helps: BatteryHelp = BatteryHelp.MINIMUM


@dataclass(frozen=True, slots=True, kw_only=True)
class Inverter:
    """What the battery's or site's inverter can deliver."""

    max_power: float
    """[W] over all phases."""
    max_power_per_phase: float
    """[W]"""
    balances_phases: bool = False
    """Whether it can give one phase more than a third."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimming:
    """A grid operator's limit on the sum of certain loads."""

    limit: float
    """[W]"""
    loads: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One grid connection with its main fuse and everything behind it."""

    fuse: Mapping[Phase, float]
    """Rating of the main fuse on each phase [A]; its keys are the site's phases."""
    voltage: float = 230.0
    """Phase to neutral [V], where no voltage is read."""
    phases: tuple[Phase, ...] = (Phase.A, Phase.B, Phase.C)
    margin: float = 0.0
    """Kept free on each phase of the main fuse and of circuits [A]."""
    cloud_headroom: float | None = None
    """Most export counted as headroom of the main fuse [A]; None: the rating."""
    import_limit: float | None = None
    """Most import [W]; None: no limit, 0: no import for loads."""
    unbalance_limit: float | None = None
    """Most difference between two phases [A]; None: no limit."""
    dimming: Dimming | None = None
    phase_netting: bool = True
    """Whether export on one phase pays for import on another."""
    grid_import_allowed: bool = True
    """Whether standard and eco loads may draw on the grid."""
    distribution: Distribution = Distribution.PRIORITY
    excess_threshold: float = 0.0
    """Surplus that stays with the grid before excess loads run [W]."""
    off_grid: bool = False
    inverter: Inverter | None = None
    battery: Battery | None = None
    circuits: tuple[Circuit, ...] = ()
    chargers: tuple[Charger, ...] = ()
    loads: tuple[Load, ...] = ()
    """The loads that are not plugs; `all_loads` gives both."""
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """What people call loads, chargers and circuits, by id; an id without a name is its own."""

    @property
    def all_loads(self) -> tuple[Load, ...]:
        """All loads in the order of their position: the chargers' plugs, then the others."""
        return tuple(plug for charger in self.chargers for plug in charger.plugs) + self.loads

    def name_of(self, identifier: str) -> str:
        """Return what people call this load, charger or circuit."""
        return self.names.get(identifier, identifier)
