"""What the estimator is told, what it remembers of loads and meter, and what it finds.

Signs and units are those of `evenload.model.site`: the meter counts import positive, loads count
what they draw, both in amperes. A *row* is one report of the meter, a *plateau* a stretch of time in
which a load's reports agree, a *step* what lies between two plateaus.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from evenload.model.site import Leg, Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What one load's device says of its draw."""

    at: float
    """When it was reported [s, monotonic]."""
    currents: tuple[float, ...]
    """Of each leg, in the order of the load's legs [A]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command that a reading may have driven."""

    at: float
    """When it was given [s, monotonic]."""
    setpoint: float
    """In the unit of the load's levels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Everything the estimator is told in one pass; what is not new may be told again."""

    phases: tuple[Phase, ...]
    """Of the meter, in the order of its rows."""
    legs: Mapping[str, tuple[Leg, ...]]
    """The legs of each load that is looked at, in the order of its reports, by load id."""
    meter: tuple[float, ...] | None = None
    """The meter's newest row [A]; None: nothing is known."""
    meter_at: float = 0.0
    """When that was reported [s, monotonic]."""
    reports: Mapping[str, LoadReport] = field(default_factory=dict[str, LoadReport])
    """The newest report of each load."""
    orders: Mapping[str, float] = field(default_factory=dict[str, float])
    """Setpoints commanded in this pass because of what was read, by load id."""
    solar_current: float = 0.0
    """What the roof delivers now, as if all on one phase [A]."""
    battery_current: float = 0.0
    """What the battery delivers now, as if all on one phase [A]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One report of the meter."""

    at: float
    """[s, monotonic]"""
    currents: tuple[float, ...]
    """By phase [A]."""
    solar_current: float
    """What the roof delivers, as if all on one phase [A]."""
    battery_current: float
    """What the battery delivers, as if all on one phase [A]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plateau:
    """A stretch of time in which a load's reports agree."""

    currents: tuple[float, ...]
    """By leg, as in its first report [A]."""
    since: float
    """The first report of it [s, monotonic]."""
    until: float
    """The last report of it so far [s, monotonic]."""
    reports: int = 1
    """How many there were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change of one load's draw, with rest before and after; all times as its device reports."""

    load: str
    changes: tuple[float, ...]
    """By leg [A]."""
    rest_since: float
    """When the rest before it began [s]."""
    begun_at: float
    """The last report before it [s]."""
    done_at: float
    """The first report after it [s]."""
    halves: tuple[tuple[float, float], ...]
    """Between which two reports each leg came half of its way [s]."""
    told_at: float | None = None
    """When the command was given that made it, because of a reading [s]; None: none was."""
    rest_until: float | None = None
    """The last report of the rest after it [s]; None: it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """One step and what the meter showed meanwhile, for people to see."""

    at: float
    """[s, monotonic]"""
    changes: tuple[float, ...]
    """Of the load, by leg [A]."""
    shown: tuple[float, ...]
    """Of the meter, by phase, at the lag that fits best [A]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What all steps of one load say together.

    `scores` holds a log likelihood ratio against "this leg is on no phase of this meter", by leg, phase,
    sign (as counted, reversed) and lag of the grid, in that order.
    """

    legs: tuple[Leg, ...]
    scores: tuple[float, ...]
    counts: tuple[int, ...]
    """Steps that said anything, by leg and lag."""
    large_counts: tuple[int, ...]
    """Those of more than `LARGE_STEP`, likewise."""
    calibrations: int = 0
    """How many calibrations are in it."""
    factor: float = 1.0
    """By what the meter's numbers were divided to be amperes: 1, 1000 or 0.001."""
    witnessed: tuple[Witnessed, ...] = ()
    """The last few steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What is remembered of one load between two passes."""

    reports: tuple[LoadReport, ...] = ()
    """The last minutes, for where its legs were half way."""
    rest: Plateau | None = None
    """The last plateau that was long enough."""
    now: Plateau | None = None
    """The one that may become it; `rest` itself while the load is at rest."""
    repeats: float | None = None
    """The longest pause after which a report said the same again [s]; None: it never did."""
    orders: tuple[Order, ...] = ()
    """Commands of the last minutes."""
    pending: tuple[Step, ...] = ()
    """Steps that the meter may not have shown in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorState:
    """Everything that the estimator remembers."""

    rows: tuple[Row, ...] = ()
    """The meter's last minutes."""
    tracks: Mapping[str, Track] = field(default_factory=dict[str, Track])
    """By load id."""
    evidence: Mapping[str, Evidence] = field(default_factory=dict[str, Evidence])
    """By load id."""
    verdicts: Verdicts | None = None
    """As they were after the last step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadVerdict:
    """What is known of where one load's legs are."""

    phases: Mapping[Leg, Phase] | None = None
    """The phases of the legs that were seen; None: nothing is sure yet, or it is not behind this meter."""
    is_elsewhere: bool = False
    """Whether it is sure that this meter does not show the load."""
    best: Mapping[Leg, Phase] = field(default_factory=dict[Leg, Phase])
    """What fits best so far, sure or not; empty: that it is on no phase."""
    confidence: float = 0.0
    """Probability of what fits best, 0 to 1."""
    odds: float = 1.0
    """Of what fits best against its best rival."""
    steps: int = 0
    """How many steps said anything of its best known leg."""
    lag: float | None = None
    """How much later than the load's own report the meter shows a step [s]; None: not known."""
    lag_spread: float | None = None
    """By how much that is off on average [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolarityVerdict:
    """What is known of one phase of the meter."""

    is_reversed: bool | None = None
    """None: not sure yet."""
    confidence: float = 0.0
    """Probability of what is likelier, 0 to 1."""
    steps: int = 0
    """How many steps said anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What is known of the wiring."""

    loads: Mapping[str, LoadVerdict] = field(default_factory=dict[str, LoadVerdict])
    """By load id."""
    polarity: Mapping[Phase, PolarityVerdict] = field(default_factory=dict[Phase, PolarityVerdict])
    factor: float = 1.0
    """By what the meter's numbers have to be divided to be amperes: 1, 1000 or 0.001."""
