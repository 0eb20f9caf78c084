"""What the steps of one pass pass on to each other."""

from evenload.controller.change import replace
from evenload.model.allocation import Reason
from evenload.model.brief import brief
from evenload.model.control import ControlSettings


@brief
class Moment:
    """What holds for all loads in one pass."""

    now: float
    settings: ControlSettings
    voltages: tuple[float, ...]
    """By phase [V]."""
    may_raise: bool
    """Whether the grid meter is fresh and has shown what the last commands did."""
    may_use_pool: bool
    """Whether the same is known of every source that surplus is reckoned from."""


@brief
class Target:
    """What one load should be told, and why; first the engine's wish, then what each step made of it."""

    setpoint: float
    """In the unit of its levels; 0: off or paused."""
    reason: Reason
    by: str | None = None
    until: float | None = None
    """When the reason ends by itself, where that is known."""
    is_cut: bool = False
    """Whether it serves safety, and so waits for nothing."""
    phases: int | None = None
    """How many phases the charger shall give from now on; None: as it is."""

    def cut_to(self, setpoint: float, reason: Reason, by: str | None) -> Target:
        """Return this target lowered for safety."""
        return replace(self, setpoint=setpoint, reason=reason, by=by, until=None, is_cut=True)
