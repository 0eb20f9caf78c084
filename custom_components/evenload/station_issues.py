"""Raises an issue for a charging station that is kept out, or let go again and again.

Nothing that such a station would do is seen, so only a person can mend it. What is wrong with a station that
is connected stands in its status instead.
"""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from evenload.ocpp.nouns import TroubleCode

from .const import DOMAIN
from .stations import Stations
from .wiring import Wiring

KEPT_OUT = {
    TroubleCode.WRONG_PASSWORD: "station_wrong_password",
    TroubleCode.NO_VERSION: "station_no_version",
    TroubleCode.SAME_IDENTITY: "station_same_identity",
    TroubleCode.FRAME_TOO_LONG: "station_frame_too_long",
}
"""The issue for each trouble."""


class StationIssues:
    """The issues about the stations of one site."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Start without issues."""
        self._hass = hass
        self._entry = entry
        self._raised: set[tuple[str, TroubleCode]] = set()

    @callback
    def note(self, wiring: Wiring, stations: Stations) -> None:
        """Raise what has come, and withdraw what is over."""
        present = {
            (identity, code)
            for identity in wiring.stations
            if (station := stations.snapshot(identity)) is not None
            for code in station.troubles
            if code in KEPT_OUT
        }
        for identity, code in present - self._raised:
            self._raise(wiring.stations[identity].subentry_id, identity, code)
        for gone in self._raised - present:
            ir.async_delete_issue(self._hass, DOMAIN, self._id_of(*gone))
        self._raised = present

    @callback
    def withdraw(self) -> None:
        """Withdraw all issues: nobody looks after them any more."""
        for each in self._raised:
            ir.async_delete_issue(self._hass, DOMAIN, self._id_of(*each))
        self._raised = set()

    def _raise(self, subentry_id: str, identity: str, code: TroubleCode) -> None:
        charger = self._entry.subentries.get(subentry_id)
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._id_of(identity, code),
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=KEPT_OUT[code],
            translation_placeholders={
                "name": identity if charger is None else charger.title,
                "identity": identity,
            },
        )

    def _id_of(self, identity: str, code: TroubleCode) -> str:
        return f"{self._entry.entry_id}_{identity}_{code}"
