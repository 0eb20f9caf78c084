"""Pools: what the sun, the battery and the threshold leave to loads that follow them."""

from dataclasses import replace

import pytest

from evenload.model.allocation import Pools, Reason
from evenload.model.readings import BatteryReading, BatteryZone, LoadState, Need
from evenload.model.site import Battery, BatteryHelp, Inverter, Mode, Site
from tests.unit.engine.build import (
    L1,
    THREE,
    A,
    B,
    C,
    currents,
    ev,
    house,
    reading,
    served,
    switch,
    why,
)

BATTERY = Battery(max_charge=2300.0, max_discharge=4600.0)


def car(mode: Mode = Mode.SOLAR, battery: Battery | None = BATTERY, **settings) -> Site:
    """Return a house with one car and a battery; 230 W make 1 A."""
    return house(ev("car", mode), fuse=40.0, battery=battery, **settings)


def current(site: Site, export: float, battery: BatteryReading | None = None, **given) -> float:
    """Return what the car has while this much is exported [A]."""
    return currents(served(site, -export, battery=battery, **given))["car"]


def at(soc: float, power: float = 0.0, **given) -> BatteryReading:
    return BatteryReading(soc=soc, power=power, **given)


def test_without_a_battery_export_is_surplus_whatever_the_load_draws_of_it() -> None:
    site = car(battery=None)
    assert current(site, 9.0) == 9.0
    assert current(site, 1.0, loads={"car": reading(draw=8.0)}) == 9.0


def test_below_its_target_the_battery_charges_first() -> None:
    assert current(car(), 20.0, at(50.0)) == 10.0
    assert current(car(), 10.0, at(50.0, power=-2300.0)) == 10.0


def test_below_its_target_what_it_was_learnt_to_accept_is_kept_back() -> None:
    assert current(car(), 10.0, at(50.0, accepts=460.0)) == 8.0


def test_at_its_target_charging_is_surplus_and_discharging_is_not() -> None:
    assert current(car(), 0.0, at(80.0, power=-1840.0)) == 8.0
    assert current(car(), 12.0, at(82.9, power=920.0)) == 8.0


@pytest.mark.parametrize(
    ("helps", "expected"),
    [(BatteryHelp.NONE, 0.0), (BatteryHelp.MINIMUM, 6.0), (BatteryHelp.FULL, 16.0)],
)
def test_above_its_target_the_battery_helps_as_it_is_told(
    helps: BatteryHelp, expected: float
) -> None:
    assert current(car(battery=replace(BATTERY, helps=helps)), 0.0, at(83.0)) == expected


def test_a_battery_that_does_not_follow_does_not_help() -> None:
    site = car(battery=replace(BATTERY, helps=BatteryHelp.FULL))
    assert current(site, 0.0, at(90.0, responds=False)) == 0.0


def test_the_battery_helps_with_no_more_than_its_inverter_can_add() -> None:
    full = replace(BATTERY, helps=BatteryHelp.FULL)
    site = car(battery=full, inverter=Inverter(max_power=3000.0, max_power_per_phase=3000.0))
    assert current(site, 0.0, at(90.0), inverter={A: 1160.0 / 230.0}) == 8.0
    assert current(site, 7.0, at(90.0), inverter={A: 99.0}) == 7.0
    assert current(site, 0.0, at(90.0)) == 13.0


def test_the_zone_that_was_given_goes_before_the_state_of_charge() -> None:
    assert current(car(), 0.0, at(90.0, power=-1840.0, zone=BatteryZone.AT)) == 8.0
    assert current(car(), 16.0, at(90.0, zone=BatteryZone.BELOW)) == 6.0


def test_a_battery_that_is_not_read_counts_as_empty() -> None:
    assert current(car(), 18.0) == 8.0


@pytest.mark.parametrize(
    ("mode", "expected"), [(Mode.SOLAR, 9.0), (Mode.ECO, 9.0), (Mode.EXCESS, 0.0)]
)
def test_a_load_ranked_before_the_battery_leaves_nothing_for_it(
    mode: Mode, expected: float
) -> None:
    site = car(mode, battery=replace(BATTERY, priority=2))
    assert current(site, 9.0, at(50.0)) == expected


