"""What steps of a load make sure about phases, signs and lag, and what they do not."""

import pytest

from evenload.detect import DetectorState, Observation, step
from evenload.detect.nouns import LoadReport
from evenload.model.site import Leg, Phase
from tests.unit.detect.house import CAR, L1, L2, L3, PHASES, A, B, C, House


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("turned", [(), (A,), (B, C), (A, B, C)])
def test_a_leg_is_found_with_its_sign(phase: Phase, turned: tuple[Phase, ...]) -> None:
    house = House({L1: phase}, turned=turned)
    house.run(30)
    house.up_and_down(3)
    assert house.found == {L1: phase}
    assert house.verdicts.polarity[phase].is_reversed is (phase in turned)
    assert all(
        house.verdicts.polarity[other].is_reversed is None for other in PHASES if other is not phase
    )


@pytest.mark.parametrize("lag", [0, 4, 10])
@pytest.mark.parametrize("interval", [1, 5, 10])
def test_the_lag_is_found_with_it(lag: int, interval: int) -> None:
    house = House({L1: B}, lag=lag, interval=interval)
    house.run(60)
    house.up_and_down(6)
    verdict = house.verdicts.loads[CAR]
    assert verdict.phases == {L1: B}
    assert verdict.lag == pytest.approx(lag, abs=2.5)


def test_two_large_steps_are_enough_and_two_small_ones_are_not() -> None:
    large, small = House({L1: C}, interval=1), House({L1: C}, interval=1)
    for house, current in ((large, 8.0), (small, 4.0)):
        house.run(30)
        house.up_and_down(1, current)
    assert large.found == {L1: C}
    assert small.found is None
    small.draw(4.0)
    assert small.found == {L1: C}


def test_a_change_below_two_amperes_is_no_step() -> None:
    house = House({L1: C})
    house.run(30)
    house.up_and_down(6, 1.8)
    assert CAR not in house.verdicts.loads


def test_balanced_steps_tell_signs_and_no_order_of_legs() -> None:
    house = House({L1: C, L2: A, L3: B}, turned=(A,), interval=1)
    house.run(30)
    house.up_and_down(6)
    assert house.found is None
    assert {phase: each.is_reversed for phase, each in house.verdicts.polarity.items()} == {
        A: True,
        B: False,
        C: False,
    }


def test_legs_that_come_on_one_after_another_tell_their_order() -> None:
    house = House({L1: C, L2: A, L3: B}, interval=1, report_interval=1)
    house.run(30)
    for legs in ((L1, L3, L2), (L2, L1, L3), (L3, L2, L1)):
        for leg in legs:
            house.draw(8.0, leg, rest=9)
        house.run(60)
        house.draw(0.0)
    assert house.found == {L1: C, L2: A, L3: B}


def test_legs_that_never_moved_are_not_told() -> None:
    house = House({L1: C, L2: A, L3: B})
    house.run(30)
    house.up_and_down(3, 10.0, L1)
    assert house.found == {L1: C}


def test_a_load_that_the_meter_does_not_show_is_told_to_be_elsewhere() -> None:
    house = House({L1: None})
    house.run(30)
    house.up_and_down(3)
    verdict = house.verdicts.loads[CAR]
    assert verdict.is_elsewhere
    assert verdict.phases is None
    assert all(each.is_reversed is None for each in house.verdicts.polarity.values())


def test_a_kettle_in_the_same_second_neither_decides_nor_destroys() -> None:
    house = House({L1: A}, interval=1)
    # The kettle on B comes and goes with the first three steps of the car on A.
    house.base = lambda second: (3.0, 4.0 + (9.0 if 100 <= second < 167 else 0.0), 5.0)
    house.run(99)
    house.up_and_down(1, 9.0)
    assert house.found is None
    house.up_and_down(2, 9.0)
    assert house.found == {L1: A}


def test_what_drove_a_step_is_no_evidence_for_it() -> None:
    """The sun comes up on B, the car on A is raised for it: B falls as A rises, and is not reversed."""

    def house(*, is_told: bool) -> House:
        each = House({L1: None}, lag=2, interval=5, report_interval=5)
        each.base = lambda second: (3.0, 4.0 - (9.0 if second % 200 >= 100 else 0.0), 5.0)
        each.run(95)
        for _ in range(8):
            each.run(8)
            each.orders = {CAR: 9.0} if is_told else {}
            each.draw(9.0, rest=92)
            each.run(8)
            each.orders = {CAR: 0.0} if is_told else {}
            each.draw(0.0, rest=92)
        return each

    told, untold = house(is_told=True), house(is_told=False)
    assert told.found is None
    assert all(each.is_reversed is None for each in told.verdicts.polarity.values())
    # The same without knowing what drove the steps: the control.
    assert untold.found == {L1: B}
    assert untold.verdicts.polarity[B].is_reversed is True


def test_a_step_that_a_battery_answered_tells_nothing() -> None:
    house = House({L1: A}, interval=1)
    house.run(30)
    house.base = lambda _: (3.0 - sum(house.draws.values()), 4.0, 5.0)
    house.battery = lambda _: sum(house.draws.values())
    house.up_and_down(4)
    assert CAR not in house.verdicts.loads


def test_commands_that_follow_each_other_make_no_clean_step() -> None:
    house = House({L1: A}, interval=1)
    house.run(30)
    for current in (6.0, 14.0, 6.0, 14.0):
        house.orders = {CAR: (house.draws.get(L1, 0.0) + current) / 2.0}
        house.run(4)
        house.orders = {CAR: current}
        house.draw(current)
    assert CAR not in house.verdicts.loads


@pytest.mark.parametrize("factor", [1000.0, 0.001])
def test_a_unit_that_is_wrong_by_a_thousand_is_told(factor: float) -> None:
    house = House({L1: B}, interval=1, factor=factor)
    if factor < 1.0:
        house.base = lambda _: (3.0, 4.0, 5.0)
    house.run(30)
    house.up_and_down(3)
    assert house.found == {L1: B}
    assert house.verdicts.factor == factor


def test_what_was_rewired_is_doubted_and_then_found_again() -> None:
    house = House({L1: A})
    house.run(30)
    house.up_and_down(8)
    assert house.found == {L1: A}
    house.wiring = {L1: C}
    seen = []
    for _ in range(12):
        house.up_and_down(1)
        seen.append(house.found)
    assert None in seen
    assert seen[-1] == {L1: C}
    assert {L1: B} not in seen


def test_polarity_is_pooled_over_loads() -> None:
    """Two loads, one large step each: together they say what neither says alone."""
    legs = {"one": (L1,), "two": (L1,)}
    state, second, draws = DetectorState(), 0, {"one": 0.0, "two": 0.0}
    for load in ("one", "two"):
        for current in (0.0, 8.0):
            draws[load] = current
            for _ in range(80):
                second += 1
                seen = Observation(
                    phases=PHASES,
                    legs=legs,
                    meter=(3.0, -sum(draws.values()), 5.0),
                    meter_at=float(second),
                    reports={
                        name: LoadReport(at=float(second), currents=(draw,))
                        for name, draw in draws.items()
                    },
                )
                state, verdicts = step(state, seen, float(second))
        if load == "one":
            assert verdicts.polarity[B].is_reversed is None
    assert verdicts.polarity[B].is_reversed is True


def test_a_load_with_other_legs_is_learnt_afresh() -> None:
    house = House({L1: A})
    house.run(30)
    house.up_and_down(3)
    house.wiring = dict.fromkeys((Leg.L1, Leg.L2, Leg.L3))
    house.run(2)
    assert house.found is None
