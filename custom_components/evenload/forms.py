"""The forms of all dialogues: which fields they have and what each may hold.

A form may have collapsed sections. What is stored is flat; the sections only group fields.
"""

from typing import Final

import probatio
from homeassistant.const import UnitOfElectricCurrent, UnitOfPower, UnitOfTime
from homeassistant.helpers.selector import (
    BooleanSelector,
    TextSelector,
)

from evenload.model.control import ControlSettings, FuseKind, Preset, Protection, Window
from evenload.model.quantities import CURRENT_UNITS, POWER_UNITS
from evenload.model.site import Battery, Distribution, Phase

from .const import (
    CONF_AVERAGE_FOLLOWS_PEAK,
    CONF_AVERAGE_LIMIT,
    CONF_AVERAGE_WINDOW,
    CONF_BATTERY_MAX_CHARGE,
    CONF_BATTERY_MAX_DISCHARGE,
    CONF_BATTERY_POWER,
    CONF_BATTERY_SOC,
    CONF_BATTERY_TARGET,
    CONF_DISTRIBUTION,
    CONF_EXCESS_THRESHOLD,
    CONF_EXPORT_LIMIT,
    CONF_FUSE_CURRENT,
    CONF_FUSE_KIND,
    CONF_GRID,
    CONF_IMPORT_AVERAGE,
    CONF_IMPORT_LIMIT,
    CONF_INVERTED,
    CONF_MANUAL_OVERRIDE,
    CONF_MARGIN,
    CONF_METER_TIMEOUT,
    CONF_OCPP_CERTIFICATE,
    CONF_OCPP_ENABLED,
    CONF_OCPP_HOST,
    CONF_OCPP_KEY,
    CONF_OCPP_PORT,
    CONF_PHASES,
    CONF_PRESET,
    CONF_PROTECTION,
    CONF_SOLAR_POWER,
    DEFAULT_OCPP_HOST,
    DEFAULT_OCPP_PORT,
)
from .fields import Fields, collapsed, number, select, sensor, several_phases

SECTION_BATTERY: Final = "battery"
SECTION_LIMITS: Final = "limits"
SECTION_PROTECTION: Final = "main_fuse"
SECTION_TARIFF: Final = "tariff"
SECTION_OCPP: Final = "ocpp"
SECTION_BEHAVIOUR: Final = "behaviour"

DEFAULT_TARGET: Final = Battery(max_charge=0.0, max_discharge=0.0).soc_target
DEFAULT_TIMEOUT: Final = ControlSettings().meter_timeout
DEFAULT_OVERRIDE: Final = ControlSettings().manual_override


def connection_form() -> probatio.Schema:
    """Return the form for what the connection to the grid is."""
    return probatio.Schema(
        {
            probatio.Required(CONF_FUSE_CURRENT): number(1, 1000, UnitOfElectricCurrent.AMPERE),
            probatio.Required(CONF_PHASES, default="3"): select(("1", "3"), "phases"),
        }
    )


def sources_form(phases: tuple[Phase, ...], *, with_preferences: bool) -> probatio.Schema:
    """Return the form for the entities that are read, and for preferences if they are asked too."""
    asked: Fields = {
        probatio.Required(CONF_GRID[phase]): sensor((*CURRENT_UNITS, *POWER_UNITS))
        for phase in phases
    }
    asked[probatio.Optional(CONF_INVERTED)] = several_phases(phases)
    asked[probatio.Optional(CONF_SOLAR_POWER)] = sensor(POWER_UNITS)
    asked[probatio.Optional(CONF_IMPORT_AVERAGE)] = sensor(POWER_UNITS)
    asked[probatio.Required(SECTION_BATTERY)] = collapsed(
        {
            probatio.Optional(CONF_BATTERY_POWER): sensor(POWER_UNITS),
            probatio.Optional(CONF_BATTERY_SOC): sensor(("%",)),
            probatio.Optional(CONF_BATTERY_MAX_CHARGE): number(1, 1e6, UnitOfPower.WATT),
            probatio.Optional(CONF_BATTERY_MAX_DISCHARGE): number(1, 1e6, UnitOfPower.WATT),
            probatio.Optional(CONF_BATTERY_TARGET, default=DEFAULT_TARGET): (number(0, 100, "%")),
        }
    )
    return probatio.Schema(asked | preferences_form().schema if with_preferences else asked)


def preferences_form() -> probatio.Schema:
    """Return the form for the site's preferences."""
    return probatio.Schema(
        {
            probatio.Required(SECTION_LIMITS): collapsed(_limits()),
            probatio.Required(SECTION_PROTECTION): collapsed(_protection()),
            probatio.Required(SECTION_TARIFF): collapsed(_tariff()),
            probatio.Required(SECTION_BEHAVIOUR): collapsed(_behaviour()),
            probatio.Required(SECTION_OCPP): collapsed(_port()),
        }
    )


def _limits() -> Fields:
    return {
        probatio.Optional(CONF_IMPORT_LIMIT): number(0, 1e6, UnitOfPower.WATT),
        probatio.Optional(CONF_EXPORT_LIMIT): number(0, 1e6, UnitOfPower.WATT),
        probatio.Optional(CONF_EXCESS_THRESHOLD, default=0): number(0, 1e6, UnitOfPower.WATT),
        probatio.Optional(CONF_MARGIN, default=0): number(
            0, 100, UnitOfElectricCurrent.AMPERE, step=0.1
        ),
    }


def _protection() -> Fields:
    # The options of a selection may have small letters only.
    kinds = [kind.lower() for kind in FuseKind]
    return {
        probatio.Required(CONF_PROTECTION, default=Protection.STRICT): (
            select(Protection, "protection")
        ),
        probatio.Optional(CONF_FUSE_KIND): select(kinds, "fuse_kind"),
    }


def _tariff() -> Fields:
    return {
        probatio.Optional(CONF_AVERAGE_LIMIT): number(0, 1e6, UnitOfPower.WATT),
        probatio.Required(CONF_AVERAGE_WINDOW, default=Window.QUARTER): (
            select(Window, "average_window")
        ),
        probatio.Required(CONF_AVERAGE_FOLLOWS_PEAK, default=False): BooleanSelector(),
    }


def _behaviour() -> Fields:
    seconds = UnitOfTime.SECONDS
    return {
        probatio.Required(CONF_DISTRIBUTION, default=Distribution.PRIORITY): (
            select(Distribution, "distribution")
        ),
        probatio.Required(CONF_PRESET, default=Preset.BALANCED): select(Preset, "preset"),
        probatio.Required(CONF_METER_TIMEOUT, default=DEFAULT_TIMEOUT): number(5, 900, seconds),
        probatio.Required(CONF_MANUAL_OVERRIDE, default=DEFAULT_OVERRIDE): (
            number(0, 86400, seconds)
        ),
    }


def _port() -> Fields:
    return {
        probatio.Required(CONF_OCPP_ENABLED, default=False): BooleanSelector(),
        probatio.Required(CONF_OCPP_PORT, default=DEFAULT_OCPP_PORT): number(1, 65535),
        probatio.Required(CONF_OCPP_HOST, default=DEFAULT_OCPP_HOST): TextSelector(),
        probatio.Optional(CONF_OCPP_CERTIFICATE): TextSelector(),
        probatio.Optional(CONF_OCPP_KEY): TextSelector(),
    }
