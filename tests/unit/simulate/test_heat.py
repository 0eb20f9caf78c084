"""Elements, rooms, heat pumps and pumps draw and warm as real ones do."""

import pytest

from evenload.model.decision import Command
from evenload.simulate.devices.heat_pump import HeatPump
from evenload.simulate.devices.moment import Moment
from evenload.simulate.devices.room import RoomState
from evenload.simulate.plant import Plant
from evenload.simulate.scenario import parse_house
from evenload.simulate.settings import Room

HOUR, DAY = 3600, 86400
LOADS = {
    "switch": {"kind": "switch", "power": 2000},
    "stepped": {"kind": "stepped", "levels": [500, 1500, 3000]},
    "power": {"kind": "power", "min": 300, "max": 3000, "step": 100},
}


def a_plant(kind: str, device: dict, **plant) -> Plant:
    load = LOADS[kind] | {"id": "it", "phases": {"L1": "A"}}
    return Plant(
        parse_house(
            {
                "site": {"phases": ["A"], "fuse": 25},
                "loads": [load],
                "plant": {"household": {"scale": 0}, "devices": {"it": device}} | plant,
            }
        )
    )


def live(plant: Plant, seconds: int) -> list[float]:
    powers = []
    for _ in range(seconds):
        plant.advance()
        powers.append(plant.devices[0].power)
    return powers


def tell(plant: Plant, setpoint: float) -> None:
    plant.command(Command(load="it", setpoint=setpoint))


@pytest.mark.parametrize(
    ("setpoint", "drawn"), [(200, 0), (500, 500), (2000, 1500), (3000, 3000), (9000, 3000)]
)
def test_a_stepped_load_takes_the_level_it_is_told(setpoint, drawn):
    plant = a_plant("stepped", {"kind": "heater"})
    tell(plant, setpoint)
    power = live(plant, 5)[-1]
    assert power == pytest.approx(drawn * (plant.moment.voltages[0] / 230) ** 2)
    told = plant.snapshot().devices["it"].setpoint
    assert told is not None
    assert told.value == drawn


def test_a_load_of_kind_power_holds_what_it_is_told_and_may_ramp():
    plant = a_plant("power", {"kind": "heater", "ramp": 400, "delay": 0})
    tell(plant, 1700)
    assert live(plant, 7) == pytest.approx([400, 800, 1200, 1600, 1700, 1700, 1700])
    tell(plant, 200)
    assert live(plant, 6)[-1] == 0.0


def test_a_tank_may_stand_behind_a_power_controller():
    plant = a_plant("power", {"kind": "tank", "temperature": 30, "daily_draw": 0})
    tell(plant, 1000)
    live(plant, HOUR)
    assert plant.devices[0].gauges()["temperature"]() == pytest.approx(34.2, abs=0.3)


def test_a_room_keeps_its_heat_for_as_long_as_its_walls_do():
    room = RoomState(Room(temperature=20.0, gains=0, windows=0))
    moment = Moment(environment=0.0, speed=1.0, voltages=[230.0])
    moment.outdoor_temperature = 0.0
    for _ in range(6 * HOUR):
        room.warm(0.0, moment)
    assert 14.0 < room.temperature < 19.0
    held = RoomState(Room(temperature=20.0, gains=0, windows=0))
    for _ in range(6 * HOUR):
        held.warm(160.0 * 20.0, moment)
    assert held.temperature == pytest.approx(20.0, abs=0.01)


def test_the_sun_warms_a_room():
    dark, sunny = (RoomState(Room(temperature=20.0)) for _ in range(2))
    moment = Moment(environment=0.0, speed=1.0, voltages=[230.0])
    for _ in range(3 * HOUR):
        moment.irradiance = 0.0
        dark.warm(0.0, moment)
        moment.irradiance = 600.0
        sunny.warm(0.0, moment)
    assert sunny.temperature > dark.temperature + 0.5


def a_heat_pump(**device) -> Plant:
    part = {"kind": "heat_pump", "delay": 0} | device
    return a_plant("switch", part, start="2026-01-12")


def test_a_heat_pump_starts_and_stops_as_a_recorded_one():
    plant = a_heat_pump()
    live(plant, 10)
    tell(plant, 2000)
    started = live(plant, 60)
    assert started[:5] == pytest.approx([140, 1490, 2080, 2170, 2186])
    assert started[40] == pytest.approx(2000)
    tell(plant, 0)
    stopped = live(plant, 700)
    assert stopped[:4] == pytest.approx([1640, 880, 220, 130])
    assert stopped[590] == 130.0
    assert stopped[-1] == 0.0


def test_its_compressor_rests_before_it_starts_again():
    plant = a_heat_pump(rest=300)
    for setpoint in (2000, 0, 2000):
        tell(plant, setpoint)
        powers = live(plant, 100)
    assert max(powers) == 130.0
    assert max(live(plant, 200)) > 1900.0


def test_it_keeps_a_house_warm_in_january_with_a_third_of_the_heat():
    plant = a_heat_pump()
    assert isinstance(plant.devices[0], HeatPump)
    tell(plant, 2000)
    powers = live(plant, DAY)
    outcome = plant.devices[0].outcome()
    assert outcome["comfort_kelvin_hours"] < 1.0
    assert outcome["warmest"] < 24.0
    assert 6.0 < sum(powers) / HOUR / 1000 < 48.0
    assert plant.devices[0].comfort == (20.0, 23.0)


def test_a_house_that_is_not_heated_gets_cold():
    plant = a_heat_pump()
    live(plant, DAY)
    assert plant.devices[0].outcome()["comfort_kelvin_hours"] > 5.0


def test_a_pump_has_an_inrush_and_wants_its_hours():
    plant = a_plant("switch", {"kind": "pump", "daily_runtime": 4 * HOUR, "delay": 0})
    tell(plant, 2000)
    powers = live(plant, 4 * HOUR)
    assert powers[0] > 3 * powers[1]
    assert plant.devices[0].appetite == 0.0
    live(plant, 20 * HOUR)
    assert plant.devices[0].outcome()["served"] == pytest.approx(1.0, abs=0.01)
