"""What the controller remembers from one pass to the next: frozen, replaced where it changed.

Times are seconds of the monotonic clock that `step` is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from evenload.controller.guard_memory import GuardMemory
from evenload.controller.meter_memory import (
    NEVER,
    MeterMemory,
    Polarity,
    SignMemory,
    Stillness,
    Trial,
)
from evenload.controller.need import NO_NEEDS, Needs
from evenload.controller.plan import SitePlan
from evenload.controller.wear import Wear
from evenload.model.allocation import Reason
from evenload.model.decision import TroubleCode
from evenload.model.readings import BatteryZone
from evenload.model.site import Leg, Mode
from evenload.model.snapshot import Sample


@dataclass(frozen=True, kw_only=True)
class Blur:
    """A change of a load's draw, and how long a meter may show it from before, after, or between."""

    low: tuple[float, ...]
    """By leg [A]."""
    high: tuple[float, ...]
    """By leg [A]."""
    until: float
    """A reading of this time or later surely shows what came after it."""
    due: float
    """A reading of this time or later most likely shows what came after it."""
    is_command: bool = False
    """Whether it was commanded; else it was found by measurement."""
    is_raise: bool = False
    """Whether it was commanded upwards, which need not have happened."""


@dataclass(frozen=True, kw_only=True)
class Draw:
    """What a load draws, and what a meter that lags may still be showing of it.

    All tuples have the order of the load's mapped legs, in amperes.
    """

    currents: tuple[float, ...]
    """The best that is known of this instant: measured, else expected."""
    low: tuple[float, ...]
    """The least that the grid meter's reading may contain of it."""
    high: tuple[float, ...]
    """The most that the grid meter's reading may contain of it."""
    trail: tuple[Blur, ...] = ()
    """The changes that a reading need not show yet, oldest first."""
    settled_at: float = NEVER
    """A reading of this time or later surely shows what the last command did."""
    due_at: float = NEVER
    """A reading of this time or later most likely shows it."""
    arrived_at: float = NEVER
    """When the device first reported to draw what it was last told."""
    measured_at: float = NEVER
    """When the device last reported its draw."""
    is_metered: bool = False
    """Whether the device reports its draw at all."""


@dataclass(frozen=True, kw_only=True)
class Obedience:
    """Whether a device does what it is told."""

    judged_at: float = NEVER
    """The time of the last measurement that was judged."""
    strikes: int = 0
    """How many measurements in a row were above what it was told; below 0: within, after trouble."""
    told_again: int = 0
    """How often it was told again without effect."""
    told_at: float = NEVER
    """When it was last told again for drawing too much."""
    reminded_at: float = NEVER
    """When it was last told again for saying that it carries something else."""
    disobeys_since: float | None = None
    is_unresponsive: bool = False


@dataclass(frozen=True, kw_only=True)
class PhaseMemory:
    """What a charger that can switch phases was told to give, and since when that is the lesser."""

    told: int
    """1 or 3."""
    other_since: float | None = None
    """Since when the other number would serve the load better."""
    switches: tuple[float, ...] = ()
    """When it was switched, within the last hour."""
    in_session: int = 0
    """How often it was switched since this car was connected."""
    moving_until: float | None = None
    """Until then a switch may not be over: any leg may draw, or none; None: it is over."""


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Whether a person operated a device itself."""

    is_agreed: bool = False
    """Whether the device has said to carry what it was last told."""
    candidate: tuple[float, float] | None = None
    """What it says instead, reported once, and when."""
    handled_at: float = NEVER
    """The last operation that Home Assistant knew to be a person's."""
    until: float | None = None
    """Until when it is left as it is; None: it is not."""


@dataclass(frozen=True, kw_only=True)
class BatteryMemory:
    """What the battery was seen to do."""

    accepts_power: float | None = None
    """What it takes at most now [W]; None: as much as its maximum, for all that is known."""
    accepts_soc: float = 0.0
    """Its state of charge when that was learnt [%]."""
    refused_since: float | None = None
    """Since when there is export beside a battery that could take more."""
    responds: bool = True
    """Whether it follows a rise of the loads."""
    missed: int = 0
    """How many rises in a row it did not follow."""
    anchor: tuple[float, float, float] | None = None
    """Draw of the loads, battery and grid power when they were last settled [W]."""
    leak_since: float | None = None
    """Since when loads draw on it that may not."""
    leaked_at: float = NEVER
    """When they last did for a while."""


@dataclass(frozen=True, kw_only=True)
class HiddenSurplus:
    """Surplus that an inverter with an export limit may hold back, and how it is tried for."""

    offered_power: float = 0.0
    """What loads may take beyond what the meter shows [W]; 0: nothing is tried."""
    drawn_power: float = 0.0
    """What loads drew when it was first offered [W]."""
    away_since: float | None = None
    """Since when the meter has been away from the cap."""
    risen_at: float | None = None
    """Since when they have drawn more and the inverter has given it."""
    next_try_at: float = NEVER
    wait: float = 0.0
    """How long the next try waits once this one has failed [s]; 0: as long as a first one."""


