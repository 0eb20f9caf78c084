"""A charger with one car: it obeys after a while, rounds, and reports at its own interval.

A new status is reported at once, measurements every few seconds: what is known of the car is always
a little older than what the grid meter shows. A deaf charger goes on reporting and keeps its limit,
an offline one keeps its limit and is silent.
"""

import math
from collections import deque
from collections.abc import Callable, Mapping

from evenload.model.readings import LoadState
from evenload.model.site import Load
from evenload.model.snapshot import DeviceSnapshot
from evenload.simulate.devices.car import Car
from evenload.simulate.devices.feed import Feed
from evenload.simulate.devices.moment import Moment
from evenload.simulate.settings import CarPart, FaultKind

_NOMINAL_VOLTAGE = 230.0
_DRAWING = 0.5
"""A car that draws less than this does not count as charging [A]."""


class ChargePoint:
    """The device behind a load of kind ev."""

    def __init__(
        self, load: Load, phases: tuple[int, ...], part: CarPart, *, car: Car, twin: Car
    ) -> None:
        """Connect the car, and beside it its twin on paper, which always gets all it could take.

        `phases` gives the index of the site's phase behind each leg of the plug.
        """
        self.load = load
        self.phases = phases
        self.car = car
        self._twin = twin
        self._part = part
        self._limit = part.charger.initial_limit
        self._pending: deque[tuple[int, float]] = deque()
        self._faults: set[FaultKind] = set()
        self._status = LoadState.DISCONNECTED
        self._reported_at = -part.charger.report_interval
        self._snapshot: DeviceSnapshot | None = None
        self._delivered = 0.0
        self._deliverable = 0.0
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

    @property
    def _most_power(self) -> float:
        current = min(self.load.maximum, self._part.max_current)
        return current * self.car.legs_used * _NOMINAL_VOLTAGE

    def advance(self, moment: Moment) -> None:
        """Live through one second."""
        while self._pending and self._pending[0][0] <= moment.second:
            self._limit = self._pending.popleft()[1]
        if not moment.powered:
            self.car.unplug()
        self.car.advance(self._limit if moment.powered else 0.0, moment)
        self._twin.advance(self.load.maximum, moment)
        self._delivered += self.car.power * moment.hours
        self._deliverable += self._twin.power * moment.hours
        self._session_energy += self.car.power / 3600.0
        if not self.car.home:
            self._session_energy = 0.0
        drawing = self.car.power > 0.0
        self._starts += drawing and not self._drawing
        self._drawing = drawing

    def command(self, setpoint: float, second: int) -> None:
        """Take a current limit [A per leg]; below the minimum it pauses."""
        if self._faults & {FaultKind.CHARGER_DEAF, FaultKind.CHARGER_OFFLINE}:
            return
        rounding = self._part.charger.rounding
        if rounding > 0.0:
            setpoint = math.floor(setpoint / rounding + 1e-9) * rounding
        limit = 0.0 if setpoint < self.load.minimum else min(setpoint, self.load.maximum)
        self._pending.append((second + self._part.charger.delay, limit))

    def fail(self, fault: FaultKind, *, active: bool) -> None:
        """Begin or end being deaf or offline."""
        if active:
            self._faults.add(fault)
        else:
            self._faults.discard(fault)
        self._snapshot = None

    def report(self, feed: Feed, second: int) -> None:
        """Report measurements at the interval, and at once when the status is a new one."""
        if FaultKind.CHARGER_OFFLINE in self._faults:
            return
        status = self._present_status()
        due = second - self._reported_at >= self._part.charger.report_interval
        if not due and status is self._status:
            return
        self._status = status
        self._reported_at = second
        self._snapshot = None
        name = self.load.id
        for leg, current in zip(self.load.phases, self.car.draws, strict=True):
            feed.number(f"{name}.current.{leg}", round(current, 1))
        feed.number(f"{name}.power", float(round(self.car.power)))
        feed.number(f"{name}.setpoint", self._limit)
        feed.number(f"{name}.soc", round(self.car.soc, 1))
        feed.number(f"{name}.energy", float(round(self._session_energy)))
        feed.number(f"{name}.starts", self._starts)
        feed.state(f"{name}.status", status.value)

    def snapshot(self, feed: Feed) -> DeviceSnapshot:
        """Return what anyone outside knows of it."""
        if self._snapshot is None:
            name, samples = self.load.id, feed.samples
            self._snapshot = DeviceSnapshot(
                state=self._status,
                available=FaultKind.CHARGER_OFFLINE not in self._faults,
                current={
                    leg: samples[key]
                    for leg in self.load.phases
                    if (key := f"{name}.current.{leg}") in samples
                },
                power=samples.get(f"{name}.power"),
                setpoint=samples.get(f"{name}.setpoint"),
            )
        return self._snapshot

    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Return the car's state of charge."""
        return {"soc": lambda: self.car.soc}

    def outcome(self) -> dict[str, float]:
        """Return the share that the car got of what it could have taken, and its last SoC."""
        served = self._delivered / self._deliverable if self._deliverable > 0.0 else 1.0
        return {"served": served, "soc": self.car.soc}

    def _present_status(self) -> LoadState:
        if not self.car.home:
            return LoadState.DISCONNECTED
        if self.car.full:
            return LoadState.FINISHED
        if max(self.car.draws) >= _DRAWING:
            return LoadState.CHARGING
        return LoadState.CONNECTED
