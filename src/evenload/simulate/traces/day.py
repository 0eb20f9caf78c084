"""One day of everything that is not managed, made when it is needed.

The plant looks values up second by second, so days are plain lists; the arrays they come from live
for a moment only. Every day is seeded by itself: what happens on it depends neither on the days
before nor on what is managed.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from evenload.model.site import Phase
from evenload.simulate.devices.fuse import FAST
from evenload.simulate.settings import Appliance, GeneratedHousehold, GeneratedSolar, Plant
from evenload.simulate.traces.clouds import clearness
from evenload.simulate.traces.household import household_day
from evenload.simulate.traces.recorded import open_recording
from evenload.simulate.traces.roof import RoofRecording
from evenload.simulate.traces.sun import clear_sky
from evenload.simulate.traces.weather import open_weather, season_of

type Floats = NDArray[np.float64]

_DAY = 86400
_MINUTES = 1440
_VOLTAGE, _PHASE_SPREAD, _WANDERS = 1.035, 0.007, 0.012
"""A voltage's mean, how far phases lie apart, and how far it wanders, as shares of nominal."""
_LOWEST, _HIGHEST = 227.0 / 230.0, 250.0 / 230.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseDay:
    """What follows the control clock."""

    powers: tuple[list[float], ...]
    """Of the household on each phase of the site, by second [W]."""
    voltages: tuple[list[float], ...]
    """Of each phase, by minute [V]."""


class Traces:
    """The generators and recordings of one plant."""

    def __init__(
        self,
        plant: Plant,
        phases: tuple[Phase, ...],
        voltage: float,
        ratings: Sequence[float] | None = None,
    ) -> None:
        """Open recordings; raises ConfigurationError where one cannot be read.

        `ratings` are those of the main fuse, by phase [A]; None: the household knows of none.
        """
        self._plant = plant
        self._phases = phases
        self._voltage = voltage
        self._ratings = ratings
        self._first = plant.first_day
        self._powers = self._household(plant, phases)
        self._production = self._sunshine(plant)
        self.weather_day = open_weather(plant, self._chance("weather"), self._chance("sky"))

    def house_day(self, day: int) -> HouseDay:
        """Return the household and the voltages of a day, counted from the first."""
        chance = self._chance("voltage")(day)
        voltages = tuple(_wander(self._voltage, chance) for _ in self._phases)
        powers = self._powers(day) + self._by_the_clock(day)
        return HouseDay(powers=tuple(phase.tolist() for phase in powers), voltages=voltages)

    def solar_day(self, day: int) -> list[float]:
        """Return the solar production of a day by second [W]; an empty list without a roof."""
        solar = self._plant.solar
        if solar is None:
            return []
        most = solar.peak if solar.inverter is None else solar.inverter
        return np.minimum(self._production(day), most).tolist()

    def _by_the_clock(self, day: int) -> Floats:
        """Return what comes on when the plant says so, shape (phases, 86400) [W]."""
        powers = np.zeros((len(self._phases), _DAY))
        for appliance in self._plant.appliances:
            for phase in appliance.phases:
                if phase in self._phases:
                    row = powers[self._phases.index(phase)]
                    _switch_on(row, appliance, day, len(appliance.phases))
        return powers

    def _room(self, ratings: Sequence[float], day: int) -> Floats:
        """Return what the main fuse carries for ever beside that on each phase [W].

        A fuse may have another rating than the site says; voltages are taken at their lowest.
        """
        fuse = self._plant.fuse
        carried = FAST[fuse.kind].carried * self._voltage * _LOWEST
        rated = np.array(ratings if fuse.rating is None else [fuse.rating] * len(ratings))
        return carried * rated[:, np.newaxis] - self._by_the_clock(day)

    def _household(self, plant: Plant, phases: tuple[Phase, ...]) -> Callable[[int], Floats]:
        """Return what gives the household's power on a day, shape (phases, 86400)."""
        source, chance_of = plant.household, self._chance("household")
        if isinstance(source, GeneratedHousehold):
            ratings = self._ratings
            room = None if ratings is None else partial(self._room, ratings)
            return partial(household_day, source, chance_of, phases=len(phases), room=room)
        recording = open_recording(source, phases)
        return lambda day: recording.day(day, chance_of(day))

    def _sunshine(self, plant: Plant) -> Callable[[int], Floats]:
        """Return what gives the roof's production on a day, 86,400 values."""
        source, chance_of = plant.solar, self._chance("sky")
        if source is None:
            return lambda _: np.zeros(_DAY)
        if isinstance(source, GeneratedSolar):
            return lambda day: self._under_clouds(source, day, chance_of(day))
        recording = RoofRecording(source)
        return lambda day: recording.day(day, chance_of(day))

    def _under_clouds(self, solar: GeneratedSolar, day: int, chance: np.random.Generator) -> Floats:
        today = self._first + timedelta(days=day)
        of_year = today.timetuple().tm_yday
        warmth = 10.0 + 9.0 * season_of(today)
        minutes = clear_sky(solar, self._plant.location, of_year, warmth)
        clear = np.interp(np.arange(_DAY) / 60.0, np.arange(_MINUTES + 1), minutes)
        return clear * clearness(solar.sky, chance)

    def _chance(self, name: str) -> Callable[[int], np.random.Generator]:
        """Return what gives each day its own source of chance for one purpose."""
        purpose = zlib.crc32(name.encode())

        def of_day(day: int) -> np.random.Generator:
            return np.random.default_rng([self._plant.seed, purpose, day + 1])

        return of_day


def _switch_on(power: Floats, appliance: Appliance, day: int, phases: int) -> None:
    """Add an appliance to a day's power on one phase, where it runs on that day."""
    for started in (day, day - 1):
        if appliance.day in (None, started):
            begin = appliance.at + (started - day) * _DAY
            end = begin + int(appliance.duration)
            power[max(0, begin) : max(0, end)] += appliance.power / phases


def _wander(nominal: float, chance: np.random.Generator) -> list[float]:
    """Return a voltage that wanders as recorded ones do, by minute [V].

    In three-phase houses it ran from 227 to 250 V, up to 5 V apart between phases.
    """
    steps = chance.normal(0.0, 1.0, _MINUTES // 15 + 2)
    slow = np.interp(np.arange(_MINUTES) / 15.0, np.arange(steps.size), steps)
    share = _VOLTAGE + _PHASE_SPREAD * chance.normal() + _WANDERS * slow
    return (nominal * np.clip(share, _LOWEST, _HIGHEST)).tolist()
