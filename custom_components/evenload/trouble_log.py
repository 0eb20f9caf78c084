"""Writes to the log when trouble begins and when it ends, once each."""

import logging
from collections.abc import Mapping

from evenload.model.decision import Decision, Trouble, TroubleCode
from evenload.model.sentences import trouble_sentence
from evenload.model.site import Site

_LOGGER = logging.getLogger(__name__)

PATIENCE: Mapping[TroubleCode, float] = {TroubleCode.DEVICE_UNAVAILABLE: 60.0}
"""How long trouble must have lasted that comes with every restart: devices come back one by one [s]."""

type Key = tuple[TroubleCode, str]


class TroubleLog:
    """The troubles that last, by what they are and whom they are about."""

    def __init__(self) -> None:
        """Start without trouble."""
        self._told: dict[Key, Trouble] = {}

    def note(self, site: Site, decision: Decision) -> None:
        """Log what began and what ended with this decision."""
        now = {(trouble.code, trouble.about): trouble for trouble in decision.troubles}
        for key, trouble in now.items():
            lasts = decision.at - trouble.since >= PATIENCE.get(trouble.code, 0.0)
            if lasts and key not in self._told:
                self._told[key] = trouble
                _LOGGER.warning("%s", trouble_sentence(site, trouble))
        for key in self._told.keys() - now.keys():
            _LOGGER.info("No longer: %s", trouble_sentence(site, self._told.pop(key)))
