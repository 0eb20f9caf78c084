"""Readings that lie for a moment, devices that say what cannot be, and the battery's other clock."""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from evenload.controller import dump_state, load_state
from evenload.model.decision import SiteStatus, TroubleCode
from evenload.model.readings import LoadState
from evenload.model.site import Battery, Circuit, Leg, Mode, Phase
from evenload.model.snapshot import DeviceSnapshot, Sample, Snapshot
from tests.unit.controller.rig import ALL_LEGS, VOLTAGE, Rig, boiler, car, site

A = Phase.A
FULL = Battery(max_charge=4000.0, max_discharge=4000.0, soc_target=50.0)


def raises(rig: Rig, load: str) -> list[float]:
    """Return what the load was raised to since the log was cleared."""
    told = [decision.loads[load].setpoint for _, decision in rig.log]
    return [new for old, new in pairwise(told) if new > old]


def devices_of(rig: Rig, name: str, change: Callable[[DeviceSnapshot], DeviceSnapshot]) -> None:
    rig.alter = lambda snapshot: replace(
        snapshot, devices={**snapshot.devices, name: change(snapshot.devices[name])}
    )


@pytest.mark.parametrize("interval", [1.0, 5.0, 15.0])
def test_one_report_a_thousand_times_too_small_raises_nothing(interval: float) -> None:
    rig = Rig(site(car(maximum=32.0), fuse=40.0), interval=interval)
    rig.house[A] = 20.0
    rig.run(150)
    assert 6.0 < rig.setpoint("car") <= 20.0
    rig.log.clear()
    rig.until(lambda: rig.now % interval == interval - 1.0 or interval == 1.0, within=20)
    rig.garble = lambda currents: {A: currents[A] / 1000.0}
    rig.tick()
    rig.garble = lambda currents: currents
    rig.run(60)
    assert raises(rig, "car") == []


def test_an_appliance_that_goes_off_makes_room_with_the_second_report() -> None:
    rig = Rig(site(car(maximum=20.0)), interval=5.0)
    rig.house[A] = 14.0
    rig.run(150)
    rig.house[A] = 5.0
    rig.until(lambda: rig.setpoint("car") > 15.0, within=60)


def test_the_same_a_thousand_times_too_large_cuts_at_once_for_it_could_be() -> None:
    rig = Rig(site(car()))
    rig.run(60)
    rig.garble = lambda currents: dict.fromkeys(currents, 90.0)
    rig.run(1)
    assert rig.setpoint("car") == 0.0


def moving(rig: Rig, seconds: int) -> None:
    """Let the house flicker, so that its meter never repeats itself."""
    for second in range(seconds):
        rig.house[A] += 0.02 if second % 2 else -0.02
        rig.tick()


def waiting_for_more() -> Rig:
    """Return a house with room for its car, which waits because there was an overload."""
    rig = Rig(site(car(maximum=32.0)))
    rig.house[A] = 5.0
    moving(rig, 100)
    rig.house[A] = 12.0
    moving(rig, 20)
    rig.house[A] = 2.0
    moving(rig, 15)
    assert 9.0 < rig.setpoint("car") < 15.0
    return rig


def test_nothing_is_raised_on_a_meter_that_has_just_begun_to_repeat_itself() -> None:
    rig = waiting_for_more()
    rig.is_frozen = True
    rig.log.clear()
    rig.run(300)
    assert raises(rig, "car") == []
    assert rig.decision.status is SiteStatus.FAILSAFE


def test_nor_after_a_restart_of_which_it_knows_nothing() -> None:
    rig = waiting_for_more()
    rig.is_frozen = True
    rig.run(6)
    rig.state = load_state(dump_state(rig.state, rig.now), rig.now)
    rig.log.clear()
    rig.run(300)
    assert raises(rig, "car") == []


def test_a_meter_that_moves_again_gives_back_what_the_trial_took() -> None:
    rig = waiting_for_more()
    had = rig.setpoint("car")
    rig.log.clear()
    rig.run(120)
    assert min(decision.loads["car"].setpoint for _, decision in rig.log) < had
    assert rig.setpoint("car") > had


