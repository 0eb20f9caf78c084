"""The forms of all dialogues: which fields they have and what each may hold.

A form may have collapsed sections. What is stored is flat; the sections only group fields.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import probatio
from homeassistant.const import CONF_NAME, UnitOfElectricCurrent, UnitOfPower, UnitOfTime
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    DeviceSelector,
    DeviceSelectorConfig,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from evenload.model.control import ControlSettings, Preset
from evenload.model.quantities import CURRENT_UNITS, POWER_UNITS
from evenload.model.site import Battery, Distribution, Mode, Phase

from .const import (
    CONF_BATTERY_MAX_CHARGE,
    CONF_BATTERY_MAX_DISCHARGE,
    CONF_BATTERY_POWER,
    CONF_BATTERY_SOC,
    CONF_BATTERY_TARGET,
    CONF_CHARGING_ENTITY,
    CONF_CONNECTED_ENTITY,
    CONF_CURRENT_SENSORS,
    CONF_DEVICE,
    CONF_DISTRIBUTION,
    CONF_ENABLE_ENTITY,
    CONF_EXCESS_THRESHOLD,
    CONF_FUSE_CURRENT,
    CONF_GRID,
    CONF_IMPORT_LIMIT,
    CONF_LIMIT_ENTITY,
    CONF_MARGIN,
    CONF_MAX_CURRENT,
    CONF_METER_TIMEOUT,
    CONF_MIN_CURRENT,
    CONF_MIN_OFF,
    CONF_MIN_ON,
    CONF_MODE,
    CONF_PHASE_MAP,
    CONF_PHASES,
    CONF_POWER_SENSOR,
    CONF_PRESET,
    CONF_PRIORITY,
    CONF_RATED_POWER,
    CONF_SAFE_CURRENT,
    CONF_SOLAR_POWER,
    CONF_STATUS_ENTITY,
    CONF_STEP,
    CONF_SWITCH_ENTITY,
)

SECTION_BATTERY: Final = "battery"
SECTION_LIMITS: Final = "limits"
SECTION_BEHAVIOUR: Final = "behaviour"
SECTION_MEASUREMENT: Final = "measurement"
SECTION_LEVELS: Final = "levels"

PHASE_MAPS: Final = ("A", "B", "C", "ABC", "BCA", "CAB", "ACB", "BAC", "CBA")

DEFAULT_TARGET: Final = Battery(max_charge=0.0, max_discharge=0.0).soc_target
DEFAULT_TIMEOUT: Final = ControlSettings().meter_timeout

type Fields = dict[probatio.Marker, Any]


def connection_form() -> probatio.Schema:
    """Return the form for what the connection to the grid is."""
    return probatio.Schema(
        {
            probatio.Required(CONF_FUSE_CURRENT): _number(1, 1000, UnitOfElectricCurrent.AMPERE),
            probatio.Required(CONF_PHASES, default="3"): _select(("1", "3"), "phases"),
        }
    )


def sources_form(phases: tuple[Phase, ...], *, with_preferences: bool) -> probatio.Schema:
    """Return the form for the entities that are read, and for preferences if they are asked too."""
    asked: Fields = {
        probatio.Required(CONF_GRID[phase]): _sensor((*CURRENT_UNITS, *POWER_UNITS))
        for phase in phases
    }
    asked[probatio.Optional(CONF_SOLAR_POWER)] = _sensor(POWER_UNITS)
    asked[probatio.Required(SECTION_BATTERY)] = _collapsed(
        {
            probatio.Optional(CONF_BATTERY_POWER): _sensor(POWER_UNITS),
            probatio.Optional(CONF_BATTERY_SOC): _sensor(("%",)),
            probatio.Optional(CONF_BATTERY_MAX_CHARGE): _number(1, 1e6, UnitOfPower.WATT),
            probatio.Optional(CONF_BATTERY_MAX_DISCHARGE): _number(1, 1e6, UnitOfPower.WATT),
            probatio.Optional(CONF_BATTERY_TARGET, default=DEFAULT_TARGET): (_number(0, 100, "%")),
        }
    )
    return probatio.Schema(asked | preferences_form().schema if with_preferences else asked)


def preferences_form() -> probatio.Schema:
    """Return the form for the site's preferences."""
    return probatio.Schema(
        {
            probatio.Required(SECTION_LIMITS): _collapsed(
                {
                    probatio.Optional(CONF_IMPORT_LIMIT): _number(0, 1e6, UnitOfPower.WATT),
                    probatio.Optional(CONF_EXCESS_THRESHOLD, default=0): (
                        _number(0, 1e6, UnitOfPower.WATT)
                    ),
                    probatio.Optional(CONF_MARGIN, default=0): (
                        _number(0, 100, UnitOfElectricCurrent.AMPERE, step=0.1)
                    ),
                }
            ),
            probatio.Required(SECTION_BEHAVIOUR): _collapsed(
                {
                    probatio.Required(CONF_DISTRIBUTION, default=Distribution.PRIORITY): (
                        _select(Distribution, "distribution")
                    ),
                    probatio.Required(CONF_PRESET, default=Preset.BALANCED): (
                        _select(Preset, "preset")
                    ),
                    probatio.Required(CONF_METER_TIMEOUT, default=DEFAULT_TIMEOUT): _number(
                        5, 900, UnitOfTime.SECONDS
                    ),
                }
            ),
        }
    )


