"""A simulated charger obeys, falls back, switches phases and reports in its own way."""

from copy import deepcopy

import pytest

from evenload.model.decision import Command
from evenload.model.readings import LoadState
from evenload.simulate.plant import Plant
from evenload.simulate.scenario import parse_house
from evenload.simulate.settings import FaultKind

from .houses import QUIET, three_phase

CAR = {"kind": "car", "response": 0, "ramp": 16.0}


def a_plant(charger=None, car=None) -> Plant:
    device = CAR | (car or {}) | {"charger": {"delay": 0} | (charger or {})}
    devices = {"car": device, "boiler": {"kind": "tank"}}
    return Plant(three_phase(devices=devices))


def live(plant: Plant, seconds: int) -> list[list[float]]:
    draws = []
    for _ in range(seconds):
        plant.advance()
        draws.append(list(plant.devices[0].draws))
    return draws


def tell(plant: Plant, setpoint: float, **more) -> None:
    plant.command(Command(load="car", setpoint=setpoint, **more))


def test_a_leased_limit_falls_back_when_it_is_not_told_again():
    plant = a_plant()
    tell(plant, 16.0, lease=60.0, fallback=6.0)
    live(plant, 50)
    tell(plant, 16.0, lease=60.0, fallback=6.0)
    assert live(plant, 50)[-1] == [16.0] * 3
    assert live(plant, 15)[-1] == [6.0] * 3


def test_a_lease_ends_while_the_charger_is_offline_too():
    plant = a_plant()
    tell(plant, 16.0, lease=60.0, fallback=0.0)
    live(plant, 10)
    plant.fail(FaultKind.CHARGER_OFFLINE, active=True)
    assert live(plant, 60)[-1] == [0.0] * 3


def test_a_limit_without_a_lease_or_at_a_charger_that_cannot_fall_back_holds():
    plant = a_plant(charger={"lease": False})
    tell(plant, 12.0, lease=30.0, fallback=6.0)
    assert live(plant, 600)[-1] == [12.0] * 3
    plant = a_plant()
    tell(plant, 12.0, lease=30.0, fallback=6.0)
    live(plant, 5)
    tell(plant, 12.0)
    assert live(plant, 600)[-1] == [12.0] * 3


def test_switching_phases_pauses_the_car():
    plant = a_plant(charger={"switches_phases": True, "switch_pause": 15})
    tell(plant, 10.0)
    live(plant, 10)
    tell(plant, 16.0, phases=1)
    draws = live(plant, 30)
    assert draws[3:14] == [[0.0] * 3] * 11
    assert draws[-1] == [16.0, 0.0, 0.0]
    device = plant.snapshot().devices["car"]
    assert device.phases is not None
    assert device.phases.value == 1.0
    assert plant.devices[0].outcome()["switches"] == 1
    tell(plant, 6.0, phases=3)
    assert live(plant, 30)[-1] == [6.0] * 3


def test_a_charger_that_cannot_switch_phases_ignores_the_wish():
    plant = a_plant()
    tell(plant, 10.0, phases=1)
    assert live(plant, 30)[-1] == [10.0] * 3
    assert plant.snapshot().devices["car"].phases is None


@pytest.mark.parametrize(
    ("charger", "setpoint", "drawn"),
    [
        ({}, 9.8, 9.0),
        ({"rounding_to": "up"}, 9.2, 10.0),
        ({"rounding_to": "nearest"}, 9.6, 10.0),
        ({"levels": [6, 10, 16]}, 12.0, 10.0),
        ({"levels": [6, 10, 16], "rounding_to": "up"}, 12.0, 16.0),
        ({"levels": [6, 10, 16], "rounding_to": "nearest"}, 7.0, 6.0),
        ({"levels": [8, 16]}, 7.0, 0.0),
        ({"rounding": 0}, 9.8, 9.8),
    ],
)
def test_it_rounds_in_its_own_way(charger, setpoint, drawn):
    plant = a_plant(charger=charger)
    tell(plant, setpoint)
    assert live(plant, 10)[-1] == [drawn] * 3


def test_a_charger_that_rounds_wrongly_gives_more_than_it_was_told():
    plant = a_plant()
    plant.fail(FaultKind.CHARGER_ROUNDING, active=True)
    tell(plant, 9.0)
    assert live(plant, 10)[-1] == [10.0] * 3


