"""What a person sets at the device itself is left as it is for a while, and said."""

from dataclasses import replace

import pytest

from evenload.controller import dump_state, load_state
from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings, LoadControl
from evenload.model.readings import LoadState
from evenload.model.sentences import sentence
from evenload.model.site import Circuit, Mode, Phase
from tests.unit.controller.rig import Rig, boiler, car, site

A = Phase.A
HOURS = 3600.0


def charging(*loads, **more) -> Rig:
    rig = Rig(site(*(loads or (car(),)), **more))
    rig.run(120)
    return rig


def by_hand(rig: Rig, load: str, setpoint: float) -> None:
    rig.devices[load].told = setpoint


@pytest.mark.parametrize("setpoint", [0.0, 8.0])
def test_what_a_person_sets_at_the_charger_stays_for_two_hours(setpoint: float) -> None:
    rig = charging()
    rig.log.clear()
    by_hand(rig, "car", setpoint)
    rig.run(10)
    assert (rig.setpoint("car"), rig.reason("car")) == (setpoint, Reason.OVERRIDDEN)
    until = rig.of("car").until
    assert until == pytest.approx(rig.now + 2 * HOURS, abs=10.0)
    rig.run(600)
    assert rig.commands("car") == []
    assert rig.reason("car") is Reason.OVERRIDDEN
    said = sentence(rig.site, "car", rig.of("car"), now=rig.now)
    assert said == "Car was operated by hand and is left as it is for 1 h 50 min more."
    rig.run(until - rig.now + 60.0)
    assert (rig.setpoint("car"), rig.reason("car")) == (16.0, Reason.FULL)


def test_how_long_it_stays_is_a_setting() -> None:
    rig = Rig(site(car()), ControlSettings(manual_override=300.0))
    rig.run(60)
    by_hand(rig, "car", 7.0)
    rig.until(lambda: rig.reason("car") is Reason.OVERRIDDEN, within=10)
    assert 295.0 <= rig.until(lambda: rig.setpoint("car") == 16.0, within=400) <= 330.0


def test_one_report_is_no_hand_and_two_are() -> None:
    rig = charging()
    rig.devices["car"].report_interval = 20.0
    rig.run(40)
    by_hand(rig, "car", 8.0)
    rig.run(20)
    assert rig.reason("car") is Reason.FULL
    by_hand(rig, "car", 16.0)
    rig.run(25)
    assert rig.reason("car") is Reason.FULL
    by_hand(rig, "car", 8.0)
    rig.run(45)
    assert rig.reason("car") is Reason.OVERRIDDEN


def test_a_difference_of_one_step_is_no_hand() -> None:
    rig = charging()
    by_hand(rig, "car", 15.0)
    rig.run(30)
    assert (rig.reason("car"), rig.devices["car"].told) == (Reason.FULL, 16.0)


def test_a_late_echo_of_an_earlier_command_is_no_hand() -> None:
    rig = charging()
    rig.house[A] = 14.0
    rig.run(8)
    assert rig.devices["car"].told == 11.0
    by_hand(rig, "car", 16.0)
    rig.run(1)
    by_hand(rig, "car", 11.0)
    rig.run(60)
    assert rig.reason("car") is Reason.LIMITED


def test_an_operation_that_home_assistant_knows_of_counts_at_once() -> None:
    rig = charging()
    at = rig.now

    def known(snapshot):
        device = replace(snapshot.devices["car"], by_hand_at=at)
        return replace(snapshot, devices={"car": device})

    rig.alter = known
    by_hand(rig, "car", 15.0)
    rig.run(1)
    rig.run(1)
    assert rig.reason("car") is Reason.OVERRIDDEN
    assert rig.of("car").until == at + 2 * HOURS


def test_the_fuse_is_protected_all_the_same_and_nothing_comes_back_before_the_time() -> None:
    rig = charging(car(maximum=32.0), fuse=32.0)
    by_hand(rig, "car", 20.0)
    rig.run(10)
    assert rig.setpoint("car") == 20.0
    rig.house[A] = 22.0
    rig.run(5)
    assert rig.setpoint("car") == 10.0
    rig.house[A] = 0.0
    rig.run(300)
    assert (rig.setpoint("car"), rig.reason("car")) == (10.0, Reason.OVERRIDDEN)


