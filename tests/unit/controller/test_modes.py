"""A person changes a mode: the load follows within a meter interval, and says why."""

import pytest

from evenload.model.allocation import Reason
from evenload.model.site import Mode, Phase
from tests.unit.controller.rig import Rig, boiler, car, site

A = Phase.A
INTERVAL = 5.0


def test_standard_solar_off_and_back_each_within_one_meter_interval() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)), interval=INTERVAL, lag=2.0)
    rig.run(60)
    rig.set_mode("car", Mode.STANDARD)
    rig.until(lambda: rig.setpoint("car") == 16.0, within=INTERVAL + 1)
    assert rig.reason("car") is Reason.FULL
    rig.run(60)
    rig.set_mode("car", Mode.SOLAR)
    rig.until(lambda: rig.setpoint("car") == 0.0, within=INTERVAL + 1)
    assert rig.reason("car") is Reason.WAITING_FOR_SURPLUS
    rig.run(40)
    rig.set_mode("car", Mode.STANDARD)
    rig.until(lambda: rig.setpoint("car") == 16.0, within=INTERVAL + 1)
    rig.run(20)
    rig.set_mode("car", Mode.OFF)
    rig.until(lambda: rig.setpoint("car") == 0.0, within=INTERVAL + 1)
    assert rig.reason("car") is Reason.OFF


def test_from_standard_to_solar_in_the_sun_it_goes_on_with_what_the_sun_gives() -> None:
    rig = Rig(site(car()))
    rig.solar = 2400.0
    rig.run(60)
    rig.set_mode("car", Mode.SOLAR)
    rig.run(5)
    assert (rig.setpoint("car"), rig.reason("car")) == (10.0, Reason.SURPLUS)


@pytest.mark.parametrize("load", ["car", "boiler"])
def test_a_wish_waits_for_no_least_time_and_no_budget(load: str) -> None:
    rig = Rig(site(car(mode=Mode.OFF), boiler(mode=Mode.OFF)))
    rig.run(30)
    for _ in range(12):
        rig.set_mode(load, Mode.STANDARD)
        rig.run(30)
        assert rig.setpoint(load) > 0.0
        rig.set_mode(load, Mode.OFF)
        rig.run(30)
        assert rig.setpoint(load) == 0.0


def test_a_wish_still_waits_for_the_grace_after_an_overload() -> None:
    rig = Rig(site(car()))
    rig.run(60)
    rig.house[A] = 14.0
    rig.run(20)
    rig.house[A] = 1.0
    rig.set_mode("car", Mode.ECO)
    rig.set_mode("car", Mode.STANDARD)
    rig.run(10)
    assert rig.setpoint("car") == 11.0


def test_a_load_that_is_off_is_left_alone() -> None:
    rig = Rig(site(car(mode=Mode.OFF), boiler(mode=Mode.OFF)))
    rig.run(300)
    assert rig.commands("car") == rig.commands("boiler") == []
    assert rig.reason("car") is Reason.OFF
