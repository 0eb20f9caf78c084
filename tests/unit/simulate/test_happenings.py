"""What broke and what was noticed are told in words, each with its time."""

import re

import pytest

from evenload.simulate.happenings import FAULTS, Happening, Side
from evenload.simulate.plant import Plant
from evenload.simulate.run import run
from evenload.simulate.scenario import read_house
from evenload.simulate.settings import FaultKind
from evenload.simulate.strategies import Evenload

EVENING = (
    "plant.start=2026-06-15T17:00",
    "plant.devices.car.soc=20",
    "loads.boiler.mode=standard",
    "chargers.wallbox.plugs.car.mode=standard",
)

COOKING = ("plant.household.appliance_interval=240", "plant.fuse.rating=63")
"""Much happens, and nothing trips."""


def happened(*faults: str, seconds=1800, changes=()) -> list[Happening]:
    broken = f"plant.faults=[{', '.join(faults)}]"
    plant = Plant(read_house("terrace-house", [*EVENING, broken, *changes]))
    outcome = run(plant, Evenload(), seconds=seconds, record=True)
    assert outcome.recorder is not None
    return outcome.recorder.happenings.found


def told(found: list[Happening], words: str) -> Happening:
    """Return the one happening that says so."""
    (one,) = (each for each in found if words in " ".join((each.text, *each.details)))
    return one


def fault(kind: FaultKind, *, duration=600) -> str:
    return f"{{kind: {kind}, at: '17:10', duration: {duration}}}"


def test_every_fault_has_its_words():
    assert set(FAULTS) == set(FaultKind)


def test_in_a_quiet_evening_nothing_breaks_and_the_meter_is_trusted():
    found = happened()
    assert not [each for each in found if each.side is Side.BROKEN]
    assert not [each for each in found if "cannot be trusted" in each.text]


def test_a_silent_meter_stands_beside_what_was_done_about_it():
    found = happened(fault(FaultKind.METER_SILENT))
    broke = told(found, "The grid meter reports nothing.")
    assert (broke.side, broke.begin, broke.end) == (Side.BROKEN, 600, 1200)
    failsafe = told(found, "Wallbox gets only what is safe without it")
    assert failsafe.side is Side.NOTICED
    assert 620 < failsafe.begin < 680
    assert failsafe.end is not None
    assert 1200 <= failsafe.end < 1260


def test_a_frozen_meter_is_told_when_it_was_found_out():
    found = happened(fault(FaultKind.METER_FROZEN, duration=900), seconds=2400, changes=COOKING)
    assert told(found, "goes on reporting what it last measured").begin == 600
    seen = told(found, "stand still though loads changed")
    assert seen.side is Side.NOTICED
    assert 600 < seen.begin < 1200


def test_a_charger_that_ignores_its_limit_is_told_with_what_it_means():
    alone = (*COOKING, "loads.boiler.mode=off")
    found = happened(fault(FaultKind.CHARGER_DEAF, duration=900), seconds=2400, changes=alone)
    assert told(found, "ignores every command").side is Side.BROKEN
    assert told(found, "does not follow its commands").side is Side.NOTICED


def test_a_restart_in_mid_charge_is_told_and_what_runs_is_left():
    found = happened(fault(FaultKind.HOME_ASSISTANT_GONE, duration=30))
    gone = told(found, "Home Assistant is gone")
    assert (gone.begin, gone.end) == (600, 630)
    waits = told(found, "Waiting for the grid meter")
    assert waits.begin >= 630
    assert any(re.match(r"Wallbox .*\b\d+ A\b", detail) for detail in waits.details), "it goes on"


def test_a_reversed_phase_is_told_from_the_start():
    found = happened(changes=["plant.meter.reversed=[A]"], seconds=60)
    assert told(found, "phase A is mounted backwards").begin == 0


def test_a_trip_is_told():
    found = happened(changes=["plant.fuse.rating=6"])
    assert told(found, "The main fuse trips").side is Side.BROKEN


@pytest.mark.parametrize("load", [None, "car"])
def test_a_fault_names_the_device_it_is_about(load):
    about = "" if load is None else f", load: {load}"
    found = happened(f"{{kind: charger_offline, at: '17:10', duration: 300{about}}}")
    words = "Every charger cannot" if load is None else "The charger of Wallbox cannot"
    assert told(found, words).begin == 600
