"""A hot-water tank.

The tank is one body of water: C dT/dt = P - UA (T - T_ambient) - draws, with C = 1.163 Wh/(l K). Its
own thermostat stays in charge behind the relay: water is never heated beyond it.
"""

from collections.abc import Callable, Mapping
from random import Random

from evenload.model.site import Load
from evenload.simulate.devices.element import Element
from evenload.simulate.devices.feed import Feed
from evenload.simulate.devices.moment import Moment
from evenload.simulate.settings import TankPart

_WATER = 1.163
"""Heat that a litre of water holds per kelvin [Wh/(l K)]."""
_DAY = 86400
_MINUTES = 1440


class Tank(Element):
    """The device behind a hot-water tank."""

    def __init__(self, load: Load, phases: tuple[int, ...], part: TankPart, chance: Random) -> None:
        """Begin with a closed thermostat where the water is cold enough."""
        super().__init__(load, phases, part)
        self._part = part
        self._chance = chance
        self._capacity = part.volume * _WATER
        self._calling = part.temperature < part.thermostat
        self._flows: list[float] = []
        self._day = -1
        self.comfort = (part.comfort, part.thermostat)
        self.temperature = part.temperature
        """Of the water [degC]."""
        self._coldest = part.temperature
        self._discomfort = 0.0

    @property
    def appetite(self) -> float:
        """The most it would take now: nothing while its own thermostat is open [W]."""
        return self._most_power if self._calling else 0.0

    def advance(self, moment: Moment) -> None:
        """Live through one second."""
        self._obey(moment.second)
        part = self._part
        if self.temperature >= part.thermostat:
            self._calling = False
        elif self.temperature <= part.thermostat - part.hysteresis:
            self._calling = True
        self._draw(moment, self.told_power if self._calling else 0.0)
        self._warm(moment)

    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Return the water's temperature."""
        return {"temperature": lambda: self.temperature}

    def outcome(self) -> dict[str, float]:
        """Return how much colder than comfortable it was, and the coldest it was."""
        return {"comfort_kelvin_hours": self._discomfort, "coldest": self._coldest}

    def _send(self, feed: Feed) -> None:
        super()._send(feed)
        feed.number(f"{self.load.id}.temperature", round(self.temperature, 1))

    def _warm(self, moment: Moment) -> None:
        """Take one second's heat, losses and draws."""
        part, hours = self._part, moment.hours
        day, second = divmod(moment.environment, _DAY)
        if day != self._day:
            self._day = int(day)
            self._flows = draws_of_day(part.daily_draw, self._chance)
        drawn = self._flows[int(second) // 60] * 60.0 * hours
        heat = (self.power - part.loss * (self.temperature - part.ambient)) * hours
        cold = min(1.0, drawn / part.volume) * (self.temperature - part.inlet)
        self.temperature += heat / self._capacity - cold
        self._coldest = min(self._coldest, self.temperature)
        self._discomfort += max(0.0, part.comfort - self.temperature) * hours


def draws_of_day(litres: float, chance: Random) -> list[float]:
    """Return the hot water drawn in each minute of a day [l/min]: showers and taps.

    Two thirds go into showers of about 6 minutes in the morning and evening, the rest through taps.
    """
    flows = [0.0] * _MINUTES
    for _ in range(4):
        hour = chance.choice((6.5, 7.2, 19.5, 21.0))
        start = int(chance.gauss(hour * 60, 25))
        for minute in range(start, start + 6):
            flows[minute % _MINUTES] += litres * (2 / 3) / 24 * chance.uniform(0.7, 1.3)
    for _ in range(12):
        minute = int(chance.uniform(6.5, 22.5) * 60)
        flows[minute] += litres / 3 / 12 * chance.uniform(0.4, 1.6)
    return flows
