"""A scripted house for conversations with the controller along a simulated clock.

The test sets what the house does (`rig.house["A"] = 9.0`) and lets seconds pass (`rig.run(30)`).
Cars and switches follow what they are told, after a delay and along a ramp; the meter reports at its
interval what flowed a lag ago. The controller runs with every report and at least every 2 s.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from evenload.controller import ControllerState, step
from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings
from evenload.model.decision import Decision, LoadDecision
from evenload.model.readings import LoadState
from evenload.model.site import (
    Charger,
    Circuit,
    Kind,
    Leg,
    Load,
    Mode,
    Phase,
    Site,
)
from evenload.model.snapshot import DeviceSnapshot, Sample, Snapshot

VOLTAGE = 230.0
FAR = 1e9


@dataclass
class Device:
    """A car at a charger, or a switch, that does what it is told unless the test says otherwise."""

    kind: Kind
    legs: tuple[Leg, ...]
    state: LoadState = LoadState.CONNECTED
    told: float = 0.0
    """What it carries now, in the unit of the load's levels."""
    takes: float = FAR
    """The car's own maximum [A per leg]."""
    power: float = 0.0
    """Of a switch [W]."""
    delay: float = 1.0
    ramp: float = 4.0
    """[A/s]"""
    is_deaf: bool = False
    is_available: bool = True
    reports_draw: bool = True
    report_interval: float = 1.0
    phases: int | None = None
    """How many phases its charger gives now; None: it cannot switch."""
    switch_pause: float = 10.0
    """How long the car stands still while its charger switches [s]."""
    switching: tuple[float, int] | None = None
    """When a switch will be over, and to how many phases."""
    reports_status_at_once: bool = False
    """Whether a car that begins or ends to draw is reported between two intervals, too."""
    current: float = 0.0
    orders: deque[tuple[float, float]] = field(default_factory=deque)
    reported: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Time, current, setpoint of its last report."""

    def order(self, at: float, setpoint: float, phases: int | None = None) -> None:
        if self.is_deaf:
            return
        self.orders.append((at + self.delay, setpoint))
        given = self.phases if self.switching is None else self.switching[1]
        if self.phases is not None and phases is not None and phases != given:
            self.switching = (at + self.delay + self.switch_pause, phases)

    def _switch(self, now: float) -> None:
        if self.switching is not None and now >= self.switching[0]:
            self.phases = self.switching[1]
            self.switching = None

    @property
    def live_legs(self) -> tuple[Leg, ...]:
        """The legs that the charger gives."""
        return self.legs if self.phases is None else self.legs[: self.phases]

    def advance(self, now: float) -> None:
        before = self.state
        while self.orders and self.orders[0][0] <= now:
            self.told = self.orders.popleft()[1]
        self._switch(now)
        target = 0.0
        if self.switching is None and self.state not in (
            LoadState.DISCONNECTED,
            LoadState.FAULTED,
            LoadState.FINISHED,
        ):
            target = self.told if self.kind is Kind.EV else self.told / VOLTAGE / len(self.legs)
            target = min(target, self.takes)
        if self.kind is Kind.EV:
            self.current += min(max(target - self.current, -self.ramp), self.ramp)
            if self.state in (LoadState.CONNECTED, LoadState.CHARGING):
                self.state = LoadState.CHARGING if self.current > 0.0 else LoadState.CONNECTED
        else:
            self.current = target
            self.state = LoadState.ON if self.told > 0.0 else LoadState.OFF
        is_status = self.reports_status_at_once and self.state is not before
        if is_status or now >= self.reported[0] + self.report_interval:
            self.reported = (now, self.current, self.told)

    def snapshot(self) -> DeviceSnapshot:
        at, current, told = self.reported
        live = self.live_legs
        currents = {leg: Sample(current if leg in live else 0.0, at) for leg in self.legs}
        return DeviceSnapshot(
            state=self.state,
            available=self.is_available,
            current=currents if self.reports_draw else {},
            setpoint=Sample(told, at),
            phases=None if self.phases is None else Sample(float(self.phases), at),
        )


class Rig:
    """The house, its devices, its meter, and the controller under test."""

    def __init__(
        self,
        site: Site,
        settings: ControlSettings | None = None,
        *,
        interval: float = 1.0,
        lag: float = 1.0,
        state: ControllerState | None = None,
        start: float = 1000.0,
    ) -> None:
        self.site = site
        self.settings = settings or ControlSettings()
        self.now = start
        self.interval = interval
        self.lag = lag
        self.house = dict.fromkeys(site.phases, 0.0)
        self.solar = 0.0
        """[W] on phase A."""
        self.battery: tuple[float, float] | None = None
        """State of charge [%] and power [W]."""
        self.is_silent = False
        self.is_frozen = False
        self.garble: Callable[[dict[Phase, float]], dict[Phase, float]] = lambda currents: currents
        self.devices = {
            load.id: Device(
                kind=load.kind,
                legs=load.legs or tuple(load.phases),
                state=LoadState.CONNECTED if load.kind is Kind.EV else LoadState.OFF,
                power=load.levels[-1] if load.levels else 0.0,
            )
            for load in site.all_loads
        }
        self.state = state or ControllerState.initial(start)
        self.meter: dict[Phase, Sample] = {}
        self.reports: deque[dict[Phase, Sample]] = deque(maxlen=60)
        self.flows: deque[dict[Phase, float]] = deque(maxlen=60)
        self.decision: Decision | None = None
        self.log: list[tuple[float, Decision]] = []
        self.solar_sensor = True
        self.alter: Callable[[Snapshot], Snapshot] = lambda snapshot: snapshot
        """The test's last word on what the controller sees."""
        self.ran_at = start - FAR

    def flow(self) -> dict[Phase, float]:
        """Return what flows through the main fuse now [A]."""
        total = dict(self.house)
        total[Phase.A] -= self.solar / VOLTAGE
        if self.battery is not None:
            total[Phase.A] -= self.battery[1] / VOLTAGE
        for load in self.site.all_loads:
            device = self.devices[load.id]
            for leg in device.live_legs:
                total[load.phases[leg]] += device.current
        return total

    def snapshot(self) -> Snapshot:
        sample = Sample(self.solar, self.now) if self.solar_sensor else None
        soc = power = None
        if self.battery is not None:
            soc, power = (Sample(value, self.now) for value in self.battery)
        snapshot = Snapshot(
            site=self.site,
            settings=self.settings,
            grid=self.meter,
            solar=sample,
            battery_soc=soc,
            battery_power=power,
            devices={name: device.snapshot() for name, device in self.devices.items()},
        )
        return self.alter(snapshot)

    def tick(self) -> None:
        """Let one second pass."""
        self.now += 1.0
        for device in self.devices.values():
            device.advance(self.now)
        self.flows.append(self.flow())
        is_new = self._report()
        if is_new or self.now - self.ran_at >= 2.0:
            self.run_controller()

    def _report(self) -> bool:
        due = self.now % self.interval == 0.0
        if self.is_silent or not due:
            return False
        back = min(len(self.flows), int(self.lag) + 1)
        currents = self.garble(dict(self.flows[-back]))
        if self.is_frozen and self.meter:
            currents = {phase: sample.value for phase, sample in self.meter.items()}
        self.meter = {phase: Sample(value, self.now) for phase, value in currents.items()}
        self.reports.append(self.meter)
        return True

    def run_controller(self) -> Decision:
        self.ran_at = self.now
        self.state, self.decision = step(self.state, self.snapshot(), self.now)
        self.log.append((self.now, self.decision))
        for command in self.decision.commands:
            self.devices[command.load].order(self.now, command.setpoint, command.phases)
        return self.decision

    def run(self, seconds: float) -> Decision:
        """Let seconds pass; return the last decision."""
        end = self.now + seconds
        while self.now < end:
            self.tick()
        assert self.decision is not None
        return self.decision

    def until(self, condition: Callable[[], bool], *, within: float) -> float:
        """Let time pass until `condition`; return how long that took."""
        start = self.now
        if self.decision is None:
            self.tick()
        while not condition():
            assert self.now - start < within, f"not within {within} s: {self.decision}"
            self.tick()
        return self.now - start

    def of(self, load: str) -> LoadDecision:
        assert self.decision is not None
        return self.decision.loads[load]

    def setpoint(self, load: str) -> float:
        return self.of(load).setpoint

    def reason(self, load: str) -> Reason:
        return self.of(load).reason

    def set_mode(self, load: str, mode: Mode) -> None:
        """As a person does: the next snapshot has a new site."""
        self.site = replace(
            self.site,
            chargers=tuple(
                replace(charger, plugs=tuple(_with(plug, load, mode) for plug in charger.plugs))
                for charger in self.site.chargers
            ),
            loads=tuple(_with(one, load, mode) for one in self.site.loads),
        )

    def commands(self, load: str) -> list[tuple[float, float]]:
        """Return the times and setpoints that a load was commanded so far."""
        return [
            (at, command.setpoint)
            for at, decision in self.log
            for command in decision.commands
            if command.load == load
        ]


