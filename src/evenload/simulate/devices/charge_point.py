"""One plug of a charger with one car: it obeys after a while, and reports in its own way.

A new status is reported at once, measurements every few seconds or when they change: what is known of
the car is always a little older than what the grid meter shows. A deaf charger goes on reporting and
keeps its limit, an offline one keeps its limit and is silent, one that reboots is off and then carries
its default. Every charger falls back by itself when a lease ends, if it can do that at all.
"""

from collections import deque
from collections.abc import Callable, Mapping

from evenload.model.decision import Command
from evenload.model.readings import LoadState
from evenload.model.site import Load
from evenload.model.snapshot import DeviceSnapshot
from evenload.simulate.devices.car import Car, Twin
from evenload.simulate.devices.feed import Feed
from evenload.simulate.devices.limit import ChargerLimit
from evenload.simulate.devices.moment import Moment
from evenload.simulate.settings import CarPart, FaultKind

_NOMINAL_VOLTAGE = 230.0
_DRAWING = 0.5
"""A car that draws less than this does not count as charging [A]."""
_TWIN_STEP = 10
"""What could have been is reckoned this often [s]."""
_SILENT = frozenset({FaultKind.CHARGER_OFFLINE, FaultKind.CHARGER_REBOOT})


class ChargePoint:
    """The device behind a load of kind ev."""

    comfort: tuple[float, float] | None = None

    def __init__(
        self, load: Load, phases: tuple[int, ...], part: CarPart, *, car: Car, twin: Twin
    ) -> None:
        """Connect the car, and beside it its twin on paper, which always gets all it could take.

        `phases` gives the index of the site's phase behind each leg of the plug.
        """
        self.load = load
        self.phases = phases
        self.car = car
        self.limit = ChargerLimit(load, part.charger)
        self.cap = load.maximum
        """What the station's other plugs leave [A per leg]."""
        self._twin = twin
        self._part = part
        self._status = LoadState.DISCONNECTED
        self._reported_at = -part.charger.report_interval
        self._reported_draws = list(car.draws)
        self._past: deque[tuple[list[float], float]] = deque(maxlen=part.charger.report_lag + 1)
        self._snapshot: DeviceSnapshot | None = None
        self._delivered = 0.0
        current = min(load.maximum, part.max_current)
        self._most_power = current * car.legs_used * _NOMINAL_VOLTAGE
        self._session_energy = 0.0
        self._starts = 0
        self._drawing = False

    @property
    def draws(self) -> list[float]:
        """Current of each leg [A]."""
        return self.car.draws

    @property
    def power(self) -> float:
        """Over all legs [W]."""
        return self.car.power

    @property
    def appetite(self) -> float:
        """The most the car would take now [W]."""
        if not self.car.home or self.car.full:
            return 0.0
        return self._most_power

    @property
    def reaction(self) -> float:
        """From a command to the last ampere of a cut [s]."""
        part = self._part
        return part.charger.delay + part.response + part.max_current / part.ramp_down

    def advance(self, moment: Moment) -> None:
        """Live through one second."""
        car, limit = self.car, self.limit
        given = limit.phases
        offered = limit.offer(moment.second)
        if limit.phases != given:
            car.give(limit.phases)
        if moment.powered:
            car.advance(min(offered, self.cap), moment)
        else:
            car.unplug()
            car.advance(0.0, moment)
        if moment.second % _TWIN_STEP == 0:
            self._twin.advance(_TWIN_STEP * moment.hours, moment)
        self._delivered += car.power * moment.hours
        self._session_energy = self._session_energy + car.power / 3600.0 if car.home else 0.0
        drawing = car.power > 0.0
        self._starts += drawing and not self._drawing
        self._drawing = drawing

    def command(self, command: Command, second: int) -> None:
        """Take a current limit [A per leg], and how many legs to give; below the minimum it pauses."""
        self.limit.command(command, second)

    @property
    def is_reachable(self) -> bool:
        """Whether it takes commands."""
        return self.limit.is_reachable

    def fail(self, fault: FaultKind, *, active: bool) -> None:
        """Begin or end being deaf, offline, rebooting, or rounding wrongly."""
        self.limit.fail(fault, active=active)
        self._snapshot = None

    def report(self, feed: Feed, second: int) -> None:
        """Report measurements when they are due, and at once when the status is a new one."""
        part, car = self._part.charger, self.car
        if part.report_lag > 0:
            self._past.append((car.draws.copy(), car.power))
        status = self._present_status()
        if status is self._status and second - self._reported_at < part.report_interval:
            return
        if self.limit.faults & _SILENT:
            return
        draws, power = self._past[0] if self._past else (car.draws, car.power)
        known = f"{self.load.id}.power" in feed.samples
        if known and status is self._status and not self._is_news(draws):
            return
        self._status, self._reported_at, self._snapshot = status, second, None
        self._reported_draws = list(draws)
        self._send(feed, draws, power)

    def snapshot(self, feed: Feed) -> DeviceSnapshot:
        """Return what anyone outside knows of it."""
        if self._snapshot is None:
            name, samples = self.load.id, feed.samples
            self._snapshot = DeviceSnapshot(
                state=self._status,
                available=f"{name}.power" in samples and not self.limit.faults & _SILENT,
                current={
                    leg: samples[key]
                    for leg in self.load.phases
                    if (key := f"{name}.current.{leg}") in samples
                },
                power=samples.get(f"{name}.power"),
                setpoint=samples.get(f"{name}.setpoint"),
                phases=samples.get(f"{name}.phases"),
            )
        return self._snapshot

    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Return the car's state of charge."""
        return {"soc": lambda: self.car.soc}

    def outcome(self) -> dict[str, float]:
        """Return the share that the car got of what it could have taken, and its last SoC."""
        possible = self._twin.energy
        served = self._delivered / possible if possible > 0.0 else 1.0
        switches = {"switches": self.limit.switches} if self._part.charger.switches_phases else {}
        return {"served": served, "soc": self.car.soc} | switches

    def _is_news(self, draws: list[float]) -> bool:
        """Return whether a report that is due is worth sending."""
        least = self._part.charger.report_change
        return least is None or any(
            abs(draw - last) > least for draw, last in zip(draws, self._reported_draws, strict=True)
        )

    def _send(self, feed: Feed, draws: list[float], power: float) -> None:
        name, part = self.load.id, self._part.charger
        if part.reports_legs:
            for leg, current in zip(self.load.phases, draws, strict=True):
                feed.number(f"{name}.current.{leg}", round(current, 1))
        feed.number(f"{name}.power", float(round(power)))
        feed.number(f"{name}.setpoint", self.limit.current)
        if part.switches_phases:
            feed.number(f"{name}.phases", float(self.limit.phases))
        feed.number(f"{name}.soc", round(self.car.soc, 1))
        feed.number(f"{name}.energy", float(round(self._session_energy)))
        feed.number(f"{name}.starts", self._starts)
        feed.state(f"{name}.status", self._status.value)

    def _present_status(self) -> LoadState:
        car = self.car
        if not car.home:
            return LoadState.DISCONNECTED
        if car.full:
            return LoadState.FINISHED
        if car.power > 0.0 and max(car.draws) >= _DRAWING:
            return LoadState.CHARGING
        if car.is_offered_enough and (car.asleep or car.refuses):
            return LoadState.SUSPENDED
        return LoadState.CONNECTED
