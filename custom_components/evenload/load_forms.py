"""The forms for what a site manages: chargers of either kind, and loads behind a switch."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import probatio
from homeassistant.const import CONF_NAME, CONF_PASSWORD, UnitOfTime
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    DeviceSelector,
    DeviceSelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from evenload.model.quantities import CURRENT_UNITS, POWER_UNITS
from evenload.model.site import Mode, Phase, Policy
from evenload.ocpp.nouns import Version

from .circuit_form import behind
from .const import (
    CONF_CHARGER_MAX_CURRENT,
    CONF_CHARGING_ENTITY,
    CONF_CONNECTED_ENTITY,
    CONF_CURRENT_SENSORS,
    CONF_DEVICE,
    CONF_ENABLE_ENTITY,
    CONF_IDENTITY,
    CONF_LEASE,
    CONF_LIMIT_ENTITY,
    CONF_MAX_ACTIVE,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_MIN_OFF,
    CONF_MIN_ON,
    CONF_MODE,
    CONF_PHASE_MAP,
    CONF_PHASES_ENTITY,
    CONF_POLICY,
    CONF_POWER_SENSOR,
    CONF_PRIORITY,
    CONF_SAFE_CURRENT,
    CONF_STATUS_ENTITY,
    CONF_STEP,
    DEFAULT_LEASE,
)
from .fields import (
    Fields,
    collapsed,
    current,
    entity,
    number,
    opened,
    phase_map,
    select,
    sensor,
    whole,
)
from .load_kind import LoadKind
from .ocpp_devices import CONF_CPID, CONF_UNIT, CONF_VERSION, INTEGRATION, OcppCharger
from .preferences import Settings
from .station_manner import SECTION_MANNER, manner_fields
from .station_tokens import token_fields

SECTION_MEASUREMENT: Final = "measurement"
SECTION_LEVELS: Final = "levels"
SECTION_STATION: Final = "station"
SECTION_BEHAVIOUR: Final = "behaviour"

OCPP_VERSIONS: Final = {
    Version.V16: "OCPP 1.6",
    Version.V201: "OCPP 2.0.1",
    Version.V21: "OCPP 2.1",
}

MOST_PLUGS: Final = 4
"""Plugs of one station that the dialogues know."""


def identity_form(identities: Iterable[str]) -> probatio.Schema:
    """Return the form that asks which station a charger is: one that has knocked, or its identity."""
    return probatio.Schema(
        {
            probatio.Required(CONF_IDENTITY): SelectSelector(
                SelectSelectorConfig(
                    options=list(identities), custom_value=True, mode=SelectSelectorMode.DROPDOWN
                )
            )
        }
    )


def station_form(
    phases: tuple[Phase, ...],
    circuits: Mapping[str, str],
    *,
    plugs: int,
    is_new: bool,
    tokens: Sequence[Settings] = (),
) -> probatio.Schema:
    """Return the form for a charging station; one that is known has a phase map for each plug.

    `tokens` are those that were accepted already.
    """
    asked: Fields = {probatio.Required(CONF_NAME): TextSelector()} | behind(circuits)
    if is_new:
        asked |= _load_preferences(Mode.SOLAR)
    maps = {
        probatio.Required(key, default=whole(phases)): phase_map(phases)
        for key in phase_map_keys(plugs)
    }
    return probatio.Schema(
        asked
        | {
            probatio.Required(SECTION_STATION): opened(
                {
                    probatio.Required(CONF_CHARGER_MAX_CURRENT, default=16): current(minimum=1),
                    probatio.Required(CONF_POLICY, default=Policy.CONCURRENT): (
                        select(Policy, "policy")
                    ),
                    probatio.Optional(CONF_MAX_ACTIVE): number(1, MOST_PLUGS),
                    probatio.Required(CONF_LEASE, default=DEFAULT_LEASE): number(
                        10, 3600, UnitOfTime.SECONDS
                    ),
                    probatio.Optional(CONF_PASSWORD): TextSelector(
                        TextSelectorConfig(type=TextSelectorType.PASSWORD)
                    ),
                }
                | token_fields(tokens)
            ),
            probatio.Required(SECTION_LEVELS): opened(maps | _levels()),
            probatio.Required(SECTION_MANNER): collapsed(manner_fields()),
        }
    )


def ocpp_form(
    phases: tuple[Phase, ...], circuits: Mapping[str, str], *, plugs: int, is_new: bool
) -> probatio.Schema:
    """Return the form for a charger of the `ocpp` integration, with a phase map for each plug."""
    asked: Fields = {probatio.Required(CONF_NAME): TextSelector()} | behind(circuits)
    if is_new:
        asked |= _load_preferences(Mode.SOLAR)
    maps = {
        probatio.Required(key, default=whole(phases)): phase_map(phases)
        for key in phase_map_keys(plugs)
    }
    return probatio.Schema(
        asked
        | {
            probatio.Required(SECTION_STATION): opened(
                {
                    probatio.Required(CONF_CHARGER_MAX_CURRENT, default=16): current(minimum=1),
                    probatio.Required(CONF_POLICY, default=Policy.CONCURRENT): (
                        select(Policy, "policy")
                    ),
                    probatio.Optional(CONF_MAX_ACTIVE): number(1, MOST_PLUGS),
                    probatio.Required(CONF_VERSION, default=Version.V16): SelectSelector(
                        SelectSelectorConfig(
                            options=[
                                SelectOptionDict(value=version, label=label)
                                for version, label in OCPP_VERSIONS.items()
                            ],
                            mode=SelectSelectorMode.DROPDOWN,
                        )
                    ),
                    probatio.Required(CONF_UNIT, default="a"): select(("a", "w"), "limit_unit"),
                }
            ),
            probatio.Required(SECTION_LEVELS): opened(maps | _levels()),
        }
    )


def ocpp_charger_form(chargers: Iterable[OcppCharger]) -> probatio.Schema:
    """Return the form that asks which of the `ocpp` integration's chargers it is."""
    return probatio.Schema(
        {
            probatio.Required(CONF_CPID): SelectSelector(
                SelectSelectorConfig(
                    options=[
                        SelectOptionDict(value=each.cpid, label=each.name) for each in chargers
                    ],
                    mode=SelectSelectorMode.DROPDOWN,
                )
            )
        }
    )


