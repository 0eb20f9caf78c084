"""A small house for the estimator: loads that step, a meter that is late, everything by the second."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from evenload.detect import DetectorState, Observation, Verdicts, step
from evenload.detect.nouns import LoadReport
from evenload.model.site import Leg, Phase

PHASES = tuple(Phase)
A, B, C = PHASES
L1, L2, L3 = tuple(Leg)
CAR = "car"


@dataclass
class House:
    """One load with legs on phases of a meter."""

    wiring: Mapping[Leg, Phase | None]
    """Where each leg really is; None: behind another meter."""
    turned: tuple[Phase, ...] = ()
    lag: int = 3
    interval: int = 2
    report_interval: int = 2
    factor: float = 1.0
    base: Callable[[int], tuple[float, float, float]] = lambda _: (3.0, 4.0, 5.0)
    battery: Callable[[int], float] = lambda _: 0.0
    second: int = 0
    draws: dict[Leg, float] = field(default_factory=dict)
    state: DetectorState = field(default_factory=DetectorState)
    verdicts: Verdicts = field(default_factory=Verdicts)
    flows: list[tuple[float, ...]] = field(default_factory=list)
    orders: dict[str, float] = field(default_factory=dict)
    row: tuple[float, ...] | None = None
    row_at: float = 0.0
    report: LoadReport | None = None

    def observe(self) -> Observation:
        return Observation(
            phases=PHASES,
            legs={CAR: tuple(self.wiring)},
            meter=self.row,
            meter_at=self.row_at,
            reports={} if self.report is None else {CAR: self.report},
            orders=self.orders,
            battery_current=self.battery(self.second),
        )

    def live(self) -> None:
        """Live through one second, up to what is reported."""
        self.second += 1
        flows = list(self.base(self.second))
        for leg, phase in self.wiring.items():
            if phase is not None:
                flows[PHASES.index(phase)] += self.draws.get(leg, 0.0)
        signs = [-1.0 if phase in self.turned else 1.0 for phase in PHASES]
        self.flows.append(tuple(flow * sign for flow, sign in zip(flows, signs, strict=True)))
        if self.second % self.interval == 0:
            late = self.flows[max(0, len(self.flows) - 1 - self.lag)]
            self.row = tuple(round(flow, 2) * self.factor for flow in late)
            self.row_at = float(self.second)
        if self.second % self.report_interval == 0:
            currents = tuple(self.draws.get(leg, 0.0) for leg in self.wiring)
            self.report = LoadReport(at=float(self.second), currents=currents)

    def run(self, seconds: int) -> None:
        for _ in range(seconds):
            self.live()
            self.state, self.verdicts = step(self.state, self.observe(), float(self.second))
            self.orders = {}

    def draw(self, current: float, *legs: Leg, rest: int = 67) -> None:
        """Let legs draw so much, all if none is named, and wait; steps meet the meter anywhere."""
        for leg in legs or tuple(self.wiring):
            self.draws[leg] = current
        self.run(rest)

    def up_and_down(self, times: int, current: float = 10.0, *legs: Leg) -> None:
        for _ in range(times):
            self.draw(current, *legs)
            self.draw(0.0, *legs)

    @property
    def found(self) -> Mapping[Leg, Phase] | None:
        verdict = self.verdicts.loads.get(CAR)
        return None if verdict is None else verdict.phases
