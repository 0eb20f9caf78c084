"""A simulated car takes what it is offered in its own way and time."""

from itertools import islice
from random import Random

import pytest

from evenload.simulate.devices.car import Car, trips
from evenload.simulate.devices.moment import Moment
from evenload.simulate.settings import CarPart, Trip, Weekday

HOUR, DAY = 3600, 86400


def a_car(legs=(0,), **settings) -> Car:
    part = CarPart(**{"kind": "car", "response": 0, "ramp": 16.0} | settings)
    return Car(
        part, legs, first_weekday=0, start=0.0, trips_chance=Random(1), legs_chance=Random(3)
    )


def a_moment(start: float = 0.0, speed: float = 1.0) -> Moment:
    return Moment(environment=start, speed=speed, voltages=[230.0] * 3)


def live(car: Car, moment: Moment, offered: float, seconds: int) -> list[list[float]]:
    draws = []
    for _ in range(seconds):
        moment.advance()
        car.advance(offered, moment)
        draws.append(list(car.draws))
    return draws


def test_it_notices_an_offer_late_and_ramps_up_at_its_rate():
    draws = live(a_car(response=3, ramp=2.0), a_moment(), 10.0, 10)
    assert [leg for (leg,) in draws] == [0, 0, 0, 2, 4, 6, 8, 10, 10, 10]


def test_it_falls_faster_than_it_rises():
    car, moment = a_car(ramp=2.0, ramp_down=8.0), a_moment()
    live(car, moment, 16.0, 20)
    assert [leg for (leg,) in live(car, moment, 0.0, 3)] == [8.0, 0.0, 0.0]


def test_it_draws_nothing_when_offered_less_than_its_minimum():
    assert live(a_car(), a_moment(), 5.9, 5)[-1] == [0.0]


def test_it_never_draws_more_than_its_own_charger_can():
    assert live(a_car(max_current=10.0), a_moment(), 32.0, 5)[-1] == [10.0]


def test_its_legs_start_one_after_another_within_the_stagger():
    draws = live(a_car(legs=(0, 1, 2), stagger=20.0), a_moment(), 10.0, 30)
    starts = [
        next(second for second, legs in enumerate(draws) if legs[leg] > 0) for leg in range(3)
    ]
    assert min(starts) == 0
    assert 0 < max(starts) <= 20
    assert len(set(starts)) == 3
    assert draws[-1] == [10.0, 10.0, 10.0]


def test_a_single_phase_car_uses_one_leg_of_a_three_phase_plug():
    assert live(a_car(legs=(0, None, None)), a_moment(), 10.0, 5)[-1] == [10.0, 0.0, 0.0]


def test_what_it_draws_goes_into_its_battery_less_the_loss():
    car = a_car(capacity=10_000.0, soc=20.0, efficiency=0.9)
    live(car, a_moment(), 10.0, HOUR)
    assert car.soc == pytest.approx(20.0 + 100 * 2300 * 0.9 / 10_000, rel=0.01)


def test_speed_hastens_its_state_of_charge_and_not_its_ramp():
    slow, fast = (a_car(ramp=1.0, soc=20.0) for _ in range(2))
    draws_slow = live(slow, a_moment(), 16.0, 60)
    draws_fast = live(fast, a_moment(speed=60.0), 16.0, 60)
    assert draws_slow == draws_fast
    assert fast.soc - 20.0 == pytest.approx(60 * (slow.soc - 20.0))


def test_it_draws_less_as_its_battery_fills_and_ends_by_itself():
    car, moment = a_car(capacity=20_000.0, soc=79.0, max_current=16.0), a_moment()
    currents = [leg for (leg,) in live(car, moment, 16.0, 4 * HOUR)]
    assert max(currents) == 16.0
    assert 6.0 <= currents[currents.index(16.0) + HOUR // 2] < 16.0
    assert car.full
    assert car.soc == 100.0
    assert currents[-1] == 0.0


def test_it_drives_away_and_comes_back_with_less():
    trip = Trip(leaves="08:00", returns="17:00", energy=6000.0)
    car, moment = a_car(trips=(trip,), jitter=0.0, soc=50.0), a_moment(start=7.5 * HOUR)
    live(car, moment, 0.0, HOUR)
    assert not car.home
    live(car, moment, 16.0, 9 * HOUR)
    assert car.home
    assert car.soc < 50.0


def test_a_car_that_is_away_at_the_start_comes_back():
    trip = Trip(leaves="20:00", returns="06:00", energy=6000.0)
    part = CarPart(kind="car", trips=(trip,), jitter=0.0)
    first, second = islice(trips(part, 0, 3.0 * HOUR, Random(1)), 2)
    assert first == (-4 * HOUR, 6 * HOUR, 6000.0)
    assert second == (20 * HOUR, DAY + 6 * HOUR, 6000.0)


def test_it_drives_on_the_days_it_is_told_only():
    trip = Trip(days=(Weekday.SAT,), leaves="10:00", returns="11:00", energy=1.0)
    part = CarPart(kind="car", trips=(trip,), jitter=0.0)
    leaves, _, _ = next(trips(part, 3, 0.0, Random(1)))
    assert leaves == 2 * DAY + 10 * HOUR
