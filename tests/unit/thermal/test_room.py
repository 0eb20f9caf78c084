"""What a room holds and loses, learnt beside noise, dropouts, windows and sensors that fail."""

from dataclasses import replace

import pytest

from evenload.thermal import assess, begin, learn, observe
from tests.unit.thermal.houses import FAMILY_HOUSE, ROOM, room_days


def known(memory):
    return {each.name: each for each in assess(memory).parameters}


def test_a_weeks_history_tells_capacity_and_loss(room):
    learnt = known(room)
    for name, truth in FAMILY_HOUSE.items():
        assert learnt[name].value == pytest.approx(truth, rel=0.1), name
        assert abs(learnt[name].value - truth) < 4 * learnt[name].deviation
    assert assess(room).structure == "2R2C"


def test_it_foretells_a_day_it_has_not_seen(room):
    day = assess(room).errors[86_400]
    assert day.count > 12
    assert day.model < 0.3


def test_the_same_with_the_heating_turned_round_is_of_no_use():
    turned = (replace(each, power=-(each.power or 0.0)) for each in room_days(7))
    memory = learn(ROOM, turned)
    assert abs(known(memory)["loss"].value / FAMILY_HOUSE["loss"] - 1) > 0.1
    assert not assess(memory).is_usable


def test_sample_by_sample_it_comes_near_the_same():
    memory = begin(ROOM)
    for sample in room_days(7):
        memory = observe(memory, sample)
    assert known(memory)["loss"].value == pytest.approx(FAMILY_HOUSE["loss"], rel=0.15)


def test_a_window_a_dead_sensor_and_a_spike_do_not_wreck_it(room):
    memory = room
    for index, sample in enumerate(room_days(9)):
        if sample.at > room.gathered.last.at:
            memory = observe(memory, troubled(sample, index * 180 / 3600 % 24))
    for name, truth in FAMILY_HOUSE.items():
        assert known(memory)[name].value == pytest.approx(truth, rel=0.15), name


def troubled(sample, hour):
    """Return a reading with a window opened, a sensor dead, and one that has gone mad."""
    if 10 <= hour < 10.5:
        return replace(sample, temperature=(sample.temperature or 20.0) - 6.0)
    if 13 <= hour < 16:
        return replace(sample, temperature=None)
    return replace(sample, temperature=45.0) if 18 <= hour < 18.1 else sample


def test_a_frozen_model_follows_temperatures_and_learns_nothing(room):
    memory = replace(room, settings=replace(ROOM, is_learning=False))
    for sample in room_days(8):
        memory = observe(memory, sample)
    assert assess(memory).parameters == assess(room).parameters
    assert memory.measured_at > room.measured_at


def test_after_a_summer_without_a_word_it_goes_on_with_what_it_knows(room):
    memory = room
    for sample in room_days(2, seed=5):
        memory = observe(memory, replace(sample, at=sample.at + 1e7))
    assert known(memory)["loss"].value == pytest.approx(FAMILY_HOUSE["loss"], rel=0.15)


def test_unmetered_heat_tells_time_constant_and_gain_only(room):
    blind = replace(room, settings=replace(ROOM, is_heat_known=False))
    names = {each.name for each in assess(blind).parameters}
    assert names == {"time_constant", "gain"}


def test_what_never_changes_drives_nothing_out_of_bounds():
    memory = begin(ROOM)
    for sample in room_days(4):
        memory = observe(
            memory, replace(sample, temperature=20.0, power=0.0, outdoor=20.0, sun=0.0)
        )
    assert memory.room is not None
    for candidate in memory.room.candidates:
        network = candidate.estimate.network
        for unknown, value in zip(network.unknowns, candidate.estimate.quantities, strict=True):
            assert unknown.low <= value <= unknown.high
    assert not assess(memory).is_usable