def test_no_phase_of_the_house_is_taken_for_a_car_whose_reading_dips() -> None:
    rig = Rig(site(car(), boiler(mode=Mode.STANDARD, priority=2), fuse=32.0))
    rig.run(120)
    base = rig.decision.base[A]
    rig.log.clear()
    for power in (-500.0, math.nan, math.inf, 9e9):
        for second in range(3):

            def dip(device: DeviceSnapshot, power: float = power) -> DeviceSnapshot:
                return replace(device, current={}, power=Sample(power, rig.now))

            devices_of(rig, "boiler", dip if second < 2 else lambda device: device)
            rig.run(3)
            assert rig.decision.base[A] == pytest.approx(base, abs=0.2)
    assert rig.commands("car") == rig.commands("boiler") == []


def test_one_leg_without_a_number_is_not_one_without_a_draw() -> None:
    rig = Rig(site(car(maximum=32.0), fuse=32.0))
    rig.run(120)
    rig.log.clear()
    devices_of(
        rig,
        "car",
        lambda device: replace(
            device, current={leg: Sample(math.nan, rig.now) for leg in device.current}
        ),
    )
    rig.run(300)
    assert rig.commands("car") == []
    assert rig.decision.base[A] == pytest.approx(0.0, abs=0.1)


def test_a_device_out_of_reach_stays_out_of_the_house_until_the_meter_shows_that_it_stopped() -> (
    None
):
    rig = Rig(site(car("lost"), car("other", maximum=32.0, priority=2), fuse=40.0))
    rig.run(200)
    rig.devices["lost"].is_available = False
    rig.log.clear()
    rig.run(300)
    assert rig.decision.base[A] == pytest.approx(0.0, abs=0.1)
    assert rig.commands("other") == []


def test_a_restart_with_a_charger_out_of_reach_takes_nothing_from_the_other() -> None:
    rig = Rig(site(car("lost"), car("other", maximum=32.0, priority=2), fuse=40.0))
    rig.run(200)
    had = rig.setpoint("other")
    assert had > 16.0
    rig.devices["lost"].is_available = False
    rig.run(5)
    rig.state = load_state(dump_state(rig.state, rig.now), rig.now)
    rig.log.clear()
    rig.run(120)
    assert rig.commands("other") == []
    rig.devices["lost"].is_available = True
    rig.run(120)
    assert rig.commands("lost") == rig.commands("other") == []


def test_a_battery_that_knows_more_than_the_meter_shows_makes_no_car_swing() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR), battery=FULL), interval=3.0, lag=10.0)
    rig.battery = (80.0, 0.0)
    rig.solar = 3300.0

    def live(seconds: int) -> None:
        """Let the battery take what is left, at once, and say so at once."""
        for _ in range(seconds):
            rig.tick()
            drawn = (rig.devices["car"].current + rig.house[A]) * VOLTAGE
            rig.battery = (80.0, min(4000.0, max(-4000.0, drawn - rig.solar)))

    live(300)
    rig.log.clear()
    rig.house[A] = 6.0
    live(300)
    assert [setpoint for _, setpoint in rig.commands("car")] == [8.0]


def metered(rig: Rig, change: Callable[[float], dict[Phase, Sample]]) -> None:
    def alter(snapshot: Snapshot) -> Snapshot:
        drawn = rig.devices["car"].current + 1.0
        return replace(snapshot, circuits={"garage": change(drawn)})

    rig.alter = alter


GARAGE = (Circuit(id="garage", fuse={A: 20.0}),)


def test_the_meter_of_a_circuit_that_goes_away_means_failsafe_behind_it_alone() -> None:
    rig = Rig(site(car(circuit="garage"), boiler(mode=Mode.STANDARD), circuits=GARAGE, fuse=40.0))
    metered(rig, lambda drawn: {A: Sample(drawn, rig.now)})
    rig.run(120)
    assert rig.setpoint("car") == 16.0
    metered(rig, lambda _: {})
    rig.run(45)
    assert (rig.setpoint("car"), rig.setpoint("boiler")) == (6.0, 2300.0)
    assert rig.decision.status is SiteStatus.OK
    codes = [(trouble.code, trouble.about) for trouble in rig.decision.troubles]
    assert codes == [(TroubleCode.METER_MISSING, "garage/A")]


