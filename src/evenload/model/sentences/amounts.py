"""Amounts and durations in words."""

from evenload.model.allocation import Allocation
from evenload.model.decision import LoadDecision
from evenload.model.site import Kind, Load
from evenload.units import reported

KILOWATT = 1000.0
MINUTE = 60.0
HOUR = 3600.0


def current(value: float) -> str:
    """Return a current [A] as people read it: `6 A`, `8.7 A`."""
    return f"{reported(round(value, 1)):g} A"


def power(value: float) -> str:
    """Return a power [W] as people read it: `800 W`, `4.14 kW`."""
    if abs(value) < KILOWATT:
        return f"{reported(round(value)):g} W"
    return f"{reported(round(value / KILOWATT, 2)):g} kW"


def level(load: Load, value: float) -> str:
    """Return a level of `load` in its own unit."""
    return current(value) if load.kind is Kind.EV else power(value)


def lowest_level(load: Load) -> float:
    """Return the load's lowest level above 0, in its own unit."""
    return load.levels[0] if load.levels else load.minimum


def amount_of(load: Load, outcome: Allocation | LoadDecision) -> str:
    """Return what `load` may draw, in the unit of its levels."""
    return level(load, outcome.current if load.kind is Kind.EV else outcome.power)


def duration(seconds: float) -> str:
    """Return a duration [s] as people read it: `45 s`, `2 min 30 s`, `1 h 20 min`."""
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return _two(whole, MINUTE, "min", 1.0, "s")
    return _two(round(whole / MINUTE) * MINUTE, HOUR, "h", MINUTE, "min")


def _two(seconds: float, large: float, large_name: str, small: float, small_name: str) -> str:
    many, rest = divmod(seconds, large)
    words = f"{many:.0f} {large_name}"
    return f"{words} {rest / small:.0f} {small_name}" if rest > 0 else words
