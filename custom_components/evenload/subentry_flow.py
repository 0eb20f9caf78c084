"""The dialogues for what a site manages: chargers, and loads behind a switch.

Steps and fields, in order (sections in brackets):

charger   user         device (may be left out; its entities are suggested in the next step)
          charger      name, limit_entity, enable_entity, status_entity, [measurement], [levels],
                       mode, priority
          reconfigure  as charger, without mode and priority
load      user         name, switch_entity, rated_power, power_sensor, phase_map, [behaviour],
                       mode, priority
          reconfigure  as user, without mode and priority
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME

from evenload.model.check import check_site
from evenload.model.site import Kind, Phase

from .charger_entities import suggested_for_charger
from .const import (
    CONF_CHARGER_MAX_CURRENT,
    CONF_CHARGING_ENTITY,
    CONF_CONNECTED_ENTITY,
    CONF_CURRENT_SENSORS,
    CONF_DEVICE,
    CONF_ENABLE_ENTITY,
    CONF_KIND,
    CONF_LIMIT_ENTITY,
    CONF_MANAGED,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_MODE,
    CONF_PHASE_MAP,
    CONF_PHASES,
    CONF_PLUG,
    CONF_PLUGS,
    CONF_POWER_SENSOR,
    CONF_PRIORITY,
    CONF_STATUS_ENTITY,
    CONF_SWITCH_ENTITY,
    NOMINAL_VOLTAGE,
    SUBENTRY_CHARGER,
    SUBENTRY_LOAD,
)
from .flow_errors import FormErrors
from .forms import charger_device_form, charger_form, flattened, sectioned, switch_form
from .inspection import Expected, current_range, inspect
from .wiring import Settings, wiring_of

FIRST_PLUG = "1"

CHARGER_ENTITIES = {
    CONF_LIMIT_ENTITY: Expected.LIMIT,
    CONF_ENABLE_ENTITY: Expected.STATE,
    CONF_STATUS_ENTITY: Expected.STATE,
    **dict.fromkeys(CONF_CURRENT_SENSORS, Expected.CURRENT),
    CONF_POWER_SENSOR: Expected.POWER,
    CONF_CONNECTED_ENTITY: Expected.STATE,
    CONF_CHARGING_ENTITY: Expected.STATE,
}
NEW: Settings = MappingProxyType({CONF_MANAGED: True})
"""What a load starts with that no form asks."""

SWITCH_ENTITIES = {CONF_SWITCH_ENTITY: Expected.STATE, CONF_POWER_SENSOR: Expected.POWER}


class _Flow(ConfigSubentryFlow):
    """What the dialogues of all kinds of loads share."""

    _subentry_type: str

    @property
    def _phases(self) -> tuple[Phase, ...]:
        return tuple(Phase)[: self._get_entry().data[CONF_PHASES]]

    def _inspect(
        self, answers: Settings, entities: dict[str, Expected], errors: FormErrors
    ) -> None:
        """Look at each chosen entity."""
        for field, expected in entities.items():
            if field in answers:
                errors.add_inspected(field, inspect(self.hass, answers[field], expected))

    def _refuse_driven_twice(
        self, field: str, entity_id: str, own: str | None, errors: FormErrors
    ) -> None:
        """Refuse an entity through which another load is driven already."""
        entry = self._get_entry()
        wired = wiring_of(entry.data, entry.options, entry.subentries).loads.values()
        driven = {load.driven for load in wired if load.subentry_id != own}
        if entity_id in driven:
            errors.add(field, "driven_already", entity_id)

    def _check_whole(
        self, title: str, data: dict[str, Any], own: str | None, errors: FormErrors
    ) -> None:
        """Let the library look at the site as it would be."""
        entry = self._get_entry()
        changed = ConfigSubentry(
            data=MappingProxyType(data),
            subentry_type=self._subentry_type,
            title=title,
            unique_id=None,
            **({} if own is None else {"subentry_id": own}),
        )
        subentries = {**entry.subentries, changed.subentry_id: changed}
        errors.add_findings(check_site(wiring_of(entry.data, entry.options, subentries).site))

    def _update(
        self, subentry: ConfigSubentry, title: str, data: dict[str, Any]
    ) -> SubentryFlowResult:
        """Store what was changed; a site that could not start has nobody who listens to that."""
        entry = self._get_entry()
        result = self.async_update_and_abort(entry, subentry, title=title, data=data)
        if entry.state is not ConfigEntryState.LOADED:
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return result


class ChargerFlow(_Flow):
    """Adds or changes a charger that is driven through entities of another integration."""

    _subentry_type = SUBENTRY_CHARGER

    def __init__(self) -> None:
        """Start with nothing suggested."""
        self._suggested: Settings = {}

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask which device the charger is."""
        if user_input is None:
            return self.async_show_form(
                step_id="user", data_schema=charger_device_form(), last_step=False
            )
        if CONF_DEVICE in user_input:
            self._suggested = suggested_for_charger(self.hass, user_input[CONF_DEVICE])
        return await self.async_step_charger()

    async def async_step_charger(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask how a new charger is read and driven."""
        errors = FormErrors()
        if user_input is not None:
            answers, errors = self._checked(user_input, own=None)
            if not errors:
                return self.async_create_entry(
                    title=answers[CONF_NAME], data=_charger_data(answers, ())
                )
            self._suggested = answers
        return self._form("charger", errors, with_preferences=True)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask how an existing charger is read and driven."""
        subentry = self._get_reconfigure_subentry()
        plugs: list[Settings] = subentry.data[CONF_PLUGS]
        self._suggested = {CONF_NAME: subentry.title, **plugs[0]}
        errors = FormErrors()
        if user_input is not None:
            answers, errors = self._checked(user_input, own=subentry.subentry_id)
            if not errors:
                return self._update(subentry, answers[CONF_NAME], _charger_data(answers, plugs))
            self._suggested = answers
        return self._form("reconfigure", errors, with_preferences=False)

    def _checked(
        self, user_input: dict[str, Any], own: str | None
    ) -> tuple[dict[str, Any], FormErrors]:
        """Return the answers and what is wrong with them."""
        answers, errors = flattened(user_input), FormErrors(user_input)
        self._inspect(answers, CHARGER_ENTITIES, errors)
        self._refuse_driven_twice(CONF_LIMIT_ENTITY, answers[CONF_LIMIT_ENTITY], own, errors)
        given = [key for key in CONF_CURRENT_SENSORS if key in answers]
        legs = len(answers[CONF_PHASE_MAP])
        if len(given) > 1 and given != list(CONF_CURRENT_SENSORS[: max(legs, len(given))]):
            errors.add(CONF_CURRENT_SENSORS[0], "legs_incomplete")
        if not given and CONF_POWER_SENSOR not in answers:
            errors.add(CONF_POWER_SENSOR, "draw_not_measured")
        if not errors:
            self._check_limit(answers, errors)
        if not errors:
            kept = () if own is None else self._get_entry().subentries[own].data[CONF_PLUGS]
            self._check_whole(answers[CONF_NAME], _charger_data(answers, kept), own, errors)
        return answers, errors

    def _check_limit(self, answers: Settings, errors: FormErrors) -> None:
        """Check that the number can be set to all that the charger is to be set to."""
        entity_id = answers[CONF_LIMIT_ENTITY]
        lowest, highest = current_range(
            self.hass, entity_id, legs=len(answers[CONF_PHASE_MAP]), voltage=NOMINAL_VOLTAGE
        )
        if lowest > 0 and CONF_ENABLE_ENTITY not in answers:
            errors.add(CONF_LIMIT_ENTITY, "cannot_pause", f"{entity_id} ({lowest:g} A)")
        if answers[CONF_MIN_CURRENT] < lowest or answers[CONF_MAX_CURRENT] > highest:
            errors.add(CONF_LIMIT_ENTITY, "out_of_range", f"{entity_id} ({lowest:g}-{highest:g} A)")

    def _form(
        self, step_id: str, errors: FormErrors, *, with_preferences: bool
    ) -> SubentryFlowResult:
        form = charger_form(self._phases, with_preferences=with_preferences)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(form, sectioned(form, self._suggested)),
            errors=errors.errors,
            description_placeholders=errors.placeholders,
        )


