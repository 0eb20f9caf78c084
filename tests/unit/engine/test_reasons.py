"""Every reason the engine gives, and the load or limit it names."""

import pytest

from evenload.engine import allocate
from evenload.model.allocation import Reason
from evenload.model.readings import BatteryReading, LoadReading, LoadState, Need, Readings
from evenload.model.site import Battery, Circuit, Distribution, Kind, Mode
from tests.unit.engine.build import (
    L1,
    L2,
    A,
    B,
    currents,
    ev,
    house,
    reading,
    served,
    switch,
    why,
)


@pytest.mark.parametrize(
    ("mode", "given", "reason"),
    [
        (Mode.OFF, reading(LoadState.FAULTED), Reason.OFF),
        (Mode.STANDARD, reading(LoadState.DISCONNECTED), Reason.NOT_CONNECTED),
        (Mode.STANDARD, reading(LoadState.FAULTED), Reason.FAULTED),
        (Mode.STANDARD, reading(LoadState.UNRESPONSIVE), Reason.UNRESPONSIVE),
        (Mode.STANDARD, reading(LoadState.FINISHED), Reason.SATISFIED),
        (Mode.STANDARD, reading(need=Need.SATISFIED, ceiling=1.0), Reason.SATISFIED),
        (Mode.STANDARD, reading(ceiling=5.9), Reason.HELD),
        (Mode.STANDARD, reading(), Reason.FULL),
        (Mode.STANDARD, reading(ceiling=7.0), Reason.FULL),
    ],
)
def test_reasons_that_the_load_itself_gives(mode: Mode, given: LoadReading, reason: Reason) -> None:
    answer = served(house(ev("car", mode)), loads={"car": given})
    assert why(answer.loads["car"]) == (reason, None)


def test_a_load_without_a_reading_is_not_connected() -> None:
    answer = allocate(house(ev("car")), Readings(grid={A: 0.0}))
    assert why(answer.loads["car"]) == (Reason.NOT_CONNECTED, None)


BATTERY = Battery(max_charge=2300.0, max_discharge=2300.0)


def test_the_battery_goes_first_where_without_it_the_load_would_run() -> None:
    site = house(ev("car", Mode.SOLAR), battery=BATTERY)
    charging = BatteryReading(soc=50.0, power=-1380.0)
    assert why(served(site, 0.0, battery=charging).loads["car"]) == (Reason.BATTERY_FIRST, None)
    assert why(served(site, 1.0, battery=charging).loads["car"])[0] is Reason.WAITING_FOR_SURPLUS


def test_the_battery_is_not_blamed_for_a_fuse() -> None:
    site = house(ev("car", Mode.SOLAR, phases={L1: B}), phases="AB", fuse=5.0, battery=BATTERY)
    charging = BatteryReading(soc=50.0, power=-1380.0)
    reason = served(site, 0.0, battery=charging).loads["car"].reason
    assert reason is Reason.WAITING_FOR_SURPLUS


def test_excess_below_its_threshold_is_told_apart_from_too_little_surplus() -> None:
    site = house(ev("car", Mode.EXCESS), excess_threshold=460.0)
    assert why(served(site, -2.0).loads["car"])[0] is Reason.BELOW_EXCESS_THRESHOLD
    assert why(served(site, -5.0).loads["car"])[0] is Reason.WAITING_FOR_SURPLUS


def test_outranked_names_the_last_earlier_load_on_the_limit() -> None:
    site = house(
        ev("first"), ev("second", priority=2), ev("elsewhere", priority=3, phases={L1: B}),
        ev("last", priority=4), phases="AB", fuse=16.0,
    )  # fmt: skip
    assert why(served(site).loads["last"]) == (Reason.OUTRANKED, "second")


def test_outranked_names_a_later_load_where_no_earlier_one_is_on_the_limit() -> None:
    site = house(ev("big", minimum=10.0), ev("one", priority=2, maximum=3.0, minimum=3.0), fuse=9.0)
    assert why(served(site).loads["big"]) == (Reason.OUTRANKED, "one")


def test_does_not_fit_names_the_limit_that_no_one_else_uses() -> None:
    garage = Circuit(id="garage", fuse={A: 5.0})
    site = house(ev("car", circuit="garage"), ev("other"), circuits=(garage,))
    assert why(served(site).loads["car"]) == (Reason.DOES_NOT_FIT, "garage/A")


def test_a_load_refused_twice_does_not_fit_where_nobody_uses_one_of_the_limits() -> None:
    garage = Circuit(id="garage", fuse={A: 5.0})
    site = house(
        ev("other"), ev("car", circuit="garage", priority=2), fuse=18.0, circuits=(garage,)
    )
    assert why(served(site).loads["car"]) == (Reason.DOES_NOT_FIT, "garage/A")


def test_limited_names_the_limit_nearest_to_the_load() -> None:
    garage = Circuit(id="garage", fuse={A: 12.0})
    site = house(ev("car", circuit="garage"), fuse=12.0, circuits=(garage,))
    assert why(served(site).loads["car"]) == (Reason.LIMITED, "garage/A")


def test_a_load_its_circuit_kept_low_is_limited_though_others_then_took_the_sun() -> None:
    garage = Circuit(id="garage", fuse={A: 8.0})
    site = house(
        ev("car", Mode.SOLAR, circuit="garage"), ev("next", Mode.SOLAR, priority=2),
        fuse=40.0, circuits=(garage,), distribution=Distribution.OPTIMIZED,
    )  # fmt: skip
    answer = served(site, -20.0)
    assert currents(answer) == {"car": 8.0, "next": 12.0}
    assert why(answer.loads["car"]) == (Reason.LIMITED, "garage/A")
    assert why(answer.loads["next"]) == (Reason.SURPLUS, None)


def test_an_eco_load_at_its_minimum_says_whether_the_sun_carries_it() -> None:
    site = house(ev("car", Mode.ECO))
    assert why(served(site, -5.0).loads["car"]) == (Reason.MINIMUM, None)
    assert why(served(site, -6.0).loads["car"]) == (Reason.SURPLUS, None)


def test_a_pool_is_no_limit() -> None:
    assert why(served(house(ev("car", Mode.ECO), fuse=6.0)).loads["car"]) == (Reason.MINIMUM, None)


def test_an_eco_switch_without_its_share_waits_for_surplus() -> None:
    answer = served(house(switch("boiler", 2300.0, Mode.ECO)), -4.9)
    assert why(answer.loads["boiler"]) == (Reason.WAITING_FOR_SURPLUS, None)


def test_power_is_told_over_all_legs() -> None:
    answer = served(house(ev("car", phases={L1: A, L2: B}), phases="AB"))
    assert answer.loads["car"].power == 2 * 16.0 * 230.0


def test_a_stepped_load_stops_at_the_level_that_fits() -> None:
    heater = ev("rod", kind=Kind.STEPPED, levels=(1000.0, 2000.0, 3000.0), minimum=0.0, maximum=0.0)
    answer = served(house(heater, fuse=10.0))
    assert answer.loads["rod"].power == pytest.approx(2000.0)
    assert why(answer.loads["rod"]) == (Reason.LIMITED, "main/A")
