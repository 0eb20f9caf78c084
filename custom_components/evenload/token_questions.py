"""Tokens that somebody has shown and that nobody has accepted: each is asked about as a repair.

The token itself stays in memory. The issue names its end only, and is known by a digest.
"""

from dataclasses import dataclass, field
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from evenload.ocpp.tokens import shown

from .const import DOMAIN
from .station_tokens import key_of, with_token

ISSUE_TOKEN: Final = "unknown_token"  # noqa: S105 - the name of an issue
MOST_QUESTIONS = 10
"""Tokens of one site that are asked about at once; the oldest gives way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whether a token may charge."""

    subentry_id: str
    identity: str
    plug: int | None
    """Where it was shown; None: not known."""
    token: str = field(repr=False)
    name: str
    """What people call the charger or plug."""


class TokenQuestions:
    """The questions of one site that are not answered yet."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Ask nothing yet."""
        self._hass = hass
        self._entry = entry
        self._open: dict[str, Question] = {}

    def get(self, key: str) -> Question | None:
        """Return a question that is still open."""
        return self._open.get(key)

    @callback
    def ask(self, question: Question) -> None:
        """Ask about a token; one that is shown again is asked about where it was shown last."""
        key = f"{question.identity}_{key_of(question.token)}"
        self._open.pop(key, None)
        self._open[key] = question
        if len(self._open) > MOST_QUESTIONS:
            self.close(next(iter(self._open)))
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._id_of(key),
            data={
                "entry_id": self._entry.entry_id,
                "question": key,
                "name": question.name,
                "token": shown(question.token),
            },
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key=ISSUE_TOKEN,
            translation_placeholders={"name": question.name, "token": shown(question.token)},
        )

    @callback
    def close(self, key: str) -> None:
        """Ask no more about a token."""
        if self._open.pop(key, None) is not None:
            ir.async_delete_issue(self._hass, DOMAIN, self._id_of(key))

    @callback
    def withdraw(self) -> None:
        """Withdraw all questions: nobody listens to the answers any more."""
        for key in tuple(self._open):
            self.close(key)

    @callback
    def accept(self, question: Question, name: str) -> None:
        """Let a token charge from now on, under a name."""
        subentry = self._entry.subentries.get(question.subentry_id)
        if subentry is not None:
            self._hass.config_entries.async_update_subentry(
                self._entry, subentry, data=with_token(dict(subentry.data), question.token, name)
            )

    def _id_of(self, key: str) -> str:
        return f"{self._entry.entry_id}_token_{key}"
