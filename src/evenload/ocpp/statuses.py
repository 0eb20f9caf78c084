"""The stations' words for a plug's state, and what each means to the controller.

Sources: OCPP 1.6 edition 2, section 4.9 and errata 3.55 and 3.64; OCPP 2.0.1 part 2, ConnectorStatusEnum
and ChargingStateEnum. A plug that is held at 0 says `SuspendedEVSE` whether or not its car is full, so
that counts as wanting power.
"""

from collections.abc import Mapping

from evenload.model.readings import LoadState

CONNECTOR_STATES: Mapping[str, LoadState] = {
    "Available": LoadState.DISCONNECTED,
    "Preparing": LoadState.CONNECTED,
    "Charging": LoadState.CHARGING,
    "SuspendedEVSE": LoadState.CONNECTED,
    "SuspendedEV": LoadState.SUSPENDED,
    "Finishing": LoadState.FINISHED,
    "Reserved": LoadState.DISCONNECTED,
    "Unavailable": LoadState.DISCONNECTED,
    "Faulted": LoadState.FAULTED,
    "Occupied": LoadState.CONNECTED,
}
"""Of 1.6 and 2.x together: some 2.x stations use words of 1.6."""

CHARGING_STATES: Mapping[str, LoadState] = {
    "EVConnected": LoadState.CONNECTED,
    "Charging": LoadState.CHARGING,
    "SuspendedEV": LoadState.SUSPENDED,
    "SuspendedEVSE": LoadState.CONNECTED,
    "Idle": LoadState.DISCONNECTED,
}
"""Of a 2.x transaction; they say more than `Occupied` does."""

VAGUE = "Occupied"
"""A connector's word that leaves a running transaction's charging state as it is."""

UNAVAILABLE = "Unavailable"
PREPARING = "Preparing"

_BY_LOWER_CASE = {word.lower(): word for word in (*CONNECTOR_STATES, *CHARGING_STATES)}


def known_word(word: str) -> str:
    """Return the word as OCPP writes it, whatever case and blanks a station uses."""
    return _BY_LOWER_CASE.get("".join(word.split()).lower(), word)