def test_a_load_with_the_batterys_own_number_comes_after_it() -> None:
    assert current(car(battery=replace(BATTERY, priority=1)), 9.0, at(50.0)) == 0.0


def test_phases_are_netted_unless_told_otherwise() -> None:
    car_on_b = ev("car", Mode.SOLAR, phases={L1: B})
    netted = house(car_on_b, phases="ABC")
    grid = {A: -20.0, B: 5.0, C: 5.0}
    assert currents(served(netted, grid)) == {"car": 10.0}
    assert currents(served(replace(netted, phase_netting=False), grid)) == {"car": 0.0}


def test_without_netting_a_load_needs_surplus_on_every_phase_it_uses() -> None:
    site = house(ev("car", Mode.SOLAR, phases=THREE), phases="ABC", phase_netting=False)
    assert currents(served(site, {A: -9.0, B: -7.0, C: -20.0})) == {"car": 7.0}
    assert currents(served(site, {A: -9.0, B: 1.0, C: -20.0})) == {"car": 0.0}


def test_without_netting_battery_and_threshold_split_evenly() -> None:
    site = house(
        ev("car", Mode.EXCESS, phases={L1: B}),
        phases="AB",
        phase_netting=False,
        battery=BATTERY,
        excess_threshold=920.0,
    )
    assert currents(served(site, {A: 3.0, B: -18.0}, battery=at(50.0)))["car"] == 18.0 - 5.0 - 2.0


def test_pools_are_told_as_sums_before_anything_is_granted() -> None:
    site = house(ev("car"), phases="ABC", battery=BATTERY, excess_threshold=1000.0)
    answer = served(site, {A: -10.0, B: 2.0, C: -12.0}, battery=at(50.0, power=-500.0))
    assert answer.pools == Pools(surplus=20 * 230.0 + 500.0 - 2300.0, excess=1800.0)


def test_excess_is_what_lies_above_the_threshold() -> None:
    site = house(ev("car", Mode.EXCESS), excess_threshold=690.0)
    assert current(site, 10.0) == 7.0
    assert current(site, 7.0) == 6.0
    assert current(site, 3.0) == 0.0


def test_with_a_full_battery_excess_loads_follow_all_surplus_without_its_help() -> None:
    full = replace(BATTERY, helps=BatteryHelp.FULL)
    site = car(Mode.EXCESS, battery=full, excess_threshold=3000.0)
    assert current(site, 8.0, at(97.0)) == 8.0
    assert current(site, 8.0, at(96.9)) == 0.0
    assert current(site, 0.0, at(99.0)) == 0.0


def test_solar_share_lets_a_load_run_on_less_and_a_reading_may_change_it() -> None:
    site = house(ev("car", Mode.SOLAR, solar_share=0.5))
    assert current(site, 3.0) == 6.0
    assert current(site, 2.9) == 0.0
    assert current(site, 2.9, loads={"car": reading(solar_share=0.4)}) == 6.0
    assert current(site, 3.0, loads={"car": reading(solar_share=1.0)}) == 0.0


def test_an_eco_switch_runs_when_its_share_is_covered() -> None:
    site = house(switch("boiler", 2300.0, Mode.ECO, eco_share=0.4))
    assert currents(served(site, -4.0)) == {"boiler": 10.0}
    assert currents(served(site, -3.9)) == {"boiler": 0.0}


@pytest.mark.parametrize(
    ("mode", "need", "expected"),
    [
        (Mode.SOLAR, Need.MUST, 16.0),
        (Mode.EXCESS, Need.MUST, 16.0),
        (Mode.OFF, Need.MUST, 0.0),
        (Mode.STANDARD, Need.CAN_STORE, 8.0),
        (Mode.ECO, Need.CAN_STORE, 8.0),
        (Mode.EXCESS, Need.CAN_STORE, 6.0),
        (Mode.STANDARD, Need.SATISFIED, 0.0),
        (Mode.ECO, Need.WANTS, 8.0),
    ],
)
def test_a_need_overrides_the_mode(mode: Mode, need: Need, expected: float) -> None:
    site = car(mode, battery=None, excess_threshold=690.0)
    assert current(site, 8.0, loads={"car": reading(LoadState.CONNECTED, need=need)}) == expected


