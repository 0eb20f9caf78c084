"""The dialogue about a token that nobody has accepted yet: once, always, or not at all."""

import contextlib
from typing import Any

import probatio
from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers.selector import TextSelector

from evenload.ocpp.server.central import NotConnectedError

from .coordinator import EvenloadCoordinator
from .station_tokens import CONF_TOKEN_NAME
from .token_questions import Question


class TokenRepairFlow(RepairsFlow):
    """Asks whether a token may charge, and starts its session where it may."""

    def __init__(self, about: dict[str, str]) -> None:
        """Keep what the issue is about."""
        self._about = about

    async def async_step_init(self, _issue: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Offer the three answers."""
        return self.async_show_menu(
            step_id="init",
            menu_options=["once", "always", "refuse"],
            description_placeholders=self._placeholders,
        )

    async def async_step_once(self, _chosen: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Let it charge this time."""
        return await self._start(None)

    async def async_step_always(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask whose it is, and let it charge from now on."""
        if user_input is not None and user_input[CONF_TOKEN_NAME].strip():
            return await self._start(user_input[CONF_TOKEN_NAME].strip())
        return self.async_show_form(
            step_id="always",
            data_schema=probatio.Schema({probatio.Required(CONF_TOKEN_NAME): TextSelector()}),
            description_placeholders=self._placeholders,
        )

    async def async_step_refuse(self, _chosen: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Leave it refused, until it is shown again."""
        found = self._question()
        if found is not None:
            found[0].stations.questions.close(self._about["question"])
        return self.async_create_entry(data={})

    @property
    def _placeholders(self) -> dict[str, str]:
        return {"name": self._about["name"], "token": self._about["token"]}

    def _question(self) -> tuple[EvenloadCoordinator, Question] | None:
        """Return the question, if it still is one."""
        entry = self.hass.config_entries.async_get_entry(self._about["entry_id"])
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return None
        coordinator: EvenloadCoordinator = entry.runtime_data
        question = coordinator.stations.questions.get(self._about["question"])
        return None if question is None else (coordinator, question)

    async def _start(self, name: str | None) -> RepairsFlowResult:
        """Accept the token, under a name where it is for good, and start its session."""
        found = self._question()
        if found is None:
            return self.async_abort(reason="question_over")
        coordinator, question = found
        stations = coordinator.stations
        if name is not None:
            stations.questions.accept(question, name)
        stations.questions.close(self._about["question"])
        central = stations.central
        if central is not None:
            central.welcome(question.identity, question.token)
            if question.plug is not None:
                # A station that is away, or whose car has gone, still knows its guest.
                with contextlib.suppress(NotConnectedError):
                    await central.start_charging(question.identity, question.plug, question.token)
        return self.async_create_entry(data={})
