"""The simulated house obeys physics, the same way for the same seed."""

import pytest

from evenload.model.decision import Command
from evenload.model.readings import LoadState
from evenload.model.site import Leg, Phase
from evenload.simulate.plant import Plant
from evenload.simulate.scenario import read_house
from evenload.simulate.settings import FaultKind
from tests.unit.simulate.houses import quiet, three_phase

SUNNY = {"peak": 5000, "sky": "clear"}


def live(plant: Plant, seconds: int) -> None:
    for _ in range(seconds):
        plant.advance()


def everything_on(plant: Plant) -> None:
    plant.command(Command(load="car", setpoint=8.0))
    plant.command(Command(load="boiler", setpoint=2000.0))


def test_energy_is_neither_made_nor_lost():
    plant = Plant(read_house("demo-house"))
    everything_on(plant)
    for _ in range(1800):
        plant.advance()
        battery = plant.connection.battery
        assert battery is not None
        sources = plant.connection.grid_power + plant.solar_power + battery.power
        loads = plant.base_power + sum(device.power for device in plant.devices)
        assert sources == pytest.approx(loads, abs=1e-6)


def test_currents_of_the_phases_add_up_to_the_grids_power():
    plant = Plant(three_phase(solar=SUNNY | {"phases": ["A", "B", "C"]}))
    everything_on(plant)
    live(plant, 600)
    powers = [
        current * voltage
        for current, voltage in zip(plant.connection.currents, plant.moment.voltages, strict=True)
    ]
    assert sum(powers) == pytest.approx(plant.connection.grid_power)


def test_the_same_seed_is_the_same_house():
    first, second, other = (
        Plant(read_house("terrace-house", [f"plant.seed={seed}"])) for seed in (3, 3, 4)
    )
    for plant in (first, second, other):
        everything_on(plant)
        live(plant, 5000)
    assert first.feed.values == second.feed.values
    assert first.feed.values != other.feed.values


def test_the_house_itself_does_not_depend_on_what_is_managed():
    idle, busy = (Plant(read_house("terrace-house")) for _ in range(2))
    everything_on(busy)
    for plant in (idle, busy):
        live(plant, 3000)
    assert idle.base_power == busy.base_power
    assert idle.unmanaged.currents == busy.unmanaged.currents == idle.connection.currents
    assert busy.connection.currents != busy.unmanaged.currents


def test_a_fuse_that_trips_stays_off_and_takes_everything_with_it():
    plant = Plant(quiet(fuse={"rating": 10}))
    everything_on(plant)
    live(plant, 120)
    assert plant.dark
    assert not plant.unmanaged.dark
    assert plant.feed.values["fuse.tripped"] is True
    assert plant.connection.currents == [0.0]
    assert [device.power for device in plant.devices] == [0.0, 0.0]
    everything_on(plant)
    live(plant, 60)
    assert plant.dark
    assert [device.power for device in plant.devices] == [0.0, 0.0]


def test_a_charger_obeys_after_its_delay_and_rounds_down():
    plant = Plant(
        quiet(
            devices={
                "boiler": {"kind": "heater"},
                "car": {
                    "kind": "car",
                    "response": 0,
                    "ramp": 16.0,
                    "charger": {"delay": 4, "rounding": 1.0},
                },
            }
        )
    )
    live(plant, 1)
    plant.command(Command(load="car", setpoint=9.8))
    live(plant, 3)
    assert plant.devices[0].power == 0.0
    live(plant, 2)
    assert list(plant.devices[0].draws) == [9.0]


def test_a_charger_below_its_minimum_pauses():
    plant = Plant(quiet())
    plant.command(Command(load="car", setpoint=5.0))
    live(plant, 60)
    assert plant.devices[0].power == 0.0


