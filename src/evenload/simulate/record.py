"""Keeps what a report draws, in little room and without losing spikes.

Each quantity is gathered into buckets of equal length; of each bucket the lowest and the highest value
stay, in the order they came. Reasons are kept as stretches of time.
"""

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from evenload.model.decision import Decision, LoadDecision
from evenload.simulate.happenings import Happenings
from evenload.simulate.kpi import Tally
from evenload.simulate.plant import Plant

_BUCKETS = 8000
"""How many buckets a run is cut into; each gives two points of a curve."""


@dataclass(slots=True)
class Series:
    """One quantity over time, two values a bucket."""

    read: Callable[[], float]
    """Returns its present value."""
    values: array[float] = field(default_factory=lambda: array("f"))
    pending: list[float] = field(default_factory=list[float])

    def close(self) -> None:
        """End a bucket."""
        low, high = min(self.pending), max(self.pending)
        rising = self.pending.index(low) <= self.pending.index(high)
        self.values.extend((low, high) if rising else (high, low))
        self.pending.clear()


@dataclass(slots=True, kw_only=True)
class Stretch:
    """A time during which one load's decision had the same reason."""

    begin: int
    """[s of the run]"""
    decision: LoadDecision
    end: int = 0
    """[s of the run]"""


class Recorder:
    """Follows a plant and the decisions about it."""

    def __init__(self, plant: Plant, tally: Tally, seconds: int) -> None:
        """Prepare for a run of so many seconds."""
        self.bucket = max(1, -(-seconds // _BUCKETS))
        """Length of a bucket [s]."""
        self.series: Mapping[str, Series] = {
            name: Series(read) for name, read in readers(plant, tally).items()
        }
        """By name, as `readers` gives them."""
        self.stretches: dict[str, list[Stretch]] = {device.load.id: [] for device in plant.devices}
        """By load, in order of time."""
        self.happenings = Happenings(plant)
        self._seen: Decision | None = None

    def add(self, plant: Plant, decision: Decision | None) -> None:
        """Take the second that the plant has just lived through."""
        second = plant.second
        series = self.series.values()
        for each in series:
            each.pending.append(each.read())
        if (second + 1) % self.bucket == 0:
            for each in series:
                each.close()
        new = None if decision is self._seen else decision
        self.happenings.add(plant, new)
        if new is not None and not plant.dark:
            self._seen = new
            self._add_reasons(new, second)

    def _add_reasons(self, decision: Decision, second: int) -> None:
        for name, stretches in self.stretches.items():
            new = decision.loads.get(name)
            if new is None:
                continue
            if stretches:
                stretches[-1].end = second
                last = stretches[-1].decision
                if (last.reason, last.by) == (new.reason, new.by):
                    continue
            stretches.append(Stretch(begin=second, decision=new, end=second))


def readers(plant: Plant, tally: Tally) -> dict[str, Callable[[], float]]:
    """Return what reads each quantity that a report draws.

    `current.A` of each phase and `house.A`, the same without managed loads, `current.<circuit>.A`
    [A]; `solar`, `house`, `grid`, `battery`, `surplus`, `managed` and `power.<load>` [W]; `soc`,
    `soc.<car>` [%]; `temperature.<load>` [degC]; `price` of import [currency/kWh] and `cost` so far
    [currency].
    """
    found: dict[str, Callable[[], float]] = {}
    currents, managed = plant.connection.currents, plant.managed_currents
    for index, phase in enumerate(plant.site.phases):
        found[f"current.{phase}"] = lambda index=index: currents[index]
        found[f"house.{phase}"] = lambda index=index: currents[index] - managed[index]
    for circuit in plant.circuits.values():
        for phase in circuit.phases:
            name = f"{circuit.id}.{plant.site.phases[phase]}"
            found[f"current.{name}"] = lambda each=circuit, phase=phase: each.currents[phase]
    found["price"] = lambda: plant.import_price
    found["solar"] = lambda: 0.0 if plant.dark else plant.solar_power
    found["house"] = lambda: 0.0 if plant.dark else plant.base_power
    found["grid"] = lambda: plant.connection.grid_power
    found["surplus"] = lambda: 0.0 if plant.dark else max(0.0, plant.sunshine - plant.base_power)
    found["managed"] = lambda: sum(device.power for device in plant.devices)
    found["cost"] = tally.cost
    battery = plant.connection.battery
    if battery is not None:
        found["battery"] = lambda: battery.power
        found["soc"] = lambda: battery.soc
    for device in plant.devices:
        found[f"power.{device.load.id}"] = lambda device=device: device.power
        for name, read in device.gauges().items():
            found[f"{name}.{device.load.id}"] = read
    return found
