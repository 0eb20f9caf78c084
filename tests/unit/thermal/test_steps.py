"""Whatever comes whenever becomes quarters of an hour."""

from dataclasses import replace

import pytest

from evenload.thermal.nouns import ThermalKind, ThermalSample, ThermalSettings
from evenload.thermal.steps import Gathered, gather
from tests.unit.thermal.houses import MIDNIGHT, ROOM, TANK

FULL = ThermalSample(at=MIDNIGHT, temperature=20.0, power=1000.0, outdoor=5.0, sun=100.0)


def steps(samples, settings=ROOM):
    """Return the steps that these samples close, without those at the beginning's half."""
    gathered, found = Gathered(), []
    for sample in samples:
        gathered, closed = gather(gathered, sample, settings)
        found += [each.step for each in closed]
    return found


def every(seconds, count, **values):
    return [
        replace(FULL, at=MIDNIGHT + seconds * place, **{k: v(place) for k, v in values.items()})
        for place in range(count)
    ]


def test_inputs_are_averaged_over_the_time_they_counted():
    half = every(60, 61, power=lambda minute: 2000.0 if minute % 15 < 5 else 500.0)
    assert steps(half)[1].inputs == pytest.approx((1000.0, 5.0, 0.1, 1.0))


def test_a_temperature_is_read_where_its_line_passes_the_middle_of_three_minutes():
    rising = every(600, 13, temperature=lambda place: 20.0 + place)
    assert [step.measured[0] for step in steps(rising)[:2]] == pytest.approx([21.35, 22.85])


def test_noise_of_a_frequent_sensor_averages_out():
    noisy = every(10, 400, temperature=lambda place: 20.0 + (0.5 if place % 2 else -0.5))
    assert steps(noisy)[1].measured[0] == pytest.approx(20.0, abs=0.06)


@pytest.mark.parametrize("absurd", [85.0, -127.0, float("nan"), float("inf"), None])
def test_what_cannot_be_is_not_known(absurd):
    broken = every(60, 61, temperature=lambda _: absurd)
    assert [step.measured for step in steps(broken)] == [(None,)] * 4


def test_a_dropout_leaves_what_it_was_heated_with():
    silent = every(60, 61, temperature=lambda minute: None if 5 < minute < 35 else 20.0)
    found = steps(silent)
    assert [step.measured[0] for step in found] == [None, None, 20.0, 20.0]
    assert all(step.inputs is not None for step in found)


def test_an_input_that_was_hardly_known_is_not():
    lost = every(60, 61, power=lambda minute: None if 20 < minute < 28 else 1000.0)
    assert [step.inputs is None for step in steps(lost)] == [False, True, False, False]


def test_a_value_is_held_for_an_hour_and_no_longer():
    held = [FULL, replace(FULL, at=MIDNIGHT + 3 * 3600.0)]
    assert [step.inputs is None for step in steps(held)] == [False] * 4 + [True] * 8


def test_a_day_of_silence_closes_nothing():
    assert steps([FULL, replace(FULL, at=MIDNIGHT + 90_000.0)]) == []


def test_what_is_not_newer_changes_nothing():
    gathered, _ = gather(Gathered(), FULL, ROOM)
    assert gather(gathered, replace(FULL, temperature=30.0), ROOM) == (gathered, ())


def test_a_tank_stands_somewhere_even_where_nobody_says_so():
    unsaid = ThermalSettings(kind=ThermalKind.TANK)
    nowhere = every(60, 31, outdoor=lambda _: None, sun=lambda _: None)
    assert steps(nowhere, unsaid)[1].inputs == (1000.0, 18.0, 0.0, 1.0)
    assert steps(nowhere, TANK)[1].inputs == (1000.0, 19.0, 0.0, 1.0)
    assert steps(nowhere)[1].inputs is None, "of a room it matters"
