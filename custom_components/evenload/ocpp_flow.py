"""The dialogues for a charger that the custom integration `ocpp` speaks with.

Its plugs and their entities are found by themselves. They are looked up again whenever the settings
are changed, so that connectors which the integration has found since are added.
"""

from collections.abc import Sequence
from typing import Any

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import CONF_NAME

from .circuit_wiring import circuit_of
from .const import (
    CONF_CHARGER_MAX_CURRENT,
    CONF_CURRENT_SENSORS,
    CONF_MANAGED,
    CONF_MAX_ACTIVE,
    CONF_PHASE_MAP,
    CONF_PLUG,
    CONF_PLUGS,
    CONF_POLICY,
    CONF_POWER_SENSOR,
)
from .fields import flattened, sectioned
from .flow_base import SubentryFlow, preferences_of
from .flow_errors import FormErrors
from .load_forms import ocpp_charger_form, ocpp_form, phase_map_keys
from .ocpp_devices import (
    ACTION_LIMIT,
    CONF_CPID,
    CONF_UNIT,
    CONF_VERSION,
    INTEGRATION,
    OcppCharger,
    ocpp_chargers,
)
from .preferences import Settings
from .station_answers import LEVELS, station_suggestions


class OcppChargerFlow(SubentryFlow):
    """Adds or changes a charger of the `ocpp` integration."""

    def __init__(self) -> None:
        """Have chosen none."""
        self._charger: OcppCharger | None = None

    def new_ocpp_chargers(self) -> list[OcppCharger]:
        """Return the integration's chargers that the site does not have yet."""
        used = {each.data.get(CONF_CPID) for each in self._get_entry().subentries.values()}
        return [each for each in ocpp_chargers(self.hass).values() if each.cpid not in used]

    async def async_step_ocpp_charger(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which of the integration's chargers it is."""
        chargers = {each.cpid: each for each in self.new_ocpp_chargers()}
        if user_input is not None and user_input[CONF_CPID] in chargers:
            return await self.begin_ocpp(chargers[user_input[CONF_CPID]])
        return self.async_show_form(
            step_id="ocpp_charger",
            data_schema=ocpp_charger_form(chargers.values()),
            last_step=False,
        )

    async def begin_ocpp(self, charger: OcppCharger) -> SubentryFlowResult:
        """Go on with a charger that was chosen, by its name or by its device."""
        self._charger = charger
        return await self.async_step_new_ocpp()

    async def async_step_new_ocpp(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what the charger may do."""
        charger = self._charger
        assert charger is not None  # noqa: S101 - the steps before have chosen it
        suggested: Settings = {CONF_NAME: charger.name}
        errors = FormErrors()
        if user_input is not None:
            suggested = flattened(user_input)
            data = _data(charger, suggested, ())
            self._check(charger, data, suggested[CONF_NAME], None, errors)
            if not errors:
                return self.async_create_entry(title=suggested[CONF_NAME], data=data)
        return self._ocpp_form("new_ocpp", charger, suggested, errors)

    async def async_step_known_ocpp(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask again what the charger may do."""
        subentry = self._get_reconfigure_subentry()
        charger = ocpp_chargers(self.hass).get(subentry.data[CONF_CPID])
        if charger is None:
            return self.async_abort(reason="ocpp_charger_gone")
        suggested: Settings = station_suggestions(subentry.title, subentry.data)
        errors, plugs = FormErrors(), len(subentry.data[CONF_PLUGS])
        if user_input is not None:
            suggested = flattened(user_input)
            data = _data(charger, suggested, subentry.data[CONF_PLUGS])
            self._check(charger, data, suggested[CONF_NAME], subentry.subentry_id, errors)
            if not errors:
                result = self.update(subentry, suggested[CONF_NAME], data)
                if len(charger.plugs) != plugs:
                    # One plug is one device with its charger, several are devices of their own.
                    self.hass.config_entries.async_schedule_reload(self._get_entry().entry_id)
                return result
        return self._ocpp_form("known_ocpp", charger, suggested, errors)

    def _check(
        self,
        charger: OcppCharger,
        data: dict[str, Any],
        name: str,
        own: str | None,
        errors: FormErrors,
    ) -> None:
        """Check that the charger can be read and driven."""
        if not self.hass.services.has_service(INTEGRATION, ACTION_LIMIT):
            errors.add("base", "ocpp_not_loaded")
        measures = {CONF_CURRENT_SENSORS[0], CONF_POWER_SENSOR}
        if not all(measures & entities.keys() for entities in charger.plugs.values()):
            errors.add("base", "draw_not_measured")
        for plug in charger.plugs:
            self.refuse_driven_twice("base", f"{INTEGRATION}/{charger.cpid}/{plug}", own, errors)
        if not errors:
            self.check_whole(name, data, own, errors)

    def _ocpp_form(
        self, step_id: str, charger: OcppCharger, suggested: Settings, errors: FormErrors
    ) -> SubentryFlowResult:
        form = ocpp_form(
            self.phases,
            self.circuits(),
            plugs=len(charger.plugs),
            is_new=step_id == "new_ocpp",
        )
        entities = [
            f"- {plug}: {', '.join(entities.values())}" for plug, entities in charger.plugs.items()
        ]
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(form, sectioned(form, suggested)),
            errors=errors.errors,
            description_placeholders={**errors.placeholders, "entities": "\n".join(entities)},
        )


def _data(charger: OcppCharger, answers: Settings, known: Sequence[Settings]) -> dict[str, Any]:
    """Return what is stored of the charger; `known` are the plugs that it has already."""
    before = {plug[CONF_PLUG]: plug for plug in known}
    # A connector that came later begins as the first one stands.
    first: Settings = known[0] if known else {CONF_MANAGED: True, **answers}
    levels = {key: answers[key] for key in LEVELS}
    keys = phase_map_keys(len(charger.plugs))
    optional = {key: answers[key] for key in (CONF_MAX_ACTIVE,) if key in answers}
    return {
        CONF_CPID: charger.cpid,
        CONF_VERSION: answers[CONF_VERSION],
        CONF_UNIT: answers[CONF_UNIT],
        **circuit_of(answers),
        CONF_CHARGER_MAX_CURRENT: answers[CONF_CHARGER_MAX_CURRENT],
        CONF_POLICY: answers[CONF_POLICY],
        **optional,
        CONF_PLUGS: [
            {
                CONF_PLUG: str(number),
                **preferences_of(before.get(str(number), first)),
                **entities,
                CONF_PHASE_MAP: answers[key],
                **levels,
            }
            for (number, entities), key in zip(charger.plugs.items(), keys, strict=True)
        ],
    }