def test_a_rebooted_charger_has_forgotten_its_limit():
    plant = a_plant(charger={"default_limit": 13.0})
    tell(plant, 7.0)
    live(plant, 10)
    plant.fail(FaultKind.CHARGER_REBOOT, active=True)
    assert live(plant, 20)[-1] == [0.0] * 3
    assert not plant.snapshot().devices["car"].available
    tell(plant, 7.0)
    plant.fail(FaultKind.CHARGER_REBOOT, active=False)
    assert live(plant, 20)[-1] == [13.0] * 3
    assert plant.snapshot().devices["car"].available


def test_a_rebooted_charger_that_knows_a_fallback_carries_that():
    plant = a_plant()
    tell(plant, 16.0, lease=600.0, fallback=6.0)
    live(plant, 10)
    for active in (True, False):
        plant.fail(FaultKind.CHARGER_REBOOT, active=active)
        live(plant, 20)
    assert live(plant, 1)[-1] == [6.0] * 3


def test_measurements_may_be_old_when_they_are_reported():
    plant = a_plant(charger={"report_lag": 5, "report_interval": 1}, car={"ramp": 1.0})
    tell(plant, 16.0)
    live(plant, 12)
    assert plant.devices[0].draws == [12.0] * 3
    current = plant.snapshot().devices["car"].current["L1"]
    assert (current.value, current.at) == (7.0, 11.0)


def test_a_charger_may_report_on_change_only():
    plant = a_plant(charger={"report_change": 0.5, "report_interval": 5})
    tell(plant, 10.0)
    live(plant, 300)
    assert plant.snapshot().devices["car"].power.at < 10.0
    tell(plant, 12.0)
    live(plant, 10)
    assert plant.snapshot().devices["car"].power.at > 299.0


def test_a_charger_may_report_power_alone():
    plant = a_plant(charger={"reports_legs": False})
    tell(plant, 10.0)
    live(plant, 10)
    device = plant.snapshot().devices["car"]
    assert not device.current
    assert device.power.value == pytest.approx(30 * 232, rel=0.03)


def test_a_car_that_does_not_take_what_it_is_offered_is_suspended():
    plant = a_plant(car={"sleeps_after": 60.0, "wake_time": 120})
    live(plant, 100)
    tell(plant, 10.0)
    live(plant, 60)
    assert plant.snapshot().devices["car"].state is LoadState.SUSPENDED
    live(plant, 120)
    assert plant.snapshot().devices["car"].state is LoadState.CHARGING


def two_plugs(most: float = 20.0, **station) -> Plant:
    data = deepcopy(QUIET)
    data["site"] |= {"fuse": 63}
    data["chargers"][0] |= {
        "max_current": most,
        "plugs": [{"id": name, "min": 6, "max": 16} for name in ("left", "right")],
    }
    del data["loads"]
    device = CAR | {"charger": {"delay": 0}}
    data["plant"] |= {
        "devices": {"left": device, "right": device},
        "chargers": {"wallbox": station},
    }
    return Plant(parse_house(data))


def drawn(plant: Plant, **setpoints) -> list[float]:
    for load, setpoint in setpoints.items():
        plant.command(Command(load=load, setpoint=setpoint))
    live(plant, 10)
    return [device.draws[0] for device in plant.devices]


def test_a_charger_holds_its_plugs_to_its_own_maximum():
    plant = two_plugs(20.0)
    assert drawn(plant, left=16.0) == [16.0, 0.0]
    assert drawn(plant, right=16.0) == [10.0, 10.0]
    assert drawn(plant, right=7.0) == [13.0, 7.0]


def test_a_plug_whose_share_is_below_its_minimum_waits():
    assert drawn(two_plugs(10.0), left=16.0, right=16.0) == [10.0, 0.0]


def test_a_charger_may_be_weaker_than_it_is_said_to_be_or_give_current_at_one_plug_only():
    assert drawn(two_plugs(32.0, max_current=12.0), left=16.0, right=16.0) == [6.0, 6.0]
    plant = two_plugs(32.0, max_active=1)
    assert drawn(plant, left=16.0, right=16.0) == [16.0, 0.0]
    assert drawn(plant, left=0.0) == [0.0, 16.0]


def test_a_fault_of_a_charger_is_one_of_all_its_plugs():
    plant = two_plugs(32.0)
    drawn(plant, left=10.0, right=10.0)
    plant.fail(FaultKind.CHARGER_DEAF, active=True, load="wallbox")
    assert drawn(plant, left=6.0, right=6.0) == [10.0, 10.0]
    assert (FaultKind.CHARGER_DEAF, "wallbox") in plant.active_faults
