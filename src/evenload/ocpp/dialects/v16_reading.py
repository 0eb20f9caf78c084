"""What a station says in OCPP 1.6, read leniently."""

from collections.abc import Callable, Mapping

from evenload.ocpp.heard import (
    Alive,
    Authorize,
    Boot,
    Heard,
    Meter,
    Stage,
    Status,
    Transaction,
)
from evenload.ocpp.lenient import instant, number, text, whole
from evenload.ocpp.nouns import StationInfo
from evenload.ocpp.statuses import CONNECTOR_STATES, known_word

_QUIET = frozenset(
    {
        "Heartbeat",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "DataTransfer",
        "SecurityEventNotification",
        "LogStatusNotification",
        "SignedFirmwareStatusNotification",
    }
)
_LONGEST_TOKEN = 20


def _info(payload: Mapping[str, object]) -> StationInfo:
    return StationInfo(
        vendor=text(payload.get("chargePointVendor"), 50),
        model=text(payload.get("chargePointModel"), 50),
        serial=text(payload.get("chargePointSerialNumber"), 50)
        or text(payload.get("chargeBoxSerialNumber"), 50),
        firmware=text(payload.get("firmwareVersion"), 50),
    )


def _status(payload: Mapping[str, object]) -> Status:
    word = known_word(text(payload.get("status"), 40) or "")
    error = text(payload.get("errorCode"), 50)
    return Status(
        plug=whole(payload.get("connectorId")) or 0,
        word=word,
        state=CONNECTOR_STATES.get(word),
        error=None if error in {None, "NoError"} else error,
        at=instant(payload.get("timestamp")),
    )


def _meter(payload: Mapping[str, object]) -> Meter:
    transaction = whole(payload.get("transactionId"))
    return Meter(
        plug=whole(payload.get("connectorId")) or 0,
        values=payload.get("meterValue"),
        transaction=str(transaction) if transaction and transaction > 0 else None,
    )


def _start(payload: Mapping[str, object]) -> Transaction:
    return Transaction(
        stage=Stage.STARTED,
        plug=whole(payload.get("connectorId")),
        id=None,
        token=text(payload.get("idTag"), _LONGEST_TOKEN),
        register=number(payload.get("meterStart")),
        at=instant(payload.get("timestamp")),
    )


def _stop(payload: Mapping[str, object]) -> Transaction:
    return Transaction(
        stage=Stage.ENDED,
        plug=None,
        id=text(payload.get("transactionId"), 36),
        token=text(payload.get("idTag"), _LONGEST_TOKEN),
        register=number(payload.get("meterStop")),
        at=instant(payload.get("timestamp")),
        reason=text(payload.get("reason"), 40) or "Local",
    )


def _boot(payload: Mapping[str, object]) -> Boot:
    return Boot(info=_info(payload))


def _authorize(payload: Mapping[str, object]) -> Authorize:
    return Authorize(token=text(payload.get("idTag"), _LONGEST_TOKEN) or "")


_READERS: Mapping[str, Callable[[Mapping[str, object]], Heard]] = {
    "BootNotification": _boot,
    "StatusNotification": _status,
    "MeterValues": _meter,
    "StartTransaction": _start,
    "StopTransaction": _stop,
    "Authorize": _authorize,
}


def read(action: str, payload: Mapping[str, object]) -> Heard | None:
    """Return what a station's call means; None: there is no such action."""
    reader = _READERS.get(action)
    if reader is not None:
        return reader(payload)
    return Alive() if action in _QUIET else None
