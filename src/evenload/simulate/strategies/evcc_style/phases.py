"""Switching a charger between one phase and three."""

from dataclasses import dataclass

ENABLE_DELAY = 60.0
"""Surplus must have sufficed for three phases this long [s]."""
DISABLE_DELAY = 180.0
"""It must have lacked for three phases this long [s]."""
GRACE = 60.0
"""After a switch, none for this long [s]."""
_THREE = 3


@dataclass(slots=True)
class PhaseSwitch:
    """How a charger stands; one that cannot switch stays None."""

    phases: int | None = None
    """1 or 3; None: it cannot switch."""
    timer: float | None = None
    """Since when the other number would be right [s]."""
    switched_at: float | None = None
    """[s, monotonic]"""

    def update(
        self, power: float, *, minimum: float, maximum: float, charging: bool, now: float
    ) -> None:
        """Switch if it is time to.

        `power` is what the load could draw without import [W], `minimum` and `maximum` what it draws
        on one phase at its lowest and highest current [W].
        """
        if self.phases is None:
            return
        if self.switched_at is not None and now - self.switched_at < GRACE:
            return
        up = self.phases == 1 and power > maximum and power >= _THREE * minimum
        down = self.phases == _THREE and power < _THREE * minimum
        if not (up or down):
            self.timer = None
            return
        if self.timer is None:
            self.timer = now
        if not charging or now - self.timer >= (ENABLE_DELAY if up else DISABLE_DELAY):
            self.phases = _THREE if up else 1
            self.timer, self.switched_at = None, now
