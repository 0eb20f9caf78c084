"""The moment that `--explain` asks about, and the kinds of change it tries on it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from evenload.model.readings import LoadReading, Readings
from evenload.model.site import Load, Phase, Site

LARGEST_CURRENT = 1000.0
LARGEST_POWER = 1_000_000.0
"""Sizes beyond any house: what does not help then does not help."""

CURRENT_GRAIN = 0.1
POWER_GRAIN = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What the engine is run with."""

    site: Site
    readings: Readings

    def load(self, load_id: str) -> Load:
        """Return the load of this id; raises KeyError when there is none."""
        return {load.id: load for load in self.site.all_loads}[load_id]

    def phases_of(self, load: Load) -> tuple[Phase, ...]:
        """Return the phases on which limits count this load now."""
        reading = self.readings.loads.get(load.id)
        legs = load.legs
        if reading is not None and reading.legs is not None:
            legs = reading.legs
        if legs is None or (reading is not None and not reading.legs_certain):
            legs = tuple(load.phases)
        return tuple(load.phases[leg] for leg in legs)

    def with_load(self, load: Load) -> Moment:
        """Return the moment with `load` in the place of the one of its id."""

        def swapped(loads: Iterable[Load]) -> tuple[Load, ...]:
            return tuple(load if each.id == load.id else each for each in loads)

        chargers = tuple(replace(each, plugs=swapped(each.plugs)) for each in self.site.chargers)
        loads = swapped(self.site.loads)
        return self.with_site(replace(self.site, chargers=chargers, loads=loads))

    def with_site(self, site: Site) -> Moment:
        """Return the moment at another site."""
        return replace(self, site=site)

    def with_reading(self, load: str, reading: LoadReading) -> Moment:
        """Return the moment with another reading of one load."""
        loads = {**self.readings.loads, load: reading}
        return replace(self, readings=replace(self.readings, loads=loads))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that is different or not."""

    words: str
    """As they go on after `with`."""
    moment: Moment

    def after(self, first: str) -> Change:
        """Return this change, said after another one that its moment holds already."""
        return replace(self, words=f"{first}, and {self.words}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SizedChange:
    """Something that is different by so much."""

    words: Callable[[float], str]
    """As they go on after `with`, for a size."""
    applied: Callable[[float], Moment]
    largest: float
    grain: float
    """What a person would round its size up to."""

    def after(self, first: str) -> SizedChange:
        """Return this change, said after another one that its moments hold already."""

        def both(size: float) -> str:
            return f"{first}, and {self.words(size)}"

        return replace(self, words=both)


def amperes_more(words: Callable[[float], str], applied: Callable[[float], Moment]) -> SizedChange:
    """Return a change in amperes."""
    return SizedChange(words=words, applied=applied, largest=LARGEST_CURRENT, grain=CURRENT_GRAIN)


def watts_more(words: Callable[[float], str], applied: Callable[[float], Moment]) -> SizedChange:
    """Return a change in watts."""
    return SizedChange(words=words, applied=applied, largest=LARGEST_POWER, grain=POWER_GRAIN)