def charger_device_form() -> probatio.Schema:
    """Return the form that asks which device the charger is, so that its entities are known."""
    return probatio.Schema(
        {
            probatio.Optional(CONF_DEVICE): DeviceSelector(
                DeviceSelectorConfig(entity=[{"domain": ["number"]}])
            )
        }
    )


def charger_form(phases: tuple[Phase, ...], *, with_preferences: bool) -> probatio.Schema:
    """Return the form for a charger that is driven through entities."""
    asked: Fields = {
        probatio.Required(CONF_NAME): TextSelector(),
        probatio.Required(CONF_LIMIT_ENTITY): _entity("number", "input_number"),
        probatio.Optional(CONF_ENABLE_ENTITY): _entity("switch", "input_boolean"),
        probatio.Optional(CONF_STATUS_ENTITY): _entity("sensor", "select", "input_select"),
        probatio.Required(SECTION_MEASUREMENT): section(
            probatio.Schema(
                {
                    **{
                        probatio.Optional(key): _sensor(CURRENT_UNITS)
                        for key in CONF_CURRENT_SENSORS
                    },
                    probatio.Optional(CONF_POWER_SENSOR): _sensor(POWER_UNITS),
                    probatio.Optional(CONF_CONNECTED_ENTITY): _entity(
                        "binary_sensor", "input_boolean"
                    ),
                    probatio.Optional(CONF_CHARGING_ENTITY): _entity(
                        "binary_sensor", "input_boolean"
                    ),
                }
            ),
            {"collapsed": False},
        ),
        probatio.Required(SECTION_LEVELS): section(
            probatio.Schema(
                {
                    probatio.Required(CONF_PHASE_MAP, default=_whole(phases)): _phase_map(phases),
                    probatio.Required(CONF_MIN_CURRENT, default=6): _current(),
                    probatio.Required(CONF_MAX_CURRENT, default=16): _current(),
                    probatio.Required(CONF_STEP, default=1): _current(minimum=0.1),
                    probatio.Required(CONF_SAFE_CURRENT, default=6): _current(),
                }
            ),
            {"collapsed": False},
        ),
    }
    return probatio.Schema(asked | _load_preferences(Mode.SOLAR) if with_preferences else asked)


def switch_form(phases: tuple[Phase, ...], *, with_preferences: bool) -> probatio.Schema:
    """Return the form for a load behind a switch."""
    asked: Fields = {
        probatio.Required(CONF_NAME): TextSelector(),
        probatio.Required(CONF_SWITCH_ENTITY): _entity("switch", "input_boolean", "light"),
        probatio.Required(CONF_RATED_POWER): _number(1, 1e6, UnitOfPower.WATT),
        probatio.Optional(CONF_POWER_SENSOR): _sensor(POWER_UNITS),
        probatio.Required(CONF_PHASE_MAP, default=phases[0]): _phase_map(phases),
        probatio.Required(SECTION_BEHAVIOUR): _collapsed(
            {
                probatio.Required(CONF_MIN_ON, default=60): _number(0, 86400, UnitOfTime.SECONDS),
                probatio.Required(CONF_MIN_OFF, default=60): _number(0, 86400, UnitOfTime.SECONDS),
            }
        ),
    }
    return probatio.Schema(asked | _load_preferences(Mode.SOLAR) if with_preferences else asked)


def flattened(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form gave, with the fields of its sections beside the others."""
    flat: dict[str, Any] = {}
    for key, value in user_input.items():
        flat.update(value if isinstance(value, dict) else {key: value})
    return flat


def sectioned(form: probatio.Schema, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return flat values as suggestions for a form: the sections may choose among all of them."""
    sections = {
        str(key): values for key, field in form.schema.items() if isinstance(field, section)
    }
    return {**values, **sections}


def _load_preferences(mode: Mode) -> Fields:
    return {
        probatio.Required(CONF_MODE, default=mode): _select(Mode, "mode"),
        probatio.Required(CONF_PRIORITY, default=1): _number(1, 99),
    }


def _collapsed(fields: Fields) -> section:
    return section(probatio.Schema(fields), {"collapsed": True})


def _number(
    minimum: float, maximum: float, unit: str | None = None, *, step: float = 1
) -> NumberSelector:
    config = NumberSelectorConfig(min=minimum, max=maximum, step=step, mode=NumberSelectorMode.BOX)
    if unit is not None:
        config["unit_of_measurement"] = unit
    return NumberSelector(config)


def _current(minimum: float = 0) -> NumberSelector:
    return _number(minimum, 1000, UnitOfElectricCurrent.AMPERE, step=0.1)


def _select(options: Iterable[str], translation_key: str) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=list(options),
            mode=SelectSelectorMode.DROPDOWN,
            translation_key=translation_key,
        )
    )


def _phase_map(phases: tuple[Phase, ...]) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[text for text in PHASE_MAPS if set(text) <= set(phases)],
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def _whole(phases: tuple[Phase, ...]) -> str:
    return "".join(phases)


def _sensor(units: Iterable[str]) -> EntitySelector:
    """Return a choice among sensors in certain units, and helpers, whose units are not filtered."""
    return EntitySelector(
        EntitySelectorConfig(
            filter=[
                {"domain": ["sensor"], "unit_of_measurement": list(units)},
                {"domain": ["input_number"]},
            ]
        )
    )


def _entity(*domains: str) -> EntitySelector:
    return EntitySelector(EntitySelectorConfig(filter=[{"domain": list(domains)}]))
