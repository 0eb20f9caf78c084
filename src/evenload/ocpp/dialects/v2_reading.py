"""What a station says in OCPP 2.0.1 and 2.1, read leniently.

The connector's status says no more than that something is plugged in; the transaction's charging state
says the rest.
"""

from collections.abc import Callable, Mapping

from evenload.ocpp.heard import (
    Alive,
    Authorize,
    Boot,
    Heard,
    Meter,
    OutsideLimit,
    Profiles,
    Stage,
    Status,
    Transaction,
)
from evenload.ocpp.lenient import fields, flag, instant, items, text, whole
from evenload.ocpp.measurements import measured
from evenload.ocpp.nouns import StationInfo
from evenload.ocpp.statuses import CHARGING_STATES, CONNECTOR_STATES, VAGUE, known_word

_QUIET = frozenset(
    {
        "Heartbeat",
        "NotifyReport",
        "NotifyEvent",
        "NotifyMonitoringReport",
        "SecurityEventNotification",
        "LogStatusNotification",
        "FirmwareStatusNotification",
        "DataTransfer",
        "NotifyCustomerInformation",
        "NotifyDisplayMessages",
        "ReservationStatusUpdate",
        "NotifyPriorityCharging",
        "NotifySettlement",
        "BatterySwap",
    }
)
"""Calls that are answered and say nothing we use."""
_STAGES = {"Started": Stage.STARTED, "Updated": Stage.UPDATED, "Ended": Stage.ENDED}


def _info(station: Mapping[str, object]) -> StationInfo:
    return StationInfo(
        vendor=text(station.get("vendorName"), 50),
        model=text(station.get("model"), 50),
        serial=text(station.get("serialNumber"), 50),
        firmware=text(station.get("firmwareVersion"), 50),
    )


def _status(payload: Mapping[str, object]) -> Status:
    word = known_word(text(payload.get("connectorStatus"), 40) or "")
    return Status(
        plug=whole(payload.get("evseId")) or 0,
        word=word,
        state=None if word == VAGUE else CONNECTOR_STATES.get(word),
        error="Faulted" if word == "Faulted" else None,
        connector=whole(payload.get("connectorId")) or 1,
        at=instant(payload.get("timestamp")),
    )


def _transaction(payload: Mapping[str, object]) -> Heard:
    info = fields(payload.get("transactionInfo"))
    word = known_word(text(info.get("chargingState"), 40) or "")
    stage = _STAGES.get(text(payload.get("eventType"), 20) or "", Stage.UPDATED)
    values = payload.get("meterValue")
    return Transaction(
        stage=stage,
        plug=whole(fields(payload.get("evse")).get("id")),
        id=text(info.get("transactionId"), 36),
        word=word or None,
        state=CHARGING_STATES.get(word),
        token=_token(payload),
        register=measured(values, legs=3).energy,
        at=instant(payload.get("timestamp")),
        offline=flag(payload.get("offline")) is True,
        reason=text(info.get("stoppedReason"), 40) or text(payload.get("triggerReason"), 40),
        values=values,
    )


def _token(payload: Mapping[str, object]) -> str | None:
    return text(fields(payload.get("idToken")).get("idToken"), 36)


def _limited(payload: Mapping[str, object]) -> OutsideLimit:
    source = fields(payload.get("chargingLimit")).get("chargingLimitSource")
    return OutsideLimit(plug=whole(payload.get("evseId")) or 0, active=source != "CSO")


def _boot(payload: Mapping[str, object]) -> Boot:
    return Boot(info=_info(fields(payload.get("chargingStation"))))


def _meter(payload: Mapping[str, object]) -> Meter:
    return Meter(plug=whole(payload.get("evseId")) or 0, values=payload.get("meterValue"))


def _authorize(payload: Mapping[str, object]) -> Authorize:
    return Authorize(token=_token(payload) or "")


def _no_longer_limited(payload: Mapping[str, object]) -> OutsideLimit:
    return OutsideLimit(plug=whole(payload.get("evseId")) or 0, active=False)


def _profiles(payload: Mapping[str, object]) -> Profiles:
    return Profiles(
        plug=whole(payload.get("evseId")) or 0,
        profiles=tuple(map(fields, items(payload.get("chargingProfile")))),
    )


_READERS: Mapping[str, Callable[[Mapping[str, object]], Heard]] = {
    "BootNotification": _boot,
    "StatusNotification": _status,
    "MeterValues": _meter,
    "TransactionEvent": _transaction,
    "Authorize": _authorize,
    "NotifyChargingLimit": _limited,
    "ClearedChargingLimit": _no_longer_limited,
    "ReportChargingProfiles": _profiles,
}


def read(action: str, payload: Mapping[str, object]) -> Heard | None:
    """Return what a station's call means; None: there is no such action."""
    reader = _READERS.get(action)
    if reader is not None:
        return reader(payload)
    return Alive() if action in _QUIET else None
