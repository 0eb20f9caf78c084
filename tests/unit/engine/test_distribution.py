"""Who is served when: four distributions, equal numbers, minimums first."""

import pytest

from evenload.model.allocation import Reason
from evenload.model.readings import LoadState
from evenload.model.site import Circuit, Distribution, Mode
from tests.unit.engine.build import L1, A, B, currents, ev, house, reading, served, switch, why

ECO, SOLAR, EXCESS = Mode.ECO, Mode.SOLAR, Mode.EXCESS
OPTIMIZED, SHARED, STRICT = Distribution.OPTIMIZED, Distribution.SHARED, Distribution.STRICT


def test_mode_goes_before_number() -> None:
    site = house(ev("eco", ECO), ev("standard", priority=2), fuse=10.0)
    assert currents(served(site)) == {"eco": 0.0, "standard": 10.0}


def test_an_eco_minimum_is_kept_while_a_standard_load_fills() -> None:
    site = house(ev("standard"), ev("eco", ECO), fuse=20.0)
    assert currents(served(site)) == {"standard": 14.0, "eco": 6.0}


def test_a_solar_load_sees_what_a_standard_load_left_of_the_sun() -> None:
    site = house(ev("standard"), ev("solar", SOLAR), fuse=63.0)
    answer = served(site, -20.0)
    assert why(answer.loads["solar"]) == (Reason.WAITING_FOR_SURPLUS, None)
    assert currents(served(site, -23.0)) == {"standard": 16.0, "solar": 7.0}


def test_solar_goes_before_excess_and_minimums_before_more() -> None:
    site = house(ev("excess", EXCESS), ev("one", SOLAR), ev("two", SOLAR, priority=2), fuse=63.0)
    assert currents(served(site, -18.0)) == {"excess": 0.0, "one": 12.0, "two": 6.0}
    assert currents(served(site, -40.0)) == {"excess": 8.0, "one": 16.0, "two": 16.0}


def test_a_minimum_that_does_not_fit_is_passed_over() -> None:
    site = house(ev("big", minimum=10.0), ev("small", priority=2), fuse=9.0)
    answer = served(site)
    assert currents(answer) == {"big": 0.0, "small": 9.0}
    assert why(answer.loads["big"]) == (Reason.OUTRANKED, "small")


def test_equal_numbers_fill_together_the_least_current_first() -> None:
    site = house(ev("one"), ev("two", minimum=8.0), ev("late", priority=2), fuse=31.0)
    assert currents(served(site)) == {"one": 13.0, "two": 12.0, "late": 6.0}


def test_shared_fills_a_whole_tier_whatever_the_numbers() -> None:
    site = house(ev("one"), ev("two", priority=7), ev("eco", ECO), fuse=26.0, distribution=SHARED)
    assert currents(served(site)) == {"one": 10.0, "two": 10.0, "eco": 6.0}


def test_optimized_gives_each_in_order_all_it_can_have() -> None:
    site = house(ev("one"), ev("two", priority=2), fuse=20.0, distribution=OPTIMIZED)
    assert currents(served(site)) == {"one": 16.0, "two": 0.0}
    equal = house(ev("one"), ev("two"), fuse=20.0, distribution=OPTIMIZED)
    assert currents(served(equal)) == {"one": 10.0, "two": 10.0}


def test_strict_ends_with_the_first_that_a_limit_keeps_low() -> None:
    loads = (ev("one"), ev("two", phases={L1: B}, priority=2))
    answer = served(house(*loads, phases="AB", fuse=14.0, distribution=STRICT))
    assert currents(answer) == {"one": 14.0, "two": 0.0}
    assert why(answer.loads["two"]) == (Reason.OUTRANKED, "one")


def test_strict_goes_on_past_a_load_that_waits_for_the_sun_or_has_its_ceiling() -> None:
    site = house(
        ev("low"), ev("one", SOLAR), ev("two", SOLAR, priority=2, minimum=3.0),
        fuse=40.0, distribution=STRICT,
    )  # fmt: skip
    answer = served(site, -12.0, loads={"low": reading(ceiling=8.0)})
    assert currents(answer) == {"low": 8.0, "one": 0.0, "two": 4.0}


def test_a_strict_round_ends_also_with_a_load_that_gets_nothing() -> None:
    site = house(ev("one"), ev("two", minimum=1.0), fuse=5.0, distribution=STRICT)
    answer = served(site)
    assert why(answer.loads["one"]) == (Reason.DOES_NOT_FIT, "main/A")
    assert why(answer.loads["two"]) == (Reason.OUTRANKED, "one")


def test_after_a_strict_round_a_load_without_sun_still_waits_for_the_sun() -> None:
    site = house(ev("one"), ev("two", SOLAR), fuse=10.0, distribution=STRICT)
    assert why(served(site).loads["two"]) == (Reason.WAITING_FOR_SURPLUS, None)


@pytest.mark.parametrize("distribution", [Distribution.PRIORITY, SHARED])
def test_later_minimums_count_against_an_earlier_eco_loads_more(distribution: Distribution) -> None:
    site = house(ev("one", ECO), ev("two", ECO, priority=2), fuse=40.0, distribution=distribution)
    expected = (
        {"one": 14.0, "two": 6.0} if distribution is not SHARED else {"one": 10.0, "two": 10.0}
    )
    assert currents(served(site, -20.0)) == expected


def test_an_eco_switch_is_decided_at_its_place() -> None:
    car, boiler = ev("car", ECO), switch("boiler", 1380.0, ECO, priority=2)
    assert currents(served(house(car, boiler, fuse=40.0), -12.0)) == {"car": 12.0, "boiler": 0.0}


def test_an_eco_switch_is_decided_first_among_equals() -> None:
    site = house(ev("car", ECO), switch("boiler", 1380.0, ECO), fuse=40.0)
    assert currents(served(site, -12.0)) == {"car": 6.0, "boiler": 6.0}


def test_finished_loads_take_nothing_and_leave_their_draw_to_others() -> None:
    site = house(ev("done"), ev("next", priority=2), fuse=16.0)
    answer = served(site, 1.0, loads={"done": reading(LoadState.FINISHED, draw=1.0)})
    assert currents(answer) == {"done": 0.0, "next": 16.0}
    assert why(answer.loads["done"]) == (Reason.SATISFIED, None)


def test_nested_circuits_all_bind() -> None:
    circuits = (
        Circuit(id="garage", fuse={A: 20.0}),
        Circuit(id="shed", fuse={A: 10.0}, parent="garage"),
    )
    site = house(
        ev("one", circuit="shed"),
        ev("two", circuit="garage", priority=2),
        fuse=40.0,
        circuits=circuits,
    )
    answer = served(site)
    assert why(answer.loads["one"]) == (Reason.LIMITED, "shed/A")
    assert why(answer.loads["two"]) == (Reason.LIMITED, "garage/A")
    assert currents(answer) == {"one": 10.0, "two": 10.0}
