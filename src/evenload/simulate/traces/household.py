"""A household built from appliances that people switch on.

Each appliance has a shape in time (a kettle is a block, an oven a warm-up and then a thermostat that
cycles, a dishwasher heats twice) and a pattern over the day when people use it. Numbers of uses are
drawn from a Poisson distribution, moments from the pattern. Beneath them lie what never sleeps,
refrigerators with their starting currents, and evenings with light and screens. Peaks come about as
in a real house: by chance, when several things run at once. For the approach see I. Richardson et
al., "Domestic electricity use: a high-resolution energy demand model", Energy and Buildings 42
(2010) 1878; shapes and numbers here are our own, set against recorded houses.

Powers are what the wires see: the power factor is taken as 1. A day depends on the seed and its own
date only, so that a longer run begins with the same days.

Nobody keeps a house whose main fuse blows every month: a fuse is dimensioned, and people have learnt
what not to run together. So where the fuse is known, what would load a phase beyond what it carries for
ever is switched on later, when there is room; neither sun nor battery is counted on for that, for
tomorrow may be cloudy, and the battery empty. Peaks above the rating, which a fuse bears, stay.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenload.simulate.settings import GeneratedHousehold, Size

type Floats = NDArray[np.float64]
type Chance = np.random.Generator

_DAY = 86400
_MORNING, _NOON, _EVENING, _DAYTIME = (7.3, 1.0), (12.5, 1.0), (18.6, 1.5), (14.0, 4.0)
"""Moments of use: (hour of the day, standard deviation in hours)."""
_DRUM_TURNS, _DRUM_RUNS = 40, 25
"""A drum begins to turn every so often, and turns for so long [s]."""
_LOOKS, _PATIENCE = 60, 7200
"""Who finds no room on the fuse looks again every so often, and gives up after so long [s]."""
_SPARE = 250.0
"""Stays free on a phase for what people do not think of: standby, light, a refrigerator [W]."""
_TAIL = 5 * 3600
"""What begins late runs on after midnight, at the longest for so long [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appliance:
    """Something with a plug that people use."""

    uses: float
    """A day, in a normal household."""
    when: Sequence[tuple[float, float]]
    """Moments of use, each as likely as the others: (hour, standard deviation in hours)."""
    wire: int
    """Which of three phases it hangs on; on a house with fewer they fold."""
    shape: Callable[[Chance], Floats]
    """Power of each second of one use [W]."""


def block(power: float, shortest: float, longest: float) -> Callable[[Chance], Floats]:
    """Return the shape of constant power for a random time [s]."""

    def shape(chance: Chance) -> Floats:
        return np.full(int(chance.uniform(shortest, longest)), power * chance.uniform(0.95, 1.05))

    return shape


def cycling(
    power: float, *, first: float, on: float, off: float, total: float
) -> Callable[[Chance], Floats]:
    """Return the shape of a thermostat: `first` seconds on, then `on` and `off` in turn."""

    def shape(chance: Chance) -> Floats:
        seconds = np.arange(int(total * chance.uniform(0.6, 1.4)))
        warm_up = first * chance.uniform(0.8, 1.2)
        running = (seconds < warm_up) | ((seconds - warm_up) % (on + off) < on)
        return np.where(running, power * chance.uniform(0.95, 1.05), 15.0)

    return shape


def washing(
    power: float, heating: Sequence[tuple[float, float]], total: float, motor: float
) -> Callable[[Chance], Floats]:
    """Return the shape of a machine that heats from and to the given seconds while a motor turns."""

    def shape(chance: Chance) -> Floats:
        seconds = np.arange(int(total))
        rated = motor * chance.uniform(0.8, 1.2)
        turning = np.where(seconds % _DRUM_TURNS < _DRUM_RUNS, rated, 0.4 * rated)
        for begin, end in heating:
            turning += np.where((seconds >= begin) & (seconds < end), power, 0.0)
        return turning

    return shape


def motor(
    power: float, shortest: float, longest: float, inrush: float
) -> Callable[[Chance], Floats]:
    """Return the shape of a motor that takes `inrush` times its power in its first second."""

    def shape(chance: Chance) -> Floats:
        running = np.full(int(chance.uniform(shortest, longest)), power)
        running[0] *= inrush
        return running

    return shape


APPLIANCES = (
    Appliance(
        uses=5, when=(_MORNING, _NOON, _EVENING, _DAYTIME), wire=0, shape=block(2150, 90, 240)
    ),
    Appliance(
        uses=2,
        when=(_MORNING, _DAYTIME),
        wire=0,
        shape=cycling(1350, first=50, on=4, off=25, total=400),
    ),
    Appliance(uses=2.5, when=(_NOON, _EVENING), wire=0, shape=block(1300, 60, 420)),
    Appliance(uses=1.2, when=(_MORNING, _NOON), wire=2, shape=block(950, 100, 200)),
    Appliance(
        uses=0.5,
        when=(_EVENING,),
        wire=1,
        shape=cycling(2500, first=600, on=35, off=70, total=2800),
    ),
    Appliance(
        uses=1.0,
        when=(_NOON, _EVENING, _EVENING),
        wire=1,
        shape=cycling(1800, first=240, on=9, off=11, total=1500),
    ),
    Appliance(
        uses=0.6,
        when=(_EVENING,),
        wire=2,
        shape=cycling(1500, first=180, on=7, off=12, total=1300),
    ),
    Appliance(
        uses=0.65,
        when=((20.3, 1.2), (13.0, 1.5)),
        wire=2,
        shape=washing(1950, ((240, 1140), (3900, 4800)), 5600, 60),
    ),
    Appliance(
        uses=0.6,
        when=((9.5, 1.5), _DAYTIME),
        wire=2,
        shape=washing(2050, ((420, 1500),), 5400, 220),
    ),
    Appliance(
        uses=0.35,
        when=((12.0, 2.0), (16.0, 2.0)),
        wire=0,
        shape=cycling(2400, first=2400, on=60, off=45, total=3900),
    ),
    Appliance(uses=0.4, when=(_DAYTIME,), wire=1, shape=motor(900, 300, 1300, 2.2)),
    Appliance(uses=0.7, when=(_MORNING, (21.0, 1.0)), wire=1, shape=block(1700, 120, 420)),
    Appliance(
        uses=0.15,
        when=(_DAYTIME, (19.5, 1.0)),
        wire=2,
        shape=cycling(2200, first=60, on=12, off=22, total=2400),
    ),
)
"""What a normal household has: kettle, coffee machine, microwave, toaster, oven, two rings of a hob,
dishwasher, washing machine, tumble dryer, vacuum cleaner, hair dryer, iron."""

_LARGE = (
    Appliance(
        uses=0.8,
        when=(_NOON, _EVENING, _EVENING),
        wire=1,
        shape=cycling(2600, first=500, on=14, off=12, total=2400),
    ),
    Appliance(
        uses=0.6,
        when=(_MORNING, (21.5, 1.2)),
        wire=0,
        shape=block(2000, 1800, 5400),
    ),
    Appliance(
        uses=0.3,
        when=((17.0, 3.0),),
        wire=2,
        shape=cycling(3000, first=900, on=120, off=100, total=5400),
    ),
)
"""What a large household has besides: a bigger hob, electric heaters, a sauna or a workshop."""

_USES = {Size.QUIET: 0.0, Size.SMALL: 0.5, Size.NORMAL: 1.0, Size.LARGE: 1.4}
_STANDBY = {Size.QUIET: 110.0, Size.SMALL: 60.0, Size.NORMAL: 110.0, Size.LARGE: 400.0}
_EVENING_POWER = {Size.QUIET: 120.0, Size.SMALL: 120.0, Size.NORMAL: 260.0, Size.LARGE: 500.0}


def household_day(
    household: GeneratedHousehold,
    chance_of: Callable[[int], Chance],
    day: int,
    *,
    phases: int,
    room: Callable[[int], Floats] | None = None,
) -> Floats:
    """Return the household's power at each second of `day` [W], shape (phases, 86400).

    `chance_of` gives a day's own source of chance; yesterday's is asked for too, for what was
    switched on before midnight. `room` gives what the household may load each phase with on a day
    [W], of the same shape; None: its fuse is not known.
    """
    power = np.zeros((phases, 2 * _DAY + _TAIL))
    for midnight, date in ((0, day - 1), (_DAY, day)):
        power[:, midnight : midnight + _DAY] += _by_itself(household, chance_of(date), phases)
        free = _free(household, room, date)
        _switch_on(power, household.size, chance_of(date), midnight, free)
    return power[:, _DAY : 2 * _DAY] * household.scale


def _free(
    household: GeneratedHousehold, room: Callable[[int], Floats] | None, date: int
) -> Floats | None:
    """Return what appliances may load each phase with on a day [W]; None: as much as they like."""
    if room is None or household.scale == 0.0:
        return None
    return room(date) / household.scale - _SPARE


def _by_itself(household: GeneratedHousehold, chance: Chance, phases: int) -> Floats:
    """Return a day's power of what nobody decides about at that moment, on each phase [W]."""
    wires = np.zeros((3, _DAY))
    _add_standby(wires, household.size, chance)
    if household.appliance_interval is not None:
        _add_regular(wires, household.appliance_interval)
    folded = np.zeros((phases, _DAY))
    for wire in range(3):
        folded[wire % phases] += wires[wire]
    return folded


def _switch_on(
    power: Floats, size: Size, chance: Chance, midnight: int, free: Floats | None
) -> None:
    """Add everything that people switch on during one day, where there is room for it."""
    appliances = APPLIANCES + (_LARGE if size is Size.LARGE else ())
    for appliance in appliances:
        wire = power[appliance.wire % power.shape[0]]
        for _ in range(chance.poisson(appliance.uses * _USES[size])):
            hour, spread = appliance.when[int(chance.integers(len(appliance.when)))]
            wanted = int((chance.normal(hour, spread) % 24.0) * 3600)
            shape = appliance.shape(chance)
            most = None if free is None else free[appliance.wire % power.shape[0]]
            start = _begin(wire[midnight:], shape, wanted, most)
            if start is not None:
                wire[midnight + start : midnight + start + shape.size] += shape


def _begin(power: Floats, shape: Floats, wanted: int, most: Floats | None) -> int | None:
    """Return the first moment from `wanted` on at which `shape` fits below `most`; None: none soon.

    After midnight the day's last value of `most` holds on.
    """
    if most is None:
        return wanted
    for begin in range(wanted, wanted + _PATIENCE, _LOOKS):
        end = begin + shape.size
        allowed = most[np.minimum(np.arange(begin, end), _DAY - 1)]
        if np.all(power[begin:end] + shape <= allowed):
            return begin
    return None


def _add_standby(power: Floats, size: Size, chance: Chance) -> None:
    """Add what runs by itself: standby, refrigerators, light and screens in the evening."""
    seconds = np.arange(_DAY)
    evening = np.exp(-(((seconds / 3600.0 - 20.5) / 2.4) ** 2))
    flicker = np.repeat(chance.normal(1.0, 0.15, _DAY // 60), 60)
    for wire in range(3):
        noise = chance.normal(0.0, 4.0, _DAY)
        lit = _EVENING_POWER[size] * evening * flicker * chance.uniform(0.2, 0.5)
        power[wire] += np.maximum(5.0, _STANDBY[size] / 3.0 + noise + lit)
    for wire, rated in ((0, 90.0), (2, 110.0)):
        period, share = chance.uniform(2400, 3600), chance.uniform(0.3, 0.45)
        place = (seconds + chance.uniform(0, period)) % period
        power[wire] += np.where(place < period * share, rated, 0.0)
        power[wire] += np.where(place < 1.0, rated * 7.0, 0.0)


def _add_regular(power: Floats, interval: float) -> None:
    """Add a kettle on the first wire and an oven on the second, in turn, for a demonstration."""
    for turn, start in enumerate(np.arange(interval / 2.0, _DAY, interval)):
        rated, length = ((2000.0, 75), (2500.0, 110))[turn % 2]
        begin = int(start)
        power[turn % 2, begin : begin + length] += rated
