"""The limits that are not fuses, and the claims that ceilings and states shape."""

import pytest

from evenload.model.allocation import LimitUse, Reason
from evenload.model.readings import BatteryReading, LoadState
from evenload.model.site import Battery, BatteryHelp, Dimming, Inverter, Mode, Policy
from tests.unit.engine.build import (
    L1,
    THREE,
    A,
    B,
    C,
    currents,
    ev,
    heater,
    house,
    reading,
    served,
    wallbox,
    why,
)


def test_the_margin_holds_for_fuses_and_not_for_a_charger() -> None:
    site = house(
        fuse=20.0, margin=5.0, chargers=(wallbox(ev("car", circuit="box"), max_current=15.5),)
    )
    answer = served(site)
    assert answer.limits["main/A"].limit == 15.0
    assert answer.limits["box/A"].limit == 15.5


def test_a_charger_is_listed_on_the_phases_its_plugs_are_wired_to() -> None:
    site = house(phases="ABC", chargers=(wallbox(ev("car", circuit="box", phases={L1: B})),))
    assert [name for name in served(site).limits if name.startswith("box")] == ["box/B"]


def test_an_import_limit_counts_all_phases_together_where_they_are_netted() -> None:
    site = house(ev("car", phases={L1: B}), phases="ABC", import_limit=2300.0)
    answer = served(site, {A: 6.0, B: -4.0, C: -2.0})
    assert currents(answer) == {"car": 10.0}
    assert answer.limits["import"] == LimitUse(base=0.0, allocated=2300.0, limit=2300.0)


def test_no_import_means_none() -> None:
    answer = served(house(ev("car"), import_limit=0.0))
    assert why(answer.loads["car"]) == (Reason.DOES_NOT_FIT, "import")


def test_a_base_above_the_import_limit_lets_nothing_add_to_it() -> None:
    site = house(ev("car", phases={L1: B}), phases="AB", import_limit=1000.0)
    assert currents(served(site, {A: 20.0, B: -10.0})) == {"car": 0.0}


def test_without_netting_an_exporting_phase_pays_for_itself_alone() -> None:
    site = house(ev("car", phases={L1: B}), phases="AB", import_limit=920.0, phase_netting=False)
    assert currents(served(site, {A: 0.0, B: -8.0})) == {"car": 12.0}
    answer = served(site, {A: 20.0, B: -8.0})
    assert currents(answer) == {"car": 8.0}
    assert answer.limits["import"] == LimitUse(base=4600.0, allocated=0.0, limit=920.0)


def test_without_netting_import_bends_where_each_phase_turns() -> None:
    site = house(ev("car", phases=THREE), phases="ABC", import_limit=1610.0, phase_netting=False)
    assert currents(served(site, {A: -10.0, B: -7.0, C: -20.0})) == {"car": 12.0}


def test_phases_may_part_no_further_than_the_unbalance_limit() -> None:
    site = house(ev("car"), phases="AB", unbalance_limit=8.0)
    answer = served(site, {A: 1.0, B: 2.0})
    assert why(answer.loads["car"]) == (Reason.LIMITED, "unbalance/AB")
    assert currents(answer) == {"car": 9.0}


def test_a_base_that_is_unbalanced_by_itself_may_stay_so() -> None:
    site = house(ev("car"), phases="AB", unbalance_limit=3.0)
    assert currents(served(site, {A: 0.0, B: 12.0})) == {"car": 16.0}
    assert currents(served(site, {A: 12.0, B: 0.0})) == {"car": 0.0}


def test_filling_together_a_raise_may_mend_the_balance_that_refused_another() -> None:
    site = house(ev("one"), ev("two", phases={L1: B}), phases="AB", unbalance_limit=7.0)
    assert currents(served(site)) == {"one": 16.0, "two": 16.0}


def test_dimming_bounds_the_loads_it_names_and_no_others() -> None:
    site = house(ev("car"), ev("free"), fuse=63.0, dimming=Dimming(limit=2300.0, loads=("car",)))
    answer = served(site)
    assert currents(answer) == {"car": 10.0, "free": 16.0}
    assert why(answer.loads["car"]) == (Reason.LIMITED, "dimming")


def test_dimming_lets_named_loads_have_the_sun_that_others_leave() -> None:
    site = house(
        ev("free", maximum=8.0), ev("car", priority=2), fuse=63.0,
        dimming=Dimming(limit=1380.0, loads=("car",)),
    )  # fmt: skip
    assert currents(served(site, -10.0)) == {"free": 8.0, "car": 8.0}


def test_dimming_counts_what_named_loads_take_without_obeying() -> None:
    dimming = Dimming(limit=4600.0, loads=("car", "guest", "wild"))
    site = house(
        ev("car"), ev("guest", Mode.OFF), ev("wild", maximum=7.0), fuse=63.0, dimming=dimming
    )
    loads = {"guest": reading(draw=5.0), "wild": reading(LoadState.UNRESPONSIVE, draw=1.0)}
    answer = served(site, 6.0, loads=loads)
    assert answer.limits["dimming"].base == (5.0 + 7.0) * 230.0
    assert currents(answer)["car"] == 8.0


