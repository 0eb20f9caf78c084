"""A phase measured above what its fuse permits is cut at once.

Everything else here reasons about a base; this looks at the meter alone, so that no error in that
reasoning can last. For each measured phase

    excess = reading - limit - cuts pending - what this pass lowers already,

where *cuts pending* are those commanded earlier whose effect need not be in the reading yet: until
the meter has shown most of them, or until the loads' learnt reactions have passed. From then on the
measured excess acts in full.

First adjustable loads go down to their minimum, last in order first; then loads go off, last in
order first. What a load is credited with is what the reading can contain of it, not what it was
allowed: lowering a limit that nobody uses relieves nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evenload.controller.moment import Target
from evenload.controller.plan import LoadPlan, SitePlan
from evenload.controller.state import Draw, LoadMemory, PendingCut
from evenload.model.allocation import Reason

DEADBAND = 0.05
"""Less than this above a limit is the meter's own noise [A]."""

MOSTLY = 0.7
"""When a meter has fallen by this share of the pending cuts, only the rest is pending still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPhase:
    """One phase that a meter watches."""

    name: str
    """Of the limit: `main/A`."""
    place: int
    """Of the phase among the site's."""
    reading: float
    """[A]"""
    limit: float
    """[A]"""
    reported_at: float
    house: float
    """What of it is no managed load, as it was estimated [A]."""
    loads: tuple[int, ...]
    """Places of the loads behind it, in serving order."""


def still_pending(pending: PendingCut | None, phase: MeasuredPhase) -> PendingCut | None:
    """Return what of `pending` the reading need not show yet."""
    if pending is None or phase.reported_at >= pending.until:
        return None
    shown = pending.before - phase.reading
    if shown < MOSTLY * pending.current:
        return pending
    rest = pending.current - shown
    if rest <= DEADBAND:
        return None
    return PendingCut(current=rest, before=phase.reading, until=pending.until)


def seen_currents(draw: Draw, total: float, low: float, high: float) -> tuple[float, ...]:
    """Return what the meter's reading contains of a load [A per leg].

    `total` is what it contains of all loads on the phase, between `low` and `high`, the sums of
    their bounds; what is between is shared in proportion.
    """
    if high - low <= DEADBAND:
        return draw.currents
    share = min(1.0, max(0.0, (total - low) / (high - low)))
    return tuple(
        least + share * (most - least) for least, most in zip(draw.low, draw.high, strict=True)
    )


@dataclass(slots=True, kw_only=True)
class Reflex:
    """The cuts of one pass, phase by phase; `targets` is lowered in place."""

    plan: SitePlan
    loads: Mapping[str, LoadMemory]
    targets: list[Target]
    voltages: Sequence[float]

    def relieve(self, phase: MeasuredPhase, pending: PendingCut | None) -> bool:
        """Cut until `phase` is within its limit; return whether it was above it."""
        over = phase.reading - phase.limit
        if over <= DEADBAND:
            return False
        self._take_back_raises(phase)
        self._hurry(phase)
        credit = self._credit(phase)
        excess = over - (pending.current if pending is not None else 0.0)
        excess -= sum(self._relief(place, credit) for place in phase.loads)
        if excess <= DEADBAND:
            return True
        excess = self._turn_down(excess, phase, credit)
        self._turn_off(excess, phase, credit)
        return True

    def setpoint(self, place: int) -> float:
        """Return what the load at `place` was told before this pass."""
        return self._memory(place).setpoint

    def lowered(self, phase: MeasuredPhase) -> float:
        """Return by how much the phase will fall for what this pass commands [A]."""
        credit = self._credit(phase)
        return sum(self._relief(place, credit) for place in phase.loads)

    def _memory(self, place: int) -> LoadMemory:
        return self.loads[self.plan.loads[place].load.id]

    def _take_back_raises(self, phase: MeasuredPhase) -> None:
        for place in phase.loads:
            memory, target = self._memory(place), self.targets[place]
            if target.setpoint > memory.setpoint and phase.place in self.plan.loads[place].places:
                self.targets[place] = target.cut_to(memory.setpoint, Reason.LIMITED, phase.name)

    def _hurry(self, phase: MeasuredPhase) -> None:
        """Make a cut of what is lowered here anyway."""
        for place in phase.loads:
            memory, target = self._memory(place), self.targets[place]
            if target.setpoint < memory.setpoint and phase.place in self.plan.loads[place].places:
                self.targets[place] = replace(target, is_cut=True)

    def _credit(self, phase: MeasuredPhase) -> dict[int, float]:
        """Return by load what the reading contains of it [A]."""
        draws = {
            place: (self._memory(place).draw, self.plan.loads[place].places.index(phase.place))
            for place in phase.loads
            if phase.place in self.plan.loads[place].places
        }
        low = sum(draw.low[leg] for draw, leg in draws.values())
        high = sum(draw.high[leg] for draw, leg in draws.values())
        total = phase.reading - phase.house
        return {
            place: seen_currents(draw, total, low, high)[leg]
            for place, (draw, leg) in draws.items()
        }

    def _told(self, place: int, setpoint: float) -> float:
        return self.plan.loads[place].currents(setpoint, self.voltages)

    def _relief(self, place: int, credit: Mapping[int, float]) -> float:
        """Return by how much this pass lowers what the load puts on a phase [A]."""
        target = self.targets[place]
        if place not in credit or target.setpoint >= self._memory(place).setpoint:
            return 0.0
        return max(0.0, credit[place] - self._told(place, target.setpoint))

    def _candidates(self, credit: Mapping[int, float]) -> list[tuple[int, LoadPlan]]:
        """Return the loads that a cut can reach, last in order first."""
        return [
            (place, self.plan.loads[place])
            for place in reversed(self.plan.serving)
            if credit.get(place, 0.0) > DEADBAND
            and self.targets[place].setpoint > 0.0
            and not self._memory(place).obedience.is_unresponsive
        ]

    def _turn_down(self, excess: float, phase: MeasuredPhase, credit: Mapping[int, float]) -> float:
        for place, load_plan in self._candidates(credit):
            if excess <= DEADBAND:
                break
            relieved = self._relief(place, credit)
            drawn = credit[place] - relieved
            unit = load_plan.currents(1.0, self.voltages)
            level = max(load_plan.levels.highest((drawn - excess) / unit), load_plan.levels.lowest)
            if level < self.targets[place].setpoint:
                target = self.targets[place]
                self.targets[place] = target.cut_to(level, Reason.LIMITED, phase.name)
                excess -= self._relief(place, credit) - relieved
        return excess

    def _turn_off(self, excess: float, phase: MeasuredPhase, credit: Mapping[int, float]) -> None:
        for place, _ in self._candidates(credit):
            if excess <= DEADBAND:
                break
            relieved = self._relief(place, credit)
            target = self.targets[place]
            self.targets[place] = target.cut_to(0.0, Reason.DOES_NOT_FIT, phase.name)
            excess -= self._relief(place, credit) - relieved
