"""A site file becomes a house, or is refused with everything that is wrong with it."""

from copy import deepcopy

import pytest

from evenload.model.finding import ConfigurationError
from evenload.simulate.plant import Plant
from evenload.simulate.scenario import changed, parse_house, read_house, scenario_names
from evenload.simulate.settings import TankPart
from tests.unit.simulate.houses import QUIET


def paths(data_or_name, *changes) -> list[str]:
    named = isinstance(data_or_name, str)
    read = (
        (lambda: read_house(data_or_name, changes)) if named else lambda: parse_house(data_or_name)
    )
    with pytest.raises(ConfigurationError) as refusal:
        read()
    return [finding.path for finding in refusal.value.findings]


@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_scenario_lives(name):
    plant = Plant(read_house(name))
    for _ in range(60):
        plant.advance()
    assert not plant.dark


def test_any_key_can_be_changed():
    house = read_house(
        "terrace-house",
        ["site.fuse=16", "plant.seed=99", "loads.boiler.mode=off", "plant.devices.car.soc=12.5"],
    )
    assert set(house.site.fuse.values()) == {16.0}
    assert house.plant.seed == 99
    assert house.site.loads[0].mode == "off"
    assert house.plant.devices["car"].soc == 12.5


def test_a_change_does_not_touch_what_it_came_from():
    data = {"loads": [{"id": "boiler"}]}
    before = deepcopy(data)
    changed(data, "loads[0].mode=solar")
    assert data == before


def test_what_is_not_there_yet_can_be_added():
    house = read_house("terrace-house", ["control.meter_timeout=20", "plant.fuse.kind=B"])
    assert house.control.meter_timeout == 20
    assert house.plant.fuse.kind == "B"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ("site.fusee=16", "site.fusee"),
        ("plant.sede=7", "plant.sede"),
        ("plant.devices.car.max_curent=16", "plant.devices.car.max_curent"),
        ("plant.devices.car.max_current=many", "plant.devices.car.max_current"),
        ("plant.devices.car.charger.delay=1.5", "plant.devices.car.charger.delay"),
        ("plant.devices.car.trips[0].leaves=never", "plant.devices.car.trips[0].leaves"),
        ("plant.devices.car.kind=bicycle", "plant.devices.car.kind"),
        ("plant.devices.pool={kind: heater}", "plant.devices.pool"),
        ("plant.meter.interval=0", "plant.meter.interval"),
        ("plant.meter.lag=.nan", "plant.meter.lag"),
        ("plant.solar.sky=purple", "plant.solar.sky"),
        ("plant.solar.phases=[B]", "plant.solar.phases"),
        ("plant.household.source=guessed", "plant.household.source"),
        ("plant.household.size=huge", "plant.household.size"),
        ("plant.battery={capacity: 5000}", "site.battery"),
        (
            "plant.faults=[{kind: meter_silent, at: '12:00', duration: 5, load: pool}]",
            "plant.faults[0].load",
        ),
        (
            "plant.faults=[{kind: meter_nan, at: '12:00', duration: 5, load: car}]",
            "plant.faults[0].load",
        ),
        (
            "plant.faults=[{kind: charger_death, at: '12:00', duration: 5}]",
            "plant.faults[0].kind",
        ),
        ("plant.by_hand=[{load: pool, setpoint: 0, at: '12:00'}]", "plant.by_hand[0].load"),
        ("plant.solar={source: recorded, peak: 1}", "plant.solar.path"),
        ("plant.solar={source: guessed, peak: 1}", "plant.solar.source"),
        ("plant.solar={source: csv, path: x, peak: 1, sky: clear}", "plant.solar.sky"),
        ("plant.weather={source: csv, path: x}", "plant.weather.temperature"),
        ("plant.weather.mean=cold", "plant.weather.mean"),
        ("plant.prices.import_by_hour=[1, 2]", "plant.prices.import_by_hour"),
        ("plant.prices.market={source: psychic}", "plant.prices.market.source"),
        ("plant.chargers={garage: {max_active: 1}}", "plant.chargers.garage"),
        ("plant.chargers={wallbox: {max_active: 0}}", "plant.chargers.wallbox.max_active"),
        ("plant.circuits={garage: {base_power: 1}}", "plant.circuits.garage"),
        ("plant.meter.reports=guesses", "plant.meter.reports"),
        ("plant.meter.phase_swap={A: B}", "plant.meter.phase_swap"),
        ("plant.meter.reversed=[C]", "plant.meter.reversed"),
        ("plant.appliances=[{at: '12:00', duration: 1, power: -1}]", "plant.appliances[0].power"),
        (
            "plant.appliances=[{at: '12:00', duration: 1, power: 1, phases: [B]}]",
            "plant.appliances[0].phases",
        ),
        ("plant.devices.car.charger.switches_phases=true", "plant.devices.car.charger"),
        ("plant.devices.car.charger.levels=[10, 6]", "plant.devices.car.charger.levels"),
        (
            "plant.devices.car.sessions={source: csv, path: x, at: left}",
            "plant.devices.car.sessions.station",
        ),
        ("plant.devices.boiler={kind: heat_pump, room: {wals: 1}}", "plant.devices.boiler.room"),
        ("plant.inverter.overload=0.5", "plant.inverter.overload"),
        ("plant.start=tomorrow", "plant.start"),
        ("loads.pool.mode=off", "loads.pool.mode"),
        ("site.fuse", "site.fuse"),
    ],
)
def test_a_wrong_change_is_refused_with_its_path(change, path):
    found = paths("terrace-house", change)
    assert any(each == path or each.startswith(f"{path}.") for each in found), found


def test_findings_of_site_and_plant_come_together():
    found = paths("terrace-house", "site.fusee=1", "plant.sede=2", "plant.devices.car.capasity=3")
    assert {"site.fusee", "plant.sede", "plant.devices.car.capasity"} <= set(found)


def test_every_load_needs_a_device_that_fits_it():
    data = deepcopy(QUIET)
    del data["plant"]["devices"]["boiler"]
    data["plant"]["devices"]["car"] = {"kind": "heater"}
    assert paths(data) == ["plant.devices.car.kind", "plant.devices.boiler"]


def test_a_file_without_a_plant_is_refused():
    assert paths({key: value for key, value in QUIET.items() if key != "plant"}) == ["plant"]


def test_a_file_that_is_not_there_names_the_scenarios():
    with pytest.raises(ConfigurationError, match="terrace-house") as refusal:
        read_house("terace-house")
    assert "did you mean terrace-house?" in str(refusal.value)


def test_a_users_file_is_read(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "site: {phases: [A], fuse: 20}\n"
        "loads: [{id: boiler, kind: switch, power: 1500, phases: {L1: A}}]\n"
        "plant: {devices: {boiler: {kind: tank, volume: 120}}}\n"
    )
    house = read_house(str(path))
    assert house.plant.devices["boiler"] == TankPart(kind="tank", volume=120)


def test_a_time_of_day_may_go_without_quotes():
    trips = "plant.devices.car.trips=[{leaves: 8:15, returns: 17:30, energy: 1}]"
    car = read_house("terrace-house", [trips]).plant.devices["car"]
    assert (car.trips[0].leaves, car.trips[0].returns) == (8.25 * 3600, 17.5 * 3600)
