"""Rooms and tanks whose parameters are known, lived through minute by minute."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from evenload.simulate.devices.relay import draws_of_day
from evenload.thermal import ThermalSample

DAY, MINUTE = 86_400, 60
EPOCH = 1_700_006_400.0
"""A midnight."""
DAYS = 7
NOISE = 0.1
WATER = 1.163


@dataclass(frozen=True)
class Known:
    """A room whose parameters are known."""

    name: str
    air: float
    mass: float
    exchange: float
    loss: float
    windows: float
    gains: float
    heater: float

    @property
    def capacity(self) -> float:
        """Of all of it [Wh/K]."""
        return self.air + self.mass


ROOMS = (
    Known("family house", 1500, 12_000, 900, 160, 5, 250, 8000),
    Known("flat", 600, 5000, 300, 60, 2, 80, 3000),
    Known("old house", 3000, 25_000, 1200, 250, 8, 300, 12_000),
    Known("one node", 4000, 0, 0, 160, 5, 250, 8000),
)
TANKS = ((200, 1.8, 110, 2000), (400, 2.5, 200, 2000), (80, 1.2, 60, 2000), (300, 1.5, 160, 6000))
"""Volume [l], loss [W/K], drawn a day [l], heater [W]."""


def dropped(chance: Random, second: int, until: float) -> float:
    """Return until when the sensor says nothing: it drops out every 36 hours, for up to four."""
    return second + chance.uniform(600, 14_400) if chance.random() < MINUTE / 129_600 else until


def room_samples(room: Known, seed: int) -> Iterator[ThermalSample]:
    """Yield a minute's readings of a room for a week in winter; inner steps of 10 s."""
    chance = Random(seed)
    days = [(chance.gauss(5, 3), chance.uniform(60, 450)) for _ in range(DAYS + 2)]
    air = wall = 20.0
    heating, silent = False, -1.0
    for second in range(0, DAYS * DAY, MINUTE):
        day, share = divmod(second / DAY, 1.0)
        (mean, sunny), (later, _) = days[int(day)], days[int(day) + 1]
        hour = 24 * share
        outdoor = mean + (later - mean) * share + 3.5 * math.sin((hour - 9) / 12 * math.pi)
        sun = max(0.0, math.sin((hour - 7) / 10 * math.pi)) * sunny if 7 < hour < 17 else 0.0
        target = 20.5 if 6 <= hour < 22 else 18.5
        heating = air < target - 0.3 or (heating and air <= target + 0.3)
        power = room.heater if heating else 0.0
        silent = dropped(chance, second, silent)
        measured = None if second < silent else air + chance.gauss(0, NOISE)
        yield ThermalSample(
            at=EPOCH + second,
            temperature=measured,
            power=power,
            outdoor=float(outdoor),
            sun=sun,
        )
        for _ in range(6):
            to_wall = room.exchange * (air - wall)
            heat = power + room.gains + room.windows * sun - room.loss * (air - outdoor) - to_wall
            air += float(heat) / 360 / room.air
            wall += to_wall / 360 / room.mass if room.mass else 0.0


def tank_samples(tank: Sequence[float], seed: int) -> Iterator[ThermalSample]:
    """Yield a minute's readings of a tank for a week: 54 to 60 degrees, 19 around it."""
    volume, loss, drawn, heater = tank
    chance, warm, heating, silent = Random(seed), 52.0, False, -1.0
    flows: list[float] = []
    for second in range(0, DAYS * DAY, MINUTE):
        if second % DAY == 0:
            flows = draws_of_day(drawn, chance)
        heating = warm < 54 or (heating and warm <= 60)
        power = heater if heating else 0.0
        silent = dropped(chance, second, silent)
        measured = None if second < silent else warm + chance.gauss(0, NOISE)
        yield ThermalSample(at=EPOCH + second, temperature=measured, power=power, outdoor=19.0)
        warm += (power - loss * (warm - 19)) / 60 / (volume * WATER)
        warm -= min(1.0, flows[second % DAY // MINUTE] / volume) * (warm - 12)


def layers_samples(seed: int) -> Iterator[ThermalSample]:
    """Yield a minute's readings of 300 l with two sensors, two fifths of it above."""
    chance, upper, lower, heating = Random(seed), 55.0, 50.0, False
    above, below, loss = 0.4 * 300 * WATER, 0.6 * 300 * WATER, 2.0
    flows: list[float] = []
    for second in range(0, DAYS * DAY, MINUTE):
        if second % DAY == 0:
            flows = draws_of_day(110, chance)
        heating = lower < 40 or (heating and lower <= 60)
        power = 3000.0 if heating else 0.0
        yield ThermalSample(
            at=EPOCH + second,
            temperature=upper + chance.gauss(0, NOISE),
            lower=lower + chance.gauss(0, NOISE),
            power=power,
            outdoor=19.0,
        )
        moved = flows[second % DAY // MINUTE] * WATER
        upper -= moved / above * (upper - lower) + loss / 300 / WATER / 60 * (upper - 19)
        lower -= moved / below * (lower - 12) + loss / 300 / WATER / 60 * (lower - 19)
        lower += power / 60 / below
        if lower > upper:
            upper = lower = 0.4 * upper + 0.6 * lower
