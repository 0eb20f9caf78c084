"""One phase or three, as a profile says: with a pause in between, and only where it is supported."""

import pytest

from evenload.ocpp.nouns import Version
from evenload.ocpp.state import StationSettings
from evenload.ocpp.switching import PAUSE
from tests.ocpp.rig import Talk

SWITCHES = StationSettings(overrides={"phase_switching": True})
VERSIONS = tuple(Version)


def charging(version: Version = Version.V16, settings: StationSettings = SWITCHES) -> Talk:
    """Return a station with a car at plug 1 that charges."""
    talk = Talk(version, settings)
    talk.boot()
    talk.status(1, "Preparing" if version is Version.V16 else "Occupied")
    talk.start(1)
    talk.calls.clear()
    return talk


def told(talk: Talk) -> list[tuple[float, int]]:
    """Return limit and phases of every profile's first period."""
    first = (each["schedule"]["chargingSchedulePeriod"][0] for each in talk.profiles())
    return [(period["limit"], period["numberPhases"]) for period in first]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_car_stands_still_before_its_phases_change(version):
    talk = charging(version)
    talk.command(1, 10.0, phases=3)
    talk.now += 20.0
    talk.command(1, 6.0, phases=1)
    assert told(talk) == [(10.0, 3), (0.0, 3)]
    talk.wait(PAUSE - 1.0)
    assert len(told(talk)) == 2
    talk.wait(2.0)
    assert told(talk)[2:] == [(6.0, 1)]
    assert talk.plug().phases.value == 1.0
    assert talk.plug().setpoint.value == 6.0


def test_a_newer_setpoint_does_not_cut_the_pause_short():
    talk = charging()
    talk.command(1, 10.0, phases=3)
    talk.now += 20.0
    talk.command(1, 6.0, phases=1)
    talk.now += 3.0
    talk.command(1, 9.0, phases=1)
    assert told(talk)[-1] == (0.0, 3)
    talk.wait(PAUSE)
    assert told(talk)[2:] == [(9.0, 1)]


def test_a_cut_to_nothing_ends_the_way_to_another_number():
    talk = charging()
    talk.command(1, 10.0, phases=3)
    talk.now += 20.0
    talk.command(1, 6.0, phases=1)
    talk.now += 3.0
    talk.command(1, 0.0, phases=1)
    talk.wait(PAUSE * 3)
    assert set(told(talk)[1:]) == {(0.0, 3)}
    talk.command(1, 8.0, phases=1)
    assert told(talk)[-1] == (8.0, 1), "it has stood still long enough"


def test_a_free_plug_needs_no_pause():
    talk = Talk(settings=SWITCHES)
    talk.boot()
    talk.status(1, "Available")
    talk.command(1, 10.0, phases=3)
    talk.now += 20.0
    talk.command(1, 10.0, phases=1)
    assert told(talk) == [(6.0, 3), (6.0, 1)]


def test_the_number_stays_as_it_is_where_none_is_said():
    talk = charging()
    talk.command(1, 6.0, phases=1)
    talk.wait(PAUSE + 1.0)
    talk.command(1, 8.0)
    assert told(talk)[-1] == (8.0, 1)


def test_a_pause_that_is_cut_off_begins_anew():
    talk = charging()
    talk.command(1, 10.0, phases=3)
    talk.now += 20.0
    talk.answers["SetChargingProfile"] = None
    talk.command(1, 6.0, phases=1)
    talk.reconnect()
    talk.answers["SetChargingProfile"] = {"status": "Accepted"}
    talk.status(1, "Charging")
    assert told(talk)[-1] == (0.0, 3)
    talk.wait(PAUSE + 1.0)
    assert told(talk)[-1] == (6.0, 1)


def test_what_a_plug_was_told_last_survives_our_restart():
    first = charging()
    first.command(1, 6.0, phases=1)
    first.wait(PAUSE + 1.0)
    record = first.station.state.record(Version.V16)
    second = Talk(settings=SWITCHES, record=record)
    second.now = 60.0
    second.status(1, "Charging")
    second.command(1, 10.0, phases=3)
    assert told(second) == [(0.0, 1)]


def told_by(name: str, value: str) -> dict[str, object]:
    """Return what a station of 2.x says of one variable."""
    variable = {"component": {"name": "SmartChargingCtrlr"}, "variable": {"name": name}}
    known = {"attributeStatus": "Accepted", "attributeValue": value}
    return {"getVariableResult": [variable | known]}


@pytest.mark.parametrize(
    ("version", "action", "answer"),
    [
        (
            Version.V16,
            "GetConfiguration",
            {
                "configurationKey": [
                    {"key": "ConnectorSwitch3to1PhaseSupported", "value": "true", "readonly": True}
                ]
            },
        ),
        (Version.V201, "GetVariables", told_by("Phases3to1", "true")),
        (Version.V21, "GetVariables", told_by("ACPhaseSwitchingSupported", "true")),
    ],
)
def test_a_station_says_itself_whether_it_can(version, action, answer):
    talk = Talk(version)
    assert talk.station.snapshot().phase_switching is None
    talk.answers[action] = answer
    talk.boot()
    assert talk.station.snapshot().phase_switching is True
    talk.status(1, "Preparing" if version is Version.V16 else "Occupied")
    talk.start(1)
    talk.command(1, 6.0, phases=1)
    talk.wait(PAUSE + 1.0)
    assert told(talk)[-1] == (6.0, 1)
    period = talk.profiles()[-1]["schedule"]["chargingSchedulePeriod"][0]
    assert period.get("phaseToUse") == (1 if version is Version.V21 else None)


@pytest.mark.parametrize("overrides", [{}, {"phase_switching": False}, {"pause": "minimum"}])
def test_a_station_that_cannot_keeps_every_phase(overrides):
    talk = charging(settings=StationSettings(overrides=overrides))
    talk.command(1, 6.0, phases=1)
    assert told(talk)[0] == (6.0, 3)
    assert talk.plug().phases is None