def test_a_charger_reports_a_new_status_at_once_and_currents_at_its_interval():
    plant = Plant(
        quiet(
            devices={
                "boiler": {"kind": "heater"},
                "car": {
                    "kind": "car",
                    "charger": {"report_interval": 20},
                },
            }
        )
    )
    plant.command(Command(load="car", setpoint=10.0))
    reported = []
    for second in range(60):
        plant.feed.fresh.clear()
        plant.advance()
        if "car.status" in plant.feed.fresh:
            reported.append((second, plant.feed.fresh["car.status"]))
    assert reported[0] == (0, "connected")
    assert reported[1][1] == "charging"
    assert 0 < reported[1][0] < 20
    assert reported[2] == (reported[1][0] + 20, "charging")


def test_a_deaf_charger_keeps_its_limit_and_reports():
    plant = Plant(quiet())
    plant.command(Command(load="car", setpoint=10.0))
    live(plant, 30)
    plant.fail(FaultKind.CHARGER_DEAF, active=True)
    plant.command(Command(load="car", setpoint=0.0))
    live(plant, 60)
    assert list(plant.devices[0].draws) == [10.0]
    assert plant.snapshot().devices["car"].available
    plant.fail(FaultKind.CHARGER_DEAF, active=False)
    plant.command(Command(load="car", setpoint=0.0))
    live(plant, 60)
    assert plant.devices[0].power == 0.0


def test_an_offline_charger_is_silent_and_said_to_be_unavailable():
    plant = Plant(quiet())
    live(plant, 10)
    plant.fail(FaultKind.CHARGER_OFFLINE, active=True)
    plant.feed.fresh.clear()
    live(plant, 30)
    assert not any(key.startswith("car.") for key in plant.feed.fresh)
    assert not plant.snapshot().devices["car"].available


def test_scheduled_faults_begin_and_end_when_they_are_told_to():
    fault = {"kind": "meter_silent", "at": "00:01", "duration": 30}
    plant = Plant(quiet(faults=[fault]))
    silent = []
    for second in range(120):
        plant.feed.fresh.clear()
        plant.advance()
        if "grid.A" not in plant.feed.fresh:
            silent.append(second)
    assert silent == list(range(60, 90))


def test_a_snapshot_holds_reports_with_their_times_and_nothing_else():
    plant = Plant(quiet(meter={"interval": 5, "lag": 2}, solar=SUNNY))
    plant.command(Command(load="car", setpoint=10.0))
    live(plant, 33)
    snapshot = plant.snapshot()
    assert snapshot.grid[Phase.A].at == 30.0
    assert snapshot.solar is not None
    car = snapshot.devices["car"]
    assert car.state is LoadState.CHARGING
    assert car.current[Leg.L1].value == 10.0
    assert car.setpoint is not None
    assert car.setpoint.value == 10.0
    assert snapshot.battery_soc is None
    assert snapshot.devices["boiler"].state is LoadState.OFF


def test_speed_hastens_the_sun_and_not_the_meter():
    slow, fast = (Plant(quiet(solar=SUNNY, start="2026-06-15T05:00"), speed=s) for s in (1.0, 60.0))
    for plant in (slow, fast):
        live(plant, 300)
    assert fast.solar_power > 1000 > slow.solar_power
    assert fast.snapshot().grid[Phase.A].at == slow.snapshot().grid[Phase.A].at


def test_the_cars_legs_load_the_phases_they_are_mapped_to():
    plant = Plant(
        three_phase(
            devices={
                "car": {"kind": "car", "legs": ["L2"]},
                "boiler": {"kind": "heater"},
            }
        )
    )
    plant.command(Command(load="car", setpoint=10.0))
    live(plant, 30)
    assert plant.managed_currents == [0.0, 10.0, 0.0]


def test_a_meter_may_count_what_a_capacity_tariff_bills():
    plant = Plant(
        quiet(start="2026-06-15T11:59:50", meter={"average": True}, household={"scale": 0})
    )
    plant.command(Command(load="boiler", setpoint=2000.0))
    for _ in range(10):
        plant.advance()
    before = plant.snapshot().import_average.value
    assert 0 < before == round(10 * plant.devices[1].power / 900)
    for _ in range(900):
        plant.advance()
    assert plant.snapshot().import_average.value == pytest.approx(plant.devices[1].power, rel=0.1)
    plant.advance()
    assert plant.snapshot().import_average.value < 10
