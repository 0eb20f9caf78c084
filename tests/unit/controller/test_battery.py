"""The battery: its zones without limit cycles, its silence, and whose sun it is."""

from dataclasses import replace

import pytest

from evenload.controller.battery import next_zone
from evenload.model.control import ControlSettings
from evenload.model.decision import TroubleCode
from evenload.model.readings import BatteryZone
from evenload.model.site import Battery, BatteryHelp, Mode, Phase
from tests.unit.controller.rig import Rig, car, site

BELOW, AT, ABOVE = BatteryZone.BELOW, BatteryZone.AT, BatteryZone.ABOVE
BATTERY = Battery(max_charge=3000.0, max_discharge=3000.0, soc_target=80.0, soc_full=97.0)


@pytest.mark.parametrize(
    ("zone", "soc", "expected"),
    [
        (None, 79.9, BELOW), (None, 80.0, AT), (None, 90.0, ABOVE),
        (BELOW, 79.9, BELOW), (BELOW, 80.0, AT), (BELOW, 90.0, ABOVE),
        (AT, 77.0, AT), (AT, 76.9, BELOW), (AT, 89.9, AT), (AT, 90.0, ABOVE),
        (ABOVE, 80.0, ABOVE), (ABOVE, 79.9, AT), (ABOVE, 76.9, BELOW),
    ],
)  # fmt: skip
def test_zones_have_hysteresis(zone: BatteryZone | None, soc: float, expected: BatteryZone) -> None:
    assert next_zone(zone, BATTERY, soc) is expected


def test_a_battery_that_is_hardly_allowed_above_its_target_counts_as_above_near_full() -> None:
    battery = replace(BATTERY, soc_target=90.0)
    assert next_zone(AT, battery, 91.9) is AT
    assert next_zone(AT, battery, 92.0) is ABOVE


def with_battery(soc: float, power: float, *, solar: float = 5000.0) -> Rig:
    rig = Rig(site(car(mode=Mode.SOLAR), battery=BATTERY))
    rig.solar = solar
    rig.battery = (soc, power)
    return rig


def test_below_its_target_the_battery_comes_first() -> None:
    rig = with_battery(50.0, -3000.0)
    rig.run(200)
    assert rig.setpoint("car") == 8.0


def test_a_silent_battery_raises_nothing_and_counts_as_empty() -> None:
    rig = with_battery(95.0, 0.0, solar=2500.0)
    rig.run(200)
    assert rig.setpoint("car") == 10.0
    rig.battery = None
    rig.run(5)
    assert [(t.code, t.about) for t in rig.decision.troubles] == [
        (TroubleCode.BATTERY_SILENT, "battery")
    ]
    rig.solar = 4000.0
    rig.run(120)
    assert rig.setpoint("car") <= 10.0


def test_without_a_battery_reading_a_standard_load_still_rises() -> None:
    rig = Rig(site(car(), battery=BATTERY))
    rig.run(60)
    assert rig.setpoint("car") == 16.0


def test_a_full_battery_keeps_a_car_at_its_minimum_by_day_but_not_by_night() -> None:
    for solar, runs in ((1000.0, True), (0.0, False)):
        rig = with_battery(95.0, 0.0, solar=solar)
        rig.settings = ControlSettings()
        rig.site = replace(rig.site, battery=replace(BATTERY, helps=BatteryHelp.MINIMUM))
        rig.house[Phase.A] = 1.0
        rig.run(200)
        assert (rig.setpoint("car") == 6.0) is runs


def test_the_battery_taking_over_from_the_grid_is_no_change() -> None:
    rig = with_battery(85.0, 0.0, solar=2500.0)
    rig.run(200)
    rig.log.clear()
    for power in (600.0, 0.0, -600.0, 0.0):
        rig.house[Phase.A] += power / 230.0
        rig.battery = (85.0, power)
        rig.run(60)
        rig.house[Phase.A] -= power / 230.0
    assert rig.setpoint("car") > 0.0
