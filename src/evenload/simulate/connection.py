"""The grid connection: fuse, battery, and what flows through them.

The plant has two of them: the real one, and the same house without its managed loads. What trips the
second would have tripped without Evenload, and is held against nobody.
"""

from collections.abc import Sequence

from evenload.model.site import Phase, Site
from evenload.simulate.devices.battery import Battery
from evenload.simulate.devices.fuse import FAST, SLOW, ThermalImage
from evenload.simulate.settings import Plant


class Connection:
    """A main fuse with a battery behind it."""

    __slots__ = ("_battery_phases", "battery", "currents", "dark", "fast", "grid_power", "slow")

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
        self._battery_phases = phase_indices(
            site, () if plant.battery is None else plant.battery.phases
        )
        self.currents = [0.0] * len(site.phases)
        """Of each phase, import positive [A]."""
        self.grid_power = 0.0
        """Over all phases, import positive [W]."""
        self.dark = False
        """Whether the fuse has tripped; it stays so."""

    def advance(self, needs: Sequence[float], voltages: Sequence[float], hours: float) -> None:
        """Carry one second of what the house needs of each phase [W]; export is negative."""
        if self.dark:
            return
        needed = list(needs)
        if self.battery is not None:
            power = self.battery.advance(sum(needed), hours)
            for phase in self._battery_phases:
                needed[phase] -= power / len(self._battery_phases)
        self.grid_power = sum(needed)
        for phase, need in enumerate(needed):
            current = need / voltages[phase]
            self.currents[phase] = current
            self.slow[phase].advance(current)
            image = self.fast[phase]
            image.advance(current)
            if image.tripped:
                self.dark = True
        if self.dark:
            self.currents[:] = [0.0] * len(self.currents)
            self.grid_power = 0.0


def phase_indices(site: Site, phases: Sequence[Phase]) -> tuple[int, ...]:
    """Return where each of `phases` stands among the site's; one that is not there is left out."""
    return tuple(site.phases.index(phase) for phase in phases if phase in site.phases)
