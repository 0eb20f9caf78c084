"""What each quantity of a site may be: one table for the checks and for the reference page.

The keys are those of the site file. Upper bounds are far beyond any house: they are there to catch
a wrong unit (mA for A, mW for W), and they keep sums finite.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The values one quantity may have."""

    unit: str = ""
    """`A`, `W`, `V`, `%`, `s`; empty for a bare number."""
    minimum: float
    maximum: float | None = None
    """None: no upper bound."""
    above: bool = False
    """True: the minimum itself is not allowed."""

    def allows(self, value: float) -> bool:
        """Return whether `value` is finite and within the range."""
        if not math.isfinite(value) or value < self.minimum:
            return False
        if self.above and value <= self.minimum:
            return False
        return self.maximum is None or value <= self.maximum

    @property
    def words(self) -> str:
        """The range as a person reads it: `above 0 and at most 10000 A`."""
        unit = f" {self.unit}" if self.unit else ""
        if self.maximum is None:
            return f"{'above' if self.above else 'at least'} {self.minimum:g}{unit}"
        if self.above:
            return f"above {self.minimum:g} and at most {self.maximum:.12g}{unit}"
        return f"{self.minimum:.12g} to {self.maximum:.12g}{unit}"


MAX_CURRENT = 10_000.0
MAX_POWER = 10_000_000.0

RATING = Range(unit="A", minimum=0, above=True, maximum=MAX_CURRENT)
CURRENT = Range(unit="A", minimum=0, maximum=MAX_CURRENT)
MEASURED_CURRENT = Range(unit="A", minimum=-MAX_CURRENT, maximum=MAX_CURRENT)
POWER = Range(unit="W", minimum=0, maximum=MAX_POWER)
RATED_POWER = Range(unit="W", minimum=0, above=True, maximum=MAX_POWER)
MEASURED_POWER = Range(unit="W", minimum=-MAX_POWER, maximum=MAX_POWER)
VOLTAGE = Range(unit="V", minimum=50, maximum=500)
SOC = Range(unit="%", minimum=0, maximum=100)
SHARE = Range(minimum=0, maximum=1)
RANK = Range(minimum=0, maximum=1_000_000)
DURATION = Range(unit="s", minimum=0)

SITE: Mapping[str, Range] = {
    "voltage": VOLTAGE,
    "fuse": RATING,
    "margin": CURRENT,
    "cloud_headroom": CURRENT,
    "import_limit": POWER,
    "unbalance_limit": CURRENT,
    "excess_threshold": POWER,
}
DIMMING: Mapping[str, Range] = {"limit": POWER}
INVERTER: Mapping[str, Range] = {"max_power": RATED_POWER, "max_power_per_phase": RATED_POWER}
BATTERY: Mapping[str, Range] = {
    "max_charge": POWER,
    "max_discharge": POWER,
    "soc_min": SOC,
    "soc_target": SOC,
    "soc_full": SOC,
    "priority": RANK,
}
CIRCUIT: Mapping[str, Range] = {"fuse": RATING, "reserve": CURRENT}
CHARGER: Mapping[str, Range] = {
    "max_current": RATING,
    "max_active": Range(minimum=1, maximum=10_000),
}
LOAD: Mapping[str, Range] = {"priority": RANK, "solar_share": SHARE, "eco_share": SHARE}
LEVELS_OF_EV: Mapping[str, Range] = {"min": RATING, "max": RATING, "step": RATING}
LEVELS_OF_POWER: Mapping[str, Range] = {
    "min": RATED_POWER,
    "max": RATED_POWER,
    "step": RATED_POWER,
}
LEVELS_OF_STEPPED: Mapping[str, Range] = {"levels": RATED_POWER}
LEVELS_OF_SWITCH: Mapping[str, Range] = {"power": RATED_POWER}

READINGS: Mapping[str, Range] = {
    "grid": MEASURED_CURRENT,
    "voltage": VOLTAGE,
    "inverter": MEASURED_CURRENT,
}
CIRCUIT_METER = MEASURED_CURRENT
LOAD_READING: Mapping[str, Range] = {
    "current": MEASURED_CURRENT,
    "power": MEASURED_POWER,
    "solar_share": SHARE,
}
CEILING_OF_EV: Mapping[str, Range] = {"ceiling": CURRENT}
CEILING_OF_OTHERS: Mapping[str, Range] = {"ceiling": POWER}
BATTERY_READING: Mapping[str, Range] = {"soc": SOC, "power": MEASURED_POWER, "accepts": POWER}

CONTROL: Mapping[str, Range] = {
    "meter_timeout": Range(unit="s", minimum=0, above=True),
    "raise_interval": DURATION,
    "raise_rate": Range(unit="A/s", minimum=0, above=True),
    "overload_grace": DURATION,
    "surplus_interval": DURATION,
    "appliance_reserve": CURRENT,
    "export_limit": POWER,
    "rotation": Range(unit="s", minimum=60),
    "manual_override": DURATION,
    "daily_commands": Range(minimum=1, maximum=1_000_000),
}
IMPORT_AVERAGE: Mapping[str, Range] = {"limit": POWER}
LOAD_CONTROL: Mapping[str, Range] = {
    "safe_current": CURRENT,
    "start_delay": DURATION,
    "stop_delay": DURATION,
    "start_share": SHARE,
    "hold_share": SHARE,
    "min_on": DURATION,
    "min_off": DURATION,
    "starts_per_hour": Range(minimum=1, maximum=3600),
    "starts_per_session": Range(minimum=1, maximum=100_000),
    "starts_per_day": Range(minimum=1, maximum=86_400),
    "lease": Range(unit="s", minimum=10),
    "settle_time": DURATION,
    "command_interval": DURATION,
}
TEMPERATURE = Range(unit="degC", minimum=-50, maximum=150)
TIME_OF_DAY = Range(unit="s", minimum=0, maximum=86_399)
TEMPERATURES: Mapping[str, Range] = {
    "target": TEMPERATURE,
    "floor": TEMPERATURE,
    "boost": TEMPERATURE,
    "hysteresis": Range(unit="K", minimum=0, above=True, maximum=50),
    "volume": Range(unit="l", minimum=0, above=True, maximum=1_000_000),
}
DISINFECTION: Mapping[str, Range] = {
    "interval": Range(unit="s", minimum=3600),
    "temperature": TEMPERATURE,
    "duration": DURATION,
}
RUNTIME: Mapping[str, Range] = {
    "daily": Range(unit="s", minimum=0, maximum=86_400),
    "window_start": TIME_OF_DAY,
    "window_end": TIME_OF_DAY,
}
READY_BY: Mapping[str, Range] = {
    "at": TIME_OF_DAY,
    "energy": Range(unit="Wh", minimum=0, above=True, maximum=1_000_000),
}
PHASE_SWITCHING: Mapping[str, Range] = {
    "delay": DURATION,
    "pause": DURATION,
    "per_hour": Range(minimum=1, maximum=3600),
    "per_session": Range(minimum=1, maximum=100_000),
}
