"""A phase above its rating: cut at once, by what it takes, in the right order; back with patience."""

from dataclasses import replace

from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings, LoadControl
from evenload.model.decision import SiteStatus
from evenload.model.site import Leg, Mode, Phase
from evenload.model.snapshot import Sample, Snapshot
from tests.unit.controller.rig import ALL_LEGS, Circuit, Rig, boiler, car, site

A = Phase.A


def charging(*loads, **more) -> Rig:
    """Return a house in which the loads have come up."""
    rig = Rig(site(*loads), **more)
    rig.run(60)
    return rig


def test_a_kettle_makes_the_car_yield_with_the_first_report_that_shows_it() -> None:
    rig = charging(car())
    rig.house[A] = 14.0
    rig.until(lambda: rig.meter[A].value > 25.0, within=5)
    (command,) = rig.decision.commands
    assert (command.load, command.setpoint, command.urgent) == ("car", 11.0, True)
    assert rig.decision.status is SiteStatus.OVERLOAD
    assert (rig.reason("car"), rig.of("car").by) == (Reason.LIMITED, "main/A")


def test_one_cut_is_enough_however_slowly_the_car_and_the_meter_follow() -> None:
    for lag, delay, ramp in ((0.0, 0.0, 16.0), (3.0, 2.0, 1.0), (6.0, 5.0, 2.0)):
        rig = charging(car(), lag=lag, interval=2.0)
        rig.devices["car"].delay, rig.devices["car"].ramp = delay, ramp
        for _ in range(2):
            rig.house[A] = 12.0
            rig.run(60)
            rig.house[A] = 1.0
            rig.run(120)
        rig.log.clear()
        rig.house[A] = 12.0
        rig.run(120)
        ((_, setpoint),) = rig.commands("car")
        assert 6.0 <= setpoint <= 13.0


def test_a_cut_does_not_wait_for_the_command_interval() -> None:
    rig = Rig(site(car()), ControlSettings(loads={"car": LoadControl(command_interval=30.0)}))
    rig.until(lambda: rig.devices["car"].current == 16.0, within=60)
    rig.house[A] = 14.0
    rig.run(4)
    (_, first), (_, second) = rig.commands("car")
    assert (first, second) == (16.0, 11.0)
    assert rig.commands("car")[1][0] - rig.commands("car")[0][0] < 30.0


def test_a_second_appliance_is_cut_for_while_the_first_cut_is_still_on_its_way() -> None:
    rig = charging(car(), lag=3.0)
    rig.devices["car"].delay = 4.0
    rig.house[A] = 12.0
    rig.until(lambda: rig.setpoint("car") == 13.0, within=8)
    rig.house[A] = 16.0
    rig.until(lambda: rig.setpoint("car") == 9.0, within=5)
    rig.run(60)
    assert rig.setpoint("car") == 9.0


def slowly_told(*loads) -> Rig:
    """Return a house whose cars have just reported, and will not again for half a minute."""
    rig = Rig(site(*loads), interval=5.0)
    cars = list(rig.devices.values())
    for each in cars:
        each.report_interval, each.delay = 30.0, 3.0
    rig.run(120)
    rig.until(lambda: cars[0].reported[0] == rig.now, within=31)
    return rig


def rise_while_cut(rig: Rig) -> int:
    """Let the house rise to 6 A too much and, while that is cut, on; return the time above 25 A [s]."""
    first = len(rig.log)
    rig.house[A] += 31.0 - rig.flow()[A]
    rises = [0.6, 0.6, 0.6, 0.6, 0.3, 0.3, 0.3, 0.3]
    above = 0
    for _ in range(60):
        was_cut = any(decision.commands for _, decision in rig.log[first:])
        if was_cut and rises:
            rig.house[A] += rises.pop(0)
        rig.tick()
        above += rig.flow()[A] > 25.0
    return above


def test_a_house_that_rises_while_cars_that_report_seldom_are_cut_is_answered_at_once() -> None:
    # 5 s of interval, 1 s of lag, 4 s of the cars, twice, for the house has gone on rising.
    assert rise_while_cut(slowly_told(car())) <= 16


def test_a_car_cut_again_before_it_reports_is_credited_with_what_it_still_has() -> None:
    rig = slowly_told(car("first", maximum=10.0), car("second", maximum=13.0, priority=2))
    assert rise_while_cut(rig) <= 16
    assert (rig.setpoint("first"), rig.setpoint("second")) == (7.0, 6.0)


def test_the_last_in_order_goes_down_first_and_nobody_goes_off_while_that_is_enough() -> None:
    rig = charging(car("first", maximum=10.0), car("second", maximum=10.0, priority=2))
    rig.house[A] = 8.0
    rig.run(30)
    assert (rig.setpoint("first"), rig.setpoint("second")) == (10.0, 7.0)


def test_adjustable_loads_go_to_their_minimum_before_a_switch_goes_off() -> None:
    rig = charging(car(), boiler(mode=Mode.STANDARD, priority=2))
    assert (rig.setpoint("car"), rig.setpoint("boiler")) == (15.0, 2300.0)
    rig.house[A] = 8.0
    rig.run(20)
    assert (rig.setpoint("car"), rig.setpoint("boiler")) == (7.0, 2300.0)
    rig.house[A] = 12.0
    rig.run(20)
    assert (rig.setpoint("car"), rig.setpoint("boiler")) == (7.0, 0.0)
    rig.run(60)
    assert rig.setpoint("car") == 13.0


def test_what_does_not_fit_at_all_goes_off_even_within_its_least_time_on() -> None:
    rig = Rig(site(car()))
    rig.until(lambda: rig.devices["car"].current == 16.0, within=60)
    rig.house[A] = 22.0
    rig.run(30)
    assert rig.setpoint("car") == 0.0
    assert rig.of("car").reason in (Reason.RESTING, Reason.DOES_NOT_FIT)


