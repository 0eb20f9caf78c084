"""What a tank holds and loses, learnt beside showers and taps."""

from dataclasses import replace

import pytest

from evenload.thermal import QualityReason, ThermalSample, assess, begin, expected_draws, observe
from tests.unit.thermal.houses import BOILER, MIDNIGHT, TANK, tank_days


def watched(samples, settings=TANK):
    memory = begin(settings)
    for sample in samples:
        memory = observe(memory, sample)
    return memory


def known(memory):
    return {each.name: each for each in assess(memory).parameters}


def test_a_week_of_noise_and_draws_tells_capacity_and_loss(tank):
    learnt = known(tank)
    for name, truth in BOILER.items():
        assert learnt[name].value == pytest.approx(truth, rel=0.1), name
        assert abs(learnt[name].value - truth) < 4 * learnt[name].deviation


def test_the_same_with_the_heater_turned_round_is_of_no_use():
    turned = (replace(each, power=-(each.power or 0.0)) for each in tank_days(7))
    told = assess(watched(turned))
    assert not told.is_usable
    assert told.reason is QualityReason.TOO_UNCERTAIN


def test_showers_are_expected_when_they_are_taken(tank):
    draws = expected_draws(tank, MIDNIGHT, 3600.0, 24)
    assert sum(draws[0:5]) < 0.05 * sum(draws)
    assert max(draws[6:8]) > 3 * draws[12]
    assert 3000 < sum(draws) < 5500, "72 litres by 45 K are 3.8 kWh"


def test_a_tank_that_is_never_heated_does_not_shrink_to_nothing():
    rest = (replace(each, power=0.0) for each in tank_days(3, drawn=False))
    assert known(watched(rest))["capacity"].value == pytest.approx(BOILER["capacity"], rel=0.05)


def test_a_known_volume_is_believed():
    small = replace(TANK, volume=80.0)
    assert known(begin(small))["capacity"].value == pytest.approx(93.0, abs=0.1)


def test_one_reading_gone_wrong_changes_nothing_and_a_bath_is_no_loss(tank):
    before = known(tank)
    later = tank.gathered.last
    assert later is not None
    at, memory = later.at, tank
    for minute in range(0, 600, 3):
        read = (
            95.0 if 60 <= minute < 78 else 58.0 - 0.0045 * minute - (30.0 if minute > 300 else 0.0)
        )
        memory = observe(
            memory, ThermalSample(at=at + 60.0 * (minute + 3), temperature=read, power=0.0)
        )
    after = known(memory)
    assert after["capacity"].value == pytest.approx(before["capacity"].value, rel=0.02)
    assert after["loss"].value == pytest.approx(before["loss"].value, rel=0.1)
    assert memory.tank is not None
    assert memory.tank.temperatures == pytest.approx((25.3,), abs=0.3)


def test_two_sensors_tell_how_the_water_is_shared():
    both = replace(TANK, sensors=2)
    memory = watched(layers(7), both)
    assert memory.tank is not None
    upper, lower, loss = memory.tank.unknowns
    assert (upper, lower) == pytest.approx((139.6, 209.3), rel=0.1)
    assert loss == pytest.approx(2.0, rel=0.1)


def layers(days):
    """Yield readings of 300 l, two fifths of it above, emptied by 90 l each evening."""
    upper = lower = 60.0
    heating = False
    for minute in range(0, days * 1440, 3):
        heating = lower < 40 or (heating and lower <= 60)
        power = 3000.0 if heating else 0.0
        yield ThermalSample(
            at=MIDNIGHT + 60.0 * minute, temperature=upper, lower=lower, power=power
        )
        moved = 15.0 * 1.163 if minute % 1440 in range(1140, 1158) else 0.0
        upper -= moved / 139.56 * (upper - lower) + 2.0 / 348.9 / 20 * (upper - 19)
        lower -= moved / 209.34 * (lower - 12) + 2.0 / 348.9 / 20 * (lower - 19)
        lower += power / 20 / 209.34
        if lower > upper:
            upper = lower = 0.4 * upper + 0.6 * lower
