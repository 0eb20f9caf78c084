"""The bound is above everything that can be done, and not far above."""

from dataclasses import replace
from functools import cache
from itertools import pairwise, product

import numpy as np
import pytest

from bench.solar_bound import Wear, best_gain
from evenload.model.control import LoadControl
from evenload.simulate.bound import (
    BoundedLoad,
    BoundError,
    Foresight,
    foresee,
    least_cost,
    most_solar_gain,
    net_solar_gain,
)
from evenload.simulate.bound.gain import Store
from evenload.simulate.bound.program import Program
from evenload.simulate.plant import Plant
from evenload.simulate.run import run
from evenload.simulate.scenario import parse_house
from evenload.simulate.settings import Sky
from evenload.simulate.strategies import STRATEGIES
from evenload.simulate.traces.clouds import clearness

MINUTE = 60
HOURS = MINUTE / 3600.0


def gain(drawn, surplus):
    """Return the net solar gain of one minute [Wh]."""
    return HOURS * min(drawn, 2.0 * max(0.0, surplus) - drawn)


def allowed(plan, min_on, min_off, starts):
    """Whether a plan of minutes, 0 or more watts each, keeps to its least times and starts."""
    runs = "".join("1" if drawn else "0" for drawn in plan)
    lengths = [len(each) for each in runs.split("0") if each]
    rests = [len(each) for each in runs.strip("0").split("1") if each]
    ends_early = runs.endswith("1")
    if ends_early and lengths:
        lengths = lengths[:-1]
    return (
        len(lengths) + ends_early <= starts
        and all(each >= min_on for each in lengths)
        and all(each >= min_off for each in rests)
    )


def best_of_all(surplus, levels, min_on, min_off, starts):
    """Try every plan."""
    return max(
        sum(gain(drawn, there) for drawn, there in zip(plan, surplus, strict=True))
        for plan in product((0.0, *levels), repeat=len(surplus))
        if allowed(plan, min_on, min_off, starts)
    )


@pytest.mark.parametrize("seed", range(12))
def test_it_is_not_below_any_plan_and_near_the_best(seed):
    chance = np.random.default_rng(seed)
    minutes = chance.uniform(-500.0, 4500.0, 9)
    levels = (1500.0, 2500.0, 3500.0)
    best = best_of_all(minutes, levels, min_on=2, min_off=2, starts=2)
    bound = net_solar_gain(
        np.repeat(minutes, MINUTE), levels=levels, min_on=120, min_off=120, starts=2
    )
    assert bound.value >= best - 1e-6
    assert bound.value <= best + HOURS * 9 * 500.0 + HOURS * 2 * 2500.0, (
        "half a step a minute, and what a start may choose"
    )


def test_steady_surplus_is_taken_whole_where_levels_reach_it():
    bound = net_solar_gain(np.full(7200, 2000.0), levels=(1380.0, 3680.0))
    assert bound.value == pytest.approx(4000.0, rel=1e-3)
    assert bound.reached == pytest.approx(4000.0, rel=3e-3)


@pytest.mark.parametrize(("surplus", "expected"), [(1000.0, 620.0), (690.0, 0.0), (300.0, 0.0)])
def test_below_the_minimum_the_grid_pays_a_part(surplus, expected):
    bound = net_solar_gain(np.full(3600, surplus), levels=(1380.0, 3680.0))
    assert bound.value == pytest.approx(expected, abs=1.0)


def test_more_starts_gain_more_and_none_gain_nothing():
    pulses = np.tile(np.concatenate([np.full(900, 3000.0), np.full(900, 0.0)]), 8)
    gains = [
        net_solar_gain(pulses, levels=(2000.0, 4000.0), starts=starts).value
        for starts in (0, 2, 4, 8)
    ]
    assert gains[0] == pytest.approx(0.0, abs=1e-3)
    assert all(fewer < more for fewer, more in pairwise(gains))
    assert gains[3] == pytest.approx(8 * 750.0, rel=0.01)


def test_longer_least_times_gain_less():
    pulses = np.tile(np.concatenate([np.full(300, 3000.0), np.full(300, 0.0)]), 12)
    short, long = (
        net_solar_gain(pulses, levels=(3000.0,), min_on=time, min_off=time, starts=99).value
        for time in (60.0, 1200.0)
    )
    assert long < 0.6 * short


def plain(watts, slots, **more):
    return BoundedLoad(
        lowest=np.full(slots, float(watts)), highest=np.full(slots, float(watts)), **more
    )


