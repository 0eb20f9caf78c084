"""A simulated car takes what it is offered in its own way and time."""

import os
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from evenload.model.finding import ConfigurationError
from evenload.simulate.devices.car import Car
from evenload.simulate.devices.moment import Moment
from evenload.simulate.devices.trips import Drive, drives
from evenload.simulate.settings import CarPart, CsvSessions, RecordedSessions, Trip, Weekday
from evenload.simulate.traces.table import DATA_VARIABLE

HOUR, DAY = 3600, 86400


def a_car(legs=(0,), **settings) -> Car:
    part = CarPart(**{"kind": "car", "response": 0, "ramp": 16.0} | settings)
    return Car(part, legs, drives=drives(part, 0, 0.0, Random(1)), legs_chance=Random(3))


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
    first, second = islice(drives(part, 0, 3.0 * HOUR, Random(1)), 2)
    assert first == Drive(leaves=-4 * HOUR, returns=6 * HOUR, energy=6000.0)
    assert second == Drive(leaves=20 * HOUR, returns=DAY + 6 * HOUR, energy=6000.0)


def test_it_drives_on_the_days_it_is_told_only():
    trip = Trip(days=(Weekday.SAT,), leaves="10:00", returns="11:00", energy=1.0)
    part = CarPart(kind="car", trips=(trip,), jitter=0.0)
    assert next(drives(part, 3, 0.0, Random(1))).leaves == 2 * DAY + 10 * HOUR


def test_a_three_phase_11_kw_car_takes_about_half_a_minute_to_full_power():
    """As recorded: 28 to 33 s, its phases one after another and in a different order each time."""
    orders, times = set(), []
    car, moment = a_car(legs=(0, 1, 2), stagger=20.0, ramp=1.0, response=0), a_moment()
    for _ in range(20):
        draws = live(car, moment, 16.0, 45)
        starts = [next(at for at, legs in enumerate(draws) if legs[leg] > 0) for leg in range(3)]
        orders.add(tuple(sorted(range(3), key=starts.__getitem__)))
        times.append(next(at for at, legs in enumerate(draws) if min(legs) == 16.0))
        assert max(starts) - min(starts) <= 20
        live(car, moment, 0.0, 10)
    assert len(orders) > 3
    assert 28 <= sum(times) / len(times) <= 33
    assert 26 <= min(times) <= max(times) <= 36


def test_a_sleeping_car_takes_its_time_to_wake():
    car, moment = a_car(sleeps_after=600.0, wake_time=45), a_moment()
    live(car, moment, 0.0, 590)
    assert live(car, moment, 8.0, 5)[-1] == [8.0]
    live(car, moment, 0.0, 700)
    assert car.asleep
    draws = [leg for (leg,) in live(car, moment, 8.0, 60)]
    assert draws[40] == 0.0
    assert draws[50] == 8.0


def test_a_car_interrupted_too_often_refuses_until_it_has_been_away():
    trip = Trip(leaves="01:00", returns="02:00", energy=6000.0)
    car, moment = a_car(interruptions=2, trips=(trip,), jitter=0.0), a_moment()
    taken = []
    for _ in range(4):
        taken.append(live(car, moment, 8.0, 20)[-1][0])
        live(car, moment, 0.0, 20)
    assert taken == [8.0, 8.0, 0.0, 0.0]
    assert car.refuses
    live(car, moment, 8.0, 2 * HOUR)
    assert not car.refuses
    assert car.power > 0.0


def test_a_car_given_one_leg_draws_on_that_alone():
    car, moment = a_car(legs=(0, 1, 2)), a_moment()
    live(car, moment, 10.0, 5)
    car.give(1)
    assert live(car, moment, 10.0, 2)[-1] == [10.0, 0.0, 0.0]
    car.give(3)
    assert live(car, moment, 10.0, 2)[-1] == [10.0, 10.0, 10.0]


SESSIONS = """station,arrival_utc,departure_utc,delivered_kWh
left,2020-03-01T08:00:00+00:00,2020-03-01T12:00:00+00:00,9
right,2020-03-01T09:00:00+00:00,2020-03-01T10:00:00+00:00,4
left,2020-03-02T07:30:00+00:00,2020-03-02T16:00:00+00:00,18
"""


def test_a_car_comes_as_recorded_and_needs_what_was_charged(tmp_path):
    path = tmp_path / "sessions.csv"
    path.write_text(SESSIONS)
    sessions = CsvSessions(source="csv", path=str(path), station="station", at="left", shift=3600)
    part = CarPart(kind="car", capacity=50_000, sessions=sessions, efficiency=0.9)
    found = list(drives(part, 0, 0.0, Random(1)))
    assert [(drive.leaves / HOUR, drive.returns / HOUR) for drive in found] == [
        (-24, 9),
        (13, 32.5),
    ]
    car = Car(part, (0,), drives=iter(found), legs_chance=Random(1))
    live(car, a_moment(start=8.9 * HOUR), 0.0, 500)
    assert car.home
    assert car.soc == pytest.approx(100.0 - 100 * 9000 * 0.9 / 50_000)


def test_a_plug_without_sessions_is_refused_with_its_place(tmp_path):
    path = tmp_path / "sessions.csv"
    path.write_text(SESSIONS)
    sessions = CsvSessions(source="csv", path=str(path), station="station", at="middle")
    with pytest.raises(ConfigurationError) as refusal:
        drives(CarPart(kind="car", sessions=sessions), 0, 0.0, Random(1), place="plant.devices.car")
    assert refusal.value.findings[0].path == "plant.devices.car.sessions.at"


def test_recorded_sessions_are_read_in_place(monkeypatch):
    pytest.importorskip("pyarrow", reason="recordings need pyarrow")
    root = Path(os.environ.get(DATA_VARIABLE, Path(__file__).parents[4] / "shared" / "data"))
    if not (root / "ev_sessions").exists():
        pytest.skip("the recordings are not on this machine")
    monkeypatch.setenv(DATA_VARIABLE, str(root))
    sessions = RecordedSessions(
        source="recorded",
        path="ev_sessions/acn_caltech_jpl_2019_2021.parquet",
        station="site",
        at="caltech",
    )
    part = CarPart(kind="car", sessions=sessions)
    found = list(islice(drives(part, 0, 0.0, Random(1)), 50))
    assert len(found) == 50
    assert all(drive.leaves < drive.returns for drive in found)
    assert all(0 < drive.energy < 120_000 for drive in found)