@pytest.mark.parametrize("mode", [Mode.STANDARD, Mode.ECO, Mode.SOLAR])
def test_without_grid_import_a_load_takes_surplus_alone(mode: Mode) -> None:
    site = car(mode, battery=None, grid_import_allowed=False)
    assert current(site, 11.0) == 11.0
    assert current(site, 5.9) == 0.0


def test_without_grid_import_shares_do_not_count() -> None:
    eager = ev("car", Mode.SOLAR, solar_share=0.1)
    site = house(eager, switch("boiler", 1380.0, Mode.ECO), grid_import_allowed=False)
    assert currents(served(site, -5.9)) == {"car": 0.0, "boiler": 0.0}


def test_without_grid_import_an_excess_load_is_covered_by_excess() -> None:
    site = car(Mode.EXCESS, battery=None, grid_import_allowed=False, excess_threshold=460.0)
    assert current(site, 8.0) == 6.0
    assert current(site, 7.9) == 0.0


def test_without_grid_import_a_standard_load_may_drain_the_battery_to_its_minimum() -> None:
    site = car(Mode.STANDARD, grid_import_allowed=False)
    assert current(site, 0.0, at(23.0)) == 16.0
    assert current(site, 0.0, at(22.9)) == 0.0
    assert current(site, 16.0, at(19.9)) == 6.0
    assert current(replace(site, loads=(ev("car", Mode.ECO),)), 0.0, at(23.0)) == 0.0


def off_grid(mode: Mode, **battery) -> Site:
    return house(
        ev("car", mode),
        fuse=40.0,
        off_grid=True,
        phase_netting=False,
        battery=replace(BATTERY, **battery),
        inverter=Inverter(max_power=9000.0, max_power_per_phase=9000.0),
    )


def test_off_the_grid_pools_know_no_import_and_are_netted() -> None:
    answer = served(
        off_grid(Mode.SOLAR), inverter={A: 5.0}, battery=at(80.0, power=-690.0),
        loads={"car": reading(draw=5.0)},
    )  # fmt: skip
    assert currents(answer) == {"car": 8.0}


def test_off_the_grid_nothing_is_relied_on_while_the_battery_is_not_read() -> None:
    answer = served(off_grid(Mode.STANDARD), inverter={A: 0.0}, loads={"car": reading(draw=9.0)})
    assert answer.pools == Pools(surplus=0.0, excess=0.0)
    assert why(answer.loads["car"]) == (Reason.WAITING_FOR_SURPLUS, None)


def test_legs_in_use_may_be_fewer_than_those_mapped() -> None:
    site = house(ev("car", Mode.SOLAR, phases=THREE), phases="ABC")
    grid = {A: -9.0, B: 0.0, C: 0.0}
    assert current(site, 0.0, loads={}) == 0.0
    assert currents(served(site, grid, loads={"car": reading(legs=(L1,))})) == {"car": 9.0}


def test_legs_that_are_not_certain_count_in_every_fuse_and_in_no_pool() -> None:
    site = house(ev("car", Mode.SOLAR, phases=THREE), phases="ABC", fuse=8.0, cloud_headroom=0.0)
    grid = {A: -20.0, B: 1.0, C: 0.0}
    unsure = reading(legs=(L1,), legs_certain=False)
    answer = served(site, grid, loads={"car": unsure})
    assert (answer.loads["car"].current, answer.loads["car"].power) == (7.0, 7 * 230.0)
    assert why(answer.loads["car"]) == (Reason.LIMITED, "main/B")
    assert answer.limits["main/C"].allocated == 7.0


def test_voltages_as_read_turn_watts_into_amperes() -> None:
    site = house(switch("boiler", 2400.0), ev("car", Mode.SOLAR, priority=2))
    answer = served(site, -20.0, voltage={A: 240.0})
    assert currents(answer) == {"boiler": 10.0, "car": 10.0}
