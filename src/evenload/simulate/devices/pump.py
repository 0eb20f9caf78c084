"""A pump: a motor with its inrush, which should run for so long each day."""

from evenload.model.site import Load
from evenload.simulate.devices.element import Element
from evenload.simulate.devices.moment import Moment
from evenload.simulate.settings import PumpPart

_DAY = 86400.0


class Pump(Element):
    """The device behind a pump."""

    def __init__(self, load: Load, phases: tuple[int, ...], part: PumpPart) -> None:
        """`phases` gives the index of the site's phase behind each leg."""
        super().__init__(load, phases, part)
        self._part = part
        self._today = 0.0
        self._day: float = -1.0
        self._wanted = 0.0
        self._had = 0.0

    @property
    def appetite(self) -> float:
        """The most it would take now: nothing once it has run for long enough today [W]."""
        return self._most_power if self._today < self._part.daily_runtime else 0.0

    def advance(self, moment: Moment) -> None:
        """Live through one second."""
        self._obey(moment.second)
        starting = self.power <= 0.0 < self.told_power
        self._draw(moment, self.told_power * (self._part.inrush if starting else 1.0))
        day = moment.environment // _DAY
        if day != self._day:
            self._day, self._today = day, 0.0
        part, lived = self._part, moment.hours * 3600.0
        self._wanted += lived * part.daily_runtime / _DAY
        if self.power > 0.0:
            self._had += min(lived, max(0.0, part.daily_runtime - self._today))
            self._today += lived

    def outcome(self) -> dict[str, float]:
        """Return the share of the wanted runtime that it had, more than a day's on one day not counted."""
        return {"served": min(1.0, self._had / self._wanted) if self._wanted > 0.0 else 1.0}
