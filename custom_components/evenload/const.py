"""Names that several modules of the integration share."""

from typing import Final

from homeassistant.const import Platform

from evenload.model.site import Phase

DOMAIN: Final = "evenload"

PLATFORMS: Final = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.TIME,
]

SUBENTRY_CHARGER: Final = "charger"
SUBENTRY_LOAD: Final = "load"
SUBENTRY_CIRCUIT: Final = "circuit"

# The site's wiring, in the entry's data.
CONF_FUSE_CURRENT: Final = "fuse_current"
CONF_PHASES: Final = "phases"
CONF_GRID: Final = {Phase.A: "grid_a", Phase.B: "grid_b", Phase.C: "grid_c"}
CONF_INVERTED: Final = "inverted"
CONF_AUTO_APPLY: Final = "auto_apply_phase_map"
CONF_SOLAR_POWER: Final = "solar_power"
CONF_IMPORT_AVERAGE: Final = "import_average"
CONF_BATTERY_SOC: Final = "battery_soc"
CONF_BATTERY_POWER: Final = "battery_power"
CONF_BATTERY_MAX_CHARGE: Final = "battery_max_charge"
CONF_BATTERY_MAX_DISCHARGE: Final = "battery_max_discharge"
CONF_BATTERY_TARGET: Final = "battery_target"

# The site's preferences, in the entry's options.
CONF_CONTROL: Final = "control"
CONF_IMPORT_LIMIT: Final = "import_limit"
CONF_EXCESS_THRESHOLD: Final = "excess_threshold"
CONF_MARGIN: Final = "margin"
CONF_DISTRIBUTION: Final = "distribution"
CONF_PRESET: Final = "preset"
CONF_METER_TIMEOUT: Final = "meter_timeout"
CONF_PROTECTION: Final = "protection"
CONF_FUSE_KIND: Final = "fuse_kind"
CONF_AVERAGE_LIMIT: Final = "average_limit"
CONF_AVERAGE_WINDOW: Final = "average_window"
CONF_AVERAGE_FOLLOWS_PEAK: Final = "average_follows_peak"
CONF_EXPORT_LIMIT: Final = "export_limit"
CONF_MANUAL_OVERRIDE: Final = "manual_override"
CONF_OCPP_ENABLED: Final = "ocpp_enabled"
CONF_OCPP_HOST: Final = "ocpp_host"
CONF_OCPP_PORT: Final = "ocpp_port"
CONF_OCPP_CERTIFICATE: Final = "ocpp_certificate"
CONF_OCPP_KEY: Final = "ocpp_key"

# A load, in its subentry's data: a plug in the list `plugs` of its charger, others at the top.
CONF_KIND: Final = "kind"
CONF_MODE: Final = "mode"
CONF_PRIORITY: Final = "priority"
CONF_MANAGED: Final = "managed"
CONF_PHASE_MAP: Final = "phase_map"
CONF_POWER_SENSOR: Final = "power_sensor"

# Where a charger, a load or a circuit hangs, and what a circuit is.
CONF_CIRCUIT: Final = "circuit"
CONF_CIRCUIT_METER: Final = {Phase.A: "meter_a", Phase.B: "meter_b", Phase.C: "meter_c"}
CONF_RESERVE: Final = "reserve"

CONF_PLUGS: Final = "plugs"
CONF_PLUG: Final = "plug"
CONF_CHARGER_MAX_CURRENT: Final = "charger_max_current"
CONF_DEVICE: Final = "device"
CONF_LIMIT_ENTITY: Final = "limit_entity"
CONF_ENABLE_ENTITY: Final = "enable_entity"
CONF_PHASES_ENTITY: Final = "phases_entity"
CONF_CURRENT_SENSORS: Final = ("current_l1", "current_l2", "current_l3")
CONF_STATUS_ENTITY: Final = "status_entity"
CONF_CONNECTED_ENTITY: Final = "connected_entity"
CONF_CHARGING_ENTITY: Final = "charging_entity"
CONF_MIN_CURRENT: Final = "min_current"
CONF_MAX_CURRENT: Final = "max_current"
CONF_STEP: Final = "step"
CONF_SAFE_CURRENT: Final = "safe_current"

# A charger that dials in over OCPP.
CONF_IDENTITY: Final = "ocpp_identity"
CONF_POLICY: Final = "policy"
CONF_MAX_ACTIVE: Final = "max_active"
CONF_LEASE: Final = "lease"

CONF_SWITCH_ENTITY: Final = "switch_entity"
CONF_RATED_POWER: Final = "rated_power"
CONF_SELECT_ENTITY: Final = "select_entity"
CONF_STEP_SWITCHES: Final = "step_switches"
CONF_LEVELS: Final = "levels"
CONF_NUMBER_ENTITY: Final = "number_entity"
CONF_MIN_POWER: Final = "min_power"
CONF_MAX_POWER: Final = "max_power"
CONF_POWER_STEP: Final = "power_step"
CONF_TEMPERATURE_SENSOR: Final = "temperature_sensor"
CONF_FLOOR: Final = "floor"
CONF_TARGET: Final = "target"
CONF_BOOST: Final = "boost"
CONF_READY_BY: Final = "ready_by"
CONF_VOLUME: Final = "volume"
CONF_DISINFECTION_DAYS: Final = "disinfection_days"
CONF_ENERGY_TARGET: Final = "energy_target"
CONF_DAILY_RUNTIME: Final = "daily_runtime"
CONF_WINDOW_START: Final = "window_start"
CONF_WINDOW_END: Final = "window_end"
CONF_MIN_ON: Final = "min_on"
CONF_MIN_OFF: Final = "min_off"

DEFAULT_OCPP_HOST: Final = "0.0.0.0"  # noqa: S104 - stations dial in from the house's network
DEFAULT_OCPP_PORT: Final = 9220
DEFAULT_LEASE: Final = 180.0
"""After so long without Evenload a station falls back to its safe current [s]."""

NOMINAL_VOLTAGE: Final = 230.0
"""Phase to neutral [V]."""
