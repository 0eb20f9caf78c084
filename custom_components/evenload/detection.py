"""Looks for the wiring beside the controller: what phase each leg is on, which way the meter counts.

After each pass the library's estimator is told what was seen and commanded. What it is sure of and is
not as it was entered becomes an issue, with the steps that show it in words; nothing is changed
before a person confirms it, but for phase maps where that was asked for.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from evenload.detect import DetectorState, Verdicts, step
from evenload.detect.mismatch import Mismatch, MismatchKind, mismatches, sentence
from evenload.detect.persist import dump_state, load_state
from evenload.detect.watch import observation
from evenload.detect.worst_case import contradicted
from evenload.model.decision import Decision
from evenload.model.site import Leg, Mode, Phase, Site
from evenload.model.snapshot import Snapshot

from .const import DOMAIN

_LOGGER = logging.getLogger(__name__)

BY_ITSELF = frozenset({Mode.STANDARD, Mode.ECO, Mode.OFF})
"""Modes that a load follows at once, whatever the sun does."""
PROMPT = 60.0
"""A command that comes later after a change of mode has another cause [s]."""

ISSUES: Final[Mapping[MismatchKind, str]] = {
    MismatchKind.PHASE_MAP: "wiring_phase_map",
    MismatchKind.METER_PHASES: "wiring_meter_phases",
    MismatchKind.PHASE_REVERSED: "wiring_phase_reversed",
    MismatchKind.ALL_REVERSED: "wiring_all_reversed",
    MismatchKind.UNIT: "wiring_unit",
    MismatchKind.ELSEWHERE: "wiring_elsewhere",
}
"""The texts that tell of them."""
FIXABLE = frozenset(
    {MismatchKind.PHASE_MAP, MismatchKind.PHASE_REVERSED, MismatchKind.ALL_REVERSED}
)
"""What a person can put right by confirming it."""


class Detection:
    """The estimator of one site, and what it has found."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Know nothing yet."""
        self._hass = hass
        self._entry = entry
        self._state = DetectorState()
        self._raised: set[str] = set()
        self._wishes = Wishes()
        self.verdicts = Verdicts()
        self.found: tuple[Mismatch, ...] = ()
        self.doubtful: frozenset[str] = frozenset()
        """Loads whose phase map is contradicted: no fuse may depend on it."""

    def recall(self, content: object, now: float) -> None:
        """Go on with the evidence that was saved."""
        self._state = load_state(content, now)

    def content(self, now: float) -> dict[str, Any]:
        """Return what is saved."""
        return dump_state(self._state, now)

    @callback
    def forget(self) -> None:
        """Begin anew: the meter's phases are not what they were."""
        self._state, self.verdicts = DetectorState(), Verdicts()
        self.found, self.doubtful = (), frozenset()

    @callback
    def note(self, snapshot: Snapshot, decision: Decision, now: float) -> None:
        """Take one pass, and raise or withdraw issues where it has changed what is known."""
        own = self._wishes.followed(snapshot.site, decision, now)
        seen = observation(snapshot, decision, own=own)
        self._state, verdicts = step(self._state, seen, now)
        if verdicts is not self.verdicts:
            self.verdicts = verdicts
            self.found = mismatches(snapshot.site, self._state, verdicts)
            self.doubtful = contradicted(snapshot.site, verdicts)
            self._show(snapshot.site)

    @callback
    def withdraw(self) -> None:
        """Withdraw all issues: nobody looks after them any more."""
        for issue in set(self._raised):
            self._delete(issue)

    def _show(self, site: Site) -> None:
        wanted = {self.id_of(each): each for each in self.found}
        for issue, mismatch in wanted.items():
            self._raise(issue, mismatch, site)
        for issue in self._raised - wanted.keys():
            self._delete(issue)

    def _raise(self, issue: str, mismatch: Mismatch, site: Site) -> None:
        self._raised.add(issue)
        words = {
            "name": site.name_of(mismatch.about),
            "found": ", ".join(f"{leg} on {phase}" for leg, phase in mismatch.phases.items()),
            "turned": ", ".join(mismatch.reversed_phases),
            "evidence": "\n".join(f"- {sentence(site, each)}." for each in mismatch.evidence),
            "confidence": f"{100.0 * mismatch.confidence:.1f}",
        }
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue,
            data={
                "wiring": mismatch.kind,
                "issue": issue,
                "entry_id": self._entry.entry_id,
                "about": mismatch.about,
                "phases": map_text(mismatch.phases.values()),
                "reversed": map_text(mismatch.reversed_phases),
                **words,
            },
            is_fixable=mismatch.kind in FIXABLE,
            severity=ir.IssueSeverity.WARNING,
            translation_key=ISSUES[mismatch.kind],
            translation_placeholders=words,
        )

    def _delete(self, issue: str) -> None:
        self._raised.discard(issue)
        ir.async_delete_issue(self._hass, DOMAIN, issue)

    def id_of(self, mismatch: Mismatch) -> str:
        """Return the id of the issue about something that was found.

        It says what was found: an issue that a person ignores is silent until something else is.
        """
        found = map_text(mismatch.phases.values()) or map_text(mismatch.reversed_phases)
        about = mismatch.about.replace("/", "_")
        return f"{self._entry.entry_id}_wiring_{mismatch.kind}_{about}_{found}"


class Wishes:
    """Tells which commands follow from what a person chose, and not from what was read."""

    def __init__(self) -> None:
        """Know of no wish."""
        self._modes: dict[str, Mode] = {}
        self._wished: dict[str, float] = {}

    def followed(self, site: Site, decision: Decision, now: float) -> frozenset[str]:
        """Return the loads whose command in this pass is the first since a person changed their mode.

        One that then waits for the sun is commanded by the sun.
        """
        modes = {load.id: load.mode for load in site.all_loads}
        for load, mode in modes.items():
            if self._modes.get(load, mode) is not mode:
                self._wished.pop(load, None)
                if mode in BY_ITSELF:
                    self._wished[load] = now
        self._modes = modes
        told = {command.load for command in decision.commands}
        own = {load for load, at in self._wished.items() if load in told and now - at <= PROMPT}
        for load in own:
            del self._wished[load]
        return frozenset(own)


def map_text(phases: Iterable[Phase]) -> str:
    """Return phases as a text, as phase maps are stored: `BCA`."""
    return "".join(phases)


def seen_map(legs: Iterable[Leg], found: Mapping[Leg, Phase]) -> str:
    """Return a phase map of which not all is known: `B?A`."""
    return "".join(found.get(leg, "?") for leg in legs)
