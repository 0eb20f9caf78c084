"""Setpoints reach a plug as profiles that fall back by themselves."""

import pytest

from evenload.ocpp.nouns import Fallback, RateUnit, TroubleCode, Version
from evenload.ocpp.state import StationSettings
from tests.ocpp.rig import Talk

VERSIONS = tuple(Version)


def charging(version: Version = Version.V16, settings: StationSettings | None = None) -> Talk:
    """Return a station with a car at plug 1 that charges."""
    talk = Talk(version, settings)
    talk.boot()
    talk.status(1, "Preparing" if version is Version.V16 else "Occupied")
    talk.start(1)
    if version is Version.V16:
        talk.status(1, "Charging")
    talk.calls.clear()
    return talk


@pytest.mark.parametrize("version", VERSIONS)
def test_a_setpoint_is_one_profile_with_the_safe_current_after_the_lease(version):
    talk = charging(version)
    talk.now = 1000.0
    talk.command(1, 16.0)
    assert talk.limits() == [(1, [(0, 16.0), (240, 6.0)])]
    (profile,) = talk.profiles()
    assert profile["chargingProfilePurpose"] == "TxDefaultProfile"
    assert profile["chargingProfileKind"] == "Absolute"
    assert profile["validFrom"] == profile["schedule"]["startSchedule"] == talk.time(-60)
    assert "duration" not in profile["schedule"]
    assert "validTo" not in profile
    assert talk.plug().setpoint.value == 16.0
    assert talk.plug().fallback is Fallback.TWO_PERIODS
    assert talk.plug().expires_at == talk.moment.now + 180.0


def test_each_plug_has_a_profile_of_its_own():
    talk = charging()
    talk.command(1, 16.0)
    talk.command(2, 10.0)
    first, second = talk.profiles()
    assert (first["plug"], second["plug"]) == (1, 2)
    assert first["chargingProfileId"] != second["chargingProfileId"]


def test_the_same_profile_is_replaced_not_added():
    talk = charging()
    talk.command(1, 16.0)
    talk.now += 60.0
    talk.command(1, 13.0)
    first, second = talk.profiles()
    assert first["chargingProfileId"] == second["chargingProfileId"]
    assert first["stackLevel"] == second["stackLevel"]


@pytest.mark.parametrize("current", [0.0, 6.0])
def test_at_or_below_the_safe_current_nothing_is_to_guard(current):
    talk = charging()
    talk.command(1, current)
    assert talk.limits() == [(1, [(0, current)])]
    assert talk.plug().expires_at is None


def test_without_a_lease_a_setpoint_lasts():
    talk = charging()
    talk.command(1, 16.0, lease=None)
    assert talk.limits() == [(1, [(0, 16.0)])]


def test_a_free_plug_holds_the_safe_current_until_a_car_comes():
    talk = Talk()
    talk.boot()
    talk.status(1, "Available")
    talk.command(1, 0.0)
    assert talk.limits() == [(1, [(0, 6.0)])]
    assert talk.plug().setpoint.value == 0.0, "the controller sees what it has told"
    talk.now += 60.0
    talk.command(1, 16.0)
    assert len(talk.limits()) == 1, "nothing to write while the plug is free"
    talk.status(1, "Preparing")
    assert talk.limits()[-1] == (1, [(0, 16.0), (240, 6.0)])


@pytest.mark.parametrize(("commanded", "sent"), [(5.9, 0.0), (6.0, 6.0), (13.27, 13.2)])
def test_a_plug_gets_nothing_or_at_least_its_minimum(commanded, sent):
    talk = charging()
    talk.command(1, commanded, lease=None)
    assert talk.limits() == [(1, [(0, sent)])]


def test_a_station_whose_clock_is_wrong_gets_times_by_its_own_clock():
    talk = Talk()
    talk.boot()
    talk.status(1, "Preparing", timestamp=talk.time(3600))
    talk.now += 5.0
    talk.status(1, "Charging", timestamp=talk.time(3600))
    talk.command(1, 16.0)
    (profile,) = talk.profiles()
    assert profile["schedule"]["startSchedule"] == talk.time(3600 - 60)
    assert TroubleCode.CLOCK_WRONG in talk.station.snapshot().troubles


