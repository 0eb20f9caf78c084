"""A commissioning check on its way: what the controller wants meanwhile, and when to ask for values."""

from evenload.ocpp.commission import Check, CheckPlan
from evenload.ocpp.nouns import Setpoint

CHECK_INTERVAL = 1.0
"""Between two looks [s]."""
_ASK_EVERY = 5.0
"""Between two requests for meter values [s]."""


class Checking:
    """One check that runs."""

    def __init__(self, plan: CheckPlan, now: float) -> None:
        """Begin it."""
        self.check = Check(plan, now)
        self.kept: Setpoint | None = None
        """The controller's newest command, for the end."""
        self._asked_at = now

    def overrule(self, setpoint: Setpoint) -> bool:
        """Keep a command for later; True where it must go out now, because it is less."""
        self.kept = setpoint
        if setpoint.current >= self.check.plan.high:
            return False
        self.check.abort("the controller wanted less")
        return True

    def asks(self, now: float) -> bool:
        """Return whether to ask for meter values now."""
        if now - self._asked_at < _ASK_EVERY:
            return False
        self._asked_at = now
        return True
