"""The dialogue for a load behind a switch.

Its steps and fields are told in `subentry_flow`.
"""

from typing import Any

from homeassistant.config_entries import (
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME

from evenload.model.site import Kind

from .const import (
    CONF_KIND,
    CONF_POWER_SENSOR,
    CONF_SWITCH_ENTITY,
    SUBENTRY_LOAD,
)
from .fields import flattened, sectioned
from .flow_base import NEW, SubentryFlow, preferences_of, without_name
from .flow_errors import FormErrors
from .inspection import Expected
from .load_forms import switch_form
from .preferences import Settings

SWITCH_ENTITIES = {CONF_SWITCH_ENTITY: Expected.STATE, CONF_POWER_SENSOR: Expected.POWER}


class LoadFlow(SubentryFlow):
    """Adds or changes a load behind a switch."""

    kind_of_subentry = SUBENTRY_LOAD

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask what a new load is."""
        errors, suggested = FormErrors(), user_input or {}
        if user_input is not None:
            answers, errors = self._checked(user_input, own=None)
            if not errors:
                return self.async_create_entry(
                    title=answers[CONF_NAME], data=_switch_data(answers, NEW)
                )
            suggested = answers
        return self._form("user", suggested, errors, with_preferences=True)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what an existing load is."""
        subentry = self._get_reconfigure_subentry()
        errors, suggested = FormErrors(), {CONF_NAME: subentry.title, **subentry.data}
        if user_input is not None:
            answers, errors = self._checked(user_input, own=subentry.subentry_id)
            if not errors:
                data = _switch_data(answers, subentry.data)
                return self.update(subentry, answers[CONF_NAME], data)
            suggested = answers
        return self._form("reconfigure", suggested, errors, with_preferences=False)

    def _checked(
        self, user_input: dict[str, Any], own: str | None
    ) -> tuple[dict[str, Any], FormErrors]:
        """Return the answers and what is wrong with them."""
        answers, errors = flattened(user_input), FormErrors(user_input)
        self.inspect_all(answers, SWITCH_ENTITIES, errors)
        self.refuse_driven_twice(CONF_SWITCH_ENTITY, answers[CONF_SWITCH_ENTITY], own, errors)
        if not errors:
            kept = NEW if own is None else self._get_entry().subentries[own].data
            self.check_whole(answers[CONF_NAME], _switch_data(answers, kept), own, errors)
        return answers, errors

    def _form(
        self, step_id: str, suggested: Settings, errors: FormErrors, *, with_preferences: bool
    ) -> SubentryFlowResult:
        form = switch_form(self.phases, self.circuits(), with_preferences=with_preferences)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(form, sectioned(form, suggested)),
            errors=errors.errors,
            description_placeholders=errors.placeholders,
        )


def _switch_data(answers: Settings, known: Settings) -> dict[str, Any]:
    """Return what is stored of a load behind a switch; what is known keeps its preferences."""
    return {CONF_KIND: Kind.SWITCH, **preferences_of(known), **without_name(answers)}