@pytest.mark.parametrize("version", VERSIONS)
def test_a_station_that_refuses_two_periods_gets_a_base_and_a_lease_above_it(version):
    talk = charging(version)
    sent: list[int] = []

    talk.answers["SetChargingProfile"] = {"status": "Rejected"}
    original = talk._reply

    def reply(identifier: str, action: str) -> None:
        if action == "SetChargingProfile":
            periods = len(talk.profiles()[-1]["schedule"]["chargingSchedulePeriod"])
            sent.append(periods)
            status = "Rejected" if periods > 1 else "Accepted"
            talk.answers["SetChargingProfile"] = {"status": status}
        original(identifier, action)

    talk._reply = reply
    talk.command(1, 16.0)
    assert talk.limits() == [(1, [(0, 16.0), (240, 6.0)]), (1, [(0, 16.0)]), (1, [(0, 6.0)])]
    _, lease, base = talk.profiles()
    assert lease["stackLevel"] == base["stackLevel"] + 1
    assert lease["schedule"]["duration"] == 240
    assert "validTo" in lease
    assert "duration" not in base["schedule"]
    assert talk.plug().fallback is Fallback.BASE_AND_LEASE
    talk.now += 60.0
    talk.command(1, 16.0)
    assert talk.limits()[3:] == [(1, [(0, 16.0)])], "the base is there already"


def test_a_station_without_any_fallback_is_told_and_the_user_knows():
    talk = charging(settings=StationSettings(overrides={"fallback": "none"}))
    talk.command(1, 16.0)
    assert talk.limits() == [(1, [(0, 16.0)])]
    assert talk.plug().troubles == (TroubleCode.NO_FALLBACK,)
    assert talk.plug().expires_at is None


def test_a_station_that_refuses_everything_is_a_trouble_and_tried_again_later():
    talk = charging()
    talk.answers["SetChargingProfile"] = {"status": "Rejected"}
    talk.command(1, 16.0)
    tried = len(talk.limits())
    assert tried == 6, "two periods, base and lease, one period; amperes, then watts"
    assert talk.plug().troubles == (TroubleCode.LIMIT_REFUSED,)
    assert talk.plug().setpoint is None
    talk.answers["SetChargingProfile"] = {"status": "Accepted"}
    talk.wait(61.0)
    assert talk.plug().setpoint.value == 16.0
    assert talk.plug().troubles == ()


def test_a_station_that_knows_watts_gets_watts_over_all_phases():
    talk = charging(settings=StationSettings(overrides={"unit": "W"}))
    talk.command(1, 10.0)
    assert talk.limits() == [(1, [(0, 6900.0), (240, 4140.0)])]
    assert talk.profiles()[0]["schedule"]["chargingRateUnit"] == RateUnit.W


def test_watts_are_those_of_the_legs_that_the_car_uses():
    talk = charging(settings=StationSettings(overrides={"unit": "W"}))
    sample = {"value": "6", "measurand": "Current.Import", "phase": "L1", "unit": "A"}
    talk.meter(1, sample)
    talk.command(1, 10.0)
    assert talk.limits() == [(1, [(0, 2300.0), (240, 1380.0)])]
    talk.status(1, "Available")
    talk.status(1, "Preparing")
    assert talk.limits()[-1] == (1, [(0, 6900.0), (240, 4140.0)]), "another car, not seen yet"


def test_what_the_station_says_of_itself_decides_the_form():
    talk = Talk()
    talk.answers["GetConfiguration"] = {
        "configurationKey": [
            {"key": "ChargingScheduleAllowedChargingRateUnit", "value": "Power", "readonly": True},
            {"key": "ChargingScheduleMaxPeriods", "value": "1", "readonly": True},
        ]
    }
    talk.boot()
    talk.status(1, "Charging")
    talk.command(1, 10.0)
    assert talk.limits() == [(1, [(0, 6900.0)]), (1, [(0, 4140.0)])]