def test_it_comes_back_after_half_a_minute_of_headroom() -> None:
    rig = charging(car())
    rig.house[A] = 14.0
    rig.run(60)
    rig.house[A] = 1.0
    took = rig.until(lambda: rig.setpoint("car") == 16.0, within=80)
    assert 30.0 <= took <= 60.0


def test_a_kettle_that_clicks_on_and_off_does_not_make_the_car_swing() -> None:
    rig = charging(car())
    before = len(rig.commands("car"))
    for _ in range(6):
        rig.house[A] = 14.0
        rig.run(20)
        rig.house[A] = 1.0
        rig.run(20)
    assert len(rig.commands("car")) - before == 1


def test_the_reason_says_until_when_it_waits() -> None:
    rig = charging(car())
    rig.house[A] = 14.0
    rig.run(40)
    rig.house[A] = 1.0
    rig.run(12)
    assert (rig.reason("car"), rig.of("car").by) == (Reason.LIMITED, "main/A")
    assert rig.now < rig.of("car").until <= rig.now + 30.0


def test_a_phase_is_cut_for_though_another_phase_sends_nonsense() -> None:
    rig = Rig(site(car(phases=ALL_LEGS), phases=(Phase.A, Phase.B, Phase.C)))
    rig.run(60)
    rig.garble = lambda currents: currents | {Phase.B: float("nan")}
    rig.house[Phase.C] = 14.0
    rig.run(6)
    assert rig.setpoint("car") == 11.0


def test_a_circuit_with_its_own_meter_is_protected_like_the_main_fuse() -> None:
    garage = Circuit(id="garage", fuse={A: 16.0})
    house = site(car(circuit="garage", maximum=16.0), fuse=40.0)
    rig = Rig(replace(house, circuits=(garage,)))
    sawing = 0.0

    def with_circuit_meter(snapshot: Snapshot) -> Snapshot:
        reading = Sample(rig.devices["car"].current + sawing, rig.now)
        return replace(snapshot, circuits={"garage": {A: reading}})

    rig.alter = with_circuit_meter
    rig.run(60)
    assert rig.setpoint("car") == 16.0
    sawing = 7.0
    rig.run(20)
    assert (rig.setpoint("car"), rig.of("car").by) == (9.0, "garage/A")


def test_only_the_phase_that_is_overloaded_is_relieved() -> None:
    cars = (car("left", phases={Leg.L1: Phase.A}), car("right", phases={Leg.L1: Phase.B}))
    rig = Rig(site(*cars, phases=(Phase.A, Phase.B, Phase.C)))
    rig.run(90)
    rig.house[Phase.B] = 15.0
    rig.run(30)
    assert (rig.setpoint("left"), rig.setpoint("right")) == (16.0, 10.0)


def test_a_cloud_that_goes_on_growing_takes_ampere_by_ampere_and_never_stops_the_car() -> None:
    for delay, interval in ((4.0, 1.0), (12.0, 5.0)):
        rig = Rig(site(car(maximum=32.0), boiler(mode=Mode.STANDARD)), interval=interval, lag=0.0)
        rig.devices["car"].delay = delay
        rig.solar = 2500.0
        rig.run(200)
        assert rig.setpoint("car") > 14.0
        for _ in range(25):
            rig.solar -= 100.0
            rig.run(4)
        assert all(setpoint >= 6.0 for _, setpoint in rig.commands("car"))
        rig.run(30)
        assert rig.flow()[A] <= 25.0


def test_nothing_is_raised_while_a_load_has_not_reported_what_it_draws() -> None:
    rig = charging(car(maximum=32.0), interval=5.0)
    rig.devices["car"].report_interval = 30.0
    rig.devices["car"].ramp = 2.0
    rig.run(100)
    for _ in range(2):
        rig.house[A] = 8.0
        rig.run(60)
        rig.house[A] = 0.0
        rig.run(150)
    room = rig.decision.limits["main/A"].limit
    rig.house[A] = room - 13.0
    rig.until(lambda: rig.decision.commands != (), within=20)
    rig.run(5)
    rig.house[A] = room - 7.0
    rig.run(20)
    rig.log.clear()
    rig.run(120)
    assert [setpoint for _, setpoint in rig.commands("car") if setpoint > 7.0] == []
    assert rig.setpoint("car") == 7.0


def test_a_meter_that_lags_far_behind_is_learnt_though_every_cut_is_followed_by_another() -> None:
    rig = charging(car(), interval=10.0, lag=10.0)
    rig.devices["car"].report_interval = 5.0
    rig.devices["car"].delay = 2.0
    stops = []
    for _ in range(6):
        rig.log.clear()
        rig.house[A] = 10.0
        rig.run(120)
        stops.append(0.0 in [setpoint for _, setpoint in rig.commands("car")])
        rig.house[A] = 0.0
        rig.run(480)
    assert stops == [True, False, False, False, False, False]


def test_a_load_that_did_not_obey_is_told_again_at_once_when_the_fuse_needs_it() -> None:
    rig = charging(boiler(mode=Mode.STANDARD))
    rig.devices["boiler"].is_deaf = True
    rig.house[A] = 18.0
    rig.run(150)
    assert rig.of("boiler").reason is Reason.UNRESPONSIVE
    rig.house[A] = 10.0
    rig.run(30)
    rig.devices["boiler"].is_deaf = False
    rig.house[A] = 18.0
    assert rig.until(lambda: rig.flow()[A] <= 25.0, within=15) > 0.0
