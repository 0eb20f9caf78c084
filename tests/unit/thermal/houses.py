"""Rooms and tanks whose parameters are known, read every three minutes through a noisy sensor."""

from collections.abc import Iterator
from math import pi, sin
from random import Random

from evenload.thermal import ThermalKind, ThermalSample, ThermalSettings

DAY, INTERVAL = 86_400, 180
MIDNIGHT = 1_700_006_400.0
WATER = 1.163

ROOM = ThermalSettings(kind=ThermalKind.ROOM)
TANK = ThermalSettings(kind=ThermalKind.TANK, ambient=19.0)
FAMILY_HOUSE = {"capacity": 13_500.0, "loss": 160.0}
BOILER = {"capacity": 200 * WATER, "loss": 1.8}


def room_days(days: int, *, seed: int = 1, noise: float = 0.1) -> Iterator[ThermalSample]:
    """Yield readings of a room in winter, heated by a thermostat that rests at night."""
    chance, air, wall, heating, silent = Random(seed), 20.0, 20.0, False, -1.0
    means = [chance.gauss(5, 3) for _ in range(days + 2)]
    suns = [chance.uniform(60, 450) for _ in range(days + 2)]
    for second in range(0, days * DAY, INTERVAL):
        day, share = divmod(second / DAY, 1.0)
        hour, mean = 24 * share, means[int(day)]
        outdoor = mean + (means[int(day) + 1] - mean) * share + 3.5 * sin((hour - 9) / 12 * pi)
        sun = max(0.0, sin((hour - 7) / 10 * pi)) * suns[int(day)] if 7 < hour < 17 else 0.0
        target = 20.5 if 6 <= hour < 22 else 18.5
        heating = air < target - 0.3 or (heating and air <= target + 0.3)
        power = 8000.0 if heating else 0.0
        if chance.random() < INTERVAL / 129_600:
            silent = second + chance.uniform(600, 14_400)
        read = None if second < silent else air + chance.gauss(0, noise)
        yield ThermalSample(
            at=MIDNIGHT + second, temperature=read, power=power, outdoor=outdoor, sun=sun
        )
        for _ in range(INTERVAL // 20):
            to_wall = 900 * (air - wall)
            air += (power + 250 + 5 * sun - 160 * (air - outdoor) - to_wall) / 180 / 1500
            wall += to_wall / 180 / 12_000


def tank_days(days: int, *, seed: int = 1, drawn: bool = True) -> Iterator[ThermalSample]:
    """Yield readings of a boiler that is kept between 54 and 60 degrees, with showers and taps."""
    chance, warm, heating = Random(seed), 52.0, False
    showers: dict[int, float] = {}
    for second in range(0, days * DAY, INTERVAL):
        if second % DAY == 0 and drawn:
            showers = {int(chance.gauss(hour, 0.3) * 20): 9.0 for hour in (6.5, 7.2, 19.5, 21.0)}
            showers |= {int(chance.uniform(7, 22) * 20): chance.uniform(1, 5) for _ in range(12)}
        heating = warm < 54 or (heating and warm <= 60)
        power = 2000.0 if heating else 0.0
        read = warm + chance.gauss(0, 0.1)
        yield ThermalSample(at=MIDNIGHT + second, temperature=read, power=power)
        warm += (power - 1.8 * (warm - 19)) / 20 / BOILER["capacity"]
        warm -= showers.get(second % DAY // INTERVAL, 0.0) / 200 * (warm - 12)
