"""What is counted of a run: plain sums that `kpi` adds to each second."""

from dataclasses import dataclass

from evenload.simulate.devices.device import LoadDevice
from evenload.simulate.starvation import Hunger


@dataclass(slots=True)
class LoadTally:
    """What one load got [J]."""

    device: LoadDevice
    hunger: Hunger
    energy: float = 0.0
    solar: float = 0.0
    """From the roof."""
    grid: float = 0.0
    """From import."""
    starts: int = 0
    running: bool = False


@dataclass(slots=True)
class ControlTally:
    """What the strategy did."""

    passes: int = 0
    commands: int = 0
    seconds: float = 0.0
    """Time spent deciding, on the real clock [s]."""
    longest: float = 0.0
    """The longest pass [s]."""

    def add(self, duration: float, commands: int) -> None:
        """Count one pass."""
        self.passes += 1
        self.commands += commands
        self.seconds += duration
        self.longest = max(self.longest, duration)


@dataclass(slots=True)
class EnergyTally:
    """Energies of the whole house [J]."""

    solar: float = 0.0
    imported: float = 0.0
    exported: float = 0.0
    used: float = 0.0
    """By the household and managed loads."""
    surplus: float = 0.0
    """Solar beyond the household that managed loads could have taken just then."""
    surplus_used: float = 0.0
    """Of that, what they took."""
    paid: float = 0.0
    """For import, each second at its own price [J x currency/kWh]."""
    earned: float = 0.0
    """By export, alike [J x currency/kWh]."""
