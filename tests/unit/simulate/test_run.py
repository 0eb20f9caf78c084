"""What a run counts, and what comes of the real controller in a simulated house."""

import json

import pytest

from evenload.simulate.plant import Plant
from evenload.simulate.run import run
from evenload.simulate.scenario import read_house
from evenload.simulate.settings import FaultKind
from evenload.simulate.strategies import Evenload, Naive
from tests.unit.simulate.houses import quiet
from tests.unit.simulate.strategies import Scripted

HOUR = 3600
FLAT = {"source": "csv", "columns": {"A": "w"}}


def flat_house(tmp_path, power: float, **parts):
    """Return the quiet house whose household draws the same power all day."""
    path = tmp_path / "flat.csv"
    path.write_text(f"time,w\n0,{power}\n86399,{power}\n")
    return quiet(household=FLAT | {"path": str(path)}, **parts)


def without_times(result) -> dict:
    """Return a result without what depends on the machine it ran on."""
    control = {key: value for key, value in result["control"].items() if not key.endswith("_us")}
    return dict(result) | {"control": control}


def test_energies_are_what_power_makes_in_time(tmp_path):
    plant = Plant(flat_house(tmp_path, 1000.0, devices={"boiler": {"kind": "heater"}}))
    strategy = Scripted({0: {"boiler": 2000.0}, HOUR: {"boiler": 0.0}})
    result = run(plant, strategy, seconds=2 * HOUR).result
    boiler = result["loads"]["boiler"]
    assert boiler["energy_kwh"] == pytest.approx(2.0, rel=0.1)
    assert boiler["starts"] == 1
    assert boiler["solar_share"] == 0.0
    assert boiler["net_solar_gain_kwh"] == -boiler["energy_kwh"]
    assert result["energy"]["import_kwh"] == pytest.approx(2.0 + boiler["energy_kwh"], abs=0.02)
    assert result["energy"]["self_sufficiency"] == 0.0
    assert result["cost"]["import"] == pytest.approx(
        0.30 * result["energy"]["import_kwh"], abs=0.01
    )
    assert result["control"]["commands"] == 2


def test_sun_goes_to_the_household_first_and_then_to_loads(tmp_path):
    house = flat_house(
        tmp_path,
        500.0,
        solar={"peak": 3000, "sky": "clear"},
        start="2026-06-15T12:30",
        devices={"boiler": {"kind": "heater"}},
    )
    plant = Plant(house)
    result = run(plant, Scripted({0: {"boiler": 2000.0}}), seconds=HOUR).result
    energy, boiler = result["energy"], result["loads"]["boiler"]
    sun_left = energy["solar_kwh"] - 0.5
    assert boiler["solar_share"] == pytest.approx(sun_left / boiler["energy_kwh"], abs=0.02)
    assert 0.5 < boiler["solar_share"] < 1.0
    assert energy["export_kwh"] == pytest.approx(0.0, abs=0.01)
    assert energy["self_consumption"] == pytest.approx(1.0, abs=0.01)
    caused = boiler["energy_kwh"] * (1 - boiler["solar_share"])
    gain = boiler["energy_kwh"] * boiler["solar_share"] - caused
    assert boiler["net_solar_gain_kwh"] == pytest.approx(gain, abs=0.02)


def asked(**parts) -> list[float]:
    strategy = Scripted({})
    run(Plant(quiet(**parts)), strategy, seconds=26)
    return strategy.asked


def test_the_strategy_is_asked_at_every_meter_report():
    assert asked(meter={"interval": 5}) == [0, 5, 10, 15, 20, 25]


def test_between_reports_it_is_asked_as_often_as_the_plant_says():
    assert asked(meter={"interval": 5}, tick=2)[:8] == [0, 2, 4, 5, 7, 9, 10, 12]


def test_once_the_meter_is_late_the_strategy_is_asked_every_two_seconds():
    silent = {"kind": "meter_silent", "at": "00:00:08", "duration": 10}
    assert asked(meter={"interval": 5}, faults=[silent]) == [0, 5, 12, 14, 16, 18, 20, 25]


def test_a_trip_is_reported_with_its_time_and_held_against_the_loads():
    plant = Plant(quiet(fuse={"rating": 10}))
    result = run(plant, Naive(), seconds=HOUR).result
    assert result["fuse"]["trips"] == 1
    assert 0 < result["fuse"]["tripped_at_s"] < 120
    assert result["fuse"]["trips_without_loads"] == 0
    assert result["fuse"]["curve_used"] == 1.0


