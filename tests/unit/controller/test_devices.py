"""Devices: those that do not obey, cannot be reached, do not report, or use less than they may."""

import pytest

from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings
from evenload.model.decision import TroubleCode
from evenload.model.readings import LoadState
from evenload.model.sentences import sentence, trouble_sentence
from evenload.model.site import Leg, Mode, Phase
from tests.unit.controller.rig import ALL_LEGS, FAR, Rig, boiler, car, site

A = Phase.A


def troubles(rig: Rig) -> list[tuple[TroubleCode, str]]:
    return [(trouble.code, trouble.about) for trouble in rig.decision.troubles]


def test_a_deaf_charger_is_told_again_then_given_up_and_its_maximum_reserved() -> None:
    rig = Rig(site(car("deaf"), car("good"), fuse=32.0))
    rig.run(90)
    assert (rig.setpoint("deaf"), rig.setpoint("good")) == (16.0, 16.0)
    rig.devices["deaf"].is_deaf = True
    rig.house[A] = 8.0
    rig.run(60)
    assert (TroubleCode.DEVICE_DISOBEYS, "deaf") in troubles(rig)
    rig.run(180)
    assert rig.reason("deaf") is Reason.UNRESPONSIVE
    assert rig.setpoint("good") == 8.0
    told = [at for at, _ in rig.commands("deaf")]
    rig.run(900)
    again = [at for at, _ in rig.commands("deaf") if at > told[-1]]
    assert len(again) == 3


def test_what_others_left_is_to_go_only_after_telling_once_more_was_no_use() -> None:
    rig = Rig(site(car()))
    rig.run(60)
    rig.devices["car"].is_deaf = True
    rig.house[A] = 14.0
    rig.run(240)
    told = [each for _, decision in rig.log for each in decision.commands]
    firm = [each.clears_others for each in told]
    assert sum(firm) == 1
    cut = next(place for place, each in enumerate(told) if each.urgent)
    assert firm.index(True) >= cut + 2, "the cut, and the same once more"


def told_of(rig: Rig) -> str:
    return " ".join(trouble_sentence(rig.site, trouble) for trouble in rig.decision.troubles)


def test_a_charger_that_ignores_its_limit_is_told_in_words() -> None:
    rig = Rig(site(car()))
    rig.run(60)
    rig.devices["car"].is_deaf = True
    rig.house[A] = 14.0
    rig.until(lambda: rig.reason("car") is Reason.UNRESPONSIVE, within=200)
    words = "Car does not follow its commands; its full power stays reserved."
    assert sentence(rig.site, "car", rig.of("car")) == words
    assert told_of(rig) == words


def test_a_charger_that_rounds_up_beyond_the_band_is_given_up_and_its_maximum_reserved() -> None:
    rig = Rig(site(car("coarse"), car("fine", priority=2), fuse=32.0))
    coarse = rig.devices["coarse"]
    order = coarse.order
    steps = (0.0, 6.0, 10.0, 13.0, 16.0)
    coarse.order = lambda at, setpoint, phases=None: order(
        at, min(step for step in steps if step >= setpoint), phases
    )
    rig.run(90)
    rig.house[A] = 14.0
    rig.run(60)
    rig.house[A] = 17.0
    rig.until(lambda: rig.reason("coarse") is Reason.UNRESPONSIVE, within=300)
    rig.run(60)
    assert rig.flow()[A] <= 32.0
    assert rig.decision.limits["main/A"].base == 17.0 + 16.0
    rig.house[A] = 22.0
    rig.run(600)
    assert rig.flow()[A] <= 32.0


@pytest.mark.parametrize("report_interval", [5.0, 30.0, 90.0])
def test_a_device_that_reports_seldom_has_two_of_its_reports_to_obey(
    report_interval: float,
) -> None:
    rig = Rig(site(car()))
    rig.devices["car"].report_interval = report_interval
    rig.run(600)
    rig.devices["car"].delay = 1.5 * report_interval
    for house in (14.0, 4.0) * 3:
        rig.house[A] = house
        rig.run(8.0 * report_interval)
        assert TroubleCode.DEVICE_DISOBEYS not in [code for code, _ in troubles(rig)]


def test_a_charger_that_listens_again_is_believed_again() -> None:
    rig = Rig(site(car()))
    rig.run(60)
    rig.devices["car"].is_deaf = True
    rig.house[A] = 14.0
    rig.until(lambda: rig.reason("car") is Reason.UNRESPONSIVE, within=200)
    rig.devices["car"].is_deaf = False
    rig.until(lambda: rig.reason("car") is not Reason.UNRESPONSIVE, within=400)
    assert troubles(rig) == []