def _with(one: Load, identifier: str, mode: Mode) -> Load:
    return replace(one, mode=mode) if one.id == identifier else one


L1A = {Leg.L1: Phase.A}
ALL_LEGS = {Leg.L1: Phase.A, Leg.L2: Phase.B, Leg.L3: Phase.C}


def car(
    identifier: str = "car",
    *,
    mode: Mode = Mode.STANDARD,
    priority: int = 1,
    maximum: float = 16.0,
    phases: dict[Leg, Phase] | None = None,
    circuit: str = "main",
) -> Load:
    return Load(
        id=identifier,
        kind=Kind.EV,
        phases=phases or L1A,
        circuit=circuit,
        mode=mode,
        priority=priority,
        minimum=6.0,
        maximum=maximum,
    )


def boiler(
    identifier: str = "boiler",
    *,
    mode: Mode = Mode.SOLAR,
    priority: int = 1,
    power: float = 2300.0,
    circuit: str = "main",
) -> Load:
    return Load(
        id=identifier,
        kind=Kind.SWITCH,
        phases=L1A,
        circuit=circuit,
        mode=mode,
        priority=priority,
        levels=(power,),
    )


def site(*loads: Load, fuse: float = 25.0, phases: tuple[Phase, ...] = (Phase.A,), **more) -> Site:
    return Site(fuse=dict.fromkeys(phases, fuse), phases=phases, loads=loads, **more)


__all__ = [
    "ALL_LEGS", "L1A", "VOLTAGE", "Charger", "Circuit", "Device", "Rig", "boiler", "car", "site",
]  # fmt: skip
