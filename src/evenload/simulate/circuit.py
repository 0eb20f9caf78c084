"""A fuse or breaker below the main one, with what hangs on it, and perhaps a meter of its own.

Its fuse is reckoned twice as the main one is: with its managed loads, and without them. A circuit that
trips leaves everything behind it without power, and stays so; the rest of the house goes on.
"""

from collections.abc import Sequence
from random import Random

from evenload.model.site import Circuit as CircuitSite
from evenload.model.site import Site
from evenload.simulate.devices.fuse import FAST, SLOW, ThermalImage
from evenload.simulate.devices.meter import GridMeter
from evenload.simulate.settings import CircuitPart


class Circuit:
    """One circuit of the site."""

    def __init__(self, site: Site, circuit: CircuitSite, part: CircuitPart, chance: Random) -> None:
        """Take the rating from the site where the plant does not say what is really there."""
        kind, rating = part.fuse.kind, part.fuse.rating
        self.id = circuit.id
        self.phases = tuple(site.phases.index(phase) for phase in circuit.fuse)
        """The site's phases that it has."""
        self.ratings = tuple(rated if rating is None else rating for rated in circuit.fuse.values())
        """Of each of its phases [A]."""
        self.fast = [ThermalImage(FAST[kind], rated) for rated in self.ratings]
        self.slow = [ThermalImage(SLOW[kind], rated) for rated in self.ratings]
        self.unmanaged = [ThermalImage(FAST[kind], rated) for rated in self.ratings]
        """The same circuit without managed loads."""
        self.currents = [0.0] * len(site.phases)
        """Of each phase of the site [A]."""
        self.managed = [0.0] * len(site.phases)
        """What managed loads draw of it [A]."""
        self.dark = False
        """Whether it has tripped; it stays so."""
        self.meter = (
            None
            if part.meter is None
            else GridMeter(part.meter, site.phases, chance, f"circuit.{circuit.id}")
        )
        self.base_power = part.base_power / len(self.phases)
        """What draws behind it on each of its phases all the time [W]."""
        self.household_share = part.household_share
        """The share of the household that is behind it, 0 to 1."""

    @property
    def dark_without_loads(self) -> bool:
        """Whether it would have tripped without managed loads, too."""
        return any(image.tripped for image in self.unmanaged)

    def begin(self) -> None:
        """Begin a second in which nothing flows yet."""
        self.currents[:] = [0.0] * len(self.currents)
        self.managed[:] = [0.0] * len(self.managed)

    def own_current(
        self, household: Sequence[float], voltages: Sequence[float], phase: int
    ) -> float:
        """Return what is not managed and hangs on it directly [A]."""
        return (self.base_power + self.household_share * household[phase]) / voltages[phase]

    def add(self, phases: Sequence[int], draws: Sequence[float]) -> None:
        """Add what a managed load draws through it [A]."""
        for phase, current in zip(phases, draws, strict=True):
            self.currents[phase] += current
            self.managed[phase] += current

    def end(self) -> None:
        """Let its fuse carry the second."""
        for index, phase in enumerate(self.phases):
            current = self.currents[phase]
            self.slow[index].advance(current)
            self.unmanaged[index].advance(current - self.managed[phase])
            self.fast[index].advance(current)
            if self.fast[index].tripped:
                self.dark = True
        if self.meter is not None:
            self.meter.observe(self.currents.copy())
