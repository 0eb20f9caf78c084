"""What came of a run, added up second by second.

Where a load's energy comes from is settled each second: what the roof gives beyond the household
goes to managed loads first; what they draw beyond that comes from the grid as far as the house
imports, else from the battery. Net solar gain is the solar energy into a load less the grid energy it
caused.
"""

from dataclasses import dataclass, field

from evenload.simulate.average import ImportAverage
from evenload.simulate.fuses import FuseTally, allowed_overload
from evenload.simulate.plant import Plant
from evenload.simulate.starvation import STEP, Hunger, allowed_hunger
from evenload.simulate.tallies import ControlTally, EnergyTally, LoadTally

_JOULES_PER_KWH = 3.6e6
_STARTED = 50.0
"""A load that draws more than this runs [W]."""


@dataclass(slots=True)
class Tally:
    """Everything that is counted."""

    plant: Plant
    control: ControlTally = field(default_factory=ControlTally)
    energy: EnergyTally = field(default_factory=EnergyTally)
    loads: list[LoadTally] = field(init=False)
    fuses: FuseTally = field(init=False)
    average: ImportAverage = field(init=False)
    _drew: bool = False
    """Whether any load drew in the second before."""

    def __post_init__(self) -> None:
        """Watch every fuse and load of the plant."""
        self.fuses = FuseTally(self.plant)
        self.loads = [
            LoadTally(device, Hunger(device, self.plant)) for device in self.plant.devices
        ]
        self.average = ImportAverage(self.plant.control.import_average)

    def add(self) -> None:
        """Take the second that the plant has just lived through."""
        self.fuses.add()
        if not self.plant.dark:
            self._add_energy()

    def _add_energy(self) -> None:
        plant, energy = self.plant, self.energy
        grid = plant.connection.grid_power
        energy.solar += plant.solar_power
        if grid > 0.0:
            energy.imported += grid
            energy.paid += grid * plant.import_price
        else:
            energy.exported -= grid
            energy.earned -= grid * plant.export_price
        self.average.add(grid, plant.settings.start_second + plant.second)
        drawn = 0.0
        for load in self.loads:
            drawn += load.device.power
        energy.used += plant.base_power + drawn
        surplus = plant.sunshine - plant.base_power
        if surplus > 0.0:
            appetite = sum([load.device.appetite for load in self.loads])
            energy.surplus += min(surplus, max(appetite, drawn))
            energy.surplus_used += min(surplus, drawn)
        if drawn > 0.0 or self._drew:
            self._drew = drawn > 0.0
            self._add_loads(drawn, max(surplus, 0.0), max(grid, 0.0))
        if plant.second % STEP == 0:
            for load in self.loads:
                load.hunger.add()

    def _add_loads(self, drawn: float, surplus: float, imported: float) -> None:
        """Share what came from sun and grid among the loads, each by its power."""
        solar_share = min(1.0, surplus / drawn) if drawn > 0.0 else 0.0
        grid_share = min(1.0 - solar_share, imported / drawn) if drawn > 0.0 else 0.0
        for load in self.loads:
            power = load.device.power
            if power > 0.0:
                load.energy += power
                load.solar += power * solar_share
                load.grid += power * grid_share
            running = power > _STARTED
            if running and not load.running:
                load.starts += 1
            load.running = running

    def result(self) -> dict[str, object]:
        """Return the run's result, ready for JSON."""
        return {
            "seconds": self.plant.second + 1,
            "fuse": self.fuses.result(),
            "energy": self._energy(),
            "import_average": self.average.result(),
            "cost": self._cost(),
            "loads": {load.device.load.id: self._load(load) for load in self.loads},
            "starvation": {
                "longest_s": max((load.hunger.longest for load in self.loads), default=0),
                "allowed_s": allowed_hunger(self.plant),
            },
            "control": {
                "passes": self.control.passes,
                "commands": self.control.commands,
                "mean_pass_us": round(1e6 * self.control.seconds / max(1, self.control.passes)),
                "max_pass_us": round(1e6 * self.control.longest),
            },
        }

    def cost(self) -> float:
        """Return what energy has cost so far, export deducted [currency]."""
        return (self.energy.paid - self.energy.earned) / _JOULES_PER_KWH

    def _energy(self) -> dict[str, object]:
        energy = self.energy
        return {
            "solar_kwh": _kwh(energy.solar),
            "import_kwh": _kwh(energy.imported),
            "export_kwh": _kwh(energy.exported),
            "used_kwh": _kwh(energy.used),
            "self_consumption": _share(energy.solar - energy.exported, energy.solar),
            "self_sufficiency": _share(energy.used - energy.imported, energy.used),
            "surplus_kwh": _kwh(energy.surplus),
            "surplus_used": _share(energy.surplus_used, energy.surplus),
        }

    def _load(self, load: LoadTally) -> dict[str, float | None]:
        result: dict[str, float | None] = {
            "energy_kwh": _kwh(load.energy),
            "starts": load.starts,
            "solar_share": _share(load.solar, load.energy),
            "net_solar_gain_kwh": _kwh(load.solar - load.grid),
            "starved_s": load.hunger.longest,
            "allowed_overload_s": allowed_overload(self.plant.settings.meter, load.device.reaction),
        }
        for key, value in load.device.outcome().items():
            result[key] = round(value, 3)
        return result

    def _cost(self) -> dict[str, float]:
        paid = self.energy.paid / _JOULES_PER_KWH
        earned = self.energy.earned / _JOULES_PER_KWH
        return {
            "import": round(paid, 2),
            "export": round(0.0 - earned, 2),
            "net": round(self.cost(), 2),
        }


def _kwh(joules: float) -> float:
    return round(joules / _JOULES_PER_KWH, 2) + 0.0


def _share(part: float, whole: float) -> float | None:
    """Return which part of the whole it is; None where there is no whole."""
    return round(max(0.0, part) / whole, 3) if whole > 0.0 else None
