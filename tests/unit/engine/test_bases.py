"""The base of every fuse: main, with a meter of its own, without one, and what does not obey."""

import math

import pytest

from evenload.engine import Allocator
from evenload.model.allocation import LimitUse
from evenload.model.readings import LoadState, Readings
from evenload.model.site import Circuit, Mode
from tests.unit.engine.build import (
    L1,
    L2,
    A,
    B,
    currents,
    ev,
    given,
    house,
    reading,
    served,
    switch,
    wallbox,
)

GARAGE = Circuit(id="garage", fuse={A: 20.0})
SHED = Circuit(id="shed", fuse={A: 16.0}, parent="garage")


def base(site, name: str, grid: float = 0.0, **readings) -> float:
    return served(site, grid, **readings).limits[name].base


def test_the_draw_of_managed_loads_is_not_base() -> None:
    site = house(ev("car"))
    assert base(site, "main/A", 15.0, loads={"car": reading(draw=10.0)}) == 5.0


@pytest.mark.parametrize("state", [LoadState.DISCONNECTED, LoadState.FAULTED])
def test_the_draw_of_loads_that_obey_nothing_is_base(state: LoadState) -> None:
    site = house(ev("car"))
    assert base(site, "main/A", 15.0, loads={"car": reading(state, draw=10.0)}) == 15.0


def test_the_draw_of_a_load_in_mode_off_is_base() -> None:
    site = house(ev("car", Mode.OFF))
    assert base(site, "main/A", 15.0, loads={"car": reading(draw=10.0)}) == 15.0


def test_export_is_headroom_of_the_main_fuse_up_to_its_rating() -> None:
    assert base(house(ev("car")), "main/A", -40.0) == -25.0


def test_cloud_headroom_bounds_the_export_that_counts() -> None:
    assert base(house(ev("car"), cloud_headroom=4.0), "main/A", -40.0) == -4.0
    assert base(house(ev("car"), cloud_headroom=0.0), "main/A", -40.0) == 0.0


def test_a_circuit_with_a_meter_never_has_less_than_nothing() -> None:
    site = house(ev("car", circuit="garage"), circuits=(GARAGE,))
    loads = {"car": reading(draw=10.0)}
    assert base(site, "garage/A", 10.0, loads=loads, circuits={"garage": {A: 12.5}}) == 2.5
    assert base(site, "garage/A", 10.0, loads=loads, circuits={"garage": {A: 3.0}}) == 0.0


def test_a_circuit_without_a_meter_has_its_reserve_and_what_is_known_to_draw_there() -> None:
    site = house(
        ev("car", circuit="garage"),
        ev("guest", Mode.OFF, circuit="shed"),
        circuits=(Circuit(id="garage", fuse={A: 20.0}, reserve=2.0), SHED),
    )
    loads = {"guest": reading(draw=7.0)}
    assert base(site, "garage/A", 9.0, loads=loads) == 9.0
    assert base(site, "shed/A", 9.0, loads=loads) == 7.0


def test_a_meter_below_speaks_for_everything_behind_it() -> None:
    site = house(
        ev("car", circuit="garage"), ev("guest", Mode.OFF, circuit="shed"), circuits=(GARAGE, SHED)
    )
    loads = {"guest": reading(draw=7.0)}
    assert base(site, "garage/A", 9.0, loads=loads, circuits={"shed": {A: 11.0}}) == 11.0


def test_a_meter_without_one_of_the_phases_leaves_that_phase_unmetered() -> None:
    circuit = Circuit(id="garage", fuse={A: 20.0, B: 20.0}, reserve=3.0)
    site = house(ev("car", circuit="garage"), phases="AB", circuits=(circuit,))
    limits = served(site, 0.0, circuits={"garage": {A: 5.0}}).limits
    assert (limits["garage/A"].base, limits["garage/B"].base) == (5.0, 3.0)


def test_an_unresponsive_load_counts_with_its_maximum_instead_of_its_draw() -> None:
    site = house(ev("car", circuit="garage"), circuits=(GARAGE,))
    loads = {"car": reading(LoadState.UNRESPONSIVE, draw=6.0, ceiling=8.0)}
    limits = served(site, 9.0, loads=loads).limits
    assert limits["main/A"].base == 3.0 + 16.0
    assert limits["garage/A"].base == 16.0


