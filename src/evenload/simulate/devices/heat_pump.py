"""A heat pump: a compressor with a start of its own, pumps that run on, and more heat than it draws.

The start is a recorded one (brine to water, 1 s): 0.13, 1.36, 1.9, 2.0 kW in four seconds, 9 % above
where it settles within the next 20 s; it stops within four. A compressor that has stopped rests before
it starts again, whatever it is told.
"""

from evenload.model.site import Load
from evenload.simulate.devices.moment import Moment
from evenload.simulate.devices.room import RoomHeater
from evenload.simulate.settings import HeatPumpPart

_START = (0.07, 0.745, 1.04, 1.085, 1.093)
"""What it draws in its first seconds, as shares of where it settles."""
_SETTLES = 20
"""How long it then takes to settle [s]."""
_STOP = (0.82, 0.44, 0.11)
"""What it draws in the seconds after it was stopped."""
_LEAST_COP = 1.0


class HeatPump(RoomHeater):
    """The device behind a heat pump."""

    def __init__(self, load: Load, phases: tuple[int, ...], part: HeatPumpPart) -> None:
        """Begin rested and at rest."""
        super().__init__(load, phases, part, part.room)
        self._part = part
        self._holds_power = True
        self._running = False
        self._changed_at = -part.rest - len(_STOP) - part.run_on
        self._level = 0.0

    @property
    def reaction(self) -> float:
        """From a command to nothing drawn but by its pumps [s]."""
        return super().reaction + len(_STOP)

    def advance(self, moment: Moment) -> None:
        """Live through one second."""
        self._obey(moment.second)
        part, second = self._part, moment.second
        wanted = self.told_power if self.room.calling and moment.powered else 0.0
        if (wanted > 0.0) is not self._running:
            self._start_or_stop(second)
        if self._running:
            self._level = wanted
        compressor = self._compressor_power(second - self._changed_at)
        pumping = self._running or second - self._changed_at < part.run_on
        self._draw(moment, max(compressor, part.pumps if pumping else 0.0))
        self.room.warm(compressor * self._cop(moment), moment)

    def _start_or_stop(self, second: int) -> None:
        if self._running:
            self._running, self._changed_at = False, second
        elif second - self._changed_at >= self._part.rest:
            self._running, self._changed_at = True, second

    def _compressor_power(self, seconds: int) -> float:
        """Return what it draws so many seconds after its last start or stop [W]."""
        if not self._running:
            return self._level * _STOP[seconds] if seconds < len(_STOP) else 0.0
        if seconds < len(_START):
            return self._level * _START[seconds]
        settling = max(0.0, 1.0 - (seconds - len(_START)) / _SETTLES)
        return self._level * (1.0 + (_START[-1] - 1.0) * settling)

    def _cop(self, moment: Moment) -> float:
        part = self._part
        return max(_LEAST_COP, part.cop + part.cop_per_kelvin * moment.outdoor_temperature)