@dataclass(frozen=True, kw_only=True)
class LoadMemory:
    """What is known of one load over time."""

    setpoint: float
    """What its device was told, in the unit of its levels."""
    mode: Mode
    """What a person chose."""
    draw: Draw
    served_mode: Mode | None = None
    """The mode by which it was served last, as its need had it; None: not yet."""
    is_adopted: bool = True
    """False until its device was seen once: what it was told is then only a memory."""
    changed_at: float = NEVER
    """When the setpoint last changed."""
    commanded_at: float = NEVER
    """When the device was last told anything."""
    started_at: float = NEVER
    stopped_at: float = NEVER
    served_at: float = NEVER
    """When it last had its turn and lost it; never since this car was connected."""
    wear: Wear = field(default_factory=Wear)
    is_wished: bool = False
    """A person has changed its mode, and it has not yet followed."""
    is_shy: bool = False
    """It was cut for an overload and has not been raised since."""
    sunny_for: float = 0.0
    """How long there has been surplus enough to start it, less what was missing since [s]."""
    short_for: float = 0.0
    """How long there has been too little to keep it running, by how much is missing [s]."""
    short_since: float | None = None
    """Since when there has not been the surplus to keep it running."""
    room_since: float | None = None
    """Since when it could have had more than it has."""
    ceiling: float | None = None
    """What it is worth offering at most, by what it takes; None: its maximum."""
    legs: tuple[Leg, ...] | None = None
    """The legs that it, or the car before it, was last seen to use; None: not known."""
    is_legs_certain: bool = False
    """Whether they were seen since this car was connected."""
    phases: PhaseMemory | None = None
    """None: its charger cannot switch between one phase and three."""
    is_sated: bool = False
    """It is on and takes nothing: its own thermostat has had enough, or the car sleeps."""
    idle_since: float | None = None
    """Since when a car has taken nothing of what it is offered; None: it takes something."""
    report_interval: float | None = None
    """The time between two reports of its draw, learnt [s]; None: not known."""
    reactions: tuple[tuple[float, float], ...] = ()
    """How long the grid meter took to show its last few steps [s], with their size [A]."""
    cuts: tuple[float, ...] = ()
    """The same of the last few steps downwards alone [s]."""
    came_up: float | None = None
    """How long the grid meter took to show its last start [s]; None: not known."""
    fallback: float | None = None
    """What its device was told to fall back to by itself [A per leg]; None: nothing."""
    leased_at: float = NEVER
    """When it was last told a setpoint that expires; never: what it was told last holds for ever."""
    reason: Reason | None = None
    """Why it has what it has, as last decided."""
    by: str | None = None
    obedience: Obedience = field(default_factory=Obedience)
    hand: Hand = field(default_factory=Hand)
    told: tuple[tuple[float, float], ...] = ()
    """When its device was told what, the last few times."""
    priority: int | None = None
    """Its priority number when it was last looked at; None: not yet."""


@dataclass(frozen=True, kw_only=True)
class PendingCut:
    """Cuts on one measured phase that its meter need not show yet."""

    current: float
    """[A]"""
    before: float
    """What the meter showed when they were commanded [A]."""
    loads: tuple[str, ...]
    """The loads that were cut."""
    shown_at: float | None = None
    """When the meter had last fallen, once it has shown most of them; None: it has not yet."""


@dataclass(frozen=True, kw_only=True)
class StepWatch:
    """A step of one load that the grid meter is watched for, to learn how long that takes."""

    load: str
    place: int
    """The place of the phase."""
    before: float
    """What the meter showed there [A]."""
    step: float
    """What it should show more [A], signed."""
    since: float
    told_at: float
    """When it was told on average, each part of the step by its size."""
    is_start: bool = False
    """Whether it is the load's start, which cars take their time for."""


@dataclass(frozen=True, kw_only=True)
class ControllerState:
    """Everything that `step` hands to its next pass."""

    since: float
    """When this controller started."""
    plan: SitePlan | None = field(default=None, compare=False, repr=False)
    meters: Mapping[str, MeterMemory] = field(default_factory=dict[str, MeterMemory])
    """By source: `grid`, `battery`, and the ids of metered circuits."""
    stillness: Mapping[str, Stillness] = field(default_factory=dict[str, Stillness])
    """By meter: `grid`, and the ids of metered circuits."""
    trial: Trial | None = None
    signs: SignMemory = field(default_factory=SignMemory)
    polarity: Polarity | None = None
    house: tuple[float, ...] | None = None
    """What flows on each phase that is no managed load [A]."""
    circuit_houses: Mapping[str, tuple[float, ...]] = field(
        default_factory=dict[str, tuple[float, ...]]
    )
    """The same of each circuit with a meter of its own [A]."""
    smoothed: tuple[float, ...] | None = None
    """The same, smoothed [A]."""
    smoothed_power: float = 0.0
    """House less sun, smoothed [W]."""
    smoothed_at: float = NEVER
    loads: Mapping[str, LoadMemory] = field(default_factory=dict[str, LoadMemory])
    pending: Mapping[str, PendingCut] = field(default_factory=dict[str, PendingCut])
    """By measured limit: `main/A`, `garage/B`."""
    watch: StepWatch | None = None
    lags: tuple[float, ...] = ()
    """How much later than the load's own report the grid meter showed the last few steps [s]."""
    zone: BatteryZone | None = None
    battery_powers: tuple[Sample, ...] = ()
    """What the battery lately reported [W], oldest first."""
    sun_at: float = NEVER
    """When production was last seen."""
    hidden: HiddenSurplus = field(default_factory=HiddenSurplus)
    battery: BatteryMemory = field(default_factory=BatteryMemory)
    guard: GuardMemory = field(default_factory=GuardMemory)
    needs: Needs = NO_NEEDS
    troubles: Mapping[tuple[TroubleCode, str], float] = field(
        default_factory=dict[tuple[TroubleCode, str], float]
    )
    """What is wrong, and since when."""

    @classmethod
    def initial(cls, now: float) -> ControllerState:
        """Return the state of a controller that has seen nothing yet."""
        return cls(since=now)