def test_two_loads_share_the_same_sun():
    surplus = np.full(3600, 3000.0)
    alone = most_solar_gain(surplus, [plain(2000, 60)], slot=MINUTE).value
    both = most_solar_gain(surplus, [plain(2000, 60), plain(2000, 60)], slot=MINUTE).value
    assert alone == pytest.approx(2000.0, rel=1e-3)
    assert both == pytest.approx(2000.0, rel=1e-3), "the second would gain 1000 and cost 1000"


def test_a_full_tank_gains_no_more():
    room = np.full(60, 500.0)
    bound = most_solar_gain(np.full(3600, 3000.0), [plain(2000, 60, room=room)], slot=MINUTE)
    assert bound.value == pytest.approx(500.0, rel=1e-3)


def test_room_that_comes_later_is_not_used_before():
    surplus = np.concatenate([np.full(1800, 3000.0), np.zeros(1800)])
    late = np.concatenate([np.zeros(30), np.full(30, 1e4)])
    bound = most_solar_gain(surplus, [plain(2000, 60, room=late)], slot=MINUTE)
    assert bound.value == pytest.approx(0.0, abs=1e-3)


def test_a_battery_may_carry_a_load_through_a_cloud():
    surplus = np.concatenate([np.full(1800, 2000.0), np.full(600, 0.0), np.full(1800, 2000.0)])
    car = plain(2000, 70, min_on=300.0, min_off=300.0, starts=1)
    store = Store(energy=1000.0, capacity=5000.0, charge=3000.0, discharge=3000.0)
    without = most_solar_gain(surplus, [car], slot=MINUTE).value
    within = most_solar_gain(surplus, [car], slot=MINUTE, store=store).value
    assert without == pytest.approx(2000.0 - 333.0, abs=40.0)
    assert within == pytest.approx(2000.0, abs=5.0)


def test_a_program_without_an_answer_says_so():
    program = Program()
    program.row([(program.variable(0.0, 1.0, worth=1.0), 1.0)], low=2.0)
    with pytest.raises(BoundError, match=r"[Ii]nfeasible"):
        program.solve(gap=1e-3, seconds=1.0)


def sunny_house(seed, sky, legs):
    return parse_house(
        {
            "site": {"fuse": 35},
            "chargers": [
                {
                    "id": "wallbox",
                    "max_current": 16,
                    "phases": {"L1": "A", "L2": "B", "L3": "C"},
                    "plugs": [{"id": "car", "min": 6, "max": 16, "mode": "solar"}],
                }
            ],
            "loads": [
                {
                    "id": "boiler",
                    "kind": "switch",
                    "power": 2000,
                    "phases": {"L1": "B"},
                    "mode": "solar",
                    "priority": 2,
                }
            ],
            "plant": {
                "seed": seed,
                "start": "2026-06-15T09:00",
                "household": {"size": "small"},
                "solar": {"peak": 9000, "phases": ["A", "B", "C"], "sky": sky},
                "devices": {
                    "car": {"kind": "car", "soc": 20, "legs": ["L1", "L2", "L3"][:legs]},
                    "boiler": {"kind": "tank"},
                },
            },
        }
    )


DAYS = ((1, "broken", 1), (2, "broken", 3), (3, "clear", 3), (4, "mixed", 1), (5, "overcast", 1))
"""Seed, sky, and legs of the car."""
HOURS_LONG = 3


@cache
def bound_of(day):
    """Return what nobody could have gained more than on a day [kWh]."""
    foresight = foresee(sunny_house(*day), seconds=HOURS_LONG * 3600)
    bound = most_solar_gain(
        foresight.surplus, foresight.loads, slot=foresight.slot, store=foresight.store
    )
    return bound.value / 1000.0


@cache
def gained(strategy, day):
    """Return what a strategy gained on a day [kWh]."""
    plant = Plant(sunny_house(*day))
    loads = run(plant, STRATEGIES[strategy](), seconds=HOURS_LONG * 3600).result["loads"]
    return sum(load["net_solar_gain_kwh"] for load in loads.values())


ROUNDED = 0.02
"""Of figures with two decimals for two loads [kWh]."""


@pytest.mark.parametrize("day", DAYS, ids=lambda day: f"{day[1]}-{day[2]}-{day[0]}")
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_no_strategy_beats_it(strategy, day):
    assert gained(strategy, day) <= bound_of(day) + ROUNDED


@pytest.mark.parametrize("day", DAYS[:4], ids=lambda day: f"{day[1]}-{day[2]}-{day[0]}")
def test_the_best_strategy_comes_near_it(day):
    best = max(gained(strategy, day) for strategy in STRATEGIES)
    assert best >= 0.6 * bound_of(day), "a bound far off means nothing"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("legs", [1, 3])
