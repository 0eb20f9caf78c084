"""The dialogue for a circuit: a sub-distribution with a fuse of its own.

Its steps and fields are told in `subentry_flow`.
"""

from typing import Any

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import CONF_NAME

from evenload.model.site import Phase

from .circuit_form import circuit_form
from .const import CONF_CIRCUIT_METER, CONF_FUSE_CURRENT, CONF_PHASE_MAP, SUBENTRY_CIRCUIT
from .fields import flattened, sectioned
from .flow_base import SubentryFlow, without_name
from .flow_errors import FormErrors
from .inspect_entity import inspect_meter
from .preferences import Settings


class CircuitFlow(SubentryFlow):
    """Adds or changes a circuit."""

    kind_of_subentry = SUBENTRY_CIRCUIT

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask what a new circuit is."""
        errors, suggested = FormErrors(), flattened(user_input or {})
        if user_input is not None:
            errors = self._checked(suggested, user_input, own=None)
            if not errors:
                return self.async_create_entry(
                    title=suggested[CONF_NAME], data=without_name(suggested)
                )
        return self._form("user", suggested, errors, own=None)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what an existing circuit is."""
        subentry = self._get_reconfigure_subentry()
        own = subentry.subentry_id
        errors, suggested = FormErrors(), {CONF_NAME: subentry.title, **subentry.data}
        if user_input is not None:
            suggested = flattened(user_input)
            errors = self._checked(suggested, user_input, own=own)
            if not errors:
                return self.update(subentry, suggested[CONF_NAME], without_name(suggested))
        return self._form("reconfigure", suggested, errors, own=own)

    def _checked(self, answers: Settings, given: Settings, own: str | None) -> FormErrors:
        """Return what is wrong with the answers."""
        errors = FormErrors(given)
        phases = [Phase(letter) for letter in answers[CONF_PHASE_MAP]]
        metered = [phase for phase in phases if CONF_CIRCUIT_METER[phase] in answers]
        for phase in metered:
            field = CONF_CIRCUIT_METER[phase]
            errors.add_inspected(
                field, inspect_meter(self.hass, answers[field], answers[CONF_FUSE_CURRENT])
            )
        if metered and len(metered) < len(phases):
            missing = next(phase for phase in phases if phase not in metered)
            errors.add(CONF_CIRCUIT_METER[missing], "circuit_meter_incomplete")
        if not errors:
            self.check_whole(answers[CONF_NAME], without_name(answers), own, errors)
        return errors

    def _form(
        self, step_id: str, suggested: Settings, errors: FormErrors, *, own: str | None
    ) -> SubentryFlowResult:
        form = circuit_form(self.phases, self.circuits(other_than=own))
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(form, sectioned(form, suggested)),
            errors=errors.errors,
            description_placeholders=errors.placeholders,
        )
