"""What the controller remembers of its sources of readings: frozen, replaced where it changed.

Times are seconds of the monotonic clock that `step` is given.
"""

from dataclasses import dataclass

NEVER = float("-inf")
"""The time of what has not happened."""


@dataclass(frozen=True, kw_only=True)
class MeterMemory:
    """What is known of one source of readings: the grid meter, a circuit's, the battery."""

    values: tuple[float, ...] | None = None
    """The last readings that could be believed; None: there were none."""
    reported_at: float = NEVER
    """When the newest of them was reported."""
    complete_at: float = NEVER
    """What all of them together show is as it was then, or later."""
    interval: float | None = None
    """The time between two reports, learnt [s]; None: not known."""
    gaps: tuple[float, ...] = ()
    """The last times between two reports [s]."""
    longest_gap: float | None = None
    """The longest of them, where reports are lost at times [s]; None: hardly ever."""
    reports: int = 0
    """How many reports were seen since the start, counted up to 2."""
    counted_at: float = NEVER
    """When the last of them was that counts as one: quick ones together are one."""
    heard_at: float = NEVER
    """When its device last reported anything else."""
    before: tuple[float, ...] | None = None
    """The readings of the report before; None: there was none, or long ago."""
    sure: tuple[float, ...] | None = None
    """Of each value the last that did not leap, or was borne out; None: there were none."""
    is_sure: bool = False
    """Whether all of the last readings are that."""
    is_spoilt: bool = False
    """Whether something that cannot be has come since the last reading."""
    moved_at: float = NEVER
    """When a report last differed from the one before."""
    still: int = 0
    """How many reports in a row said the very same by now."""
    stills: tuple[int, ...] = ()
    """How many did each of the last times, before it moved again."""
    step: float | None = None
    """The least change it has shown; None: it never moved."""
    pauses: float = 0.0
    """The share of its last reports that came after a pause, 0 to 1."""
    reports_changes_only: bool = False
    """Whether it is known to say nothing while nothing changes."""
    asked_at: float = NEVER
    """When it was last asked for a report."""


@dataclass(frozen=True, kw_only=True)
class SignMemory:
    """Whether the grid meter's currents tell import from export."""

    is_signed: bool = False
    """It has shown a negative current."""
    is_unsigned: bool = False
    """It never has, though there was export."""
    against: float = 0.0
    """How often its reading contradicted a sign, less what spoke for one."""
    power_at: float = NEVER
    """When a power was last compared."""
    sun_at: float = NEVER
    """When the sun was last compared."""
    sun: float = 0.0
    """What it gave then [W]."""
    battery: float = 0.0
    """What the battery gave then [W]."""
    others: tuple[float, ...] = ()
    """What the loads had been told then."""
    meter: float = 0.0
    """What the meter's currents added up to then [W]."""


@dataclass(frozen=True, kw_only=True)
class Stillness:
    """How long a meter has shown the very same values though what it must see moved."""

    values: tuple[float, ...]
    witness_current: float
    """What it must see, when it last moved or was last counted [A]."""
    moving_since: float | None = None
    """Since when the witness has been away from that."""
    moves: int = 0
    """How many lasting moves it did not show."""
    missed_at: float | None = None
    """When it had missed the first of them."""

    @property
    def is_doubtful(self) -> bool:
        """Return whether a move is due that it does not show: enough to raise nothing."""
        return self.moves > 0 or self.moving_since is not None


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A load that was lowered on purpose, to see whether the grid meter is alive."""

    load: str
    place: int
    """The place of the phase on which it gave most."""
    setpoint: float
    """What it had, in the unit of its levels."""
    fall: float
    """By how much the meter must fall [A]."""
    values: tuple[float, ...]
    """What the meter showed then [A]."""
    since: float
    is_answered: bool = False
    """Whether the meter has moved since."""


@dataclass(frozen=True, kw_only=True)
class Polarity:
    """What loads drew when they last rested, and what the grid meter showed; all by phase."""

    drawn: tuple[float, ...]
    """[A]"""
    meter: tuple[float, ...]
    """What the meter showed then [A]."""
    at: float
    against: tuple[int, ...]
    """How many steps in a row spoke against the sign."""
    found_at: float = NEVER
    """When a step last said anything."""
    seen: tuple[float, ...] = ()
    """What loads drew when they last moved [A]; empty: they have not since."""
    moved_at: float = NEVER
    """When that was."""
    looked_at: float = NEVER
    """When they were last looked at."""


@dataclass(frozen=True, kw_only=True)
class Lag:
    """How much later than the loads' own reports a grid meter shows what they do [s]."""

    usual: float
    """Decides when a cut should have shown: too short cuts once more than needed."""
    longest: float
    """Decides when a raise has shown: too short raises on what is not there."""
