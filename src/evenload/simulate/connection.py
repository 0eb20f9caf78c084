"""What carries the house: the grid behind a main fuse, with battery and inverter beside it.

The plant has two of them: the real one, and the same house without its managed loads. What trips the
second would have tripped without Evenload, and is held against nobody. `island` is the connection of
a house off the grid.
"""

from collections import deque
from collections.abc import Sequence

from evenload.model.site import Phase, Site
from evenload.simulate.devices.battery import Battery
from evenload.simulate.devices.fuse import FAST, SLOW, ThermalImage
from evenload.simulate.devices.inverter import InverterLimits
from evenload.simulate.settings import Plant


class Connection:
    """A main fuse with a battery behind it."""

    def __init__(self, site: Site, plant: Plant) -> None:
        """Take ratings from the site where the plant does not say what is really there."""
        kind, rating = plant.fuse.kind, plant.fuse.rating
        ratings = [site.fuse[phase] if rating is None else rating for phase in site.phases]
        self.fast = [ThermalImage(FAST[kind], rating) for rating in ratings]
        self.slow = [ThermalImage(SLOW[kind], rating) for rating in ratings]
        self.battery = (
            None
            if plant.battery is None or site.battery is None
            else Battery(plant.battery, site.battery)
        )
        solar = plant.solar
        self._solar_phases = phase_indices(site, () if solar is None else solar.phases)
        self._battery_phases = phase_indices(
            site, () if plant.battery is None else plant.battery.phases
        )
        self._inverter = InverterLimits.of(site, plant.inverter, max(1, len(self._battery_phases)))
        self._export_limit = None if solar is None else solar.export_limit
        self._consumed: deque[float] = deque([0.0] * (1 if solar is None else solar.export_lag))
        self.currents = [0.0] * len(site.phases)
        """Of each phase, import positive [A]."""
        self.grid_power = 0.0
        """Over all phases, import positive [W]."""
        self.solar_power = 0.0
        """What the roof really delivers [W]."""
        self.dark_reason: str | None = None
        """What has failed: `fuse`, `inverter`, `battery`; None: nothing; it stays so."""

    @property
    def dark(self) -> bool:
        """Whether the house has lost its power."""
        return self.dark_reason is not None

    def advance(
        self, demand: Sequence[float], sunshine: float, voltages: Sequence[float], hours: float
    ) -> None:
        """Carry one second of what the house draws on each phase [W].

        `sunshine` is what the roof could deliver [W].
        """
        if self.dark_reason is not None:
            return
        needed = list(demand)
        solar = self._throttled(sunshine)
        self.solar_power = solar
        if solar > 0.0:
            share = solar / len(self._solar_phases)
            for phase in self._solar_phases:
                needed[phase] -= share
        if self.battery is not None:
            self._discharge(self.battery, needed, hours)
        self.grid_power = sum(needed)
        if self._export_limit is not None:
            self._consumed.append(solar + self.grid_power)
        self._carry(needed, voltages)

    def fail(self, reason: str) -> None:
        """Go dark, and stay so."""
        self.dark_reason = reason
        self.currents[:] = [0.0] * len(self.currents)
        self.grid_power = self.solar_power = 0.0

    def _throttled(self, sunshine: float) -> float:
        """Return what the roof delivers: no more than was used a while ago and may be exported.

        It reckons with what the house (battery included) took at the moment it knows of, so that it
        finds the limit at once and does not swing about it.
        """
        if self._export_limit is None:
            return sunshine
        return max(0.0, min(sunshine, self._consumed.popleft() + self._export_limit))

    def _discharge(self, battery: Battery, needed: list[float], hours: float) -> None:
        """Let the battery take its part of what is needed of each phase [W]."""
        phases, inverter = self._battery_phases, self._inverter
        if inverter is None:
            power = battery.advance(sum(needed), hours)
            for phase in phases:
                needed[phase] -= power / len(phases)
            return
        most = max(0.0, inverter.power - self.solar_power)
        power = battery.advance(sum(needed), hours, most)
        shares = inverter.shares(power, [needed[phase] for phase in phases])
        for phase, share in zip(phases, shares, strict=True):
            needed[phase] -= share

    def _carry(self, needed: Sequence[float], voltages: Sequence[float]) -> None:
        """Let the fuse of each phase carry what flows through it [W]."""
        tripped = False
        for phase, need in enumerate(needed):
            current = need / voltages[phase]
            self.currents[phase] = current
            self.slow[phase].advance(current)
            image = self.fast[phase]
            image.advance(current)
            tripped = tripped or image.tripped
        if tripped:
            self.fail("fuse")


def phase_indices(site: Site, phases: Sequence[Phase]) -> tuple[int, ...]:
    """Return where each of `phases` stands among the site's; one that is not there is left out."""
    return tuple(site.phases.index(phase) for phase in phases if phase in site.phases)
