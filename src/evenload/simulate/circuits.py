"""The tree of circuits below the main fuse, carried through each second together."""

from collections.abc import Sequence

from evenload.model.site import MAIN, Site
from evenload.simulate.circuit import Circuit
from evenload.simulate.devices.moment import generator
from evenload.simulate.settings import CircuitPart, Plant


class Circuits:
    """Every circuit of a site, and who hangs on which."""

    def __init__(self, site: Site, plant: Plant) -> None:
        """Make a circuit of each that the site has."""
        self.by_id = {
            each.id: Circuit(
                site,
                each,
                plant.circuits.get(each.id, CircuitPart()),
                generator(plant.seed, "circuit", each.id),
            )
            for each in site.circuits
        }
        self._parents = {each.id: each.parent for each in site.circuits}
        self._parents |= {charger.id: charger.circuit for charger in site.chargers}
        self._deepest_first = tuple(
            sorted(self.by_id.values(), key=lambda circuit: -len(self.above(circuit.id)))
        )

    def above(self, place: str) -> tuple[Circuit, ...]:
        """Return the circuits that something on this circuit or charger hangs on, the nearest first."""
        found: list[Circuit] = []
        while place != MAIN:
            if place in self.by_id:
                found.append(self.by_id[place])
            place = self._parents[place]
        return tuple(found)

    def base(self, household: Sequence[float]) -> list[float]:
        """Return what is not managed on each phase if no circuit had tripped [W]."""
        base = list(household)
        for circuit in self._deepest_first:
            for phase in circuit.phases:
                base[phase] += circuit.base_power
        return base

    def begin(self, household: Sequence[float], voltages: Sequence[float]) -> list[float]:
        """Begin a second; return what is not managed and has power, on each phase [W]."""
        needs = list(household)
        for circuit in self._deepest_first:
            circuit.begin()
        for circuit in self._deepest_first:
            above = self.above(circuit.id)
            if any(each.dark for each in above):
                for phase in circuit.phases:
                    needs[phase] -= circuit.household_share * household[phase]
                continue
            for phase in circuit.phases:
                needs[phase] += circuit.base_power
                for each in above:
                    each.currents[phase] += circuit.own_current(household, voltages, phase)
        return needs

    def end(self) -> None:
        """Let every fuse carry the second."""
        for circuit in self._deepest_first:
            circuit.end()
