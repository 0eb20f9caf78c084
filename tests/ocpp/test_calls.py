"""One call at a time, and a cut never waits long."""

import pytest

from evenload.ocpp.nouns import TroubleCode, Version
from evenload.ocpp.state import StationSettings
from tests.ocpp.rig import Talk


def actions(talk: Talk) -> list[str]:
    return [action for action, _ in talk.calls]


def test_nothing_is_called_before_the_station_has_said_anything():
    talk = Talk()
    talk.command(1, 0.0)
    talk.wait(3.0)
    assert talk.calls == []


def test_a_silent_station_gets_its_cut_within_five_seconds():
    talk = Talk()
    talk.command(1, 0.0)
    talk.wait(5.0)
    assert actions(talk)[0] == "SetChargingProfile"


@pytest.mark.parametrize("version", tuple(Version))
def test_after_a_boot_the_plugs_come_first(version):
    talk = Talk(version)
    talk.command(1, 10.0)
    talk.command(2, 0.0)
    talk.boot()
    assert actions(talk)[:2] == ["SetChargingProfile"] * 2
    assert len(actions(talk)) > 2


def test_a_station_that_never_answers_questions_gets_its_cut_within_five_seconds():
    talk = Talk()
    talk.answers["GetConfiguration"] = None
    talk.boot()
    assert actions(talk) == ["GetConfiguration"]
    talk.now += 0.1
    talk.command(1, 0.0, fallback=None, lease=None)
    talk.wait(5.0)
    assert actions(talk)[1] == "SetChargingProfile"
    assert talk.plug(1).setpoint.value == 0.0


def test_only_the_newest_setpoint_of_a_plug_is_sent():
    talk = Talk()
    talk.boot()
    talk.status(1, "Charging")
    talk.answers["SetChargingProfile"] = None
    for current in (16.0, 12.0, 9.0):
        talk.command(1, current)
    assert talk.limits() == [(1, [(0, 16.0), (240, 6.0)])], "one call is on its way"
    talk.answers["SetChargingProfile"] = {"status": "Accepted"}
    talk.wait(6.0)
    assert [limit for _, [(_, limit), *_] in talk.limits()] == [16.0, 9.0]


def test_a_cut_goes_before_a_raise_of_another_plug():
    talk = Talk()
    talk.boot()
    for plug in (1, 2):
        talk.status(plug, "Charging")
        talk.command(plug, 10.0)
        talk.now += 10.0
    talk.calls.clear()
    talk.answers["GetConfiguration"] = None
    talk.station.request(talk.station.speaks.read_setting("x"), talk.moment)
    talk._settle(None)
    talk.command(1, 16.0)
    talk.command(2, 7.0)
    talk.wait(6.0)
    assert [plug for plug, _ in talk.limits()] == [2, 1]


def test_a_late_answer_is_recognised():
    talk = Talk(silent=True)
    talk.boot()
    talk.wait(6.0)
    talk.silent = False
    given = '{"configurationKey":[{"key":"NumberOfConnectors","value":"2","readonly":true}]}'
    talk.send(f'[3,"1",{given}]')
    assert talk.station.snapshot().abilities.plugs == 2


def test_a_station_that_answers_nothing_is_a_trouble_until_it_answers():
    talk = Talk(silent=True)
    talk.boot()
    talk.status(1, "Charging")
    talk.wait(60.0)
    assert TroubleCode.UNANSWERED in talk.station.snapshot().troubles
    talk.silent = False
    talk.command(1, 8.0)
    assert TroubleCode.UNANSWERED not in talk.station.snapshot().troubles


def test_an_unanswered_setpoint_is_sent_again_and_a_newer_one_at_once():
    talk = Talk()
    talk.boot()
    talk.status(1, "Charging")
    talk.answers["SetChargingProfile"] = None
    talk.command(1, 16.0)
    talk.wait(5.0)
    assert len(talk.limits()) == 1
    talk.wait(10.5)
    assert len(talk.limits()) == 2
    talk.wait(6.0)
    talk.command(1, 0.0)
    assert talk.limits()[-1] == (1, [(0, 0.0)])


def test_a_refused_list_of_measurands_is_shortened_from_its_end():
    talk = Talk()
    talk.answers["ChangeConfiguration"] = {"status": "Rejected"}
    talk.boot()
    lists = [
        payload["value"].split(",")
        for action, payload in talk.calls
        if action == "ChangeConfiguration" and payload["key"] == "MeterValuesSampledData"
    ]
    assert [len(each) for each in lists] == [6, 5, 4, 3, 2, 1]
    assert lists[-1] == ["Energy.Active.Import.Register"]


def test_what_is_set_already_is_not_written_again():
    talk = Talk()
    talk.answers["GetConfiguration"] = {
        "configurationKey": [
            {"key": "MeterValueSampleInterval", "value": "10", "readonly": False},
            {
                "key": "MeterValuesSampledData",
                "value": "Energy.Active.Import.Register,Power.Active.Import,Current.Import,"
                "Voltage,Current.Offered,SoC",
                "readonly": False,
            },
        ]
    }
    talk.boot()
    assert "ChangeConfiguration" not in actions(talk)


def test_a_station_whose_settings_must_not_be_touched_keeps_them():
    talk = Talk(settings=StationSettings(overrides={"configure": False}))
    talk.boot()
    assert "ChangeConfiguration" not in actions(talk)


def test_stale_meter_values_are_asked_for():
    talk = Talk()
    talk.boot()
    talk.status(1, "Charging")
    talk.start(1)
    talk.calls.clear()
    talk.wait(45.0)
    asked = [payload for action, payload in talk.calls if action == "TriggerMessage"]
    assert asked == [{"requestedMessage": "MeterValues", "connectorId": 1}]


def test_a_plug_out_of_service_is_taken_into_service():
    talk = Talk()
    talk.answers["GetConfiguration"] = None
    talk.boot()
    talk.status(2, "Unavailable")
    talk.wait(6.0)
    assert ("ChangeAvailability", {"connectorId": 2, "type": "Operative"}) in talk.calls


def test_a_car_that_waits_is_started_where_that_is_asked_for():
    talk = Talk(settings=StationSettings(overrides={"remote_start": True}))
    talk.boot()
    talk.command(1, 10.0)
    talk.status(1, "Preparing")
    talk.wait(15.0)
    started = [payload for action, payload in talk.calls if action == "RemoteStartTransaction"]
    assert started == [{"connectorId": 1, "idTag": "EVENLOAD"}]
    talk.wait(300.0)
    again = [action for action, _ in talk.calls if action == "RemoteStartTransaction"]
    assert len(again) == 3, "it is not asked for ever"
