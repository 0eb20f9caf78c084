"""Thermal protection: the house may use the time its fuse leaves, loads are never given more."""

import pytest

from evenload.controller.curves import GG
from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings, FuseKind, Protection
from evenload.model.decision import SiteStatus
from evenload.model.site import Phase
from tests.unit.controller.rig import ALL_LEGS, Rig, car, site

A = Phase.A
THERMAL = ControlSettings(protection=Protection.THERMAL, fuse_kind=FuseKind.GG)


def full(settings: ControlSettings = THERMAL, **more: float) -> Rig:
    """Return a house whose car draws all that its fuse leaves, and has shown how quickly it is cut."""
    rig = Rig(site(car(maximum=32.0), fuse=25.0), settings, **{"lag": 0.0, **more})
    rig.devices["car"].delay, rig.devices["car"].ramp = 0.0, 16.0
    rig.house[A] = 12.0
    rig.run(60)
    rig.house[A] = 20.0
    rig.run(30)
    rig.house[A] = 5.0
    rig.run(400)
    assert rig.flow()[A] == 25.0
    rig.log.clear()
    return rig


def test_a_small_overload_of_the_house_costs_the_car_nothing() -> None:
    rig = full()
    before = rig.setpoint("car")
    rig.house[A] = 6.0
    rig.run(300)
    assert rig.setpoint("car") == before
    assert rig.decision.status is SiteStatus.OK
    rig.house[A] = 5.0
    rig.run(30)
    assert rig.commands("car") == []


def test_strict_protection_cuts_for_the_same_at_once() -> None:
    rig = full(ControlSettings(fuse_kind=FuseKind.GG))
    rig.house[A] = 6.0
    rig.run(15)
    assert rig.flow()[A] <= 25.0


def test_a_long_overload_is_cut_to_the_rating_before_half_of_the_curve_is_used() -> None:
    rig = full()
    rig.house[A] = 12.0
    rig.run(200)
    assert rig.flow()[A] <= 25.0
    assert 0.0 < max(decision.curve_used[A] for _, decision in rig.log) <= 0.5


@pytest.mark.parametrize("step", [3.0, 6.0, 10.0])
@pytest.mark.parametrize("second", [0.0, 10.0])
def test_no_appliance_and_no_second_one_uses_more_than_half_of_the_curve(
    step: float, second: float
) -> None:
    rig = full()
    warmth = hottest = GG.settled(rig.flow()[A], 25.0)
    for more in (step, second):
        rig.house[A] += more
        for _ in range(100):
            rig.tick()
            warmth = GG.after(warmth, rig.flow()[A], 25.0, 1.0)
            hottest = max(hottest, warmth)
    assert GG.used(hottest) <= 0.5


def test_an_overload_below_what_the_fuse_carries_lasts_half_an_hour_at_most() -> None:
    rig = full()
    rig.house[A] = 6.0
    rig.run(1500)
    assert rig.flow()[A] == 26.0
    rig.run(600)
    assert rig.flow()[A] == 25.0


def test_the_time_is_spent_until_the_phase_is_back_within_its_rating() -> None:
    rig = full()
    rig.house[A] = 12.0
    rig.until(lambda: rig.setpoint("car") < 20.0, within=60)
    rig.house[A] = 6.0
    rig.run(60)
    assert rig.flow()[A] <= 25.0


def test_nothing_starts_or_rises_while_a_phase_is_above_its_rating() -> None:
    rig = full()
    rig.house[A] = 6.0
    rig.run(4)
    before = rig.setpoint("car")
    held = [rig.run(1).loads["car"] for _ in range(20)]
    assert {(load.setpoint, load.reason, load.by) for load in held} == {
        (before, Reason.LIMITED, "main/A")
    }


def test_more_than_the_rating_is_never_allocated() -> None:
    rig = full()
    for step in (3.0, 8.0, 2.0, 12.0, 0.0):
        rig.house[A] = 5.0 + step
        rig.run(40)
    for at, setpoint in rig.commands("car"):
        decision = next(decision for when, decision in rig.log if when == at)
        assert decision.base[A] + setpoint <= 25.5 or setpoint <= rig.commands("car")[0][1]


def test_after_a_restart_the_image_stands_at_rated_current() -> None:
    rig = Rig(site(car(), fuse=25.0), THERMAL)
    rig.tick()
    rig.run_controller()
    assert rig.state.guard.warmth.warmth[0] == pytest.approx(1.25**-2, rel=0.05)


def test_without_a_known_kind_there_is_no_curve() -> None:
    rig = full(ControlSettings())
    assert dict(rig.decision.curve_used) == {}


def test_a_phase_that_exports_too_much_warms_its_fuse_as_well() -> None:
    rig = full()
    rig.house[A] = -80.0
    rig.run(40)
    assert rig.decision.curve_used[A] > 0.0


def test_a_silent_meter_leaves_no_phase_cooler_than_at_its_rating() -> None:
    rig = full()
    rig.house[A] = -10.0
    rig.run(200)
    assert rig.state.guard.warmth.warmth[0] < 0.5
    rig.is_silent = True
    rig.run(200)
    assert rig.state.guard.warmth.warmth[0] > 0.6


def test_each_phase_has_an_image_of_its_own() -> None:
    phases = (Phase.A, Phase.B, Phase.C)
    rig = Rig(site(car(phases=ALL_LEGS), phases=phases, fuse=25.0), THERMAL)
    rig.run(60)
    rig.house[Phase.B] = 16.0
    rig.run(20)
    on_a, on_b, on_c = rig.state.guard.warmth.warmth
    assert on_b > on_a == on_c