class LoadFlow(_Flow):
    """Adds or changes a load behind a switch."""

    _subentry_type = SUBENTRY_LOAD

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
                return self._update(subentry, answers[CONF_NAME], data)
            suggested = answers
        return self._form("reconfigure", suggested, errors, with_preferences=False)

    def _checked(
        self, user_input: dict[str, Any], own: str | None
    ) -> tuple[dict[str, Any], FormErrors]:
        """Return the answers and what is wrong with them."""
        answers, errors = flattened(user_input), FormErrors(user_input)
        self._inspect(answers, SWITCH_ENTITIES, errors)
        self._refuse_driven_twice(CONF_SWITCH_ENTITY, answers[CONF_SWITCH_ENTITY], own, errors)
        if not errors:
            kept = NEW if own is None else self._get_entry().subentries[own].data
            self._check_whole(answers[CONF_NAME], _switch_data(answers, kept), own, errors)
        return answers, errors

    def _form(
        self, step_id: str, suggested: Settings, errors: FormErrors, *, with_preferences: bool
    ) -> SubentryFlowResult:
        form = switch_form(self._phases, with_preferences=with_preferences)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(form, sectioned(form, suggested)),
            errors=errors.errors,
            description_placeholders=errors.placeholders,
        )


def _charger_data(answers: Settings, plugs: Sequence[Settings]) -> dict[str, Any]:
    """Return what is stored of a charger whose first plug the answers describe.

    `plugs` are those it has already: the others stay, and the first keeps its preferences.
    """
    first, *others = plugs or (NEW,)
    plug = {CONF_PLUG: FIRST_PLUG, **_preferences(first), **_without_name(answers)}
    return {
        CONF_CHARGER_MAX_CURRENT: answers[CONF_MAX_CURRENT],
        CONF_PLUGS: [plug, *others],
    }


def _switch_data(answers: Settings, known: Settings) -> dict[str, Any]:
    """Return what is stored of a load behind a switch; what is known keeps its preferences."""
    return {CONF_KIND: Kind.SWITCH, **_preferences(known), **_without_name(answers)}


def _preferences(known: Settings) -> dict[str, Any]:
    return {key: known[key] for key in (CONF_MANAGED, CONF_MODE, CONF_PRIORITY) if key in known}


def _without_name(answers: Settings) -> dict[str, Any]:
    """Return the answers but for the name, which is the subentry's title."""
    return {key: value for key, value in answers.items() if key != CONF_NAME}
