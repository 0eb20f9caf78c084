"""What is remembered of one load from cycle to cycle: its chain, grace, pause, and whether it settled."""

from dataclasses import dataclass, field

from evenload.engine.levels import levels_of
from evenload.model.allocation import Reason
from evenload.model.site import Kind, Load
from evenload.simulate.strategies.juggler_style.smoothing import Chain

GRACE = 300.0
"""It stays at its minimum this long when its surplus is gone [s]."""
PAUSE = 180.0
"""Once paused it stays so this long [s]."""
_STEADY = 0.5
"""A draw that moves by less is steady [A]."""
SETTLED_REST = 1.0
"""A load settles only this far below its permit, and a settled car keeps so much above its draw [A]."""
_CYCLES = 3
"""For how many cycles it must be steady."""
_OF_SURPLUS = frozenset(
    {
        Reason.BATTERY_FIRST,
        Reason.BELOW_EXCESS_THRESHOLD,
        Reason.OUTRANKED,
        Reason.SURPLUS,
        Reason.WAITING_FOR_SURPLUS,
    }
)
"""Where these are why it gets little, the surplus is gone; else it is a limit, or its own state."""


@dataclass(slots=True)
class JuggledLoad:
    """One load's memory."""

    chain: Chain = field(default_factory=Chain)
    setpoint: float = 0.0
    """What it should be told, in the unit of its levels."""
    gone_at: float | None = None
    """Since when its surplus is gone [s]; None: it is there."""
    paused_at: float | None = None
    """When it was paused last [s]."""
    last_draw: float = 0.0
    """Of the cycle before, highest leg [A]."""
    steady: int = 0
    """For how many cycles its draw has been steady."""

    def is_settled(self, load: Load, draw: float, voltage: float) -> bool:
        """Take one cycle's draw of the highest leg [A] and return whether it leaves something to others.

        A car that draws nothing has not begun, so it never settles.
        """
        moved = abs(draw - self.last_draw)
        self.steady = self.steady + 1 if moved < _STEADY else 0
        self.last_draw = draw
        if self.steady < _CYCLES or (load.kind is Kind.EV and draw < _STEADY):
            return False
        unit = 1.0 if load.kind is Kind.EV else voltage * len(load.phases)
        return draw <= self.setpoint / unit - SETTLED_REST

    def follow(self, load: Load, granted: float, reason: Reason, now: float) -> None:
        """Take one cycle's allocation, in the unit of the load's levels."""
        levels = levels_of(load)
        if load.kind is not Kind.EV:
            self.setpoint = levels.highest(granted)
            return
        permit = self._with_grace(load, granted, reason, now)
        if self.paused_at is not None and now - self.paused_at < PAUSE:
            permit = 0.0
        was_on = self.setpoint > 0.0
        output = self.chain.add(permit)
        self.setpoint = levels.highest(output)
        if self.setpoint <= 0.0:
            self.chain.stop()
            if was_on:
                self.paused_at = now

    def _with_grace(self, load: Load, granted: float, reason: Reason, now: float) -> float:
        """Return the permit, held at the minimum while a load that runs may wait for its surplus."""
        if granted >= load.minimum or self.setpoint <= 0.0 or reason not in _OF_SURPLUS:
            self.gone_at = None
            return granted
        if self.gone_at is None:
            self.gone_at = now
        return load.minimum if now - self.gone_at < GRACE else granted
