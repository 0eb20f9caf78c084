"""What the words that chargers use for their status mean.

The keys are the states of chargers' status sensors in Home Assistant, of OCPP 1.6 (section 4.9,
StatusNotification) and of IEC 61851-1 (A to F), written small and with single underscores.
"""

import re
from types import MappingProxyType
from typing import Final

from evenload.model.readings import LoadState

_WORDS: Final = {
    LoadState.DISCONNECTED: (
        "a available cable_disconnected car_disconnected disconnected idle no_car no_vehicle"
        " not_connected standby unplugged vehicle_disconnected ready_no_car a1 a2"
    ),
    LoadState.CONNECTED: (
        "b b1 b2 awaiting_authorization awaiting_start cable_connected car_connected connected"
        " connected_waiting_for_car locked occupied paused plugged plugged_in preparing queued"
        " ready ready_to_charge reserved stopped suspended_evse suspendedevse vehicle_connected"
        " vehicle_detected wait wait_car waiting waiting_for_authorization scheduled"
        " not_charging authorizing authenticating awaiting_authentication"
    ),
    LoadState.CHARGING: "c c2 d d2 active car_charging charging discharging in_charge",
    LoadState.SUSPENDED: (
        "c1 d1 charge_paused_by_vehicle suspended_ev suspendedev suspended waiting_for_car"
        " waiting_for_car_demand waiting_for_vehicle"
    ),
    LoadState.FINISHED: "charge_complete charged complete completed done finished finishing",
    LoadState.FAULTED: "e f error fault faulted out_of_order unavailable_fault failure",
}

_STATES: Final = MappingProxyType(
    {word: state for state, words in _WORDS.items() for word in words.split()}
)


def load_state_of(word: str) -> LoadState | None:
    """Return the state that a status word stands for; None when we do not know the word."""
    return _STATES.get(re.sub(r"[^a-z0-9]+", "_", word.strip().lower()))
