"""Sessions survive what happens to connections, stations and this program."""

from datetime import timedelta

import pytest

from evenload.model.readings import LoadState
from evenload.model.site import Leg
from evenload.ocpp.nouns import Change, TroubleCode, Version
from evenload.ocpp.server.memory import Memory, as_data, from_data
from evenload.ocpp.transactions import TransactionIds
from tests.ocpp.rig import START, Talk

CURRENT = {"value": "9.7", "measurand": "Current.Import", "phase": "L1", "unit": "A"}
BOTH = pytest.mark.parametrize("version", [Version.V16, Version.V201])


def register(value: float) -> dict[str, object]:
    return {"value": str(value), "measurand": "Energy.Active.Import.Register", "unit": "Wh"}


@BOTH
def test_a_session_from_beginning_to_end(version):
    talk = Talk(version)
    talk.boot()
    talk.status(1, "Preparing" if version is Version.V16 else "Occupied")
    assert talk.plug().state is LoadState.CONNECTED
    identifier = talk.start(1)
    if version is Version.V16:
        talk.status(1, "Charging")
    else:
        value = [{"timestamp": talk.time(), "sampledValue": [{"value": 100.0}]}]
        talk.event("Updated", 1, "Charging", meterValue=value)
    assert talk.plug().state is LoadState.CHARGING
    talk.meter(1, CURRENT, register(600), **of(version, identifier))
    assert talk.plug().current[Leg.L1].value == 9.7
    assert talk.plug().session.energy == 500.0
    stop(talk, identifier)
    talk.status(1, "Available")
    assert talk.plug().state is LoadState.DISCONNECTED
    assert talk.plug().session.ended is not None
    assert talk.plug().current[Leg.L1].value == 0.0
    assert (Change.SESSION_BEGAN, 1) in talk.changes()
    assert (Change.SESSION_ENDED, 1) in talk.changes()


def of(version: Version, identifier: str) -> dict[str, object]:
    return {"transactionId": int(identifier)} if version is Version.V16 else {}


def stop(talk: Talk, identifier: str, **more: object) -> None:
    if talk.version is Version.V16:
        payload = {"transactionId": int(identifier), "meterStop": 600, "timestamp": talk.time()}
        talk.say("StopTransaction", payload | more)
    else:
        talk.event("Ended", int(identifier[1:]), "Idle", **more)


def test_two_plugs_have_a_session_each():
    talk = Talk()
    talk.boot()
    first, second = talk.start(1), talk.start(2)
    assert first != second
    talk.meter(2, CURRENT, transactionId=int(second))
    assert talk.plug(1).current == {}
    assert talk.plug(2).current[Leg.L1].value == 9.7
    stop(talk, second)
    assert talk.plug(1).session.ended is None


def test_a_start_that_is_repeated_gets_the_same_id():
    talk = Talk()
    talk.boot()
    at = talk.time()
    first = talk.start(1, timestamp=at)
    talk.now += 30.0
    assert talk.start(1, timestamp=at) == first
    assert talk.changes().count((Change.SESSION_BEGAN, 1)) == 1


@BOTH
def test_a_reconnection_goes_on_with_the_session(version):
    talk = Talk(version)
    talk.boot()
    identifier = talk.start(1)
    before = talk.plug().session
    talk.reconnect(away=100.0)
    talk.meter(1, CURRENT, **of(version, identifier))
    assert talk.plug().session.id == before.id
    assert talk.plug().session.began == before.began


def test_a_session_that_nobody_knows_is_adopted_from_its_meter_values():
    talk = Talk()
    talk.meter(1, CURRENT, transactionId=4711)
    assert talk.plug().session.id == "4711"
    assert talk.ids.give() > 4711


def test_a_straggler_after_the_end_revives_nothing():
    talk = Talk()
    talk.boot()
    identifier = talk.start(1)
    stop(talk, identifier)
    talk.meter(1, CURRENT, transactionId=int(identifier))
    assert talk.plug().session.ended is not None


