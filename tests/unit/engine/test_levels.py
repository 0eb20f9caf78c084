"""Levels: a range in multiples of its step, or a list, and what a ceiling leaves of them."""

import pytest

from evenload.engine.levels import ListedLevels, SteppedRange, levels_of
from tests.unit.engine.build import ev, heater, switch

RANGE = SteppedRange(lowest=500.0, top=3000.0, step=400.0)
LIST = ListedLevels(levels=(1000.0, 2000.0, 3000.0))


def test_levels_of_a_range_are_its_minimum_the_multiples_of_its_step_and_its_maximum() -> None:
    walked = [RANGE.after(0.0)]
    while walked[-1] < RANGE.top:
        walked.append(RANGE.after(walked[-1]))
    assert walked == [500, 800, 1200, 1600, 2000, 2400, 2800, 3000]


@pytest.mark.parametrize(
    ("value", "level"),
    [(499.0, 0.0), (500.0, 500.0), (799.9, 500.0), (800.0, 800.0), (2999.0, 2800.0), (9e9, 3000.0)],
)
def test_highest_level_of_a_range_not_above_a_value(value: float, level: float) -> None:
    assert RANGE.highest(value) == level


@pytest.mark.parametrize(
    ("value", "level"),
    [(0.0, 500.0), (501.0, 800.0), (800.0, 800.0), (2801.0, 3000.0), (9e9, 3000.0)],
)
def test_lowest_level_of_a_range_not_below_a_value(value: float, level: float) -> None:
    assert RANGE.reaching(value) == level


def test_a_step_that_binary_cannot_write_gives_every_level_once() -> None:
    levels = SteppedRange(lowest=0.3, top=0.9, step=0.1)
    walked = [levels.after(0.0)]
    while walked[-1] < levels.top:
        walked.append(levels.after(walked[-1]))
    assert walked == pytest.approx([0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
    assert [levels.highest(level) for level in walked] == pytest.approx(walked)


def test_a_ceiling_becomes_the_highest_level_of_a_range() -> None:
    lowered = RANGE.up_to(1300.0)
    assert lowered is not None
    assert (lowered.top, lowered.after(1200.0), lowered.highest(2000.0)) == (1300, 1300, 1300)
    assert RANGE.up_to(9000.0) is RANGE
    assert RANGE.up_to(499.0) is None


def test_a_ceiling_leaves_the_levels_of_a_list_up_to_it() -> None:
    assert LIST.up_to(2999.0) == ListedLevels(levels=(1000.0, 2000.0))
    assert LIST.up_to(3000.0) is LIST
    assert LIST.up_to(999.0) is None


def test_a_list_is_walked_level_by_level() -> None:
    assert [LIST.after(0.0), LIST.after(1000.0), LIST.after(2000.0)] == [1000, 2000, 3000]
    assert [LIST.highest(999.0), LIST.highest(2500.0)] == [0, 2000]
    assert [LIST.reaching(1.0), LIST.reaching(2000.0), LIST.reaching(9e9)] == [1000, 2000, 3000]


def test_the_longest_step_of_a_list_counts_the_one_from_off() -> None:
    assert LIST.longest_step == 1000.0
    assert ListedLevels(levels=(2000.0,)).longest_step == 2000.0


def test_levels_come_from_the_kind_of_load() -> None:
    assert levels_of(ev("car", step=0.5)) == SteppedRange(lowest=6.0, top=16.0, step=0.5)
    assert levels_of(heater("rod")) == SteppedRange(lowest=500.0, top=3000.0, step=1.0)
    assert levels_of(switch("boiler", 2000.0)) == ListedLevels(levels=(2000.0,))