def test_dynamic_programming_by_levels_and_seconds_finds_as_much(seed, legs):
    """The other program knows steps of 1 A and begins in slots of 5 s, so it may find a little less."""
    chance = np.random.default_rng(seed)
    sky = clearness(Sky.BROKEN, chance)[: 2 * 3600]
    surplus = chance.uniform(3000.0, 9000.0) * sky - 400.0
    levels = [np.full(surplus.size, legs * 230.0 * current) for current in range(6, 17)]
    exact = 1000.0 * best_gain(surplus, levels, Wear(starts=3))
    watts = [float(level[0]) for level in levels]
    bound = net_solar_gain(surplus, levels=watts, starts=3).value
    assert exact > 0.0
    assert exact <= bound + 1e-6
    assert bound <= 1.03 * exact + 20.0


def test_foresight_knows_when_the_car_is_there_and_what_it_lacks():
    house = parse_house(
        {
            "site": {"phases": ["A"], "fuse": 25},
            "chargers": [
                {
                    "id": "wallbox",
                    "max_current": 16,
                    "phases": {"L1": "A"},
                    "plugs": [{"id": "car", "min": 6, "max": 16, "mode": "solar"}],
                }
            ],
            "control": {"loads": {"car": {"min_on": 600}}},
            "plant": {
                "start": "2026-06-15T06:00",
                "devices": {
                    "car": {
                        "kind": "car",
                        "capacity": 50000,
                        "soc": 78,
                        "soc_limit": 80,
                        "jitter": 0,
                        "trips": [{"leaves": "09:00", "returns": "12:00", "energy": 9000}],
                    }
                },
            },
        }
    )
    foresight = foresee(house, seconds=8 * 3600)
    (car,) = foresight.loads
    hours = car.highest.reshape(8, -1).max(axis=1) > 0
    assert hours.tolist() == [True] * 3 + [False] * 3 + [True] * 2
    assert car.room[0] == pytest.approx(1000.0 / 0.9)
    assert car.room[-1] == pytest.approx(10000.0 / 0.9, rel=0.01)
    assert 590.0 < car.min_on < 600.0
    assert LoadControl().min_off - 10.0 < car.min_off < LoadControl().min_off
    assert car.lowest[0] == pytest.approx(6 * 230, rel=0.05)


def steady(surplus, loads, *, buying=0.30, selling=0.08, store=None):
    seconds = surplus.size
    return Foresight(
        slot=MINUTE,
        surplus=surplus,
        import_price=np.full(seconds, buying),
        export_price=np.full(seconds, selling),
        loads=tuple(loads),
        store=store,
    )


def test_the_least_cost_takes_the_sun_first():
    surplus = np.concatenate([np.full(3600, 2000.0), np.zeros(3600)])
    foresight = steady(surplus, [plain(3000, 120)])
    assert least_cost(foresight, [2000.0]) == pytest.approx(0.0, abs=1e-6)
    assert least_cost(foresight, [3000.0]) == pytest.approx(0.30)
    assert least_cost(foresight, [0.0]) == pytest.approx(-0.16)


def test_the_least_cost_knows_cheap_hours_and_those_that_pay_for_export():
    cheap = replace(
        steady(np.zeros(7200), [plain(1000, 120)]),
        import_price=np.repeat([0.40, 0.10], 3600),
    )
    assert least_cost(cheap, [1000.0]) == pytest.approx(0.10)
    paid = steady(np.full(3600, 1000.0), [plain(1000, 60)], buying=0.10, selling=0.30)
    assert least_cost(paid, [0.0]) <= -0.30 + 1e-6
    assert least_cost(paid, [1000.0]) <= 0.0 + 1e-6


def test_the_battery_ends_as_full_as_it_did():
    store = Store(energy=0.0, capacity=2000.0, charge=1000.0, discharge=1000.0)
    surplus = np.concatenate([np.full(3600, 1000.0), np.full(3600, -1000.0)])
    foresight = steady(surplus, [], store=store)
    assert least_cost(foresight, []) == pytest.approx(0.0, abs=1e-6)
    assert least_cost(foresight, [], stored=1000.0) == pytest.approx(0.30)


def test_foresight_is_not_stopped_by_what_stops_a_house():
    house = sunny_house(1, "clear", 3)
    small = replace(house, site=replace(house.site, fuse=dict.fromkeys(house.site.fuse, 1.0)))
    free, tripping = (foresee(each, seconds=1200) for each in (house, small))
    assert np.array_equal(free.surplus, tripping.surplus)
    assert [load.room[-1] for load in free.loads] == [load.room[-1] for load in tripping.loads]
