"""What a load needs by itself, lived through with the controller: whatever its mode, within every fuse."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from evenload.controller import dump_state, load_state
from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings, LoadControl
from evenload.model.need import NeedReason, ReadyBy, Runtime, Temperatures
from evenload.model.sentences import sentence
from evenload.model.site import Kind, Mode, Phase
from evenload.model.snapshot import Sample, Snapshot
from tests.unit.controller.rig import Rig, boiler, car, site

A = Phase.A
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
TANK = Temperatures(floor=40.0, target=50.0, boost=60.0)


class Warm:
    """A tank's thermometer and the house's clock, which the test turns."""

    def __init__(self, rig: Rig, temperature: float = 45.0, clock: datetime = NOON) -> None:
        self.rig, self.temperature, self.clock = rig, temperature, clock
        self.began = rig.now
        rig.alter = self.alter

    def alter(self, snapshot: Snapshot) -> Snapshot:
        devices = dict(snapshot.devices)
        if "boiler" in devices:
            sample = Sample(self.temperature, self.rig.now)
            devices["boiler"] = replace(devices["boiler"], temperature=sample)
        clock = self.clock + timedelta(seconds=self.rig.now - self.began)
        return replace(snapshot, devices=devices, clock=clock)


def settings(load: str = "boiler", **needs: object) -> ControlSettings:
    kind = Kind.SWITCH if load == "boiler" else Kind.EV
    return ControlSettings(loads={load: replace(LoadControl.of_kind(kind), **needs)})


def tank_rig(mode: Mode = Mode.SOLAR, temperature: float = 45.0) -> tuple[Rig, Warm]:
    rig = Rig(site(boiler(mode=mode)), settings(temperatures=TANK))
    return rig, Warm(rig, temperature)


def said(rig: Rig, load: str = "boiler") -> str:
    assert rig.decision is not None
    return sentence(rig.site, load, rig.decision.loads[load], now=rig.now)


@pytest.mark.parametrize("mode", [Mode.SOLAR, Mode.EXCESS, Mode.ECO, Mode.STANDARD])
def test_below_its_floor_a_tank_is_heated_without_sun_in_every_mode(mode: Mode) -> None:
    rig, warm = tank_rig(mode)
    rig.run(90)
    assert (rig.setpoint("boiler") > 0.0) is (mode is Mode.STANDARD)
    warm.temperature = 39.5
    rig.run(90)
    assert rig.setpoint("boiler") > 0.0
    assert said(rig).startswith("Boiler is below its floor and is heated to 43 °C")


def test_a_tank_that_is_off_stays_off_however_cold() -> None:
    rig, warm = tank_rig(Mode.OFF)
    warm.temperature = 10.0
    rig.run(120)
    assert (rig.setpoint("boiler"), rig.reason("boiler")) == (0.0, Reason.OFF)


def test_warm_enough_again_it_waits_for_the_sun() -> None:
    rig, warm = tank_rig(temperature=39.0)
    rig.run(120)
    assert rig.setpoint("boiler") > 0.0
    warm.temperature = 43.5
    rig.run(300)
    assert (rig.setpoint("boiler"), rig.reason("boiler")) == (0.0, Reason.WAITING_FOR_SURPLUS)


def test_at_its_boost_it_is_satisfied_though_the_sun_shines() -> None:
    rig, warm = tank_rig(temperature=55.0)
    rig.solar = 4000.0
    rig.run(120)
    assert rig.setpoint("boiler") > 0.0
    assert said(rig).startswith("Boiler is at its target and stores surplus, up to 60 °C.")
    warm.temperature = 60.0
    rig.run(120)
    assert (rig.setpoint("boiler"), rig.reason("boiler")) == (0.0, Reason.SATISFIED)
    assert said(rig) == "Boiler has 60 °C and needs no more."


def test_above_its_target_a_standard_tank_takes_surplus_alone() -> None:
    rig, _ = tank_rig(Mode.STANDARD, temperature=52.0)
    rig.run(120)
    assert rig.setpoint("boiler") == 0.0
    rig.solar = 4000.0
    rig.run(120)
    assert rig.setpoint("boiler") > 0.0


def test_what_must_be_heated_still_yields_to_the_fuse() -> None:
    rig, warm = tank_rig(temperature=30.0)
    rig.run(120)
    assert rig.setpoint("boiler") > 0.0
    rig.house[A] = rig.site.fuse[A] - 1.0
    rig.run(10)
    assert rig.setpoint("boiler") == 0.0
    assert rig.flow()[A] <= rig.site.fuse[A]
    warm.temperature = 20.0
    rig.run(120)
    assert rig.setpoint("boiler") == 0.0


def test_a_need_is_nobodys_wish_so_the_time_off_holds() -> None:
    rest = replace(LoadControl.of_kind(Kind.SWITCH), min_off=600.0, temperatures=TANK)
    rig = Rig(site(boiler(mode=Mode.SOLAR)), ControlSettings(loads={"boiler": rest}))
    warm = Warm(rig, 39.0)
    rig.run(120)
    assert rig.setpoint("boiler") > 0.0
    warm.temperature = 43.5
    rig.run(300)
    assert rig.setpoint("boiler") == 0.0
    warm.temperature = 39.0
    rig.run(200)
    assert (rig.setpoint("boiler"), rig.reason("boiler")) == (0.0, Reason.RESTING)
    rig.run(400)
    assert rig.setpoint("boiler") > 0.0


def test_a_pump_runs_at_the_end_of_its_window_though_no_sun_came() -> None:
    wanted = Runtime(daily=1800.0, window_start=11 * 3600.0, window_end=13 * 3600.0)
    rig = Rig(site(boiler(mode=Mode.SOLAR)), settings(runtime=wanted))
    Warm(rig)
    rig.run(1500)
    assert rig.setpoint("boiler") == 0.0
    rig.run(420)
    assert rig.setpoint("boiler") > 0.0
    assert "must run for" in said(rig)
    assert "by 13:00" in said(rig)
    rig.run(1800)
    assert (rig.setpoint("boiler"), rig.reason("boiler")) == (0.0, Reason.SATISFIED)
    assert said(rig) == "Boiler has run for its 30 min of today."


def test_a_solar_car_that_must_leave_charges_in_time_from_the_grid() -> None:
    wanted = ReadyBy(at=13 * 3600.0, energy=1000.0)
    rig = Rig(site(car(mode=Mode.SOLAR)), settings("car", ready_by=wanted))
    Warm(rig)
    rig.run(300)
    assert rig.setpoint("car") == 0.0
    rig.run(1500)
    assert rig.setpoint("car") == 16.0
    assert "must get" in said(rig, "car")
    rig.run(900)
    assert rig.setpoint("car") == 0.0


def test_a_restart_forgets_neither_the_hours_nor_the_energy() -> None:
    wanted = Runtime(daily=600.0, window_start=11 * 3600.0, window_end=13 * 3600.0)
    rig = Rig(site(boiler(mode=Mode.STANDARD)), settings(runtime=wanted))
    warm = Warm(rig)
    rig.run(400)
    saved = json.loads(json.dumps(dump_state(rig.state, rig.now)))
    again = Rig(rig.site, rig.settings, state=load_state(saved, rig.now), start=rig.now)
    again.devices = rig.devices
    Warm(again, clock=warm.clock + timedelta(seconds=400))
    again.run(350)
    assert (again.setpoint("boiler"), again.reason("boiler")) == (0.0, Reason.SATISFIED)


def test_without_needs_nothing_is_remembered_and_the_site_is_the_snapshots() -> None:
    rig = Rig(site(boiler(mode=Mode.SOLAR)))
    rig.run(30)
    assert rig.state.plan is not None
    assert rig.state.plan.site is rig.site
    assert not rig.state.needs.memories


def test_a_mode_that_a_person_changes_counts_though_the_need_stays() -> None:
    rig, _ = tank_rig(temperature=39.0)
    rig.run(120)
    assert rig.setpoint("boiler") > 0.0
    rig.set_mode("boiler", Mode.OFF)
    rig.run(5)
    assert rig.setpoint("boiler") == 0.0
    rig.set_mode("boiler", Mode.EXCESS)
    rig.run(60)
    assert rig.setpoint("boiler") > 0.0
    assert rig.decision is not None
    need = rig.decision.loads["boiler"].need
    assert need is not None
    assert need.why is NeedReason.BELOW_FLOOR
