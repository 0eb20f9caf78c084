"""How warm it is outside and how much sun falls on the horizontal, by minute.

Generated weather follows the seasons and the hour; spells of warm and cold days hang together as in a
Central European record (0.81 of a day's deviation is left on the next). A day is made from its own
date and the few before it, so that a longer run begins with the same days.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from evenload.simulate.settings import (
    CsvWeather,
    GeneratedSolar,
    GeneratedWeather,
    Plant,
    RecordedWeather,
    Sky,
)
from evenload.simulate.traces.clouds import clearness
from evenload.simulate.traces.sun import clear_horizontal
from evenload.simulate.traces.table import read_table

type Floats = NDArray[np.float64]
type Chance = np.random.Generator

_DAY = 86400
_MINUTES = 1440
_COLDEST_DAY = 25
_WARMEST_MINUTE = 15.5 * 60
_REMEMBERED = 0.81
_REMEMBERS = 15
"""Days after which a spell is forgotten."""
_WINTER_SWING, _SUMMER_SWING = 0.7, 2.9
"""Half of the way from the coldest to the warmest hour of a day [K]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherDay:
    """One day outside."""

    temperatures: list[float]
    """By minute [degC]."""
    irradiances: list[float]
    """On the horizontal, by minute [W/m2]."""


def season_of(day: date) -> float:
    """Return where in the year a day stands: -1 in midwinter, 1 in midsummer."""
    return -math.cos(2.0 * math.pi * (day.timetuple().tm_yday - _COLDEST_DAY) / 365.0)


def open_weather(
    plant: Plant, chance_of: Callable[[int], Chance], sky_of: Callable[[int], Chance]
) -> Callable[[int], WeatherDay]:
    """Return what gives each day's weather; raises ConfigurationError where a file cannot be read.

    `sky_of` gives the chance that the roof's clouds come from.
    """
    source = plant.weather
    if isinstance(source, GeneratedWeather):
        return lambda day: _generated(source, plant, day, chance_of, sky_of)
    return _recorded(source)


def _generated(
    weather: GeneratedWeather,
    plant: Plant,
    day: int,
    chance_of: Callable[[int], Chance],
    sky_of: Callable[[int], Chance],
) -> WeatherDay:
    today = plant.first_day + timedelta(days=day)
    season = season_of(today)
    fresh = math.sqrt(1.0 - _REMEMBERED**2) * weather.spells
    spell = sum(
        fresh * _REMEMBERED**back * float(chance_of(day - back + _REMEMBERS).normal())
        for back in range(_REMEMBERS)
    )
    swing = _WINTER_SWING + (_SUMMER_SWING - _WINTER_SWING) * (1.0 + season) / 2.0
    hours = np.cos(2.0 * np.pi * (np.arange(_MINUTES) - _WARMEST_MINUTE) / _MINUTES)
    temperatures = weather.mean + weather.seasons * season + spell + swing * hours
    sky = plant.solar.sky if isinstance(plant.solar, GeneratedSolar) else Sky.MIXED
    clear = clear_horizontal(plant.location, today.timetuple().tm_yday)[:_MINUTES]
    clouds = clearness(sky, sky_of(day)).reshape(_MINUTES, -1).mean(axis=1)
    return WeatherDay(temperatures=temperatures.tolist(), irradiances=(clear * clouds).tolist())


def _recorded(source: CsvWeather | RecordedWeather) -> Callable[[int], WeatherDay]:
    columns = [source.temperature, source.irradiance]
    table = read_table(source, columns, place="plant.weather", key="temperature")
    first = source.first_day if isinstance(source, RecordedWeather) else 0
    days = max(1, math.ceil((table.times[-1] + 1.0) / _DAY))
    temperatures, irradiances = (
        (table.times[known], column[known])
        for column in table.columns
        if (known := ~np.isnan(column)).any()
    )

    def of_day(day: int) -> WeatherDay:
        begin = (day + first) % days * _DAY - source.shift
        moments = (begin + np.arange(_MINUTES) * 60.0) % (days * _DAY)
        return WeatherDay(
            temperatures=np.interp(moments, *temperatures).tolist(),
            irradiances=np.maximum(0.0, np.interp(moments, *irradiances)).tolist(),
        )

    return of_day
