"""One load point: what it remembers between its turns, and the law that it follows in one.

The law works in watts over the phases in use, so that cars, heaters and switches share it: what a
load may draw is what it is told now plus what flows out of the house. For a plain switch the
thresholds are set as its users are advised: it starts on surplus for its power (in eco for
`eco_share` of it) and stops when that much is missing.
"""

from dataclasses import dataclass, field

from evenload.engine.levels import levels_of
from evenload.model.site import Kind, Load, Mode
from evenload.simulate.strategies.evcc_style.phases import PhaseSwitch

ENABLE_DELAY = 60.0
"""Surplus must have lasted this long for a start [s]."""
DISABLE_DELAY = 180.0
"""Its want must have lasted this long for a stop [s]."""
_VEHICLE_SLACK = 2.0
"""A car that takes less than it is told counts as told its draw and this [A]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState:
    """What a turn knows of the house."""

    now: float
    """[s, monotonic]"""
    power: float
    """What flows into the house from grid and battery, as this load point sees it [W]."""
    voltage: float
    """Nominal, phase to neutral [V]."""


@dataclass(slots=True)
class LoadPoint:
    """What is remembered of one load."""

    load: Load
    switch: PhaseSwitch = field(default_factory=PhaseSwitch)
    setpoint: float = 0.0
    """What it was told last, in the unit of its levels."""
    draw: float = 0.0
    """Highest leg, as measured [A]."""
    legs_seen: int | None = None
    """On how many legs its car was last seen to draw; None: not since it came."""
    is_charging: bool = False
    timer: float | None = None
    """Since when surplus suffices to start, or lacks to stop [s]; None: neither."""

    @property
    def minimum(self) -> float:
        """Return its lowest level."""
        return levels_of(self.load).lowest

    @property
    def phases(self) -> int:
        """Return on how many phases it draws, or is taken to."""
        most = len(self.load.phases)
        if self.switch.phases is not None:
            most = min(most, self.switch.phases)
        return most if self.legs_seen is None else min(most, self.legs_seen)

    def unit_power(self, voltage: float) -> float:
        """Return the watts of one unit of its setpoint."""
        return voltage * self.phases if self.load.kind is Kind.EV else 1.0

    def present_power(self, voltage: float) -> float:
        """Return what it draws of what it is told [W]."""
        if not self.is_charging:
            return 0.0
        if self.load.kind is Kind.EV:
            return min(self.setpoint, self.draw + _VEHICLE_SLACK) * self.unit_power(voltage)
        return min(self.setpoint, self.draw * voltage * len(self.load.phases))

    def target(self, site: SiteState, present_power: float) -> float:
        """Return what it may have by its mode, before circuits; in the unit of its levels.

        `present_power` is what it drew before its phases were switched in this turn [W].
        """
        levels, mode = levels_of(self.load), self.load.mode
        wanted = (present_power - site.power) / self.unit_power(site.voltage)
        if mode in (Mode.OFF, Mode.STANDARD):
            self.timer = None
            return levels.top if mode is Mode.STANDARD else 0.0
        if mode is Mode.ECO and self.load.kind is not Kind.SWITCH:
            self.timer = None
            return levels.highest(max(levels.lowest, wanted))
        if self.setpoint > 0.0:
            return self._while_on(wanted, site.now)
        return self._while_off(wanted, site.now)

    def _while_on(self, wanted: float, now: float) -> float:
        if wanted >= self._least:
            self.timer = None
            return max(self.minimum, levels_of(self.load).highest(wanted))
        if self._has_lasted(DISABLE_DELAY, now):
            self.timer = None
            return 0.0
        return self.minimum

    def _while_off(self, wanted: float, now: float) -> float:
        if wanted < self._least:
            self.timer = None
            return 0.0
        if self._has_lasted(ENABLE_DELAY, now):
            self.timer = None
            return self.minimum
        return 0.0

    @property
    def _least(self) -> float:
        """Return what must be there to start it, in the unit of its levels."""
        is_eco_switch = self.load.mode is Mode.ECO and self.load.kind is Kind.SWITCH
        return self.minimum * (self.load.eco_share if is_eco_switch else 1.0)

    def _has_lasted(self, delay: float, now: float) -> bool:
        if self.timer is None:
            self.timer = now
        return now - self.timer >= delay
