"""What a sensor's number means in the units of this library, by the unit it is reported in.

A meter's current may come as a power. Then it is taken on the side that is safe for the fuse:
import at the lowest voltage a healthy grid has, where the same power is more current, and export
at the highest, where it is less (EN 50160 allows 10 %; houses on a street see half of it).
"""

from types import MappingProxyType

CURRENT_UNITS = MappingProxyType({"mA": 1e-3, "A": 1.0, "kA": 1e3})
"""Units of current, each in amperes."""

POWER_UNITS = MappingProxyType({"mW": 1e-3, "W": 1.0, "kW": 1e3, "MW": 1e6})
"""Units of power, each in watts."""

TEMPERATURE_UNITS = ("°C", "°F", "K")

VOLTAGE_SPREAD = 0.05
"""How far a voltage that nobody measures may be from the nominal one, as a share of it."""

POWER_METER_MARGIN = 0.5
"""What to keep free on a phase whose current is known by its power only [A]."""


def is_power_unit(unit: str | None) -> bool:
    """Return whether a number in this unit is a power."""
    return unit in POWER_UNITS


def power_in_watts(value: float, unit: str | None) -> float | None:
    """Return the power [W] of `value` in `unit`, or None when that is no unit of power."""
    factor = POWER_UNITS.get(unit or "")
    return None if factor is None else value * factor


def current_in_amperes(value: float, unit: str | None) -> float | None:
    """Return the current [A] of `value` in `unit`, or None when that is no unit of current."""
    factor = CURRENT_UNITS.get(unit or "")
    return None if factor is None else value * factor


def temperature_in_celsius(value: float, unit: str | None) -> float | None:
    """Return the temperature [degC] of `value` in `unit`, or None when that is no unit of temperature."""
    if unit not in TEMPERATURE_UNITS:
        return None
    if unit == "°F":
        return (value - 32.0) / 1.8
    return value - 273.15 if unit == "K" else value


def meter_current(value: float, unit: str | None, *, voltage: float) -> float | None:
    """Return the current [A, import positive] of one phase of a meter that reports in `unit`.

    `voltage` is the nominal voltage [V], for meters that report power. None: the unit is neither
    one of current nor one of power.
    """
    current = current_in_amperes(value, unit)
    if current is not None:
        return current
    power = power_in_watts(value, unit)
    if power is None:
        return None
    towards_safety = 1 - VOLTAGE_SPREAD if power > 0 else 1 + VOLTAGE_SPREAD
    return power / (voltage * towards_safety)
