"""A car: it takes what it is offered, in its own way and time.

It notices a new offer after a while, ramps up and faster down, starts its legs one after another,
draws less and less as its battery fills, ends by itself, and drives away and comes back.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import count
from random import Random

from evenload.simulate.devices.moment import Moment
from evenload.simulate.settings import CarPart, Weekday

_DAY = 86400
_FULL = 100.0
_FULL_AGAIN = 2.0
"""A full car asks for more only when this much is missing [%], as after a drive."""


def trips(
    part: CarPart, first_weekday: int, start: float, chance: Random
) -> Iterator[tuple[float, float, float]]:
    """Yield (leaves, returns, energy) in order, for ever; times after the first day's midnight [s].

    It looks back to the day before the first, for a car that is away at `start`. A trip that would
    begin before the car is back from the one before is left out.
    """
    weekdays = tuple(Weekday)
    back = -float(_DAY)
    for day in count(-1):
        today = weekdays[(first_weekday + day) % len(weekdays)]
        for trip in sorted(part.trips, key=lambda trip: trip.leaves):
            if today not in trip.days:
                continue
            overnight = _DAY if trip.returns <= trip.leaves else 0
            leaves = day * _DAY + trip.leaves + chance.uniform(-part.jitter, part.jitter)
            returns = day * _DAY + overnight + trip.returns + chance.uniform(0.0, part.jitter)
            if back < leaves < returns:
                back = returns
                if returns > start:
                    yield leaves, returns, trip.energy


class Car:
    """A car with its on-board charger, at one plug."""

    def __init__(
        self,
        part: CarPart,
        legs: Sequence[int | None],
        *,
        first_weekday: int,
        start: float,
        trips_chance: Random,
        legs_chance: Random,
    ) -> None:
        """Park it at the plug, or leave it away.

        `legs` gives for each leg of the plug the index of its phase, None where it is not used;
        `start` is when the run begins, `first_weekday` what day that is (0: Monday).
        """
        self._part = part
        self._legs = [(leg, phase) for leg, phase in enumerate(legs) if phase is not None]
        self._chance = legs_chance
        self._trips = trips(part, first_weekday, start, trips_chance) if part.trips else iter(())
        self._trip = next(self._trips, None)
        self._offered = 0.0
        self._noticed = 0.0
        self._offers: deque[tuple[int, float]] = deque()
        self._starts: list[float] | None = None
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
        """How many legs it draws on."""
        return len(self._legs)

    def advance(self, offered: float, moment: Moment) -> None:
        """Live through one second in which the charger offers this current [A per leg]."""
        if self._trip is not None and moment.environment >= self._trip[0 if self.home else 1]:
            self._come_or_go()
        if offered != self._offered:
            self._offered = offered
            self._offers.append((moment.second + self._part.response, offered))
        while self._offers and self._offers[0][0] <= moment.second:
            self._noticed = self._offers.popleft()[1]
        target = self._target()
        if target > 0.0 or self.power > 0.0:
            self._follow(target, moment)

    def unplug(self) -> None:
        """Draw nothing from now on."""
        self.power = 0.0
        self._starts = None
        self.draws[:] = [0.0] * len(self.draws)

    def _come_or_go(self) -> None:
        if self._trip is None:
            return
        self.home = not self.home
        if self.home:
            self.soc = max(0.0, self.soc - _FULL * self._trip[2] / self._part.capacity)
            self.full = self.soc > self._part.soc_limit - _FULL_AGAIN
            self._trip = next(self._trips, None)
        else:
            self.unplug()

    def _target(self) -> float:
        """Return what it draws once ramps are over [A per leg]."""
        part = self._part
        if not self.home or self.full or self._noticed < part.min_current:
            return 0.0
        most = part.max_current
        if self.soc > part.taper_from:
            left = (_FULL - self.soc) / max(_FULL - part.taper_from, 1.0)
            most = max(part.min_current, most * left)
        return min(self._noticed, most)

    def _follow(self, target: float, moment: Moment) -> None:
        """Ramp every leg towards `target` and charge."""
        part = self._part
        if target <= 0.0:
            self._starts = None
        elif self._starts is None:
            self._starts = self._staggered(moment.second)
        power = 0.0
        for order, (leg, phase) in enumerate(self._legs):
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
        """Return when each leg starts, the first one now."""
        delays = [self._chance.uniform(0.0, self._part.stagger) for _ in self._legs]
        first = min(delays)
        return [second + delay - first for delay in delays]