def test_others_are_cut_for_a_charger_that_does_not_listen() -> None:
    rig = Rig(site(car("good"), car("deaf", priority=2), fuse=32.0))
    rig.run(90)
    rig.devices["deaf"].is_deaf = True
    rig.house[A] = 12.0
    rig.run(120)
    assert rig.flow()[A] <= 32.0


def test_a_charger_that_rounds_and_reads_a_little_high_obeys() -> None:
    rig = Rig(site(car()))
    rig.run(60)
    rig.devices["car"].takes = 16.7
    rig.devices["car"].told = 16.7
    rig.run(300)
    assert troubles(rig) == []


def test_a_setpoint_lost_in_an_outage_of_the_device_is_told_again() -> None:
    rig = Rig(site(car()))
    rig.run(60)
    rig.devices["car"].is_available = False
    rig.run(5)
    rig.devices["car"].is_available = True
    rig.devices["car"].told = 6.0
    rig.run(30)
    assert rig.devices["car"].told == 16.0


def test_a_switch_that_comes_on_by_itself_after_an_outage_is_turned_off_again() -> None:
    rig = Rig(site(boiler(mode=Mode.OFF)))
    rig.devices["boiler"].reports_draw = False
    rig.run(30)
    rig.devices["boiler"].is_available = False
    rig.run(5)
    rig.devices["boiler"].is_available = True
    rig.devices["boiler"].told = 2300.0
    rig.run(60)
    assert rig.devices["boiler"].told == 0.0


def test_a_charger_out_of_reach_keeps_its_current_reserved() -> None:
    rig = Rig(site(car("lost"), car("here", priority=2), fuse=30.0))
    rig.run(120)
    assert (rig.setpoint("lost"), rig.setpoint("here")) == (16.0, 14.0)
    rig.devices["lost"].is_available = False
    rig.devices["lost"].takes = 0.0
    rig.run(300)
    assert (TroubleCode.DEVICE_UNAVAILABLE, "lost") in troubles(rig)
    assert rig.setpoint("here") == 14.0
    assert rig.reason("lost") is Reason.UNREACHABLE
    assert sentence(rig.site, "lost", rig.of("lost")) == (
        "Lost cannot be reached; what it was told last, 16 A, stays reserved."
    )
    commands = len(rig.commands("lost"))
    rig.run(300)
    assert len(rig.commands("lost")) == commands


def test_what_a_car_leaves_goes_to_the_others_and_comes_back_when_it_asks() -> None:
    rig = Rig(site(car("small"), car("big"), fuse=24.0))
    rig.devices["small"].takes = 8.0
    rig.run(200)
    assert (rig.setpoint("small"), rig.setpoint("big")) == (9.0, 15.0)
    rig.devices["small"].takes = 16.0
    rig.run(240)
    assert rig.setpoint("small") + rig.setpoint("big") == 24.0
    assert abs(rig.setpoint("small") - rig.setpoint("big")) <= 1.0


def test_a_sleeping_car_keeps_only_its_minimum_reserved() -> None:
    rig = Rig(site(car("asleep", priority=1), car("awake", priority=2), fuse=20.0))
    rig.devices["asleep"].takes = 0.0
    rig.run(200)
    assert (rig.setpoint("asleep"), rig.setpoint("awake")) == (6.0, 14.0)


def test_a_car_that_draws_a_little_less_than_told_still_gets_its_maximum() -> None:
    rig = Rig(site(car()))
    rig.house[A] = 14.0
    rig.run(60)
    rig.devices["car"].takes = 15.3
    rig.house[A] = 0.0
    rig.run(200)
    assert rig.setpoint("car") == 16.0


@pytest.mark.parametrize("reports", [True, False])
def test_a_boiler_works_with_and_without_a_power_sensor(*, reports: bool) -> None:
    rig = Rig(site(car(), boiler(mode=Mode.STANDARD, priority=2), fuse=20.0))
    rig.devices["boiler"].reports_draw = reports
    rig.run(120)
    assert (rig.setpoint("car"), rig.setpoint("boiler")) == (10.0, 2300.0)
    rig.house[A] = 3.0
    rig.run(60)
    assert (rig.setpoint("car"), rig.setpoint("boiler")) == (7.0, 2300.0)
    assert max(flow[A] for flow in list(rig.flows)[-40:]) <= 20.0