def test_the_same_command_twice_at_once_is_written_once():
    talk = charging()
    talk.command(1, 16.0)
    talk.now += 2.0
    talk.command(1, 16.0)
    assert len(talk.limits()) == 1


def test_a_renewal_is_written():
    talk = charging()
    talk.command(1, 16.0)
    talk.now += 60.0
    talk.command(1, 16.0)
    assert len(talk.limits()) == 2
    assert talk.plug().expires_at == talk.moment.now + 180.0


def test_a_plug_that_was_told_in_vain_loses_the_profiles_of_others_but_never_ours():
    talk = charging()
    talk.command(1, 10.0)
    talk.now += 20.0
    talk.command(1, 10.0)
    assert "ClearChargingProfile" not in [action for action, _ in talk.calls]
    talk.now += 20.0
    talk.command(1, 10.0, clears_others=True)
    cleared = [payload for action, payload in talk.calls if action == "ClearChargingProfile"]
    assert {"connectorId": 1, "chargingProfilePurpose": "TxProfile"} in cleared
    for criteria in cleared:
        ours = criteria.get("chargingProfilePurpose") == "TxDefaultProfile"
        assert not (
            ours and criteria["connectorId"] == 1 and criteria.get("stackLevel") in {0, None}
        )
    names = [action for action, _ in talk.calls]
    last_profile = max(i for i, name in enumerate(names) if name == "SetChargingProfile")
    assert last_profile < names.index("ClearChargingProfile"), "ours is there before others go"


def test_in_2_x_the_profiles_found_are_removed_by_id():
    talk = charging(Version.V201)
    talk.command(1, 10.0, clears_others=True)
    asked = [payload for action, payload in talk.calls if action == "GetChargingProfiles"]
    assert [payload["evseId"] for payload in asked] == [1, 0], "0: for every plug"
    ours = talk.profiles()[-1]["id"]
    found = [{"id": identifier, "stackLevel": 1} for identifier in (3, ours)]
    outside = {"id": 9, "chargingProfilePurpose": "ChargingStationExternalConstraints"}
    whole = {"id": 10, "chargingProfilePurpose": "ChargingStationMaxProfile"}
    report = {"requestId": 1, "evseId": 1, "chargingProfile": [*found, outside, whole]}
    talk.say("ReportChargingProfiles", report)
    odd = {"id": 4, "chargingProfilePurpose": ["of no kind"]}
    talk.say("ReportChargingProfiles", {"requestId": 1, "evseId": 0, "chargingProfile": [odd]})
    cleared = [payload for action, payload in talk.calls if action == "ClearChargingProfile"]
    assert cleared == [{"chargingProfileId": 3}, {"chargingProfileId": 4}]


def test_a_lease_of_ours_stays_where_others_profiles_go():
    talk = charging(settings=StationSettings(overrides={"fallback": "base_and_lease"}))
    talk.command(1, 10.0, clears_others=True)
    levels = {
        payload["stackLevel"]
        for action, payload in talk.calls
        if action == "ClearChargingProfile" and "stackLevel" in payload
    }
    ours = {profile["stackLevel"] for profile in talk.profiles()}
    assert (ours, levels & ours, 2 in levels) == ({0, 1}, set(), True)


def test_the_highest_level_of_profiles_is_looked_at_however_high():
    talk = charging()
    talk.answers["GetConfiguration"] = {
        "configurationKey": [{"key": "ChargeProfileMaxStackLevel", "value": "99"}]
    }
    talk.boot()
    talk.calls.clear()
    talk.command(1, 10.0, clears_others=True)
    cleared = [payload for action, payload in talk.calls if action == "ClearChargingProfile"]
    assert {1, 99} <= {payload.get("stackLevel") for payload in cleared}