def test_others_leave_room_for_it_even_on_a_circuit_without_a_meter() -> None:
    garage = Circuit(id="garage", fuse={A: 20.0})
    cars = (car("hand", priority=2, circuit="garage"), car("other", circuit="garage"))
    rig = charging(*cars, fuse=63.0, circuits=(garage,))
    assert (rig.setpoint("hand"), rig.setpoint("other")) == (6.0, 14.0)
    by_hand(rig, "hand", 12.0)
    rig.run(15)
    assert (rig.setpoint("hand"), rig.setpoint("other")) == (12.0, 8.0)
    rig.devices["hand"].takes = 0.0
    rig.run(120)
    assert (rig.setpoint("hand"), rig.setpoint("other")) == (12.0, 8.0)


@pytest.mark.parametrize("change", ["mode", "priority"])
def test_a_change_in_evenload_ends_it_at_once(change: str) -> None:
    rig = charging()
    by_hand(rig, "car", 8.0)
    rig.run(20)
    assert rig.reason("car") is Reason.OVERRIDDEN
    if change == "mode":
        rig.set_mode("car", Mode.ECO)
    else:
        rig.site = replace(rig.site, loads=(car(priority=2),))
    rig.run(4)
    assert rig.reason("car") is not Reason.OVERRIDDEN
    rig.run(60)
    assert rig.setpoint("car") == (6.0 if change == "mode" else 16.0)


def test_unplugging_ends_it_for_the_next_car() -> None:
    rig = charging()
    by_hand(rig, "car", 8.0)
    rig.run(20)
    rig.devices["car"].state = LoadState.DISCONNECTED
    rig.run(320)
    rig.devices["car"].state = LoadState.CONNECTED
    rig.run(60)
    assert (rig.setpoint("car"), rig.reason("car")) == (16.0, Reason.FULL)


def test_it_survives_a_restart() -> None:
    rig = charging()
    by_hand(rig, "car", 8.0)
    rig.run(20)
    until = rig.of("car").until
    rig.state = load_state(dump_state(rig.state, rig.now), rig.now)
    rig.run(60)
    assert (rig.setpoint("car"), rig.reason("car")) == (8.0, Reason.OVERRIDDEN)
    assert rig.of("car").until == until


def test_a_boiler_switched_on_or_off_at_its_own_switch_is_left_so() -> None:
    rig = charging(boiler(mode=Mode.OFF))
    by_hand(rig, "boiler", 2300.0)
    rig.run(300)
    assert (rig.setpoint("boiler"), rig.reason("boiler")) == (2300.0, Reason.OVERRIDDEN)
    by_hand(rig, "boiler", 0.0)
    rig.run(300)
    assert (rig.setpoint("boiler"), rig.reason("boiler")) == (0.0, Reason.OVERRIDDEN)


def test_a_device_back_from_an_outage_with_a_setpoint_of_its_own_was_operated_by_nobody() -> None:
    rig = charging()
    rig.devices["car"].is_available = False
    rig.run(20)
    rig.devices["car"].is_available = True
    by_hand(rig, "car", 6.0)
    rig.run(90)
    assert (rig.reason("car"), rig.devices["car"].told) == (Reason.FULL, 16.0)


def test_a_charger_that_falls_back_when_its_lease_ends_was_operated_by_nobody() -> None:
    treat = LoadControl(lease=30.0)
    rig = Rig(site(car()), ControlSettings(loads={"car": treat}))
    rig.run(120)
    by_hand(rig, "car", treat.safe_current)
    rig.run(60)
    assert all(d.loads["car"].reason is not Reason.OVERRIDDEN for _, d in rig.log)


def test_a_charger_that_drops_to_nothing_below_its_own_minimum_was_operated_by_nobody() -> None:
    rig = Rig(site(car()))
    device = rig.devices["car"]
    order = device.order
    device.order = lambda at, setpoint, phases=None: order(
        at, setpoint if setpoint >= 8.0 else 0.0, phases
    )
    rig.house[A] = 18.0
    rig.run(300)
    assert rig.setpoint("car") == 6.0
    assert rig.reason("car") in (Reason.LIMITED, Reason.FULL)
