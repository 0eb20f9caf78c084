"""Which trips are whose, on the main fuse and on circuits."""

from evenload.simulate.plant import Plant
from evenload.simulate.run import run
from evenload.simulate.scenario import parse_house
from tests.unit.simulate.strategies import Scripted

MINUTE = 60


def house(tmp_path, *, battery=False, fuse=16, circuit=63, late_power=0.0):
    """Return a car on phase A behind a circuit; the household draws `late_power` on B from minute 10."""
    path = tmp_path / "house.csv"
    path.write_text("time,a,b\n0,100,100\n86399,100,100\n")
    site = {"phases": ["A", "B"], "fuse": fuse}
    plant = {
        "household": {"source": "csv", "path": str(path), "columns": {"A": "a", "B": "b"}},
        "devices": {"car": {"kind": "car", "soc": 20}},
    }
    if late_power:
        cooking = {"at": "00:10", "duration": 3600, "power": late_power, "phases": ["B"]}
        plant["appliances"] = [cooking]
    if battery:
        site["battery"] = {"max_charge": 3000, "max_discharge": 3000, "soc_min": 0}
        plant["battery"] = {"capacity": 600, "soc": 100, "phases": ["B"]}
    return parse_house(
        {
            "site": site,
            "circuits": [{"id": "garage", "fuse": circuit}],
            "loads": [
                {
                    "id": "car", "kind": "ev", "circuit": "garage",
                    "min": 6, "max": 16, "phases": {"L1": "A"},
                }
            ],
            "plant": plant,
        }
    )  # fmt: skip


def fuses(given, script) -> dict:
    return run(Plant(given), Scripted(script), seconds=20 * MINUTE).result["fuse"]


CHARGING = {0: {"car": 16.0}}


def test_a_circuit_that_loads_trip_is_theirs_and_the_house_goes_on(tmp_path):
    found = fuses(house(tmp_path, circuit=10), CHARGING)
    assert list(found["tripped"]) == ["garage"]
    assert (found["trips"], found["trips_by_us"], found["dark_reason"]) == (1, 1, None)


def test_the_main_fuse_that_loads_trip_is_theirs(tmp_path):
    found = fuses(house(tmp_path, fuse=10), CHARGING)
    assert (list(found["tripped"]), found["trips_by_us"]) == (["main"], 1)


def test_what_trips_without_loads_is_nobodys(tmp_path):
    found = fuses(house(tmp_path, late_power=6000.0), {})
    assert (found["trips"], found["trips_by_us"], found["trips_without_loads"]) == (1, 0, 1)


def test_a_trip_on_a_phase_without_loads_counts_when_they_emptied_the_battery(tmp_path):
    """Without the car the battery would have carried part of phase B, and the fuse would have held."""
    given = house(tmp_path, battery=True, late_power=5200.0)
    assert fuses(given, {})["trips"] == 0
    found = fuses(given, CHARGING)
    assert (found["trips"], found["trips_by_us"], found["trips_unloaded"]) == (1, 1, 1)


def test_a_trip_on_a_phase_with_loads_is_not_told_as_unloaded(tmp_path):
    found = fuses(house(tmp_path, fuse=10), CHARGING)
    assert (found["trips_by_us"], found["trips_unloaded"]) == (1, 0)


def stuck(car_setpoint: float, appliance: float = 1900.0) -> dict:
    """Return what became of a fuse of 16 A on which a heater of 10 A sticks and an appliance comes on."""
    given = parse_house(
        {
            "site": {"phases": ["A"], "fuse": 16},
            "loads": [
                {"id": "car", "kind": "ev", "min": 6, "max": 16, "phases": {"L1": "A"}},
                {"id": "heater", "kind": "switch", "power": 2300, "phases": {"L1": "A"}},
            ],
            "plant": {
                "household": {"size": "quiet"},
                "devices": {"car": {"kind": "car", "soc": 20}, "heater": {"kind": "heater"}},
                "appliances": [
                    {"at": "00:10", "duration": 180, "power": appliance, "phases": ["A"]}
                ],
                "faults": [{"kind": "relay_stuck", "at": "00:05", "duration": 3600}],
            },
        }
    )
    script = {0: {"heater": 2300.0, "car": car_setpoint}, 6 * MINUTE: {"heater": 0.0}}
    return run(Plant(given), Scripted(script), seconds=15 * MINUTE).result["fuse"]


def test_what_takes_no_command_is_house_for_which_the_others_make_room():
    assert stuck(0.0)["overload_seconds"] > 30
    assert stuck(0.0)["longest_overload_by_us_s"] == 0
    assert stuck(6.0)["longest_overload_by_us_s"] > 30


def test_a_trip_beside_a_relay_that_sticks_counts_and_is_told_as_one_that_nobody_could_avoid():
    for car, unloaded in ((0.0, 1), (6.0, 0)):
        found = stuck(car, appliance=3300.0)
        assert (found["trips_by_us"], found["trips_unloaded"]) == (1, unloaded)
