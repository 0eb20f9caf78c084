"""The dialogues for what a site manages: chargers, and loads behind a switch.

Steps and fields, in order (sections in brackets):

charger   user         a menu of the ways to a charger, as far as there are any; else device
          ocpp_charger  ocpp_cpid (a charger of the integration `ocpp`)
          new_ocpp     name, circuit, mode, priority, [station], [levels]
          known_ocpp   as new_ocpp, without mode and priority
          station      ocpp_identity (one that has knocked, or any)
          new_station  name, circuit, mode, priority, [station], [levels]
          device       device (may be left out; its entities are suggested in the next step)
          charger      name, limit_entity, enable_entity, status_entity, [measurement], [levels],
                       circuit, mode, priority
          reconfigure  as charger, without mode and priority
          known_station  as new_station, without mode and priority, with a phase map for each plug
load      user         a menu of the kinds
          switch       name, switch_entity, rated_power, power_sensor, phase_map, circuit,
                       [behaviour], mode, priority
          stepped      name, levels, step_switches, select_entity, power_sensor, phase_map, circuit,
                       [behaviour], mode, priority
          power        name, number_entity, enable_entity, min_power, max_power, power_step,
                       power_sensor, phase_map, circuit, [behaviour], mode, priority
          tank         as switch, with temperature_sensor, [temperatures], [water]
          pump         as switch, with [runtime]
          change_...   as these, without mode and priority
circuit   user         name, fuse_current, phase_map, circuit, [meter]
          reconfigure  as user

The field circuit is asked only where there is a circuit besides the main fuse.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from homeassistant.components.select import ATTR_OPTIONS
from homeassistant.config_entries import (
    ConfigEntryState,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME

from evenload.ocpp.server.gate import identity_in

from .charger_entities import suggested_for_charger
from .circuit_wiring import circuit_of
from .const import (
    CONF_CHARGER_MAX_CURRENT,
    CONF_CHARGING_ENTITY,
    CONF_CIRCUIT,
    CONF_CONNECTED_ENTITY,
    CONF_CURRENT_SENSORS,
    CONF_DEVICE,
    CONF_ENABLE_ENTITY,
    CONF_IDENTITY,
    CONF_LIMIT_ENTITY,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_OCPP_ENABLED,
    CONF_OCPP_PORT,
    CONF_PHASE_MAP,
    CONF_PHASES_ENTITY,
    CONF_PLUG,
    CONF_PLUGS,
    CONF_POWER_SENSOR,
    CONF_STATUS_ENTITY,
    DEFAULT_OCPP_PORT,
    NOMINAL_VOLTAGE,
    SUBENTRY_CHARGER,
)
from .fields import flattened, sectioned
from .flow_base import NEW, preferences_of, without_name
from .flow_errors import FormErrors
from .inspect_entity import Expected, current_range
from .load_flow import LoadFlow
from .load_forms import charger_device_form, charger_form, identity_form, station_form
from .ocpp_devices import CONF_CPID, ocpp_charger_of
from .ocpp_flow import OcppChargerFlow
from .phase_words import option_for
from .preferences import Settings
from .station_answers import FIRST_PLUG, station_data, station_suggestions
from .station_found import NOT_HEARD, found_in_words
from .station_tokens import CONF_TOKENS

__all__ = ["ChargerFlow", "LoadFlow"]

CHARGER_ENTITIES = {
    CONF_LIMIT_ENTITY: Expected.LIMIT,
    CONF_ENABLE_ENTITY: Expected.STATE,
    CONF_PHASES_ENTITY: Expected.STATE,
    CONF_STATUS_ENTITY: Expected.STATE,
    **dict.fromkeys(CONF_CURRENT_SENSORS, Expected.CURRENT),
    CONF_POWER_SENSOR: Expected.POWER,
    CONF_CONNECTED_ENTITY: Expected.STATE,
    CONF_CHARGING_ENTITY: Expected.STATE,
}


class ChargerFlow(OcppChargerFlow):
    """Adds or changes a charger: a station that dials in, or one behind another integration."""

    kind_of_subentry = SUBENTRY_CHARGER

    def __init__(self) -> None:
        """Start with nothing suggested."""
        super().__init__()
        self._suggested: Settings = {}
        self._identity = ""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask how the charger is connected; without OCPP, which device it is."""
        ways = ["device"]
        if self.new_ocpp_chargers():
            ways.insert(0, "ocpp_charger")
        if self._get_entry().options.get(CONF_OCPP_ENABLED, False):
            ways.insert(0, "station")
        if len(ways) > 1:
            return self.async_show_menu(step_id="user", menu_options=ways)
        return await self._ask_device("user", user_input)

    async def async_step_device(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which device the charger is."""
        return await self._ask_device("device", user_input)

    async def _ask_device(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> SubentryFlowResult:
        if user_input is None:
            return self.async_show_form(
                step_id=step_id, data_schema=charger_device_form(), last_step=False
            )
        if CONF_DEVICE in user_input:
            charger = ocpp_charger_of(self.hass, user_input[CONF_DEVICE])
            if charger is not None:
                return await self.begin_ocpp(charger)
            self._suggested = suggested_for_charger(self.hass, user_input[CONF_DEVICE])
        return await self.async_step_charger()

    async def async_step_station(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which station the charger is: one that dialled in, or one that will."""
        errors = FormErrors([CONF_IDENTITY])
        if user_input is not None:
            self._identity = user_input[CONF_IDENTITY].strip()
            if identity_in(f"/{quote(self._identity)}") != self._identity:
                errors.add(CONF_IDENTITY, "invalid_identity", self._identity)
            self.refuse_driven_twice(CONF_IDENTITY, f"{self._identity}/{FIRST_PLUG}", None, errors)
            if not errors:
                return await self.async_step_new_station()
        strangers = self._strangers()
        return self.async_show_form(
            step_id="station",
            data_schema=identity_form(strangers),
            errors=errors.errors,
            description_placeholders={
                **errors.placeholders,
                "port": str(self._get_entry().options.get(CONF_OCPP_PORT, DEFAULT_OCPP_PORT)),
            },
            last_step=False,
        )

    async def async_step_new_station(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what a new station may do."""
        errors, suggested = FormErrors(), {CONF_NAME: self._identity}
        if user_input is not None:
            answers = flattened(user_input)
            data = station_data(self._identity, answers)
            self.check_whole(answers[CONF_NAME], data, None, errors)
            if not errors:
                return self.async_create_entry(title=answers[CONF_NAME], data=data)
            suggested = answers
        return self._station_form("new_station", suggested, errors)

    async def async_step_known_station(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask again what a station may do."""
        subentry = self._get_reconfigure_subentry()
        errors, suggested = FormErrors(), station_suggestions(subentry.title, subentry.data)
        if user_input is not None:
            answers = flattened(user_input)
            data = station_data(subentry.data[CONF_IDENTITY], answers, subentry.data)
            self.check_whole(answers[CONF_NAME], data, subentry.subentry_id, errors)
            if not errors:
                return self.update(subentry, answers[CONF_NAME], data)
            suggested = answers
        return self._station_form("known_station", suggested, errors, known=subentry.data)

    def _strangers(self) -> list[str]:
        """Return the identities that dialled in and are not accepted yet."""
        entry = self._get_entry()
        if entry.state is not ConfigEntryState.LOADED:
            return []
        return [attempt.identity for attempt in entry.runtime_data.stations.strangers]

    def _station_form(
        self,
        step_id: str,
        suggested: Settings,
        errors: FormErrors,
        *,
        known: Settings | None = None,
    ) -> SubentryFlowResult:
        form = station_form(
            self.phases,
            self.circuits(),
            plugs=1 if known is None else len(known[CONF_PLUGS]),
            is_new=known is None,
            tokens=() if known is None else known.get(CONF_TOKENS, ()),
        )
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(form, sectioned(form, suggested)),
            errors=errors.errors,
            description_placeholders={
                **errors.placeholders,
                "found": "" if known is None else self._found(known[CONF_IDENTITY]),
            },
        )

    def _found(self, identity: str) -> str:
        """Return what a station has said of itself, as far as it has."""
        entry = self._get_entry()
        if entry.state is not ConfigEntryState.LOADED:
            return NOT_HEARD
        return found_in_words(entry.runtime_data.stations.snapshot(identity))

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
        if CONF_IDENTITY in subentry.data:
            return await self.async_step_known_station()
        if CONF_CPID in subentry.data:
            return await self.async_step_known_ocpp()
        plugs: list[Settings] = subentry.data[CONF_PLUGS]
        self._suggested = {CONF_NAME: subentry.title, **circuit_of(subentry.data), **plugs[0]}
        errors = FormErrors()
        if user_input is not None:
            answers, errors = self._checked(user_input, own=subentry.subentry_id)
            if not errors:
                return self.update(subentry, answers[CONF_NAME], _charger_data(answers, plugs))
            self._suggested = answers
        return self._form("reconfigure", errors, with_preferences=False)

    def _checked(
        self, user_input: dict[str, Any], own: str | None
    ) -> tuple[dict[str, Any], FormErrors]:
        """Return the answers and what is wrong with them."""
        answers, errors = flattened(user_input), FormErrors(user_input)
        self.inspect_all(answers, CHARGER_ENTITIES, errors)
        self.refuse_driven_twice(CONF_LIMIT_ENTITY, answers[CONF_LIMIT_ENTITY], own, errors)
        given = [key for key in CONF_CURRENT_SENSORS if key in answers]
        legs = len(answers[CONF_PHASE_MAP])
        if len(given) > 1 and given != list(CONF_CURRENT_SENSORS[: max(legs, len(given))]):
            errors.add(CONF_CURRENT_SENSORS[0], "legs_incomplete")
        if not given and CONF_POWER_SENSOR not in answers:
            errors.add(CONF_POWER_SENSOR, "draw_not_measured")
        if not errors:
            self._check_limit(answers, errors)
            self._check_phases(answers, errors)
        if not errors:
            kept = () if own is None else self._get_entry().subentries[own].data[CONF_PLUGS]
            self.check_whole(answers[CONF_NAME], _charger_data(answers, kept), own, errors)
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

    def _check_phases(self, answers: Settings, errors: FormErrors) -> None:
        """Check that what switches the phases knows both one and three."""
        state = self.hass.states.get(answers.get(CONF_PHASES_ENTITY, ""))
        if state is None:
            return
        options = state.attributes.get(ATTR_OPTIONS, ())
        if option_for(options, 1) is None or option_for(options, 3) is None:
            errors.add(CONF_PHASES_ENTITY, "no_phase_options", state.entity_id)

    def _form(
        self, step_id: str, errors: FormErrors, *, with_preferences: bool
    ) -> SubentryFlowResult:
        form = charger_form(self.phases, self.circuits(), with_preferences=with_preferences)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(form, sectioned(form, self._suggested)),
            errors=errors.errors,
            description_placeholders=errors.placeholders,
        )


def _charger_data(answers: Settings, plugs: Sequence[Settings]) -> dict[str, Any]:
    """Return what is stored of a charger whose first plug the answers describe.

    `plugs` are those it has already: the others stay, and the first keeps its preferences.
    """
    first, *others = plugs or (NEW,)
    own = {key: value for key, value in without_name(answers).items() if key != CONF_CIRCUIT}
    plug = {CONF_PLUG: FIRST_PLUG, **preferences_of(first), **own}
    return {
        **circuit_of(answers),
        CONF_CHARGER_MAX_CURRENT: answers[CONF_MAX_CURRENT],
        CONF_PLUGS: [plug, *others],
    }
