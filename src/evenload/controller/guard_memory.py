"""What the controller remembers of the main fuse, of the house's habits, and of a capacity tariff."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FuseWarmth:
    """The thermal image of each phase of the main fuse."""

    warmth: tuple[float, ...]
    """theta: 1 opens the fuse."""
    currents: tuple[float, ...]
    """The magnitude last seen [A]."""
    over_since: tuple[float | None, ...]
    """Since when it has been above its rating; None: it is not; -inf: its time is spent."""
    eased_at: tuple[float, ...]
    """When it last came back within its rating by itself."""
    at: float
    """When it was last brought up to date [s, monotonic]."""


@dataclass(frozen=True, kw_only=True)
class AverageMemory:
    """What was imported in the window of a capacity tariff."""

    at: float
    """Counted up to here [s, monotonic]; -inf: before a restart."""
    clock_at: float | None = None
    """The same by the wall clock [s of the epoch]; None: there is none."""
    power: float | None = None
    """Import then [W]; None: not known."""
    window: float | None = None
    """When the aligned window that runs began [s of the epoch]; None: none did."""
    energy: float = 0.0
    """Import in it so far [Wh]."""
    budget: float | None = None
    """What was allowed in it last [W]; None: nothing yet."""
    own_at: float = float("-inf")
    """When the meter last gave its own average."""
    month: str = ""
    """The month of `peak`: 2026-11."""
    peak: float = 0.0
    """The highest average of that month so far [W]."""
    slices: tuple[float, ...] = ()
    """Import in the parts of a rolling window that are over, oldest first [Wh]."""
    in_slice: float = 0.0
    """Import in the part that runs [Wh]."""
    filled: float = 0.0
    """How long that part has run [s]."""


@dataclass(frozen=True, kw_only=True)
class BaseHours:
    """The base that each hour of the week hardly ever exceeds; see `habitual`."""

    highest: tuple[tuple[float, ...], ...]
    """By hour of the week (0: Monday, midnight), by phase [A]."""
    means: tuple[int, ...]
    """By hour of the week: how many 5-minute means it was learnt from."""
    hour: int
    """The hour of the week of the mean that is being taken."""
    total: tuple[float, ...]
    """Of the mean that is being taken, by phase [A s]."""
    seconds: float
    """How long it has been taken for [s]."""
    at: float
    """When it was last brought up to date [s, monotonic]."""


@dataclass(frozen=True, kw_only=True)
class GuardMemory:
    """Everything that stands between a wrong number and a dark house, and outlives a pass."""

    limits: tuple[float, ...] | None = None
    """What may be allocated on each phase of the main fuse [A]; None: its rating."""
    warmth: FuseWarmth | None = None
    """None: the kind of the fuse is not known."""
    average: AverageMemory | None = None
    """None: there is no capacity tariff."""
    base: BaseHours | None = None
    """None: nothing was learnt yet."""
