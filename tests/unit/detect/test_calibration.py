"""A calibration finds the phase, gives up with the reason, and always restores what was before."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from evenload.detect import DetectorState, with_result
from evenload.detect.calibration import (
    DURATION,
    Calibration,
    CalibrationResult,
    Inconclusive,
    advance,
    begin,
    failure,
    sequence,
)
from evenload.model.site import Kind, Load, Phase
from tests.unit.detect.house import CAR, L1, L2, L3, PHASES, A, B, C, House

PLUG = Load(id=CAR, kind=Kind.EV, phases={L1: A, L2: B, L3: C}, minimum=6.0, maximum=16.0)


@dataclass
class Course:
    """One calibration from its beginning to its result."""

    house: House
    ceiling: Callable[[int], float] = lambda _: 16.0
    before: float = 9.0
    obeys: bool = True
    told: list[tuple[int, float]] = field(default_factory=list)
    took: int = 0

    def run(self) -> CalibrationResult | Inconclusive:
        house = self.house
        for leg in house.wiring:
            house.draws[leg] = self.before
        for _ in range(30):
            house.live()
        started = house.second
        running = begin(
            PLUG,
            house.observe(),
            float(started),
            setpoint=self.before,
            ceiling=self.ceiling(0),
            interval=float(house.interval),
            seed=4,
        )
        if not isinstance(running, Calibration):
            return running
        result = None
        while result is None:
            house.live()
            self.took = house.second - started
            running, setpoint, result = advance(
                running, house.observe(), float(house.second), ceiling=self.ceiling(self.took)
            )
            if setpoint is not None:
                self.told.append((self.took, setpoint))
                if self.obeys:
                    house.draws = {leg: setpoint for leg in house.wiring if house.draws[leg] > 0.0}
        return result


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize(("lag", "interval"), [(0, 1), (3, 5), (10, 10)])
@pytest.mark.parametrize("turned", [(), (B,)])
def test_it_finds_phase_and_sign(
    phase: Phase, lag: int, interval: int, turned: tuple[Phase, ...]
) -> None:
    course = Course(House({L1: phase}, turned=turned, lag=lag, interval=interval))
    result = course.run()
    assert isinstance(result, CalibrationResult)
    assert (result.phases, result.reason) == ({L1: phase}, None)
    assert result.is_reversed == {phase: phase in turned}
    assert result.confidence > 0.999
    assert result.delay is not None
    assert course.told[-1][1] == course.before
    assert course.told[-1][0] <= DURATION + 1
    assert course.took <= 180 + 1


def test_it_keeps_within_the_cars_minimum_and_the_limits() -> None:
    course = Course(House({L1: A}), ceiling=lambda _: 11.0)
    course.run()
    assert {setpoint for _, setpoint in course.told} <= {6.0, 9.0, 11.0}


def test_an_oven_that_cycles_does_not_mislead_it() -> None:
    for start in range(0, 40, 4):
        course = Course(House({L1: C}, lag=4, interval=3))
        course.house.base = lambda second, start=start: (
            3.0,
            4.0 + (8.0 if (second + start) % 20 < 9 else 0.0),
            5.0,
        )
        result = course.run()
        assert isinstance(result, CalibrationResult)
        assert result.phases == {L1: C}


@pytest.mark.parametrize(
    ("ceiling", "reason"),
    [
        (lambda took: 16.0 if took < 50 else 8.0, Inconclusive.LIMITS),
        (lambda _: 7.5, Inconclusive.NO_ROOM),
    ],
)
def test_without_room_it_gives_up(ceiling: Callable[[int], float], reason: Inconclusive) -> None:
    course = Course(House({L1: A}), ceiling=ceiling)
    result = course.run()
    assert (result.reason if isinstance(result, CalibrationResult) else result) is reason
    if course.told:
        assert course.told[-1] == (50, course.before)


def test_a_car_that_leaves_ends_it() -> None:
    course = Course(House({L1: A}))
    house = course.house
    house.base = lambda second: (
        house.draws.clear() or (3.0, 4.0, 5.0) if second == 70 else (3.0,) * 3
    )
    course.obeys = False
    result = course.run()
    assert isinstance(result, CalibrationResult)
    assert result.reason is Inconclusive.CAR_LEFT


def test_a_meter_that_falls_silent_ends_it() -> None:
    course = Course(House({L1: A}))
    course.house.interval = 5
    course.ceiling = lambda took: (
        setattr(course.house, "interval", 10**6) or 16.0 if took == 20 else 16.0
    )
    result = course.run()
    assert isinstance(result, CalibrationResult)
    assert result.reason is Inconclusive.METER_SILENT
    assert course.told[-1][1] == course.before


def test_a_charger_that_does_not_follow_is_told() -> None:
    course = Course(House({L1: A}), obeys=False)
    result = course.run()
    assert isinstance(result, CalibrationResult)
    assert result.reason is Inconclusive.NOT_FOLLOWED


def test_a_car_that_does_not_charge_is_no_use() -> None:
    assert Course(House({L1: A}), before=0.0).run() is Inconclusive.NOT_CHARGING


def test_a_slow_meter_leaves_too_few_slots() -> None:
    assert Course(House({L1: A}, interval=30)).run() is Inconclusive.SLOW_METER


def test_a_charger_behind_another_meter_is_told() -> None:
    result = Course(House({L1: None})).run()
    assert isinstance(result, CalibrationResult)
    assert result.reason is Inconclusive.NOT_SHOWN
    assert result.phases == {}


def test_a_battery_that_answers_makes_it_inconclusive() -> None:
    course = Course(House({L1: A}))
    house = course.house
    house.base = lambda _: (3.0 - sum(house.draws.values()), 4.0, 5.0)
    house.battery = lambda _: sum(house.draws.values())
    result = course.run()
    assert isinstance(result, CalibrationResult)
    assert (result.phases, result.reason) == ({}, Inconclusive.BATTERY)


def test_two_legs_alike_leave_the_third_by_elimination() -> None:
    course = Course(House({L1: C, L2: A, L3: None}))
    house = course.house
    house.draws[L3] = 0.0
    house.wiring = {L1: C, L2: A, L3: B}
    result = two_legs(course)
    assert result.phases == {L3: B}
    assert result.is_reversed == {A: False, C: False}
    assert result.reason is Inconclusive.LEGS_ALIKE


def two_legs(course: Course) -> CalibrationResult:
    """Run a calibration with a car that leaves its third leg alone."""
    house = course.house
    live = house.live

    def without_third() -> None:
        house.draws[L3] = 0.0
        live()

    house.live = without_third  # type: ignore[method-assign]
    result = course.run()
    assert isinstance(result, CalibrationResult)
    return result


def test_three_legs_alike_tell_signs_alone() -> None:
    result = Course(House({L1: C, L2: A, L3: B}, turned=(B,))).run()
    assert isinstance(result, CalibrationResult)
    assert (result.phases, result.reason) == ({}, Inconclusive.LEGS_ALIKE)
    assert result.is_reversed == {A: False, B: True, C: False}


@pytest.mark.parametrize("turned", [(), (C,)])
def test_what_it_found_is_a_verdict_at_once(turned: tuple[Phase, ...]) -> None:
    result = Course(House({L1: C}, turned=turned)).run()
    assert isinstance(result, CalibrationResult)
    state = with_result(DetectorState(), CAR, (L1,), PHASES, result)
    assert state.verdicts is not None
    assert state.verdicts.loads[CAR].phases == {L1: C}
    assert state.verdicts.polarity[C].is_reversed is bool(turned)


def test_one_that_found_nothing_is_no_verdict() -> None:
    result = failure(Inconclusive.CAR_LEFT)
    state = with_result(DetectorState(), CAR, (L1,), PHASES, result)
    assert state.verdicts is not None
    assert CAR not in state.verdicts.loads


@pytest.mark.parametrize("slots", [6, 8, 10, 12])
def test_sequences_look_like_themselves_at_no_other_delay(slots: int) -> None:
    for seed in range(20):
        bits = sequence(slots, seed)
        changes = [int(b) - int(a) for a, b in pairwise(bits)]
        moved = sum(map(abs, changes))
        assert len(bits) == slots
        assert moved >= 4
        for shift in (1, 2, 3):
            likeness = sum(a * b for a, b in zip(changes, changes[shift:], strict=False))
            assert abs(likeness) < moved


def test_sequences_differ_by_their_seed() -> None:
    assert len({sequence(12, seed) for seed in range(20)}) > 5
    assert sequence(12, 3) == sequence(12, 3)