def test_the_meter_of_a_circuit_that_stands_still_while_the_car_moves_is_frozen() -> None:
    rig = Rig(site(car(circuit="garage"), circuits=GARAGE, fuse=40.0))
    metered(rig, lambda drawn: {A: Sample(drawn, rig.now)})
    rig.run(120)
    metered(rig, lambda _: {A: Sample(17.0, rig.now)})
    rig.house[A] = 30.0
    rig.run(60)
    rig.house[A] = 0.0
    rig.log.clear()
    rig.run(960)
    assert raises(rig, "car") == []
    codes = [(trouble.code, trouble.about) for trouble in rig.decision.troubles]
    assert (TroubleCode.METER_FROZEN, "garage") in codes


def test_a_phantom_command_that_changes_no_draw_freezes_no_meter() -> None:
    rig = Rig(site(car()))
    rig.devices["car"].state = LoadState.SUSPENDED
    rig.devices["car"].takes = 0.0
    rig.run(120)
    rig.house[A] = 15.0
    rig.run(120)
    rig.house[A] = 0.0
    rig.run(600)
    assert TroubleCode.METER_FROZEN not in {
        trouble.code for _, decision in rig.log for trouble in decision.troubles
    }
    assert all(decision.status is not SiteStatus.FAILSAFE for _, decision in rig.log)


def test_a_start_that_is_taken_back_at_once_is_no_missed_move() -> None:
    rig = Rig(site(car()), interval=5.0, lag=3.0)
    rig.devices["car"].delay = 8.0
    for _ in range(3):
        rig.until(lambda: rig.setpoint("car") > 0.0, within=900)
        rig.house[A] = 24.0
        rig.run(60)
        rig.house[A] = 0.5
        rig.run(30)
    rig.run(60)
    assert TroubleCode.METER_FROZEN not in {
        trouble.code for _, decision in rig.log for trouble in decision.troubles
    }


def test_a_step_of_the_wall_clock_changes_nothing() -> None:
    rig = Rig(site(car(), boiler()))
    rig.run(60)
    state = load_state(dump_state(rig.state, rig.now), 1e9)
    assert dump_state(state, 1e9) == dump_state(rig.state, rig.now)


def test_a_meter_that_is_stiller_than_ever_is_named_while_somebody_waits_for_it() -> None:
    rig = Rig(site(boiler(mode=Mode.STANDARD), fuse=20.0))
    rig.house[A] = 12.0
    moving(rig, 60)
    rig.house[A] = 2.0
    moving(rig, 2)
    rig.log.clear()
    rig.run(120)
    assert rig.commands("boiler") == []
    assert [trouble.code for trouble in rig.decision.troubles] == [TroubleCode.METER_STILL]
    rig.until(lambda: rig.setpoint("boiler") > 0.0, within=900)
    assert rig.decision.troubles == ()


def test_the_total_of_legs_that_come_on_one_by_one_is_not_split_evenly() -> None:
    rig = Rig(site(car(phases=ALL_LEGS), phases=(A, Phase.B, Phase.C), fuse=25.0))
    device = rig.devices["car"]
    device.ramp = 16.0
    rig.house |= {A: 2.0, Phase.B: 3.0, Phase.C: 4.0}

    def total(one: DeviceSnapshot) -> DeviceSnapshot:
        watts = sum(device.current * VOLTAGE for _ in device.legs)
        return replace(one, current={}, power=Sample(watts, rig.now))

    devices_of(rig, "car", total)
    rig.until(lambda: rig.setpoint("car") > 0.0, within=60)
    for legs in ((Leg.L2,), (Leg.L2, Leg.L3), (Leg.L1, Leg.L2, Leg.L3)):
        device.legs = legs
        for _ in range(8):
            rig.tick()
            for phase, current in rig.decision.base.items():
                assert current == pytest.approx(rig.house[phase], abs=1.0)
