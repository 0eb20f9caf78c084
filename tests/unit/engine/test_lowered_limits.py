"""For a moment, less may flow through the main fuse, or be imported, than the site's settings say."""

from dataclasses import replace

from evenload.engine import allocate
from evenload.model.readings import LoadReading, LoadState, Readings
from evenload.model.site import Kind, Leg, Load, Phase, Site

A = Phase.A
CAR = Load(id="car", kind=Kind.EV, phases={Leg.L1: A}, minimum=6.0, maximum=32.0)
HOUSE = Site(fuse={A: 25.0}, phases=(A,), loads=(CAR,))
MOMENT = Readings(
    grid={A: 5.0}, loads={"car": LoadReading(state=LoadState.CONNECTED, current={Leg.L1: 0.0})}
)


def test_a_lowered_fuse_is_what_limits_and_what_the_table_shows() -> None:
    answer = allocate(HOUSE, replace(MOMENT, fuse={A: 20.0}))
    assert (answer.loads["car"].current, answer.loads["car"].by) == (15.0, "main/A")
    assert answer.limits["main/A"].limit == 20.0


def test_a_fuse_is_never_raised_above_its_rating() -> None:
    assert allocate(HOUSE, replace(MOMENT, fuse={A: 40.0})).loads["car"].current == 20.0


def test_an_import_limit_for_now_binds_without_one_in_the_settings() -> None:
    answer = allocate(HOUSE, replace(MOMENT, import_limit=3450.0))
    assert (answer.loads["car"].current, answer.loads["car"].by) == (10.0, "import")


def test_the_lower_of_two_import_limits_holds() -> None:
    site = replace(HOUSE, import_limit=2990.0)
    assert allocate(site, replace(MOMENT, import_limit=3450.0)).loads["car"].current == 8.0
    assert allocate(site, replace(MOMENT, import_limit=2760.0)).loads["car"].current == 7.0