def test_a_trip_without_loads_is_told_apart(tmp_path):
    plant = Plant(flat_house(tmp_path, 9000.0))
    fuse = run(plant, Scripted({}), seconds=HOUR).result["fuse"]
    assert (fuse["trips"], fuse["trips_without_loads"]) == (1, 1)


def test_a_car_is_served_by_what_it_could_have_taken(tmp_path):
    devices = {"car": {"kind": "car", "capacity": 20_000, "soc": 50, "taper_from": 100}}
    whole, half = (
        run(
            Plant(flat_house(tmp_path, 100.0, devices=devices | {"boiler": {"kind": "heater"}})),
            Scripted({0: {"car": current}}),
            seconds=HOUR,
        ).result["loads"]["car"]
        for current in (16.0, 8.0)
    )
    assert whole["served"] == pytest.approx(1.0, abs=0.01)
    assert half["served"] == pytest.approx(0.5, abs=0.01)


def test_the_result_has_the_structure_that_others_read():
    result = run(Plant(read_house("demo-house")), Evenload(), seconds=300).result
    result = json.loads(json.dumps(result))
    assert {"trips", "overload_seconds", "worst_ratio", "curve_used"} <= set(result["fuse"])
    assert {"longest_overload_by_us_s", "allowed_overload_by_us_s", "trips_without_loads"} <= set(
        result["fuse"]
    )
    assert {
        "solar_kwh",
        "import_kwh",
        "export_kwh",
        "self_consumption",
        "self_sufficiency",
    } <= set(result["energy"])
    assert {"import", "export", "net"} <= set(result["cost"])
    assert {"energy_kwh", "served", "starts", "solar_share", "net_solar_gain_kwh"} <= set(
        result["loads"]["car"]
    )
    assert {"comfort_kelvin_hours"} <= set(result["loads"]["boiler"])
    assert {"passes", "commands", "mean_pass_us", "max_pass_us"} == set(result["control"])


def test_the_same_seed_gives_the_same_result():
    first, second, other = (
        run(
            Plant(read_house("terrace-house", [f"plant.seed={seed}"])), Evenload(), seconds=2 * HOUR
        )
        for seed in (5, 5, 6)
    )
    assert without_times(first.result) == without_times(second.result)
    assert without_times(first.result) != without_times(other.result)


EVENING = ["plant.start=2026-06-15T17:00", "plant.devices.car.soc=20", "loads.boiler.mode=standard"]


def test_evenload_holds_the_fuse_where_naive_charging_trips_it():
    """Both loads may draw from any source, on an evening with cooking."""
    changes = [*EVENING, "chargers.wallbox.plugs.car.mode=standard"]
    managed = run(Plant(read_house("terrace-house", changes)), Evenload(), seconds=5 * HOUR).result
    naive = run(Plant(read_house("terrace-house", changes)), Naive(), seconds=5 * HOUR).result
    assert naive["fuse"]["trips"] == 1
    assert naive["fuse"]["trips_without_loads"] == 0
    fuse = managed["fuse"]
    assert fuse["trips"] == 0
    assert fuse["longest_overload_by_us_s"] <= fuse["allowed_overload_by_us_s"]
    assert managed["loads"]["car"]["energy_kwh"] > 10
    assert managed["loads"]["boiler"]["comfort_kelvin_hours"] == 0.0


@pytest.mark.parametrize("fault", list(FaultKind))
def test_no_fault_trips_the_fuse_and_charging_goes_on_after_it(fault):
    broken = f"plant.faults=[{{kind: {fault}, at: '18:00', duration: 1200}}]"
    changes = [*EVENING, "chargers.wallbox.plugs.car.mode=standard", broken]
    plant = Plant(read_house("terrace-house", changes))
    result = run(plant, Evenload(), seconds=2 * HOUR).result
    assert result["fuse"]["trips"] == 0
    assert result["loads"]["car"]["energy_kwh"] > 4
    assert plant.devices[0].power > 1000, "it does not charge again"


@pytest.mark.parametrize(
    "days", [pytest.param(1, id="a day"), pytest.param(7, id="a week", marks=pytest.mark.slow)]
)
def test_in_the_terrace_house_the_fuse_holds_and_everyone_is_served(days):
    plant = Plant(read_house("terrace-house"))
    result = run(plant, Evenload(), seconds=days * 24 * HOUR).result
    assert result["fuse"]["trips"] == 0
    assert result["fuse"]["longest_overload_by_us_s"] <= result["fuse"]["allowed_overload_by_us_s"]
    assert result["energy"]["surplus_used"] > 0.75
    assert result["loads"]["boiler"]["comfort_kelvin_hours"] == 0.0
    assert result["loads"]["car"]["solar_share"] > 0.8
    if days > 1:
        assert result["loads"]["car"]["served"] > 0.95
