"""The dialogues for loads behind entities: one step for each kind, to add and to change one.

Their steps and fields are told in `subentry_flow`; what a kind asks is told by the kind (see `load_kind`).
"""

from typing import Any

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import CONF_NAME

from .const import CONF_KIND, SUBENTRY_LOAD
from .fields import flattened, sectioned
from .flow_base import NEW, SubentryFlow, preferences_of, without_name
from .flow_errors import FormErrors
from .kind_power import POWER
from .kind_pump import PUMP
from .kind_stepped import STEPPED
from .kind_switch import SWITCH
from .kind_tank import TANK
from .kinds import KINDS
from .load_forms import load_form
from .load_kind import LoadKind
from .preferences import Settings

type Answers = dict[str, Any] | None


class LoadFlow(SubentryFlow):
    """Adds or changes a load behind entities."""

    kind_of_subentry = SUBENTRY_LOAD

    async def async_step_user(self, user_input: Answers = None) -> SubentryFlowResult:
        """Ask of what kind a new load is."""
        del user_input
        return self.async_show_menu(step_id="user", menu_options=list(KINDS))

    async def async_step_switch(self, user_input: Answers = None) -> SubentryFlowResult:
        """Ask about a load behind a switch that is new."""
        return self._add(SWITCH, user_input)

    async def async_step_tank(self, user_input: Answers = None) -> SubentryFlowResult:
        """Ask about a store of heat that is new."""
        return self._add(TANK, user_input)

    async def async_step_pump(self, user_input: Answers = None) -> SubentryFlowResult:
        """Ask about something that runs for so long each day that is new."""
        return self._add(PUMP, user_input)

    async def async_step_stepped(self, user_input: Answers = None) -> SubentryFlowResult:
        """Ask about a load with several steps that is new."""
        return self._add(STEPPED, user_input)

    async def async_step_power(self, user_input: Answers = None) -> SubentryFlowResult:
        """Ask about a load whose power a number sets that is new."""
        return self._add(POWER, user_input)

    async def async_step_reconfigure(self, user_input: Answers = None) -> SubentryFlowResult:
        """Ask again about an existing load, by its kind."""
        kind = self._get_reconfigure_subentry().data[CONF_KIND]
        return self._change(KINDS[kind], user_input)

    async def async_step_change_switch(self, user_input: Answers = None) -> SubentryFlowResult:
        """Ask again about a load behind a switch."""
        return self._change(SWITCH, user_input)

    async def async_step_change_tank(self, user_input: Answers = None) -> SubentryFlowResult:
        """Ask again about a store of heat."""
        return self._change(TANK, user_input)

    async def async_step_change_pump(self, user_input: Answers = None) -> SubentryFlowResult:
        """Ask again about something that runs for so long each day."""
        return self._change(PUMP, user_input)

    async def async_step_change_stepped(self, user_input: Answers = None) -> SubentryFlowResult:
        """Ask again about a load with several steps."""
        return self._change(STEPPED, user_input)

    async def async_step_change_power(self, user_input: Answers = None) -> SubentryFlowResult:
        """Ask again about a load whose power a number sets."""
        return self._change(POWER, user_input)

    def _add(self, kind: LoadKind, user_input: Answers) -> SubentryFlowResult:
        errors, suggested = FormErrors(), user_input or {}
        if user_input is not None:
            suggested, errors = self._checked(kind, user_input, own=None)
            if not errors:
                return self.async_create_entry(
                    title=suggested[CONF_NAME], data=self._data(kind, suggested, NEW)
                )
        return self._form(kind, kind.name, suggested, errors, is_new=True)

    def _change(self, kind: LoadKind, user_input: Answers) -> SubentryFlowResult:
        subentry = self._get_reconfigure_subentry()
        errors, suggested = FormErrors(), {CONF_NAME: subentry.title, **subentry.data}
        if user_input is not None:
            suggested, errors = self._checked(kind, user_input, own=subentry.subentry_id)
            if not errors:
                data = self._data(kind, suggested, subentry.data)
                return self.update(subentry, suggested[CONF_NAME], data)
        return self._form(kind, f"change_{kind.name}", suggested, errors, is_new=False)

    def _checked(
        self, kind: LoadKind, user_input: dict[str, Any], own: str | None
    ) -> tuple[dict[str, Any], FormErrors]:
        """Return the answers and what is wrong with them."""
        answers, errors = flattened(user_input), FormErrors(user_input)
        self.inspect_all(answers, kind.inspected, errors)
        for field, driven in kind.driven(answers).items():
            for entity_id in driven:
                self.refuse_driven_twice(field, entity_id, own, errors)
        if not errors:
            kind.check(self.hass, answers, errors)
        if not errors:
            kept = NEW if own is None else self._get_entry().subentries[own].data
            self.check_whole(answers[CONF_NAME], self._data(kind, answers, kept), own, errors)
        return answers, errors

    def _data(self, kind: LoadKind, answers: Settings, known: Settings) -> dict[str, Any]:
        """Return what is stored of a load; one that is known keeps its preferences."""
        return {
            CONF_KIND: kind.name,
            **preferences_of(known),
            **without_name(answers),
            **kind.stored(self.hass, answers),
        }

    def _form(
        self, kind: LoadKind, step_id: str, suggested: Settings, errors: FormErrors, *, is_new: bool
    ) -> SubentryFlowResult:
        form = load_form(kind, self.phases, self.circuits(), is_new=is_new)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(form, sectioned(form, suggested)),
            errors=errors.errors,
            description_placeholders=errors.placeholders,
        )
