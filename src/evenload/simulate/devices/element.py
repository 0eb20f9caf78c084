"""Loads behind a relay or a power controller: a plain heater, and what all such loads share.

A switch or a stepped load draws as the voltage has it, one of kind power holds what it was told.
"""

from collections import deque
from collections.abc import Callable, Mapping

from evenload.model.decision import Command
from evenload.model.readings import LoadState
from evenload.model.site import Kind, Load
from evenload.model.snapshot import DeviceSnapshot
from evenload.simulate.devices.feed import Feed
from evenload.simulate.devices.moment import Moment
from evenload.simulate.settings import ElementPart, FaultKind

_NOMINAL_VOLTAGE = 230.0
_RELAY_FAULTS = frozenset({FaultKind.RELAY_STUCK, FaultKind.RELAY_OFFLINE})


class Element:
    """The device behind a switch, stepped or power load: it draws what it is told."""

    comfort: tuple[float, float] | None = None
    """Between which temperatures nobody complains [degC]; None: it has none."""

    def __init__(self, load: Load, phases: tuple[int, ...], part: ElementPart) -> None:
        """`phases` gives the index of the site's phase behind each leg."""
        self.load = load
        self.phases = phases
        self.draws = [0.0] * len(phases)
        self.power = 0.0
        self.told_power = 0.0
        """What its relay or controller lets it draw [W]."""
        self._delay = part.delay
        self._ramp = part.ramp
        self._interval = part.report_interval
        self._holds_power = load.kind is Kind.POWER
        """Whether it draws a power whatever the voltage."""
        self._most_power = load.maximum if load.kind is Kind.POWER else load.levels[-1]
        self._pending: deque[tuple[int, float]] = deque()
        self._off_at: float | None = None
        """When it switches itself off, unless it is told again [s]; None: never."""
        self._faults: set[FaultKind] = set()
        self._reported: tuple[float, bool] | None = None
        self._reported_at = 0
        self._snapshot: DeviceSnapshot | None = None

    @property
    def appetite(self) -> float:
        """The most it would take now [W]."""
        return self._most_power

    @property
    def reaction(self) -> float:
        """From a command to nothing drawn [s]."""
        falls = 0.0 if self._ramp is None else self._most_power / self._ramp
        return self._delay + falls

    @property
    def is_reachable(self) -> bool:
        """Whether it takes commands."""
        return not self._faults

    def advance(self, moment: Moment) -> None:
        """Live through one second."""
        self._obey(moment.second)
        self._draw(moment, self.told_power)

    def command(self, command: Command, second: int) -> None:
        """Take a power; a switch is on for anything above 0, a stepped load takes a level."""
        if not self._faults:
            self._pending.append((second + self._delay, self._level_of(command.setpoint)))
            self._off_at = None if command.lease is None else second + self._delay + command.lease

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
        now = (self.told_power, self.power > 0.0)
        if now == self._reported and second - self._reported_at < self._interval:
            return
        if FaultKind.RELAY_OFFLINE in self._faults:
            return
        self._reported, self._reported_at, self._snapshot = now, second, None
        self._send(feed)

    def snapshot(self, feed: Feed) -> DeviceSnapshot:
        """Return what anyone outside knows of it."""
        if self._snapshot is None:
            name, samples = self.load.id, feed.samples
            on = feed.values.get(f"{name}.on") is True
            power = samples.get(f"{name}.power")
            self._snapshot = DeviceSnapshot(
                state=LoadState.ON if on else LoadState.OFF,
                available=power is not None and FaultKind.RELAY_OFFLINE not in self._faults,
                power=power,
                temperature=samples.get(f"{name}.temperature"),
                setpoint=samples.get(f"{name}.setpoint"),
            )
        return self._snapshot

    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Return nothing beyond its power."""
        return {}

    def outcome(self) -> dict[str, float]:
        """Return nothing beyond its energy."""
        return {}

    def _send(self, feed: Feed) -> None:
        name = self.load.id
        feed.state(f"{name}.on", self.told_power > 0.0)
        feed.number(f"{name}.power", float(round(self.power)))
        if self.load.kind is not Kind.SWITCH:
            feed.number(f"{name}.setpoint", self.told_power)

    def _level_of(self, setpoint: float) -> float:
        """Return the power that a setpoint means to it [W]."""
        load = self.load
        if load.kind is Kind.POWER:
            return 0.0 if setpoint < load.minimum else min(setpoint, load.maximum)
        if load.kind is Kind.SWITCH:
            return self._most_power if setpoint > 0.0 else 0.0
        return max((level for level in load.levels if level <= setpoint), default=0.0)

    def _obey(self, second: int) -> None:
        while self._pending and self._pending[0][0] <= second:
            self.told_power = self._pending.popleft()[1]
        if self._off_at is not None and second >= self._off_at:
            self._off_at = None
            if FaultKind.RELAY_STUCK not in self._faults:
                self.told_power = 0.0

    def _draw(self, moment: Moment, wanted: float) -> None:
        """Draw a power [W]: held where it is controlled, as the voltage has it behind a relay."""
        if not moment.powered:
            wanted = 0.0
        elif self._ramp is not None:
            wanted = max(self.power - self._ramp, min(wanted, self.power + self._ramp))
        if wanted <= 0.0:
            if self.power > 0.0:
                self.draws[:] = [0.0] * len(self.draws)
            self.power = 0.0
            return
        share = wanted / len(self.phases)
        power = 0.0
        for leg, phase in enumerate(self.phases):
            voltage = moment.voltages[phase]
            held = share / voltage
            current = held if self._holds_power else share * voltage / _NOMINAL_VOLTAGE**2
            self.draws[leg] = current
            power += current * voltage
        self.power = power