def test_the_maximum_of_an_unresponsive_load_comes_on_top_of_the_bounds() -> None:
    site = house(ev("car", circuit="garage"), circuits=(GARAGE,), cloud_headroom=2.0)
    loads = {"car": reading(LoadState.UNRESPONSIVE, draw=6.0)}
    limits = served(site, -20.0, loads=loads, circuits={"garage": {A: 1.0}}).limits
    assert limits["main/A"].base == -2.0 + 16.0
    assert limits["garage/A"].base == 0.0 + 16.0


def test_a_charger_carries_what_its_plugs_draw_unasked() -> None:
    plugs = (ev("left", Mode.OFF, circuit="box"), ev("right", circuit="box"))
    site = house(fuse=40.0, chargers=(wallbox(*plugs, max_current=20.0),))
    answer = served(site, 8.0, loads={"left": reading(draw=8.0)})
    assert answer.limits["box/A"] == LimitUse(base=8.0, allocated=12.0, limit=20.0)


def test_a_switch_that_is_on_without_a_meter_draws_its_rated_power() -> None:
    site = house(switch("boiler", 2300.0))
    assert base(site, "main/A", 12.0, loads={"boiler": reading(LoadState.ON)}) == 2.0
    assert base(site, "main/A", 12.0, loads={"boiler": reading(LoadState.OFF)}) == 12.0
    assert base(site, "main/A", 12.0, loads={"boiler": reading(LoadState.ON, draw=4.0)}) == 8.0


def test_a_draw_in_watts_spreads_over_the_legs_in_use() -> None:
    site = house(ev("car", phases={L1: A, L2: B}), phases="AB")
    limits = served(site, 10.0, loads={"car": reading(power=2300.0)}).limits
    assert (limits["main/A"].base, limits["main/B"].base) == (5.0, 5.0)


def test_a_missing_grid_phase_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="grid phase B is missing"):
        served(house(ev("car"), phases="AB"), {A: 1.0})


@pytest.mark.parametrize("current", [math.nan, math.inf, -math.inf])
def test_a_grid_phase_that_is_not_finite_is_refused_by_name(current: float) -> None:
    with pytest.raises(ValueError, match=r"grid phase A is .*not finite"):
        served(house(ev("car")), current)


def test_off_the_grid_it_is_the_inverter_that_must_be_read() -> None:
    with pytest.raises(ValueError, match="inverter phase A is missing"):
        Allocator(house(ev("car"), off_grid=True)).allocate(Readings())


def test_where_the_base_alone_exceeds_a_limit_its_loads_get_nothing() -> None:
    site = house(ev("car", circuit="garage"), ev("other"), fuse=63.0, circuits=(GARAGE,))
    assert currents(served(site, 30.0, circuits={"garage": {A: 20.5}})) == {
        "car": 0.0,
        "other": 16.0,
    }


def test_an_allocator_can_be_used_again_and_remembers_nothing() -> None:
    site = house(ev("car"))
    allocator = Allocator(site)
    first = allocator.allocate(given(site, 0.0))
    allocator.allocate(given(site, 24.0))
    assert allocator.allocate(given(site, 0.0)) == first


def test_a_site_without_loads_still_tells_how_full_its_fuses_are() -> None:
    answer = served(house(chargers=(wallbox(),)), 7.0)
    assert answer.loads == {}
    assert answer.limits == {"main/A": LimitUse(base=7.0, allocated=0.0, limit=25.0)}


def test_readings_of_loads_that_the_site_does_not_have_are_passed_over() -> None:
    answer = served(house(ev("car")), loads={"stranger": reading(draw=9.0)})
    assert list(answer.loads) == ["car"]
    assert answer.limits["main/A"].base == 0.0


def test_a_circuit_without_a_fuse_on_a_phase_does_not_bind_there() -> None:
    site = house(ev("car", phases={L1: B}, circuit="garage"), phases="AB", circuits=(GARAGE,))
    assert currents(served(site, 0.0)) == {"car": 16.0}
