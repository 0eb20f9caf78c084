"""Current goes up only on evidence: fresh readings that show what the last commands did."""

from dataclasses import replace
from itertools import pairwise

from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings
from evenload.model.decision import SiteStatus
from evenload.model.site import Mode, Phase
from tests.unit.controller.rig import Rig, boiler, car, site

A = Phase.A


def test_nothing_is_raised_before_the_second_report_after_a_start() -> None:
    rig = Rig(site(car()), ControlSettings(meter_timeout=120.0), interval=20.0)
    rig.until(lambda: bool(rig.meter), within=40)
    rig.run(19)
    assert rig.decision.status is SiteStatus.WAITING_FOR_METER
    assert rig.setpoint("car") == 0.0
    rig.run(20)
    assert rig.setpoint("car") == 16.0


def test_from_the_grid_a_load_waits_until_things_have_settled() -> None:
    rig = Rig(site(car()))
    rig.run(5)
    assert rig.reason("car") is Reason.STARTING
    assert rig.of("car").until == rig.log[0][0] + 10.0
    assert rig.until(lambda: rig.setpoint("car") == 16.0, within=20) <= 10.0


def test_loads_start_one_after_another_each_after_the_meter_has_shown_the_last() -> None:
    cars = [car(name, maximum=7.0) for name in ("one", "two", "three")]
    rig = Rig(site(*cars), lag=3.0)
    for name in ("one", "two", "three"):
        rig.devices[name].delay = 3.0
    rig.run(150)
    starts = [rig.commands(name)[0][0] for name in ("one", "two", "three")]
    assert starts == sorted(starts)
    for earlier, later in pairwise(starts):
        assert later - earlier >= 3.0 + 3.0


def test_a_slow_meter_does_not_see_the_same_headroom_twice() -> None:
    rig = Rig(site(car("one"), car("two"), fuse=20.0), interval=10.0, lag=6.0)
    rig.run(300)
    assert max(flow[A] for flow in rig.flows) <= 20.0
    assert max(sum(d.loads[n].setpoint for n in ("one", "two")) for _, d in rig.log) <= 20.0


def test_a_meter_that_lags_does_not_make_the_load_swing() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)), interval=5.0, lag=8.0)
    rig.devices["car"].delay, rig.devices["car"].ramp = 4.0, 1.0
    rig.devices["car"].report_interval = 10.0
    rig.house[A] = 1.0
    rig.solar = 2350.0
    rig.run(240)
    rig.log.clear()
    rig.run(600)
    assert rig.commands("car") == []
    assert rig.setpoint("car") == 9.0


def test_an_old_reading_raises_nothing_even_before_it_is_stale() -> None:
    rig = Rig(site(car()))
    rig.run(40)
    rig.house[A] = 14.0
    rig.run(60)
    rig.house[A] = 1.0
    rig.run(20)
    rig.is_silent = True
    rig.run(25)
    assert rig.decision.status is SiteStatus.OK
    assert rig.setpoint("car") == 11.0


def test_a_rise_is_no_faster_than_the_rate() -> None:
    rig = Rig(site(car(maximum=32.0), fuse=63.0), ControlSettings(raise_rate=1.0))
    rig.run(12)
    assert rig.setpoint("car") == 10.0
    rig.run(60)
    rises = rig.commands("car")
    for (then, low), (later, high) in pairwise(rises):
        assert high - low <= (later - then) * 1.0


def test_a_load_that_holds_its_place_is_no_room_for_another() -> None:
    """A car held on by its least time on is not counted as gone."""
    rig = Rig(site(car("one", maximum=16.0), fuse=16.0))
    rig.run(40)
    rig.site = replace(rig.site, loads=(car("zero", priority=1), car("one", priority=2)))
    rig.devices["zero"] = replace(rig.devices["one"], current=0.0, told=0.0)
    rig.run(120)
    assert max(sum(load.setpoint for load in d.loads.values()) for _, d in rig.log) <= 16.0


def test_a_boiler_that_is_off_by_its_thermostat_is_no_evidence_against_it() -> None:
    rig = Rig(site(boiler(mode=Mode.STANDARD)))
    rig.run(30)
    assert rig.setpoint("boiler") == 2300.0


def test_a_car_that_reports_its_first_ampere_and_then_nothing_for_long_is_not_stopped() -> None:
    for report_interval in (10.0, 30.0, 60.0):
        rig = Rig(site(car()), interval=5.0)
        rig.devices["car"].report_interval = report_interval
        rig.devices["car"].reports_status_at_once = True
        rig.devices["car"].ramp = 1.0
        rig.house[Phase.A] = 4.0
        rig.run(400)
        assert [setpoint for _, setpoint in rig.commands("car")] == [16.0]