def phase_map_keys(plugs: int) -> tuple[str, ...]:
    """Return the field of each plug's phase map."""
    return (CONF_PHASE_MAP, *(f"{CONF_PHASE_MAP}_{number}" for number in range(2, plugs + 1)))


def charger_device_form() -> probatio.Schema:
    """Return the form that asks which device the charger is, so that its entities are known."""
    return probatio.Schema(
        {
            probatio.Optional(CONF_DEVICE): DeviceSelector(
                DeviceSelectorConfig(entity=[{"domain": ["number"]}, {"integration": INTEGRATION}])
            )
        }
    )


def charger_form(
    phases: tuple[Phase, ...], circuits: Mapping[str, str], *, with_preferences: bool
) -> probatio.Schema:
    """Return the form for a charger that is driven through entities."""
    asked: Fields = {
        probatio.Required(CONF_NAME): TextSelector(),
        probatio.Required(CONF_LIMIT_ENTITY): entity("number", "input_number"),
        probatio.Optional(CONF_ENABLE_ENTITY): entity("switch", "input_boolean"),
        probatio.Optional(CONF_PHASES_ENTITY): entity("select", "input_select"),
        probatio.Optional(CONF_STATUS_ENTITY): entity("sensor", "select", "input_select"),
        probatio.Required(SECTION_MEASUREMENT): section(
            probatio.Schema(
                {
                    **{
                        probatio.Optional(key): sensor(CURRENT_UNITS)
                        for key in CONF_CURRENT_SENSORS
                    },
                    probatio.Optional(CONF_POWER_SENSOR): sensor(POWER_UNITS),
                    probatio.Optional(CONF_CONNECTED_ENTITY): entity(
                        "binary_sensor", "input_boolean"
                    ),
                    probatio.Optional(CONF_CHARGING_ENTITY): entity(
                        "binary_sensor", "input_boolean"
                    ),
                }
            ),
            {"collapsed": False},
        ),
        probatio.Required(SECTION_LEVELS): opened(
            {probatio.Required(CONF_PHASE_MAP, default=whole(phases)): phase_map(phases)}
            | _levels()
        ),
    }
    asked |= behind(circuits)
    return probatio.Schema(asked | _load_preferences(Mode.SOLAR) if with_preferences else asked)


def load_form(
    kind: LoadKind, phases: tuple[Phase, ...], circuits: Mapping[str, str], *, is_new: bool
) -> probatio.Schema:
    """Return the form for a load behind entities."""
    asked: Fields = {probatio.Required(CONF_NAME): TextSelector()}
    asked |= kind.fields()
    asked[probatio.Required(CONF_PHASE_MAP, default=phases[0])] = phase_map(phases)
    asked |= behind(circuits)
    asked[probatio.Required(SECTION_BEHAVIOUR)] = collapsed(
        {
            probatio.Required(CONF_MIN_ON, default=60): number(0, 86400, UnitOfTime.SECONDS),
            probatio.Required(CONF_MIN_OFF, default=60): number(0, 86400, UnitOfTime.SECONDS),
        }
    )
    return probatio.Schema(asked | _load_preferences(kind.default_mode) if is_new else asked)


def _load_preferences(mode: Mode) -> Fields:
    return {
        probatio.Required(CONF_MODE, default=mode): select(Mode, "mode"),
        probatio.Required(CONF_PRIORITY, default=1): number(1, 99),
    }


def _levels() -> Fields:
    return {
        probatio.Required(CONF_MIN_CURRENT, default=6): current(),
        probatio.Required(CONF_MAX_CURRENT, default=16): current(),
        probatio.Required(CONF_STEP, default=1): current(minimum=0.1),
        probatio.Required(CONF_SAFE_CURRENT, default=6): current(),
    }
