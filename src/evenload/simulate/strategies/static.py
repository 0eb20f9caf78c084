"""A fixed share of the fuse for each load, as an installer sets it once and for all.

On each phase, loads that know only on and off take their rated current; the rest of the fuse is
divided equally among the household and the adjustable loads there, and so is the rest of a circuit or
charger among the loads behind it. A load gets the least of its shares, rounded down to one of its
levels, whenever it is connected, and nothing ever changes with what really flows. Where a share is
below a load's minimum, the load that comes last by priority is left out and the others share again:
an installer would not connect it.
"""

from collections.abc import Iterator, Mapping, Sequence

from evenload.engine.levels import ListedLevels, levels_of
from evenload.model.decision import Command, Decision
from evenload.model.site import Kind, Load, Mode, Phase, Site
from evenload.model.snapshot import Snapshot
from evenload.simulate.strategies.places import places_above
from evenload.simulate.strategies.reported import is_away
from evenload.simulate.strategies.told import Told


class Static:
    """Gives every load that is connected its fixed share."""

    pace: int | None = None
    decision: Decision | None = None

    def __init__(self) -> None:
        """Start with nothing commanded."""
        self._told = Told()
        self._shares: Mapping[str, float] = {}
        self._site: Site | None = None

    def decide(self, snapshot: Snapshot, now: float) -> Sequence[Command]:  # noqa: ARG002 - time plays no part
        """Return a command for each load that came, went or was switched off."""
        site = snapshot.site
        if site is not self._site:
            self._site, self._shares = site, shares(site)
        wanted = {
            load.id: 0.0
            if load.mode is Mode.OFF or is_away(snapshot.devices.get(load.id))
            else self._shares[load.id]
            for load in site.all_loads
        }
        return tuple(self._told.changes(wanted))

    def restarted(self, now: float) -> None:  # noqa: ARG002 - time plays no part
        """Tell everything again."""
        self._told = Told()


def shares(site: Site) -> dict[str, float]:
    """Return each load's fixed setpoint in the unit of its levels; 0: left out."""
    taking = sorted(site.all_loads, key=lambda load: load.priority)
    while taking:
        found = {load.id: _share(site, load, taking) for load in taking}
        if all(found.values()):
            break
        taking.pop()
    else:
        found = {}
    return dict.fromkeys((load.id for load in site.all_loads), 0.0) | found


def _share(site: Site, load: Load, taking: Sequence[Load]) -> float:
    """Return the highest level of `load` within its share of everything it hangs on."""
    levels = levels_of(load)
    least = min(_parts(site, load, taking))
    if isinstance(levels, ListedLevels):
        return levels.top if least >= 0.0 else 0.0
    unit = 1.0 if load.kind is Kind.EV else site.voltage * len(load.phases)
    return levels.highest(least * unit)


def _parts(site: Site, load: Load, taking: Sequence[Load]) -> Iterator[float]:
    """Yield one adjustable load's part of every limit that `load` hangs on [A]."""
    for place in places_above(site, load):
        behind = [other for other in taking if place in places_above(site, other)]
        for phase in load.phases.values():
            limit, households = _limit(site, place, phase)
            here = [other for other in behind if phase in other.phases.values()]
            fixed = [rated_current(site, other) for other in here]
            adjustable = fixed.count(None) + households
            left = limit - sum(current for current in fixed if current is not None)
            yield left / max(1, adjustable)


def _limit(site: Site, place: str, phase: Phase) -> tuple[float, int]:
    """Return what a place lets flow on a phase [A], and how many households share it."""
    for charger in site.chargers:
        if charger.id == place:
            return charger.max_current, 0
    for circuit in site.circuits:
        if circuit.id == place:
            return circuit.fuse[phase] - circuit.reserve - site.margin, 0
    return site.fuse[phase] - site.margin, 1


def rated_current(site: Site, load: Load) -> float | None:
    """Return what a load that is not adjustable draws at its highest level [A per leg]; else None."""
    levels = levels_of(load)
    if not isinstance(levels, ListedLevels):
        return None
    return levels.top / (site.voltage * len(load.phases))