def test_a_lease_ends_with_the_connection_where_the_safe_current_lies_under_it():
    talk = charging(Version.V21)
    supports = {
        "component": {"name": "SmartChargingCtrlr"},
        "variable": {"name": "SupportsMaxOfflineDuration"},
        "attributeStatus": "Accepted",
        "attributeValue": "true",
    }
    talk.answers["GetVariables"] = {"getVariableResult": [supports]}
    talk.boot()
    talk.calls.clear()
    talk.command(1, 16.0)
    lease, base = talk.profiles()
    assert (lease["stackLevel"], base["stackLevel"]) == (1, 0)
    assert lease["maxOfflineDuration"] == 120
    assert lease["invalidAfterOfflineDuration"]
    assert "maxOfflineDuration" not in base
    assert talk.limits() == [(1, [(0, 16.0)]), (1, [(0, 6.0)])]


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_a_station_that_does_not_end_leases_with_the_connection_gets_two_periods(version):
    talk = charging(version)
    talk.command(1, 16.0)
    (profile,) = talk.profiles()
    assert "maxOfflineDuration" not in profile
    assert talk.limits() == [(1, [(0, 16.0), (240, 6.0)])]


def test_a_plan_that_differs_from_the_setpoint_is_a_trouble():
    talk = charging()
    talk.answers["GetCompositeSchedule"] = {
        "status": "Accepted",
        "connectorId": 1,
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0.0, "limit": 9.0}],
        },
    }
    talk.command(1, 16.0)
    assert talk.plug().planned.value == 9.0
    assert talk.plug().troubles == (TroubleCode.SCHEDULE_DIFFERS,)


def test_the_station_is_told_its_maximum_once_where_it_takes_it():
    talk = Talk(settings=StationSettings(max_current=20.0))
    talk.boot()
    talk.boot()
    sent = [
        payload
        for action, payload in talk.calls
        if action == "SetChargingProfile" and payload["connectorId"] == 0
    ]
    assert len(sent) == 1, "its flash is spared after a reboot"
    (profile,) = sent
    assert profile["csChargingProfiles"]["chargingProfilePurpose"] == "ChargePointMaxProfile"
    period = profile["csChargingProfiles"]["chargingSchedule"]["chargingSchedulePeriod"][0]
    assert period["limit"] == 20.0


@pytest.mark.parametrize(("pause", "sent"), [("zero", 0.0), ("minimum", 6.0), ("remote_stop", 6.0)])
def test_each_way_to_pause(pause, sent):
    talk = charging(settings=StationSettings(overrides={"pause": pause}))
    talk.command(1, 10.0)
    talk.now += 20.0
    talk.command(1, 0.0)
    assert talk.limits()[-1] == (1, [(0, sent)])
    stopped = [action for action, _ in talk.calls if action == "RemoteStopTransaction"]
    assert len(stopped) == (pause == "remote_stop")


def test_a_station_with_few_currents_gets_the_next_lower_one():
    talk = charging(settings=StationSettings(overrides={"currents": [6, 8, 10, 13, 16]}))
    talk.command(1, 12.0, lease=None)
    assert talk.limits() == [(1, [(0, 10.0)])]


def test_a_command_for_a_station_that_is_away_goes_first_when_it_returns():
    talk = charging()
    talk.command(1, 16.0)
    talk.station.disconnect()
    talk.now += 10.0
    talk.command(1, 8.0)
    talk.calls.clear()
    talk.station.connect(Version.V16, talk.moment)
    talk.status(1, "Charging")
    assert talk.calls[0][0] == "SetChargingProfile"
    assert talk.limits()[0] == (1, [(0, 8.0), (240, 6.0)])


def test_what_is_left_of_a_lease_is_all_that_a_station_gets_late():
    talk = charging()
    talk.command(1, 16.0)
    talk.reconnect(away=100.0)
    talk.calls.clear()
    talk.status(1, "Charging")
    assert talk.limits()[0] == (1, [(0, 16.0), (60 + 80, 6.0)])


def test_after_the_lease_a_station_gets_the_safe_current_only():
    talk = charging()
    talk.command(1, 16.0)
    talk.reconnect(away=300.0)
    talk.calls.clear()
    talk.status(1, "Charging")
    assert talk.limits()[0] == (1, [(0, 6.0)])
