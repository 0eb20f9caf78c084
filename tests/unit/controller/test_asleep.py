"""Cars that take nothing though offered something: no verdict, little reserved, probed now and then."""

import pytest

from evenload.model.allocation import Reason
from evenload.model.site import Mode, Phase
from tests.unit.controller.rig import FAR, Rig, car, site

A = Phase.A


def sleeping(*loads, fuse: float = 25.0) -> Rig:
    rig = Rig(site(*loads, fuse=fuse))
    rig.devices[loads[0].id].takes = 0.0
    return rig


def test_a_sleeping_car_is_no_trouble_and_stays_offered_its_minimum() -> None:
    rig = sleeping(car())
    rig.run(800)
    assert (rig.setpoint("car"), rig.reason("car")) == (6.0, Reason.SATISFIED)
    assert rig.decision.troubles == ()


def test_it_gets_all_it_wants_as_soon_as_it_wakes_up() -> None:
    rig = sleeping(car())
    rig.run(800)
    rig.devices["car"].takes = FAR
    rig.run(60)
    assert (rig.setpoint("car"), rig.reason("car")) == (16.0, Reason.FULL)


def test_others_have_what_a_sleeping_car_leaves_and_give_it_back_when_it_wakes() -> None:
    rig = sleeping(car("asleep"), car("awake", priority=2), fuse=16.0)
    rig.run(300)
    assert (rig.setpoint("asleep"), rig.setpoint("awake")) == (6.0, 10.0)
    rig.run(400)
    assert rig.setpoint("awake") == 16.0
    rig.devices["asleep"].takes = FAR
    rig.run(90)
    assert rig.setpoint("asleep") + rig.setpoint("awake") <= 16.0
    assert rig.setpoint("asleep") >= 10.0
    over = [flow[A] for flow in rig.flows if flow[A] > 16.05]
    assert len(over) <= 10


def test_a_car_that_is_full_leaves_the_sun_to_the_next() -> None:
    rig = sleeping(car("full", mode=Mode.SOLAR), car("next", mode=Mode.SOLAR, priority=2))
    rig.solar = 1800.0
    rig.run(900)
    assert rig.reason("full") is Reason.SATISFIED
    assert rig.setpoint("next") >= 7.0
    rig.solar = 0.0
    rig.run(1200)
    assert rig.setpoint("full") == rig.setpoint("next") == 0.0


@pytest.mark.parametrize("own_minimum", [8.0, 10.0])
def test_a_charger_with_a_higher_minimum_of_its_own_is_found_out_by_a_probe(
    own_minimum: float,
) -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)))
    device = rig.devices["car"]
    order = device.order
    device.order = lambda at, setpoint, phases=None: order(
        at, setpoint if setpoint >= own_minimum else 0.0, phases
    )
    rig.solar = 1500.0
    rig.run(300)
    assert device.current == 0.0
    rig.solar = 3300.0
    rig.run(300)
    assert rig.setpoint("car") == 6.0
    rig.run(600)
    assert device.current == 14.0


def test_a_probe_takes_a_minute_in_a_quarter_of_an_hour() -> None:
    rig = sleeping(car())
    rig.run(3600)
    offered = [d.loads["car"].setpoint for now, d in rig.log if now > 1100.0]
    probing = sum(setpoint > 6.0 for setpoint in offered) / len(offered)
    assert 0.02 < probing < 0.12
    assert max(offered) == 10.0
