"""Writes to the log when trouble begins and when it ends, once each."""

import logging

from evenload.model.decision import Decision, Trouble, TroubleCode
from evenload.model.sentences import trouble_sentence
from evenload.model.site import Site

_LOGGER = logging.getLogger(__name__)


class TroubleLog:
    """The troubles that last, by what they are and whom they are about."""

    def __init__(self) -> None:
        """Start without trouble."""
        self._lasting: dict[tuple[TroubleCode, str], Trouble] = {}

    def note(self, site: Site, decision: Decision) -> None:
        """Log what began and what ended with this decision."""
        now = {(trouble.code, trouble.about): trouble for trouble in decision.troubles}
        for key, trouble in now.items():
            if key not in self._lasting:
                _LOGGER.warning("%s", trouble_sentence(site, trouble))
        for key, trouble in self._lasting.items():
            if key not in now:
                _LOGGER.info("No longer: %s", trouble_sentence(site, trouble))
        self._lasting = now
