"""Meters behind integrations that report only changes: quiet is not dead, and dead is found out."""

from dataclasses import replace

from evenload.controller import ControllerState, dump_state, load_state
from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings
from evenload.model.decision import SiteStatus, TroubleCode
from evenload.model.site import Mode, Phase
from evenload.model.snapshot import Sample, Snapshot
from tests.unit.controller.rig import Rig, boiler, car, site

A = Phase.A


class ChangesOnly:
    """Hands on a meter's values when they change in whole amperes, with the time they did."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.said: dict[Phase, Sample] = {}
        self.is_dead = False
        self.answers = False
        rig.alter = self

    def __call__(self, snapshot: Snapshot) -> Snapshot:
        is_asked = self.rig.decision is not None and "grid" in self.rig.decision.asks
        for phase, sample in snapshot.grid.items():
            value = float(round(sample.value))
            before = self.said.get(phase)
            is_news = before is None or before.value != value
            if not self.is_dead and (is_news or (is_asked and self.answers)):
                self.said[phase] = Sample(value, sample.at)
        return replace(snapshot, grid=dict(self.said))


def known_as_quiet(rig: Rig) -> ChangesOnly:
    """Let the rig's meter be seen to report only changes."""
    meter = ChangesOnly(rig)
    for number in range(24):
        rig.house[A] = 1.0 + 2.0 * (number % 2)
        rig.run(7 if number % 3 else 25)
    assert rig.state.meters["grid"].reports_changes_only
    return meter


def codes(rig: Rig) -> list[TroubleCode]:
    return [trouble.code for trouble in rig.decision.troubles]


def test_a_meter_that_never_repeats_itself_and_pauses_is_known_to_report_only_changes() -> None:
    rig = Rig(site(car()))
    known_as_quiet(rig)
    usual = Rig(site(car()))
    for number in range(24):
        usual.house[A] = 1.0 + 2.0 * (number % 2)
        usual.run(15)
    assert not usual.state.meters["grid"].reports_changes_only


def test_a_meter_with_gaps_that_repeats_itself_is_not() -> None:
    rig = Rig(site(car()))
    for number in range(12):
        rig.house[A] = 1.0 + 2.0 * (number % 2)
        rig.is_silent = number % 2 == 0
        rig.run(15)
    assert not rig.state.meters["grid"].reports_changes_only


def test_a_quiet_meter_is_no_failsafe_for_hours_and_the_car_keeps_nearly_all_it_had() -> None:
    rig = Rig(site(car()))
    known_as_quiet(rig)
    rig.house[A] = 2.0
    rig.run(60)
    rig.log.clear()
    rig.run(3600)
    statuses = {decision.status for _, decision in rig.log}
    assert statuses == {SiteStatus.OK}
    setpoints = [decision.loads["car"].setpoint for _, decision in rig.log]
    assert min(setpoints) >= 12.0
    assert sum(setpoints) / len(setpoints) > 14.0


def test_while_it_is_quiet_nothing_is_raised_and_after_the_timeout_a_load_is_lowered_to_see() -> (
    None
):
    rig = Rig(site(car()))
    known_as_quiet(rig)
    rig.house[A] = 2.0
    rig.run(4)
    rig.log.clear()
    rig.until(lambda: rig.setpoint("car") < 16.0, within=60)
    silent_for = rig.now - rig.state.meters["grid"].reported_at
    assert 30.0 < silent_for <= 34.0
    assert rig.setpoint("car") <= 14.0
    assert rig.reason("car") is Reason.FAILSAFE
    assert codes(rig) == [TroubleCode.METER_QUIET]
    rig.until(lambda: rig.setpoint("car") == 16.0, within=30)


def test_one_that_shows_nothing_of_it_is_dead() -> None:
    rig = Rig(site(car()))
    meter = known_as_quiet(rig)
    meter.is_dead = True
    rig.house[A] = 5.0
    before = rig.setpoint("car")
    rig.log.clear()
    rig.until(lambda: rig.decision.status is SiteStatus.FAILSAFE, within=90)
    assert codes(rig) == [TroubleCode.METER_SILENT]
    assert rig.setpoint("car") == 6.0
    assert max(decision.loads["car"].setpoint for _, decision in rig.log) <= before


def test_it_is_asked_first_and_one_that_answers_costs_nothing() -> None:
    rig = Rig(site(car()))
    meter = known_as_quiet(rig)
    meter.answers = True
    rig.house[A] = 2.0
    rig.run(60)
    rig.log.clear()
    rig.run(1200)
    assert any("grid" in decision.asks for _, decision in rig.log)
    assert rig.commands("car") == []
    assert rig.state.meters["grid"].reports_changes_only


def test_without_a_load_that_can_give_enough_it_is_dead_after_a_quarter_of_an_hour() -> None:
    rig = Rig(site(boiler(mode=Mode.STANDARD)))
    known_as_quiet(rig)
    rig.house[A] = 4.0
    rig.run(20)
    rig.log.clear()
    quiet_for = rig.until(lambda: rig.decision.status is SiteStatus.FAILSAFE, within=1000)
    assert 860.0 < quiet_for < 905.0
    assert rig.setpoint("boiler") == 0.0


def test_an_unusual_silence_of_a_meter_that_is_not_known_for_it_is_failsafe_at_once() -> None:
    rig = Rig(site(car()))
    rig.run(120)
    rig.is_silent = True
    assert rig.until(lambda: rig.decision.status is SiteStatus.FAILSAFE, within=40) < 34.0


def test_that_it_is_quiet_is_known_after_a_restart() -> None:
    rig = Rig(site(car()))
    known_as_quiet(rig)
    state = load_state(dump_state(rig.state, rig.now), rig.now)
    assert state.meters["grid"].reports_changes_only
    assert not ControllerState.initial(0.0).meters


def test_power_of_the_same_meter_shows_that_it_is_alive() -> None:
    rig = Rig(site(car()), ControlSettings())
    meter = known_as_quiet(rig)

    def with_power(snapshot: Snapshot) -> Snapshot:
        watts = 230.0 * snapshot.grid[A].value + rig.now % 3.0
        return replace(meter(snapshot), grid_power={A: Sample(watts, rig.now)})

    rig.alter = with_power
    rig.house[A] = 2.0
    rig.run(60)
    rig.log.clear()
    rig.run(300)
    assert rig.commands("car") == []
    assert codes(rig) == []
