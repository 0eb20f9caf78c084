"""The dialogues for the site: creating it, changing what it is wired to, and its preferences.

Steps and fields, in order (sections in brackets; all fields are described in the reference):

user          fuse_current, phases
sources       grid_a, grid_b, grid_c, solar_power, [battery], [limits], [behaviour]
confirm       nothing; shows what the sensors say right now
station       a charging station that dialled in: name, mode, priority, [station], [levels]
reconfigure   as user, then sources without preferences, then confirm
options init  [limits], [behaviour]

After a site is created, the dialogue for its first charger opens by itself.
"""

from types import MappingProxyType
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentry,
    ConfigSubentryFlow,
    FlowType,
    OptionsFlow,
    SubentryFlowContext,
)
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, CONF_NAME
from homeassistant.core import HomeAssistant, callback

from evenload.model.check import check_settings, check_site
from evenload.model.quantities import meter_current
from evenload.model.site import Phase

from .circuit_flow import CircuitFlow
from .circuit_wiring import circuit_names
from .const import (
    CONF_BATTERY_MAX_CHARGE,
    CONF_BATTERY_MAX_DISCHARGE,
    CONF_BATTERY_POWER,
    CONF_BATTERY_SOC,
    CONF_CONTROL,
    CONF_FUSE_CURRENT,
    CONF_GRID,
    CONF_IDENTITY,
    CONF_IMPORT_AVERAGE,
    CONF_PHASES,
    CONF_SOLAR_POWER,
    DOMAIN,
    NOMINAL_VOLTAGE,
    SUBENTRY_CHARGER,
    SUBENTRY_CIRCUIT,
    SUBENTRY_LOAD,
)
from .energy_preferences import async_suggested_sources
from .fields import flattened, sectioned
from .flow_errors import FormErrors
from .forms import connection_form, preferences_form, sources_form
from .inspect_entity import Expected, inspect, inspect_meter
from .load_forms import station_form
from .preferences import Settings
from .station_answers import station_data
from .station_wiring import stations_of
from .subentry_flow import ChargerFlow, LoadFlow
from .wiring import wiring_of

BATTERY_FIELDS = (
    CONF_BATTERY_SOC,
    CONF_BATTERY_POWER,
    CONF_BATTERY_MAX_CHARGE,
    CONF_BATTERY_MAX_DISCHARGE,
)
OPTIONAL_SOURCES = {
    CONF_SOLAR_POWER: Expected.POWER,
    CONF_IMPORT_AVERAGE: Expected.POWER,
    CONF_BATTERY_POWER: Expected.POWER,
    CONF_BATTERY_SOC: Expected.SOC,
}


class EvenloadConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up a site."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Start with nothing said."""
        self._data: dict[str, Any] = {}
        self._preferences: dict[str, Any] = {}

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        return {
            SUBENTRY_CHARGER: ChargerFlow,
            SUBENTRY_LOAD: LoadFlow,
            SUBENTRY_CIRCUIT: CircuitFlow,
        }

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> PreferencesFlow:
        return PreferencesFlow()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask what the connection to the grid is."""
        if user_input is not None:
            self._data = _connection(user_input)
            return await self.async_step_sources()
        return self.async_show_form(step_id="user", data_schema=connection_form(), last_step=False)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask again what the connection to the grid is."""
        if user_input is not None:
            self._data = _connection(user_input)
            return await self.async_step_sources()
        data = self._get_reconfigure_entry().data
        suggested = {**data, CONF_PHASES: str(data[CONF_PHASES])}
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(connection_form(), suggested),
            last_step=False,
        )

    async def async_step_sources(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which entities are read, and look at each of them."""
        phases = tuple(Phase)[: self._data[CONF_PHASES]]
        form = sources_form(phases, with_preferences=self.source == SOURCE_USER)
        errors = FormErrors(str(key) for key in form.schema)
        if user_input is not None:
            answers = flattened(user_input)
            self._data, self._preferences = _separated(self._data, answers)
            self._async_abort_entries_match({CONF_GRID[Phase.A]: answers[CONF_GRID[Phase.A]]})
            _check_sources(self.hass, self._data, phases, errors)
            if not errors:
                self._check_whole(errors)
            if not errors:
                return await self.async_step_confirm()
            suggested: Settings = answers
        elif self.source == SOURCE_RECONFIGURE:
            suggested = self._get_reconfigure_entry().data
        else:
            suggested = await async_suggested_sources(self.hass, phases)
        return self.async_show_form(
            step_id="sources",
            data_schema=self.add_suggested_values_to_schema(form, sectioned(form, suggested)),
            errors=errors.errors,
            description_placeholders=errors.placeholders,
            last_step=False,
        )

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what the sensors say, so that a wrong one is seen before it is relied on."""
        if user_input is None:
            return self.async_show_form(
                step_id="confirm",
                description_placeholders={"readings": _readings(self.hass, self._data)},
                last_step=True,
            )
        if self.source == SOURCE_RECONFIGURE:
            return self._update()
        return self.async_create_entry(
            title=self.hass.config.location_name,
            data=self._data,
            options={CONF_CONTROL: False, **self._preferences},
        )

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Go on with the first charger."""
        first = await self.hass.config_entries.subentries.async_init(
            (result["result"].entry_id, SUBENTRY_CHARGER),
            context=SubentryFlowContext(source=SOURCE_USER),
        )
        result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, first["flow_id"])
        return result

    @override
    async def async_step_integration_discovery(
        self, discovery_info: dict[str, Any]
    ) -> ConfigFlowResult:
        """Offer a charging station that dialled in and that nobody has accepted yet."""
        identity, entry_id = discovery_info[CONF_IDENTITY], discovery_info["entry_id"]
        await self.async_set_unique_id(f"{entry_id}_{identity}")
        entry = self.hass.config_entries.async_get_entry(entry_id)
        if entry is None or identity in stations_of(entry.subentries):
            return self.async_abort(reason="station_added")
        self._data = {**discovery_info}
        self.context["title_placeholders"] = {"name": identity}
        return await self.async_step_station()

    async def async_step_station(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what a discovered station may do, and add it to its site."""
        identity = self._data[CONF_IDENTITY]
        entry = self.hass.config_entries.async_get_known_entry(self._data["entry_id"])
        form = station_form(
            tuple(Phase)[: entry.data[CONF_PHASES]],
            circuit_names(entry.subentries),
            plugs=1,
            is_new=True,
        )
        errors, suggested = FormErrors(), {CONF_NAME: identity}
        if user_input is not None:
            suggested = flattened(user_input)
            subentry = ConfigSubentry(
                data=MappingProxyType(station_data(identity, suggested)),
                subentry_type=SUBENTRY_CHARGER,
                title=suggested[CONF_NAME],
                unique_id=None,
            )
            subentries = {**entry.subentries, subentry.subentry_id: subentry}
            wiring = wiring_of(entry.data, entry.options, subentries)
            errors.add_findings(check_site(wiring.site))
            if not errors:
                self.hass.config_entries.async_add_subentry(entry, subentry)
                return self.async_abort(reason="station_added")
        return self.async_show_form(
            step_id="station",
            data_schema=self.add_suggested_values_to_schema(form, sectioned(form, suggested)),
            errors=errors.errors,
            description_placeholders={
                **errors.placeholders,
                "identity": identity,
                "address": self._data["address"],
            },
        )

    def _check_whole(self, errors: FormErrors) -> None:
        """Let the library look at the site, with the loads that it has already."""
        options: Settings = self._preferences
        subentries = {}
        if self.source == SOURCE_RECONFIGURE:
            entry = self._get_reconfigure_entry()
            options, subentries = entry.options, dict(entry.subentries)
        wiring = wiring_of(self._data, options, subentries)
        errors.add_findings(check_site(wiring.site))
        errors.add_findings(check_settings(wiring.site, wiring.settings))

    def _update(self) -> ConfigFlowResult:
        """Store what was changed; a site that could not start has nobody who listens to that."""
        entry = self._get_reconfigure_entry()
        result = self.async_update_and_abort(entry, data=self._data)
        if entry.state is not ConfigEntryState.LOADED:
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return result


class PreferencesFlow(OptionsFlow):
    """Changes a site's preferences while it runs."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the preferences."""
        entry, form = self.config_entry, preferences_form()
        errors = FormErrors()
        suggested: Settings = entry.options
        if user_input is not None:
            suggested = {CONF_CONTROL: entry.options[CONF_CONTROL], **flattened(user_input)}
            wiring = wiring_of(entry.data, suggested, entry.subentries)
            errors.add_findings(check_settings(wiring.site, wiring.settings))
            if not errors:
                return self.async_create_entry(data={**suggested})
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(form, sectioned(form, suggested)),
            errors=errors.errors,
            description_placeholders=errors.placeholders,
        )


def _connection(user_input: Settings) -> dict[str, Any]:
    return {**user_input, CONF_PHASES: int(user_input[CONF_PHASES])}


def _separated(data: Settings, answers: Settings) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the wiring and the preferences among the answers; the wiring joins `data`."""
    preferences = {
        str(key) for section in preferences_form().schema.values() for key in section.schema.schema
    }
    kept = {key: data[key] for key in (CONF_FUSE_CURRENT, CONF_PHASES)}
    wiring = {key: value for key, value in answers.items() if key not in preferences}
    return kept | wiring, {key: answers[key] for key in preferences & answers.keys()}


def _check_sources(
    hass: HomeAssistant, data: Settings, phases: tuple[Phase, ...], errors: FormErrors
) -> None:
    """Look at each chosen entity."""
    seen: set[str] = set()
    for phase in phases:
        field = CONF_GRID[phase]
        if data[field] in seen:
            errors.add(field, "chosen_twice", data[field])
        seen.add(data[field])
        errors.add_inspected(field, inspect_meter(hass, data[field], data[CONF_FUSE_CURRENT]))
    for field, expected in OPTIONAL_SOURCES.items():
        if field in data:
            errors.add_inspected(field, inspect(hass, data[field], expected))
    given = [field for field in BATTERY_FIELDS if field in data]
    if given and len(given) < len(BATTERY_FIELDS):
        errors.add(CONF_BATTERY_SOC, "battery_incomplete")


def _readings(hass: HomeAssistant, data: Settings) -> str:
    """Return what the chosen entities say right now, a line each."""
    lines: list[str] = []
    for phase in tuple(Phase)[: data[CONF_PHASES]]:
        state = hass.states.get(data[CONF_GRID[phase]])
        if state is not None:
            unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
            current = meter_current(float(state.state), unit, voltage=NOMINAL_VOLTAGE)
            lines.append(f"- {phase}: **{current:.1f} A** ({state.name})")
    for field in OPTIONAL_SOURCES:
        state = hass.states.get(data.get(field, ""))
        if state is not None:
            unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
            lines.append(f"- {state.name}: **{state.state} {unit}**")
    return "\n".join(lines)
