"""A phase measured above what its fuse permits is cut at once.

Everything else here reasons about a base; this looks at the meter alone, so that no error in that
reasoning can last. For each phase measured above its limit

    excess = reading - limit + still coming - cuts pending - what this pass lowers already

- *still coming* is what loads were just allowed and the reading need not contain yet: that the
  phase is above its limit all the same says that the house has moved.
- *cuts pending* are those commanded earlier whose effect need not be in the reading yet: until the
  meter has shown half of them and falls no further, or the loads themselves report to have followed
  and the meter's lag has passed, or their learnt reactions have. From then on the measured excess
  acts in full.

First what is still coming is taken back, then adjustable loads go down to their minimum, then loads
go off; each time last in order first. A load is credited with what it draws, not with what it was
allowed: lowering a limit that nobody uses relieves nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenload.controller.change import replace
from evenload.controller.moment import Target
from evenload.controller.plan import SitePlan
from evenload.controller.state import LoadMemory, PendingCut
from evenload.model.allocation import Reason
from evenload.model.brief import brief

DEADBAND = 0.05
"""Less than this above a limit is the meter's own noise [A]."""

BEGUN = 0.5
"""When a meter has fallen by this share of the pending cuts, only the rest is pending still.

A house that rises meanwhile hides a part of what cuts do; where more had to be seen, it would be left
to rise until the slowest charger reports."""

STALLED = 3.0
"""What is left of cuts that show is over when the meter has not fallen for so long [s]."""

FALL = 0.3
"""A meter that has fallen by more than this goes on falling [A]."""


@brief
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
    loads: tuple[int, ...]
    """Places of the loads behind it, in serving order."""


def still_pending(
    pending: PendingCut,
    phase: MeasuredPhase,
    loads: Mapping[str, LoadMemory],
    unfollowed: float,
) -> PendingCut | None:
    """Return what of `pending` the reading need not show yet.

    `unfollowed` [A] is what loads, by their own reports, may still be shown to draw too much.
    """
    due_at = max((loads[name].draw.due_at for name in pending.loads if name in loads), default=0.0)
    if phase.reported_at >= due_at:
        return None
    shown = pending.before - phase.reading
    current = pending.current
    if shown >= BEGUN * current or (pending.shown_at is not None and shown > FALL):
        current -= shown
        pending = replace(pending, before=phase.reading, shown_at=phase.reported_at)
    elif pending.shown_at is not None and phase.reported_at >= pending.shown_at + STALLED:
        return None
    left = min(current, unfollowed)
    if left <= DEADBAND:
        return None
    # What is no longer left open must be in the reading already: less than that is to fall from it.
    return replace(pending, current=left, before=pending.before - (current - left))


def unfollowed(memory: LoadMemory, leg: int, told: float, reported_at: float) -> float:
    """Return what a reading may still show of a load above the `told` [A] it will come down to.

    That is what was measured, now and as long ago as the meter lags.
    """
    draw = memory.draw
    shown = [
        blur.high[leg] for blur in draw.trail if not blur.is_command and blur.due > reported_at
    ]
    return max(0.0, max((draw.currents[leg], *shown)) - told)


@brief
class Part:
    """What one load has to do with one phase, all in amperes."""

    contained: float
    """What the reading surely contains of it."""
    expected: float
    """What it will draw if nothing is done."""

    @property
    def coming(self) -> float:
        """Return what the reading need not contain yet."""
        return max(0.0, self.expected - self.contained)


