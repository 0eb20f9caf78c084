"""The reaction reserve: what nobody could take back in time is not allocated in the first place."""

import math

import pytest

from evenload.controller.curves import BREAKER, GG
from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings, FuseKind
from evenload.model.site import Phase
from tests.unit.controller.rig import Rig, car, site

A = Phase.A


def learnt(rig: Rig, seconds: float = 400.0) -> Rig:
    """Return the rig after a kettle has shown how quickly the car can be cut."""
    rig.run(150)
    rig.house[A] = 9.0
    rig.run(60)
    rig.house[A] = 1.0
    rig.run(seconds)
    return rig


def slow(settings: ControlSettings | None = None, **more: float) -> Rig:
    rig = Rig(site(car(maximum=32.0), fuse=25.0), settings, interval=10.0, lag=5.0, **more)
    rig.devices["car"].delay = 5.0
    return rig


def warmest(rig: Rig, step: float, seconds: int) -> float:
    """Return theta of a gG fuse at its warmest, in steps of a second, once the house rises by `step`."""
    carried = 1.25 * 25.0
    warmth = (rig.flow()[A] / carried) ** 2
    hottest = warmth
    rig.house[A] += step
    for _ in range(seconds):
        rig.tick()
        settled = (rig.flow()[A] / carried) ** 2
        warmth = settled + (warmth - settled) * math.exp(-1.0 / 22.0)
        hottest = max(hottest, warmth)
    return hottest


def test_a_slow_meter_and_charger_leave_room_for_an_appliance() -> None:
    rig = learnt(slow())
    assert 15.0 <= rig.flow()[A] < 22.0
    assert (rig.reason("car"), rig.of("car").by) == (Reason.LIMITED, "main/A")
    assert rig.decision.limits["main/A"].limit < 22.0


def test_an_appliance_on_top_of_it_uses_no_more_than_half_of_the_curve() -> None:
    rig = learnt(slow(ControlSettings(fuse_kind=FuseKind.GG)))
    hottest = warmest(rig, 10.0, 60)
    assert (hottest - 0.64) / 0.36 <= 0.5


def test_without_the_reserve_the_same_appliance_would_melt_the_fuse() -> None:
    rig = slow(ControlSettings(appliance_reserve=0.0))
    learnt(rig)
    assert rig.flow()[A] == 25.0
    assert warmest(rig, 12.0, 60) > 1.0


def test_a_quick_meter_and_charger_leave_nothing_unused() -> None:
    rig = learnt(Rig(site(car(maximum=32.0), fuse=25.0)))
    assert rig.flow()[A] == 25.0


def test_who_tells_that_it_is_a_fuse_gets_more() -> None:
    unknown, fuse = learnt(slow()), learnt(slow(ControlSettings(fuse_kind=FuseKind.GG)))
    assert unknown.flow()[A] < fuse.flow()[A]


def test_half_of_the_rating_and_more_stays_however_slow_the_reaction_is() -> None:
    rig = Rig(site(car(maximum=32.0), fuse=16.0), interval=15.0, lag=10.0)
    rig.devices["car"].delay = 12.0
    learnt(rig, 900.0)
    assert rig.decision.limits["main/A"].limit >= 0.6 * 16.0


@pytest.mark.parametrize("curve", [GG, BREAKER])
@pytest.mark.parametrize("duration", [3.0, 10.0, 30.0])
def test_the_bearable_current_uses_half_of_the_curve_exactly(curve, duration: float) -> None:
    current = curve.bearable(25.0, 10.0, duration)
    warmth = curve.settled(current, 25.0)
    after = curve.after(warmth, current + 10.0, 25.0, duration)
    assert after == pytest.approx(curve.half_warmth)


def test_the_curves_pass_the_points_of_their_standards() -> None:
    cold = 0.0
    assert GG.time_to_open(cold, 1.25 * 25.0, 25.0) == math.inf
    assert GG.time_to_open(cold, 52.0, 25.0) >= 9.8
    assert GG.time_to_open(cold, 1.6 * 25.0, 25.0) <= 3600.0
    assert BREAKER.time_to_open(cold, 1.13 * 25.0, 25.0) == math.inf
    assert BREAKER.time_to_open(cold, 1.45 * 25.0, 25.0) <= 3600.0
    assert BREAKER.time_to_open(cold, 2.55 * 25.0, 25.0) <= 60.0


def test_a_cut_told_in_parts_took_as_long_as_most_of_it() -> None:
    rig = slow()
    rig.run(150)
    rig.house[A] = 9.0
    rig.run(12)
    rig.house[A] = 10.0
    rig.run(60)
    assert min(rig.state.loads["car"].cuts) > 8.0


def test_a_running_load_that_was_never_measured_is_taken_to_be_slow() -> None:
    rig = slow()
    rig.devices["car"].takes = 5.0
    rig.run(200)
    rig.devices["car"].takes = 32.0
    rig.run(100)
    assert rig.state.guard.limits is not None
    assert rig.flow()[A] < 25.0


def test_the_reserve_stops_no_car_that_could_run_at_its_minimum() -> None:
    rig = Rig(site(car(), fuse=16.0), ControlSettings(fuse_kind=FuseKind.GG), interval=5.0, lag=2.0)
    rig.devices["car"].delay = 4.0
    rig.run(200)
    rig.house[A] = 6.0
    rig.run(60)
    assert 6.0 <= rig.setpoint("car") < 10.0
    rig.log.clear()
    rig.house[A] = 8.5
    rig.run(120)
    assert (rig.setpoint("car"), rig.reason("car")) == (6.0, Reason.LIMITED)
    rig.house[A] = 10.5
    rig.run(120)
    assert rig.setpoint("car") == 0.0


def test_a_meter_that_loses_reports_leaves_more_room_and_one_lost_report_changes_nothing() -> None:
    limits = []
    for lost in ((), (40,), range(40, 100, 3)):
        rig = learnt(slow(ControlSettings(fuse_kind=FuseKind.GG)), seconds=100.0)
        for number in range(100):
            rig.is_silent = number in lost
            rig.run(10)
        limits.append(rig.decision.limits["main/A"].limit)
    assert limits[0] == limits[1] > limits[2]


def test_a_fuse_that_nobody_told_is_never_given_more_than_a_known_one() -> None:
    limits = {}
    for kind in (None, FuseKind.GG):
        settings = ControlSettings(fuse_kind=kind)
        rig = Rig(site(car(), fuse=16.0), settings, interval=10.0, lag=15.0)
        limits[kind] = learnt(rig).decision.limits["main/A"].limit
    assert limits[None] <= limits[FuseKind.GG] < 0.75 * 16.0
