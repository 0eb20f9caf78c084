"""Who may charge: what a token is answered, and what a token that nobody knows leads to."""

import pytest

from evenload.ocpp.nouns import Change, Version
from evenload.ocpp.state import StationSettings
from tests.ocpp.rig import Talk


def test_tokens_that_are_not_on_the_list_are_refused_and_told():
    talk = Talk(settings=StationSettings(tokens=frozenset({"Card"})))
    talk.boot()
    assert talk.say("Authorize", {"idTag": "CARD"}) == {"idTagInfo": {"status": "Accepted"}}
    assert talk.say("Authorize", {"idTag": "OTHER"}) == {"idTagInfo": {"status": "Invalid"}}
    (refused,) = [event for event in talk.events if event.change is Change.TOKEN_REFUSED]
    assert refused.token == "OTHER"  # noqa: S105 - no secret
    assert "OTHER" not in repr(refused)


def test_a_token_is_looked_for_at_the_plug_that_waits():
    talk = Talk(settings=StationSettings(tokens=frozenset()))
    talk.boot()
    talk.status(1, "Available")
    talk.status(2, "Preparing")
    talk.say("Authorize", {"idTag": "OTHER"})
    (refused,) = [event for event in talk.events if event.change is Change.TOKEN_REFUSED]
    assert refused.plug == 2


def test_a_session_with_a_refused_token_is_ended_and_told():
    talk = Talk(settings=StationSettings(tokens=frozenset()))
    talk.boot()
    talk.calls.clear()
    answer = talk.say(
        "StartTransaction",
        {"connectorId": 1, "idTag": "OTHER", "meterStart": 0, "timestamp": talk.time()},
    )
    assert answer["idTagInfo"] == {"status": "Invalid"}
    (refused,) = [event for event in talk.events if event.change is Change.TOKEN_REFUSED]
    assert (refused.plug, refused.token) == (1, "OTHER")
    assert ("RemoteStopTransaction", {"transactionId": answer["transactionId"]}) in talk.calls


def event_of(talk: Talk, kind: str = "Started", **more: object) -> dict[str, object]:
    """Let plug 1 tell of its transaction, and return the answer."""
    return talk.say(
        "TransactionEvent",
        {
            "eventType": kind,
            "timestamp": talk.time(),
            "triggerReason": "Authorized",
            "seqNo": 0,
            "transactionInfo": {"transactionId": "t1", "chargingState": "EVConnected"},
            "evse": {"id": 1, "connectorId": 1},
        }
        | more,
    )


CARD = {"idToken": {"idToken": "OTHER", "type": "ISO14443"}}


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_in_2_x_a_cable_needs_no_token_and_a_token_is_answered_whenever_it_comes(version):
    talk = Talk(version, StationSettings(tokens=frozenset({"MINE"})))
    talk.boot()
    assert event_of(talk) == {}, "plugged in, nobody has shown anything"
    talk.calls.clear()
    assert event_of(talk, "Updated", **CARD) == {"idTokenInfo": {"status": "Invalid"}}
    assert ("RequestStopTransaction", {"transactionId": "t1"}) in talk.calls
    (refused,) = [event for event in talk.events if event.change is Change.TOKEN_REFUSED]
    assert (refused.plug, refused.token) == (1, "OTHER")
    mine = {"idToken": {"idToken": "Mine", "type": "ISO14443"}}
    assert event_of(talk, "Updated", **mine) == {"idTokenInfo": {"status": "Accepted"}}


def test_a_guest_charges_once():
    talk = Talk(settings=StationSettings(tokens=frozenset()))
    talk.boot()
    talk.station.state.guests.welcome("Other")
    identifier = talk.start(1, idTag="OTHER")
    assert talk.say("Authorize", {"idTag": "OTHER"})["idTagInfo"] == {"status": "Accepted"}
    second = {"connectorId": 2, "idTag": "OTHER", "meterStart": 0, "timestamp": talk.time()}
    assert talk.say("StartTransaction", second)["idTagInfo"] == {"status": "Invalid"}
    stop = {"transactionId": int(identifier), "meterStop": 1, "timestamp": talk.time()}
    talk.say("StopTransaction", stop)
    assert talk.say("Authorize", {"idTag": "OTHER"})["idTagInfo"] == {"status": "Invalid"}


def test_where_only_some_may_charge_nobody_is_started_unasked():
    talk = Talk(settings=StationSettings(tokens=frozenset(), overrides={"remote_start": True}))
    talk.boot()
    talk.command(1, 10.0)
    talk.status(1, "Preparing")
    talk.wait(60.0)
    assert "RemoteStartTransaction" not in [action for action, _ in talk.calls]


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_in_2_x_a_start_told_again_after_our_restart_is_the_session_that_runs(version):
    first = Talk(version)
    first.boot()
    began = {"timestamp": first.time()}
    event_of(first, **began, **CARD)
    second = Talk(version, record=first.station.state.record(version))
    second.now = 120.0
    assert event_of(second, **began, **CARD) == {"idTokenInfo": {"status": "Accepted"}}
    assert second.plug().session == first.plug().session
    assert Change.SESSION_BEGAN not in [event.change for event in second.events]


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_in_2_x_an_end_told_again_after_our_restart_ends_nothing_else(version):
    first = Talk(version)
    first.boot()
    event_of(first, **CARD)
    end = {"timestamp": first.time()}
    event_of(first, "Ended", **end)
    second = Talk(version, record=first.station.state.record(version))
    second.now = 120.0
    event_of(second, "Ended", **end)
    assert Change.SESSION_ENDED not in [event.change for event in second.events]
    info = {"transactionInfo": {"transactionId": "t2", "chargingState": "Charging"}}
    event_of(second, **info)
    event_of(second, "Ended", **end)
    assert second.plug().session.id == "t2"
    assert second.plug().session.ended is None


def test_charging_is_free_by_default():
    talk = Talk(Version.V201)
    answer = talk.say("Authorize", {"idToken": {"idToken": "ANY", "type": "ISO14443"}})
    assert answer == {"idTokenInfo": {"status": "Accepted"}}
