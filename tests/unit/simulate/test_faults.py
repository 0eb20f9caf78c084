"""What is scheduled to break breaks, works again, and is said to be broken meanwhile."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from evenload.model.decision import Command
from evenload.simulate.plant import Plant
from evenload.simulate.settings import FaultKind

from .houses import quiet

NOON = "2026-06-15T12:00"


def a_plant(kind: str, at: str = "12:00:10", duration: float = 10.0, **more) -> Plant:
    fault = {"kind": kind, "at": at, "duration": duration}
    return Plant(quiet(start=NOON, faults=[fault | more]))


def live(plant: Plant, seconds: int) -> None:
    for _ in range(seconds):
        plant.advance()


def test_a_fault_is_active_from_its_time_for_as_long_as_it_lasts():
    plant = a_plant("meter_silent")
    seen = []
    for _ in range(30):
        plant.advance()
        seen.append((FaultKind.METER_SILENT, None) in plant.active_faults)
    assert seen == [False] * 10 + [True] * 10 + [False] * 10


def test_a_fault_past_midnight_ends_on_the_next_day():
    plant = Plant(
        quiet(
            start="2026-06-15T23:59:55",
            faults=[{"kind": "meter_silent", "at": "23:59:58", "day": 0, "duration": 10}],
        )
    )
    live(plant, 5)
    assert plant.active_faults
    live(plant, 10)
    assert not plant.active_faults


def test_nobody_is_heard_while_home_assistant_is_gone():
    plant = a_plant("home_assistant_gone")
    live(plant, 15)
    assert plant.gone
    plant.command(Command(load="boiler", setpoint=2000.0))
    live(plant, 10)
    assert not plant.gone
    assert plant.devices[1].power == 0.0
    plant.command(Command(load="boiler", setpoint=2000.0))
    live(plant, 3)
    assert plant.devices[1].power > 0.0


def test_the_clock_is_that_of_the_house_and_may_be_wrong_for_a_while():
    plant = a_plant("clock_step", step=-1800.0)
    zone = timezone(timedelta(hours=2))
    live(plant, 6)
    assert plant.snapshot().clock == datetime(2026, 6, 15, 12, 0, 5, tzinfo=zone)
    assert plant.clock.astimezone(UTC).hour == 10
    live(plant, 10)
    assert plant.clock == datetime(2026, 6, 15, 11, 30, 15, tzinfo=zone)
    live(plant, 10)
    assert plant.clock == datetime(2026, 6, 15, 12, 0, 25, tzinfo=zone)


def test_a_stuck_relay_reports_and_switches_no_more():
    plant = a_plant("relay_stuck", duration=60.0)
    live(plant, 15)
    plant.command(Command(load="boiler", setpoint=2000.0))
    live(plant, 10)
    assert plant.devices[1].power == 0.0
    assert plant.snapshot().devices["boiler"].available


def test_an_unreachable_relay_stays_as_it_is():
    plant = a_plant("relay_offline", duration=60.0)
    plant.command(Command(load="boiler", setpoint=2000.0))
    live(plant, 15)
    assert not plant.snapshot().devices["boiler"].available
    plant.command(Command(load="boiler", setpoint=0.0))
    live(plant, 10)
    assert plant.devices[1].power > 0.0


def test_a_meter_that_loses_reports_loses_about_half():
    plant = a_plant("meter_dropout", duration=1000.0)
    arrived = 0
    for _ in range(1000):
        plant.advance()
        arrived += "grid.A" in plant.feed.fresh
        plant.feed.fresh.clear()
    assert arrived == pytest.approx(505, abs=60)


def test_home_assistant_knows_nothing_after_a_restart_until_devices_report():
    plant = a_plant("home_assistant_gone", duration=597.0)
    live(plant, 608)
    snapshot = plant.snapshot()
    assert not snapshot.devices["boiler"].available
    live(plant, 12)
    assert plant.snapshot().devices["boiler"].available
    assert plant.snapshot().grid


def test_an_appliance_comes_on_when_it_is_told_to():
    appliance = {"at": "12:00:10", "day": 0, "duration": 20, "power": 2300}
    plant = Plant(quiet(start=NOON, appliances=[appliance], household={"scale": 0}))
    seen = []
    for _ in range(40):
        plant.advance()
        seen.append(plant.base_power)
    assert seen == [0.0] * 10 + [2300.0] * 20 + [0.0] * 10


def test_a_person_may_set_a_device_by_hand():
    hand = {"load": "boiler", "setpoint": 2000, "at": "12:00:20"}
    for is_known in (True, False):
        plant = Plant(quiet(start=NOON, by_hand=[hand | {"is_known": is_known}]))
        live(plant, 19)
        assert plant.snapshot().devices["boiler"].by_hand_at is None
        live(plant, 20)
        assert plant.devices[1].power > 0.0
        at = plant.snapshot().devices["boiler"].by_hand_at
        assert at == (20.0 if is_known else None)