def part_of(
    memory: LoadMemory, leg: int, told: float, phase: MeasuredPhase, *, obeys: bool
) -> Part:
    """Return the part of a load that was told `told` [A], on the phase of its leg number `leg`.

    `obeys` says that it is given time still to follow an earlier cut.
    """
    draw = memory.draw
    is_unseen = draw.is_metered and draw.measured_at <= memory.changed_at
    contained = draw.low[leg] if is_unseen else draw.currents[leg]
    if draw.settled_at > phase.reported_at and told > contained:
        return Part(contained=contained, expected=told)
    drawn = draw.currents[leg]
    # A report from before the command does not say that it was not followed.
    expected = min(drawn, told) if obeys or is_unseen else drawn
    return Part(contained=expected, expected=expected)


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
        parts = self._parts(phase, pending)
        excess = over - (pending.current if pending is not None else 0.0)
        excess += sum(part.coming for part in parts.values())
        excess -= sum(self._relief(place, part) for place, part in parts.items())
        for lower in (self._take_back, self._turn_down, self._turn_off):
            for place in self._candidates(parts):
                if excess <= DEADBAND:
                    return True
                part = parts[place]
                relieved = self._relief(place, part)
                lower(place, part, phase, self._still(place, part) - excess)
                excess -= self._relief(place, part) - relieved
        if excess > DEADBAND:
            self._tell_the_deaf(parts)
        return True

    def lowered(self, phase: MeasuredPhase, pending: PendingCut | None) -> float:
        """Return by how much the reading will fall for what this pass commands [A]."""
        return sum(
            max(0.0, part.contained - self._told(place, self.targets[place].setpoint))
            for place, part in self._parts(phase, pending).items()
            if self.targets[place].setpoint < self.setpoint(place)
        )

    def unfollowed(self, phase: MeasuredPhase) -> float:
        """Return what the reading may still contain of loads above what they were told [A]."""
        return sum(
            unfollowed(
                self._memory(place),
                self.plan.loads[place].places.index(phase.place),
                self._told(place, self.setpoint(place)),
                phase.reported_at,
            )
            for place in phase.loads
            if phase.place in self.plan.loads[place].places
        )

    def setpoint(self, place: int) -> float:
        """Return what the load at `place` was told before this pass."""
        return self._memory(place).setpoint

    def _memory(self, place: int) -> LoadMemory:
        return self.loads[self.plan.loads[place].load.id]

    def _told(self, place: int, setpoint: float) -> float:
        return self.plan.loads[place].currents(setpoint, self.voltages)

    def _parts(self, phase: MeasuredPhase, pending: PendingCut | None) -> dict[int, Part]:
        """Return what each load behind the phase has to do with it, in serving order."""
        parts: dict[int, Part] = {}
        for place in phase.loads:
            places = self.plan.loads[place].places
            if phase.place in places:
                memory = self._memory(place)
                told = self._told(place, memory.setpoint)
                leg = places.index(phase.place)
                parts[place] = part_of(memory, leg, told, phase, obeys=pending is not None)
        return parts

    def _take_back_raises(self, phase: MeasuredPhase) -> None:
        """Let nothing rise on the phase in this pass."""
        for place in phase.loads:
            memory, target = self._memory(place), self.targets[place]
            if target.setpoint > memory.setpoint and phase.place in self.plan.loads[place].places:
                self.targets[place] = target.cut_to(memory.setpoint, Reason.LIMITED, phase.name)

    def _hurry(self, phase: MeasuredPhase) -> None:
        """Make a cut of what is lowered on the phase anyway."""
        for place in phase.loads:
            memory, target = self._memory(place), self.targets[place]
            if target.setpoint < memory.setpoint and phase.place in self.plan.loads[place].places:
                self.targets[place] = replace(target, is_cut=True)

    def _relief(self, place: int, part: Part) -> float:
        """Return by how much this pass lowers what the load will put on the phase [A]."""
        setpoint = self.targets[place].setpoint
        if setpoint >= self.setpoint(place):
            return 0.0
        return max(0.0, part.expected - self._told(place, setpoint))

    def _still(self, place: int, part: Part) -> float:
        """Return what the load will still put on the phase after what this pass told it [A]."""
        return min(part.expected, self._told(place, self.targets[place].setpoint))

    def _candidates(self, parts: Mapping[int, Part]) -> list[int]:
        """Return the loads that a cut can reach, last in order first."""
        return [
            place
            for place in reversed(list(parts))
            if parts[place].expected > DEADBAND
            and self.targets[place].setpoint > 0.0
            and not self._memory(place).obedience.is_unresponsive
        ]

    def _take_back(self, place: int, part: Part, phase: MeasuredPhase, _: float) -> None:
        if part.coming > DEADBAND:
            self._lower_to(place, self._level(place, part.contained), phase)

    def _turn_down(self, place: int, _: Part, phase: MeasuredPhase, current: float) -> None:
        lowest = self.plan.loads[place].levels.lowest
        self._lower_to(place, max(self._level(place, current), lowest), phase)

    def _turn_off(self, place: int, _: Part, phase: MeasuredPhase, __: float) -> None:
        self._lower_to(place, 0.0, phase)

    def _tell_the_deaf(self, parts: Mapping[int, Part]) -> None:
        """Tell loads that do not obey to stop, when nothing else helps: some do obey that, or by now."""
        for place, part in parts.items():
            target = self.targets[place]
            if not self._memory(place).obedience.is_unresponsive:
                continue
            if target.setpoint > 0.0:
                self.targets[place] = target.cut_to(0.0, Reason.UNRESPONSIVE, None)
            elif part.contained > DEADBAND:
                self.targets[place] = replace(target, is_cut=True)

    def _level(self, place: int, current: float) -> float:
        load_plan = self.plan.loads[place]
        return load_plan.levels.highest(current / load_plan.currents(1.0, self.voltages))

    def _lower_to(self, place: int, level: float, phase: MeasuredPhase) -> None:
        target = self.targets[place]
        if level < target.setpoint:
            reason = Reason.LIMITED if level > 0.0 else Reason.DOES_NOT_FIT
            self.targets[place] = target.cut_to(level, reason, phase.name)