def test_a_restart_of_ours_adopts_what_runs():
    talk = Talk()
    talk.boot()
    identifier = talk.start(1)
    talk.meter(1, register(600), transactionId=int(identifier))
    data = as_data(
        Memory(
            last_transaction=talk.ids.last,
            stations={"garage": talk.station.state.record(talk.station.version)},
        )
    )
    memory = from_data(data)
    assert memory.last_transaction == int(identifier)
    again = Talk(record=memory.stations["garage"])
    again.meter(1, register(700), transactionId=int(identifier))
    assert again.plug().session.id == identifier
    assert again.plug().session.began == talk.plug().session.began
    assert again.plug().session.energy == 600.0
    assert (Change.SESSION_BEGAN, 1) not in again.changes()


@pytest.mark.parametrize("damaged", [None, 3, [], {"form": 2}, {"form": 1, "stations": {"a": 7}}])
def test_a_damaged_memory_is_begun_anew(damaged):
    assert from_data(damaged).last_transaction == 0


def test_a_start_whose_answer_was_lost_with_our_restart_is_no_second_session():
    talk = Talk()
    talk.boot()
    at = talk.time()
    first = talk.start(1, timestamp=at)
    again = Talk(record=talk.station.state.record(talk.station.version))
    again.now = talk.now + 30.0
    assert again.start(1, timestamp=at) == first
    assert (Change.SESSION_BEGAN, 1) not in again.changes()
    assert again.start(1, timestamp=again.time()) != first


def test_ids_are_unique_over_restarts_even_when_nothing_was_saved():
    first = TransactionIds(0, START)
    given = {first.give() for _ in range(100)}
    later = TransactionIds(0, START + timedelta(minutes=5))
    assert later.give() not in given


@BOTH
def test_what_happened_offline_is_answered_and_does_not_change_the_present(version):
    talk = Talk(version)
    talk.boot()
    for _ in range(2):
        talk.now += 1.0
        talk.status(1, "Available")
    talk.reconnect(away=7200.0)
    talk.status(1, "Available")
    talk.events.clear()
    if version is Version.V16:
        identifier = talk.start(1, timestamp=talk.time(-3600))
        assert int(identifier) > 0
        talk.say(
            "StopTransaction",
            {"transactionId": int(identifier), "meterStop": 900, "timestamp": talk.time(-1800)},
        )
    else:
        talk.event("Started", 1, timestamp=talk.time(-3600), offline=True)
        talk.event("Ended", 1, "Idle", timestamp=talk.time(-1800), offline=True)
    assert talk.plug().state is LoadState.DISCONNECTED
    assert talk.plug().session is None
    (ended,) = [event for event in talk.events if event.change is Change.SESSION_ENDED]
    assert ended.session.began == START + timedelta(seconds=talk.now - 3600)
    assert ended.session.ended == START + timedelta(seconds=talk.now - 1800)


def test_a_stop_of_the_running_session_ends_it_however_late():
    talk = Talk()
    talk.boot()
    identifier = talk.start(1)
    talk.reconnect(away=7200.0)
    talk.status(1, "Charging")
    stop(talk, identifier, timestamp=talk.time(-3600))
    assert talk.plug().session.ended is not None


def test_old_meter_values_do_not_change_the_present():
    talk = Talk()
    talk.boot()
    talk.status(1, "Charging")
    identifier = int(talk.start(1))
    talk.meter(1, CURRENT, transactionId=identifier)
    old = [{"timestamp": talk.time(-900), "sampledValue": [CURRENT | {"value": "32"}]}]
    talk.say("MeterValues", {"connectorId": 1, "transactionId": identifier, "meterValue": old})
    assert talk.plug().current[Leg.L1].value == 9.7