def test_a_charger_that_reports_every_ninety_seconds_does_not_make_the_house_swing() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)))
    rig.devices["car"].report_interval = 90.0
    rig.solar = 2600.0
    rig.run(400)
    rig.log.clear()
    rig.run(900)
    assert len(rig.commands("car")) <= 1
    assert rig.setpoint("car") == 11.0


def test_a_load_that_is_not_connected_or_faulted_gets_nothing() -> None:
    rig = Rig(site(car()))
    rig.devices["car"].state = LoadState.DISCONNECTED
    rig.run(60)
    assert (rig.setpoint("car"), rig.reason("car")) == (0.0, Reason.NOT_CONNECTED)
    rig.devices["car"].state = LoadState.CONNECTED
    rig.run(40)
    assert rig.setpoint("car") == 16.0
    rig.devices["car"].state = LoadState.FAULTED
    rig.run(4)
    assert (rig.setpoint("car"), rig.reason("car")) == (0.0, Reason.FAULTED)


def test_a_car_whose_legs_come_up_one_after_another_is_seen_to_use_them_all() -> None:
    phases = (Phase.A, Phase.B, Phase.C)
    rig = Rig(site(car(phases=ALL_LEGS), phases=phases))
    rig.devices["car"].legs = (Leg.L1,)
    rig.run(30)
    rig.devices["car"].legs = (Leg.L1, Leg.L2, Leg.L3)
    rig.run(60)
    assert rig.state.loads["car"].legs == (Leg.L1, Leg.L2, Leg.L3)
    rig.house[Phase.C] = 15.0
    rig.run(10)
    assert rig.setpoint("car") == 10.0


def test_commands_are_sent_only_for_a_change() -> None:
    rig = Rig(site(car(), boiler(mode=Mode.STANDARD, priority=2)), ControlSettings())
    rig.run(3600)
    assert len(rig.commands("car")) <= 2
    assert len(rig.commands("boiler")) == 1


def test_a_boiler_that_has_had_enough_stays_on_and_leaves_the_sun_to_the_car() -> None:
    rig = Rig(site(boiler(), car(mode=Mode.SOLAR, priority=2)))
    rig.solar = 2800.0
    rig.run(150)
    assert (rig.setpoint("boiler"), rig.setpoint("car")) == (2300.0, 0.0)
    rig.devices["boiler"].takes = 0.0
    rig.run(150)
    assert (rig.setpoint("boiler"), rig.reason("boiler")) == (2300.0, Reason.SATISFIED)
    assert rig.setpoint("car") == 12.0
    rig.devices["boiler"].takes = FAR
    rig.run(60)
    assert (rig.setpoint("boiler"), rig.reason("boiler")) == (2300.0, Reason.FULL)
    assert rig.reason("car") is Reason.HOLDING


def test_a_boiler_that_has_had_enough_goes_off_with_the_sun() -> None:
    rig = Rig(site(boiler()))
    rig.solar = 3000.0
    rig.run(150)
    rig.devices["boiler"].takes = 0.0
    rig.run(60)
    rig.solar = 0.0
    rig.run(300)
    assert rig.setpoint("boiler") == 0.0


def test_a_three_phase_car_of_unknown_legs_starts_at_its_minimum_and_then_follows() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR, phases=ALL_LEGS), phases=(Phase.A, Phase.B, Phase.C)))
    rig.devices["car"].legs = (Leg.L1,)
    rig.solar = 5800.0
    rig.until(lambda: rig.setpoint("car") > 0.0, within=150)
    assert rig.setpoint("car") == 6.0
    rig.run(12)
    rig.devices["car"].legs = (Leg.L1, Leg.L2, Leg.L3)
    rig.run(120)
    assert rig.setpoint("car") == 8.0
    assert max(setpoint for _, setpoint in rig.commands("car")) == 8.0


def test_the_next_car_is_expected_to_use_the_legs_of_the_last() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR, phases=ALL_LEGS), phases=(Phase.A, Phase.B, Phase.C)))
    rig.solar = 6000.0
    rig.run(300)
    rig.devices["car"].state = LoadState.DISCONNECTED
    rig.run(400)
    rig.devices["car"].state = LoadState.CONNECTED
    rig.solar = 1900.0
    rig.run(300)
    assert rig.setpoint("car") == 0.0