def test_only_so_many_plugs_may_be_active() -> None:
    plugs = [ev(name, circuit="box") for name in ("left", "right")]
    site = house(fuse=63.0, chargers=(wallbox(*plugs, max_active=1),))
    answer = served(site)
    assert currents(answer) == {"left": 16.0, "right": 0.0}
    assert why(answer.loads["right"]) == (Reason.OUTRANKED, "left")
    assert answer.limits["box/active"] == LimitUse(base=0.0, allocated=1.0, limit=1.0)


@pytest.mark.parametrize("state", [LoadState.FAULTED, LoadState.UNRESPONSIVE])
def test_a_plug_that_draws_unasked_takes_a_place(state: LoadState) -> None:
    plugs = [ev(name, circuit="box") for name in ("left", "right")]
    site = house(fuse=63.0, chargers=(wallbox(*plugs, max_active=1),))
    answer = served(site, 10.0, loads={"left": reading(state, draw=3.0)})
    assert why(answer.loads["right"]) == (Reason.DOES_NOT_FIT, "box/active")


def test_the_next_plug_of_a_sequential_charger_gets_what_the_first_leaves() -> None:
    plugs = [ev(name, circuit="box", phases=THREE) for name in ("left", "right")]
    site = house(
        phases="ABC", fuse=40.0,
        chargers=(wallbox(*plugs, max_current=20.0, policy=Policy.SEQUENTIAL),),
    )  # fmt: skip
    answer = served(site)
    assert currents(answer) == {"left": 16.0, "right": 0.0}
    assert why(answer.loads["right"]) == (Reason.OUTRANKED, "left")
    assert currents(served(site, loads={"left": reading(ceiling=8.0)})) == {
        "left": 8.0,
        "right": 12.0,
    }


def test_a_later_plug_joins_its_group_once_the_earlier_is_settled() -> None:
    plugs = [ev(name, circuit="box") for name in ("left", "right")]
    charger = wallbox(*plugs, max_current=20.0, policy=Policy.SEQUENTIAL)
    site = house(ev("other", maximum=32.0), fuse=40.0, chargers=(charger,))
    loads = {"left": reading(ceiling=10.0)}
    assert currents(served(site, loads=loads)) == {"left": 10.0, "right": 10.0, "other": 20.0}


def off_grid(**inverter) -> dict:
    return {
        "fuse": 40.0,
        "off_grid": True,
        "inverter": Inverter(**{"max_power": 9000.0, "max_power_per_phase": 4600.0} | inverter),
        "battery": Battery(max_charge=1.0, max_discharge=9000.0, helps=BatteryHelp.FULL),
    }


FULL = BatteryReading(soc=90.0, power=0.0)


def test_off_the_grid_the_inverter_bounds_each_phase() -> None:
    site = house(ev("car"), phases="ABC", **off_grid(balances_phases=True))
    answer = served(site, inverter={A: 6.0, B: 2.0, C: 2.0}, battery=FULL)
    assert currents(answer) == {"car": 14.0}
    assert why(answer.loads["car"]) == (Reason.LIMITED, "inverter/A")
    assert answer.limits["inverter/A"] == LimitUse(base=1380.0, allocated=3220.0, limit=4600.0)


def test_an_inverter_that_does_not_balance_gives_each_phase_an_even_share() -> None:
    site = house(ev("car"), phases="ABC", **off_grid(max_power=6900.0))
    assert currents(served(site, inverter={A: 1.0, B: 2.0, C: 2.0}, battery=FULL)) == {"car": 9.0}


def test_off_the_grid_the_inverter_bounds_the_total() -> None:
    site = house(ev("car"), phases="ABC", **off_grid(max_power=4600.0, balances_phases=True))
    charging = BatteryReading(soc=90.0, power=-4600.0)
    answer = served(site, inverter={A: 1.0, B: 4.0, C: 5.0}, battery=charging)
    assert why(answer.loads["car"]) == (Reason.LIMITED, "inverter")
    assert currents(answer) == {"car": 10.0}


def test_off_the_grid_import_limit_and_dimming_do_not_apply() -> None:
    site = house(
        ev("car"), import_limit=0.0, dimming=Dimming(limit=0.0, loads=("car",)), **off_grid()
    )
    answer = served(site, inverter={A: 0.0}, battery=FULL)
    assert currents(answer) == {"car": 16.0}
    assert not {"import", "dimming"} & set(answer.limits)


def test_limits_that_a_site_does_not_have_are_not_listed() -> None:
    assert set(served(house(ev("car"), phases="AB")).limits) == {"main/A", "main/B"}


def test_a_ceiling_is_the_highest_level_and_below_the_minimum_it_holds_the_load() -> None:
    site = house(ev("car"), heater("rod", phases={L1: B}), phases="AB")
    answer = served(site, loads={"car": reading(ceiling=9.5), "rod": reading(ceiling=499.0)})
    assert currents(answer) == {"car": 9.5, "rod": 0.0}
    assert why(answer.loads["car"]) == (Reason.FULL, None)
    assert why(answer.loads["rod"]) == (Reason.HELD, None)


def test_a_suspended_load_is_offered_its_minimum() -> None:
    answer = served(house(ev("car")), loads={"car": reading(LoadState.SUSPENDED)})
    assert currents(answer) == {"car": 6.0}