def test_a_clock_that_is_set_back_is_believed_after_some_messages():
    talk = Talk()
    for _ in range(3):
        talk.status(1, "Available", timestamp=talk.time(86_400))
    for _ in range(9):
        talk.now += 1.0
        talk.status(1, "Charging")
    assert talk.plug().state is LoadState.CHARGING


def test_a_register_that_falls_costs_a_session_nothing():
    talk = Talk()
    talk.boot()
    identifier = int(talk.start(1, meterStart=800))
    for value in (848, 11, 61):
        talk.meter(1, register(value), transactionId=identifier)
    assert talk.plug().session.energy == 48 + 50


def test_a_plug_held_at_nothing_wants_power_whatever_the_station_calls_it():
    talk = Talk()
    talk.boot()
    identifier = int(talk.start(1))
    talk.status(1, "Charging")
    talk.command(1, 0.0)
    talk.meter(1, CURRENT | {"value": "0"}, transactionId=identifier)
    assert talk.plug().state is LoadState.CONNECTED


def test_a_plug_with_a_socket_and_a_cable_is_free_when_both_are():
    talk = Talk(Version.V201)
    talk.boot()
    talk.status(1, "Occupied")
    talk.status(1, "Available", connectorId=2)
    assert talk.plug().state is LoadState.CONNECTED
    talk.status(1, "Available")
    assert talk.plug().state is LoadState.DISCONNECTED


def test_a_limit_from_outside_is_a_trouble_while_it_lasts():
    talk = Talk(Version.V201)
    talk.boot()
    talk.status(1, "Occupied")
    limit = {"chargingLimitSource": "EMS"}
    talk.say("NotifyChargingLimit", {"evseId": 1, "chargingLimit": limit})
    assert talk.plug().troubles == (TroubleCode.LIMITED_OUTSIDE,)
    talk.say("ClearedChargingLimit", {"evseId": 1} | limit)
    assert talk.plug().troubles == ()


@pytest.mark.parametrize("version", tuple(Version))
def test_an_unknown_action_is_answered(version):
    assert Talk(version).say("Conjure", {}) == {"error": "NotImplemented"}


def test_frames_that_are_no_ocpp_are_a_trouble_until_one_is():
    talk = Talk()
    for text in ("", "[]", '{"a":1}'):
        talk.send(text)
    assert TroubleCode.MALFORMED in talk.station.snapshot().troubles
    talk.say("Heartbeat", {})
    assert TroubleCode.MALFORMED not in talk.station.snapshot().troubles


def test_a_call_without_payload_is_refused_by_its_id():
    talk = Talk()
    talk.station.receive('[2,"7","Heartbeat"]', talk.moment)
    assert talk.station.take_frames()[0].startswith('[4,"7","FormationViolation"')


def test_a_session_that_follows_another_at_once_is_not_finished_though_no_status_follows():
    talk = Talk()
    talk.boot()
    talk.status(1, "SuspendedEVSE")
    first = talk.start(1)
    talk.now += 1.0
    stop = {"transactionId": int(first), "meterStop": 1, "timestamp": talk.time()}
    talk.say("StopTransaction", stop)
    assert talk.plug().state is LoadState.FINISHED
    talk.start(1)
    assert talk.plug().state is LoadState.CONNECTED


def test_a_session_that_ends_before_anything_was_measured_leaves_nothing_unknown():
    talk = Talk()
    talk.boot()
    talk.status(1, "Preparing")
    first = talk.start(1)
    stop = {"transactionId": int(first), "meterStop": 1, "timestamp": talk.time()}
    talk.say("StopTransaction", stop)
    assert talk.plug().power.value == 0.0
    talk.now += 30.0
    talk.say("Heartbeat", {})
    assert talk.plug().power.at == talk.moment.now, "as long as no session runs, it says so"
    talk.start(1)
    talk.meter(1, CURRENT)
    assert talk.plug().power is None, "what was measured goes before what was assumed"
