"""What the controller remembers of the main fuse, of the house's habits, and of a capacity tariff."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardMemory:
    """Everything that stands between a wrong number and a dark house, and outlives a pass."""

    limits: tuple[float, ...] | None = None
    """What may be allocated on each phase of the main fuse [A]; None: its rating."""
