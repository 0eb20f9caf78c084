"""A car: it takes what it is offered, in its own way and time.

It notices a new offer after a while, ramps up and faster down, starts its legs one after another,
draws less and less as its battery fills, ends by itself, and drives away and comes back. Offered
nothing for long it falls asleep and takes its time to wake; interrupted too often it refuses to
charge until it has been away.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from random import Random

from evenload.simulate.devices.moment import Moment
from evenload.simulate.devices.trips import Drive
from evenload.simulate.settings import CarPart

_FULL = 100.0
_LATE = 0.6
"""The last leg starts no earlier than this share of the stagger."""
_FULL_AGAIN = 2.0
"""A full car asks for more only when this much is missing [%], as after a drive."""


class Twin:
    """The same car on paper: it always gets all it could take, at once; it tells what was possible."""

    __slots__ = (
        "_current",
        "_drive",
        "_drives",
        "_full",
        "_home",
        "_part",
        "_phases",
        "_soc",
        "energy",
    )

    def __init__(
        self, part: CarPart, *, phases: Sequence[int], current: float, drives: Iterator[Drive]
    ) -> None:
        """`phases` are those it draws on, `current` is the most of plug and car [A per leg]."""
        self._part = part
        self._drives = drives
        self._drive = next(drives, None)
        self._phases = tuple(phases)
        self._current = current
        self._soc = part.soc
        self._home = True
        self._full = part.soc >= part.soc_limit
        self.energy = 0.0
        """What it could have had [Wh]."""

    def advance(self, hours: float, moment: Moment) -> None:
        """Live through so many hours."""
        drive, part = self._drive, self._part
        if drive is not None and moment.environment >= (
            drive.leaves if self._home else drive.returns
        ):
            self._home = not self._home
            if self._home:
                self._soc = soc_after(drive, part, self._soc)
                self._full = self._soc > part.soc_limit - _FULL_AGAIN
                self._drive = next(self._drives, None)
        if not self._home or self._full:
            return
        voltage = sum(moment.voltages[phase] for phase in self._phases)
        energy = self._current * _taper(part, self._soc) * voltage * hours
        self.energy += energy
        self._soc += _FULL * energy * part.efficiency / part.capacity
        if self._soc >= part.soc_limit:
            self._soc, self._full = part.soc_limit, True


def soc_after(drive: Drive, part: CarPart, soc: float) -> float:
    """Return the state of charge with which a car comes back that left with `soc` [%]."""
    most = part.soc_limit if drive.leaves_missing else soc
    return max(0.0, most - _FULL * drive.energy / part.capacity)


def _taper(part: CarPart, soc: float) -> float:
    """Return the share of its most that a car takes at this state of charge, 0 to 1."""
    if soc <= part.taper_from:
        return 1.0
    left = (_FULL - soc) / max(_FULL - part.taper_from, 1.0)
    return max(part.min_current / part.max_current, left)


class Car:
    """A car with its on-board charger, at one plug."""

    def __init__(
        self,
        part: CarPart,
        legs: Sequence[int | None],
        *,
        drives: Iterator[Drive],
        legs_chance: Random,
    ) -> None:
        """Park it at the plug, or leave it away.

        `legs` gives for each leg of the plug the index of its phase, None where it is not used.
        """
        self._part = part
        self._legs = [(leg, phase) for leg, phase in enumerate(legs) if phase is not None]
        self._given = len(legs)
        self._chance = legs_chance
        self._drives = drives
        self._drive = next(drives, None)
        self._offered = 0.0
        self._noticed = 0.0
        self._offers: deque[tuple[int, float]] = deque()
        self._starts: list[float] | None = None
        self._idle = 0
        self._wakes_at: int | None = None
        self._interruptions = 0
        self._charging = False
        self.asleep = False
        self.draws = [0.0] * len(legs)
        """Of each leg of the plug [A]."""
        self.power = 0.0
        """[W]"""
        self.soc = part.soc
        """[%]"""
        self.home = True
        self.full = part.soc >= part.soc_limit

    @property
    def legs_used(self) -> int:
        """How many legs it can draw on, whatever it is given now."""
        return len(self._legs)

    @property
    def refuses(self) -> bool:
        """Whether it was interrupted too often to charge again."""
        most = self._part.interruptions
        return most is not None and self._interruptions >= most

    @property
    def is_offered_enough(self) -> bool:
        """Whether it has noticed an offer that it could charge with."""
        return self._noticed >= self._part.min_current

    def give(self, legs: int) -> None:
        """Connect only so many legs of the plug, the first ones."""
        self._given = legs
        for leg in range(legs, len(self.draws)):
            self.draws[leg] = 0.0

    def advance(self, offered: float, moment: Moment) -> None:
        """Live through one second in which the charger offers this current [A per leg]."""
        drive = self._drive
        if drive is not None and moment.environment >= (
            drive.leaves if self.home else drive.returns
        ):
            self._come_or_go(drive)
        if not self.home:
            return
        if offered != self._offered:
            self._offered = offered
            self._offers.append((moment.second + self._part.response, offered))
        while self._offers and self._offers[0][0] <= moment.second:
            self._noticed = self._offers.popleft()[1]
        target = self._target(moment.second)
        if target > 0.0 or self.power > 0.0:
            self._follow(target, moment)

    def unplug(self) -> None:
        """Draw nothing from now on."""
        self.power = 0.0
        self._starts = None
        self._charging = False
        self.draws[:] = [0.0] * len(self.draws)

    def _come_or_go(self, drive: Drive) -> None:
        self.home = not self.home
        if self.home:
            self.soc = soc_after(drive, self._part, self.soc)
            self.full = self.soc > self._part.soc_limit - _FULL_AGAIN
            self.asleep = False
            self._interruptions = self._idle = 0
            self._drive = next(self._drives, None)
        else:
            self.unplug()

    def _target(self, second: int) -> float:
        """Return what it draws once ramps are over [A per leg]."""
        part = self._part
        if self.full:
            self._charging = False
            return 0.0
        if self._noticed < part.min_current:
            self._pause()
            return 0.0
        if self._is_unwilling(second):
            return 0.0
        self._charging = True
        return min(self._noticed, part.max_current * _taper(part, self.soc))

    def _pause(self) -> None:
        """Wait for an offer, and fall asleep over it."""
        if self._charging:
            self._charging = False
            self._interruptions += 1
            self._idle = 0
        self._idle += 1
        sleeps_after = self._part.sleeps_after
        if sleeps_after is not None and self._idle > sleeps_after:
            self.asleep = True
            self._wakes_at = None

    def _is_unwilling(self, second: int) -> bool:
        """Return whether it takes nothing though it is offered enough."""
        if self.refuses:
            return True
        if not self.asleep:
            return False
        if self._wakes_at is None:
            self._wakes_at = second + self._part.wake_time
        self.asleep = second < self._wakes_at
        return self.asleep

    def _follow(self, target: float, moment: Moment) -> None:
        """Ramp every leg towards `target` and charge."""
        part = self._part
        if target <= 0.0:
            self._starts = None
        elif self._starts is None:
            self._starts = self._staggered(moment.second)
        power = 0.0
        for order, (leg, phase) in enumerate(self._legs):
            if leg >= self._given:
                continue
            current = self.draws[leg]
            if self._starts is None or moment.second < self._starts[order]:
                current = max(0.0, current - part.ramp_down)
            elif current < target:
                current = min(target, current + part.ramp)
            else:
                current = max(target, current - part.ramp_down)
            self.draws[leg] = current
            power += current * moment.voltages[phase]
        self.power = power
        self.soc += _FULL * power * part.efficiency * moment.hours / part.capacity
        if self.soc >= part.soc_limit:
            self.soc = part.soc_limit
            self.full = True

    def _staggered(self, second: int) -> list[float]:
        """Return when each leg starts: one now, the last one late, any other between."""
        others = len(self._legs) - 1
        last = self._part.stagger * self._chance.uniform(_LATE, 1.0)
        between = [self._chance.uniform(0.0, last) for _ in range(others - 1)]
        delays = [0.0, *between, last][: others + 1]
        self._chance.shuffle(delays)
        return [second + delay for delay in delays]
