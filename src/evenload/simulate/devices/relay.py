"""Loads behind a relay: a plain heater, and a hot-water tank.

The tank is one body of water: C dT/dt = P - UA (T - T_ambient) - draws, with C = 1.163 Wh/(l K). Its
own thermostat stays in charge behind the relay: water is never heated beyond it.
"""

from collections import deque
from collections.abc import Callable, Mapping
from random import Random

from evenload.model.decision import Command
from evenload.model.readings import LoadState
from evenload.model.site import Load
from evenload.model.snapshot import DeviceSnapshot
from evenload.simulate.devices.feed import Feed
from evenload.simulate.devices.moment import Moment
from evenload.simulate.settings import FaultKind, HeaterPart, TankPart

_NOMINAL_VOLTAGE = 230.0
_WATER = 1.163
"""Heat that a litre of water holds per kelvin [Wh/(l K)]."""
_DAY = 86400
_MINUTES = 1440
_RELAY_FAULTS = frozenset({FaultKind.RELAY_STUCK, FaultKind.RELAY_OFFLINE})


class Heater:
    """The device behind a switch load: it draws its rated power, as the voltage has it, when on."""

    def __init__(self, load: Load, phases: tuple[int, ...], part: HeaterPart | TankPart) -> None:
        """`phases` gives the index of the site's phase behind each leg."""
        self.load = load
        self.phases = phases
        self.draws = [0.0] * len(phases)
        self.power = 0.0
        self.on = False
        self._delay = part.delay
        self._interval = part.report_interval
        self._conductance = load.levels[-1] / len(phases) / _NOMINAL_VOLTAGE**2
        self._pending: deque[tuple[int, bool]] = deque()
        self._faults: set[FaultKind] = set()
        self._reported: tuple[bool, bool] | None = None
        self._reported_at = 0
        self._snapshot: DeviceSnapshot | None = None

    @property
    def appetite(self) -> float:
        """The most it would take now [W]."""
        return self.load.levels[-1]

    @property
    def reaction(self) -> float:
        """From a command to nothing drawn [s]."""
        return float(self._delay)

    def advance(self, moment: Moment) -> None:
        """Live through one second."""
        while self._pending and self._pending[0][0] <= moment.second:
            self.on = self._pending.popleft()[1]
        self._draw(moment, drawing=self.on)

    def command(self, command: Command, second: int) -> None:
        """Switch on for any power above 0, else off."""
        if not self._faults:
            self._pending.append((second + self._delay, command.setpoint > 0.0))

    def fail(self, fault: FaultKind, *, active: bool) -> None:
        """Begin or end being stuck or offline."""
        self._snapshot = None
        if fault not in _RELAY_FAULTS:
            return
        if active:
            self._faults.add(fault)
        else:
            self._faults.discard(fault)

    def report(self, feed: Feed, second: int) -> None:
        """Report at the interval, and at once when it switches or begins or ends to draw."""
        if FaultKind.RELAY_OFFLINE in self._faults:
            return
        now = (self.on, self.power > 0.0)
        if now == self._reported and second - self._reported_at < self._interval:
            return
        self._reported, self._reported_at, self._snapshot = now, second, None
        feed.state(f"{self.load.id}.on", self.on)
        feed.number(f"{self.load.id}.power", float(round(self.power)))

    def snapshot(self, feed: Feed) -> DeviceSnapshot:
        """Return what anyone outside knows of it."""
        if self._snapshot is None:
            on = feed.values.get(f"{self.load.id}.on") is True
            power = feed.samples.get(f"{self.load.id}.power")
            self._snapshot = DeviceSnapshot(
                state=LoadState.ON if on else LoadState.OFF,
                available=power is not None and FaultKind.RELAY_OFFLINE not in self._faults,
                power=power,
            )
        return self._snapshot

    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Return nothing beyond its power."""
        return {}

    def outcome(self) -> dict[str, float]:
        """Return nothing beyond its energy."""
        return {}

    def _draw(self, moment: Moment, *, drawing: bool) -> None:
        if not (drawing and moment.powered):
            self.power = 0.0
            self.draws[:] = [0.0] * len(self.draws)
            return
        power = 0.0
        for leg, phase in enumerate(self.phases):
            voltage = moment.voltages[phase]
            current = self._conductance * voltage
            self.draws[leg] = current
            power += current * voltage
        self.power = power


class Tank(Heater):
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
        self.temperature = part.temperature
        """Of the water [degC]."""
        self._coldest = part.temperature
        self._discomfort = 0.0

    @property
    def appetite(self) -> float:
        """The most it would take now: nothing while its own thermostat is open [W]."""
        return self.load.levels[-1] if self._calling else 0.0

    def advance(self, moment: Moment) -> None:
        """Live through one second."""
        while self._pending and self._pending[0][0] <= moment.second:
            self.on = self._pending.popleft()[1]
        part = self._part
        if self.temperature >= part.thermostat:
            self._calling = False
        elif self.temperature <= part.thermostat - part.hysteresis:
            self._calling = True
        self._draw(moment, drawing=self.on and self._calling)
        self._warm(moment)

    def report(self, feed: Feed, second: int) -> None:
        """Report the temperature too."""
        super().report(feed, second)
        if self._reported_at == second:
            feed.number(f"{self.load.id}.temperature", round(self.temperature, 1))

    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Return the water's temperature."""
        return {"temperature": lambda: self.temperature}

    def outcome(self) -> dict[str, float]:
        """Return how much colder than comfortable it was, and the coldest it was."""
        return {"comfort_kelvin_hours": self._discomfort, "coldest": self._coldest}

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
