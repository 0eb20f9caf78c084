"""One plug of a virtual station: what it offers, its meter and its transaction."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from evenload.simulate.stations.outlet import Outlet

_DRAWING = 0.5
"""A car that draws less than this does not charge [A]."""
_HOUR = 3600.0


class PlugState(StrEnum):
    """What a plug is doing, in the words of OCPP 1.6."""

    AVAILABLE = "Available"
    PREPARING = "Preparing"
    CHARGING = "Charging"
    SUSPENDED_CAR = "SuspendedEV"
    SUSPENDED_STATION = "SuspendedEVSE"
    FINISHING = "Finishing"


@dataclass(slots=True)
class Running:
    """A transaction."""

    began: datetime
    token: str
    meter_start: float
    """[Wh]"""
    id: str | None = None
    """None: the central system has not given it one yet (1.6)."""
    events: int = 0
    """Messages about it so far (2.x)."""


class VirtualPlug:
    """A plug with its outlet."""

    def __init__(self, number: int, outlet: Outlet, register: float = 0.0) -> None:
        """Begin with a meter that stands at `register` [Wh]."""
        self.number = number
        self.outlet = outlet
        self.register = register
        """[Wh]"""
        self.running: Running | None = None
        self.ended = False
        """Whether a transaction has ended while its car is still plugged in."""
        self.offered = 0.0
        """[A per leg]"""
        self.state = PlugState.AVAILABLE
        self.told: PlugState | None = None
        """The state that was reported last."""
        self.metered_at: float | None = None
        self.plugged_at: float | None = None
        self.available = True

    def advance(self, limit: float, phases: int, minimum: float) -> None:
        """Live through one second with this limit [A per leg]."""
        offers = self.running is not None and self.available
        self.offered = limit if offers and limit >= minimum else 0.0
        self.outlet.advance(self.offered, phases)
        self.register += self.outlet.power / _HOUR

    def present_state(self) -> PlugState:
        """Return what it is doing."""
        if not self.outlet.home:
            return PlugState.AVAILABLE
        if self.ended:
            return PlugState.FINISHING
        if self.running is None:
            return PlugState.PREPARING
        if max(self.outlet.draws, default=0.0) >= _DRAWING:
            return PlugState.CHARGING
        # The car alone decides when it is offered something; without an offer the plug holds it.
        if self.offered > 0.0:
            return PlugState.SUSPENDED_CAR
        return PlugState.SUSPENDED_STATION
