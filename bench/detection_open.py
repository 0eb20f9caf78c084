"""Short trials without a controller: one start and stop, and one calibration.

The car is told what to do by the clock, so that nothing the house does causes a step; the house is a
recorded one at any hour of the day.
"""

from dataclasses import dataclass
from random import Random
from typing import cast

from detection_trials import CAR, LEGS, PHASES, Trial, settings_of

from evenload.detect import DetectorState, Verdicts, step
from evenload.detect.calibration import CalibrationResult, Inconclusive, advance, begin
from evenload.detect.watch import observation
from evenload.model.decision import Command
from evenload.model.site import Leg, Phase
from evenload.simulate.plant import Plant
from evenload.simulate.scenario import parse_house

_CALIBRATES_AT = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """One short trial."""

    seed: int
    legs: int
    battery: bool = False

    @property
    def trial(self) -> Trial:
        """The house it happens in."""
        return Trial(name=f"open-{self.seed}", seed=self.seed, legs=self.legs, hours=1.0)

    @property
    def truth(self) -> dict[Leg, tuple[Phase, int]]:
        """The phase's name in the meter and its sign, by leg."""
        swap, turned = self.trial.wiring.swap, self.turned
        return {
            leg: (swap[phase], -1 if phase in turned else 1)
            for leg, phase in list(zip(LEGS, PHASES, strict=True))[: self.legs]
        }

    @property
    def turned(self) -> tuple[Phase, ...]:
        """The one phase whose transformer is backwards, by its own name."""
        return (Random(f"turned {self.seed}").choice(PHASES),)

    def plant(self) -> Plant:
        """Return the house, with the car at its plug."""
        chance = Random(f"open {self.seed}")
        data = settings_of(self.trial)
        plant = cast("dict[str, object]", data["plant"])
        site = cast("dict[str, object]", data["site"])
        plant["start"] = f"2026-05-{chance.randint(1, 28):02d}T{chance.randint(0, 22):02d}:00:00"
        meter = cast("dict[str, object]", plant["meter"])
        meter["reversed"] = [phase.value for phase in self.turned]
        car = cast("dict[str, dict[str, object]]", plant["devices"])[CAR]
        car["trips"] = []
        for part, key in ((site, "battery"), (plant, "battery")):
            part.pop(key, None)
        if self.battery:
            site["battery"] = {"max_charge": 5000, "max_discharge": 5000}
            plant["battery"] = {"capacity": 9000, "soc": 60, "phases": ["A", "B", "C"]}
        return Plant(parse_house(data, source=f"open-{self.seed}"))


def start_and_stop(trial: Open) -> tuple[Verdicts, float]:
    """Return what is known after one start and one stop, and how large the step was [A]."""
    chance = Random(f"start {trial.seed}")
    plant, state, verdicts = trial.plant(), DetectorState(), Verdicts()
    current = chance.randint(7, 16)
    start = chance.randint(90, 200)
    stop = start + chance.randint(90, 240)
    for second in range(stop + 150):
        plant.advance()
        for at, setpoint in ((start, float(current)), (stop, 0.0)):
            if second == at:
                plant.command(Command(load=CAR, setpoint=setpoint))
        if plant.meter_reported or second % 2 == 0:
            state, verdicts = step(state, observation(plant.snapshot(), None), float(second))
    return verdicts, float(current)


def calibrate(trial: Open) -> CalibrationResult | Inconclusive:
    """Return what a calibration finds with a car that has charged for a while."""
    chance = Random(f"calibrate {trial.seed}")
    plant, running = trial.plant(), None
    carried, ceiling = float(chance.randint(6, 16)), float(chance.randint(12, 16))
    for second in range(_CALIBRATES_AT + 200):
        plant.advance()
        now, seen = float(second), observation(plant.snapshot(), None)
        if second == 0:
            plant.command(Command(load=CAR, setpoint=carried))
        if second == _CALIBRATES_AT:
            load = plant.site.all_loads[0]
            interval = float(plant.settings.meter.interval)
            running = begin(
                load, seen, now, setpoint=carried, ceiling=ceiling, interval=interval, seed=trial.seed
            )  # fmt: skip
            if isinstance(running, Inconclusive):
                return running
        if running is None:
            continue
        running, told, result = advance(running, seen, now, ceiling=ceiling)
        if told is not None:
            plant.command(Command(load=CAR, setpoint=told))
        if result is not None:
            return result
    raise AssertionError(trial)
