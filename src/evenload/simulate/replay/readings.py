"""What entities last said, and what it means: numbers in units, and until when it may be believed."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from evenload.model.quantities import (
    CURRENT_UNITS,
    POWER_UNITS,
    current_in_amperes,
    meter_current,
    power_in_watts,
)
from evenload.model.snapshot import Sample
from evenload.simulate.replay.history import Row
from evenload.simulate.replay.mapping import Mapping, Sensor

_NOTHING = frozenset({"unknown", "unavailable", "none", ""})
_VOLTS = {"mV": 1e-3, "V": 1.0, "kV": 1e3}


@dataclass(slots=True)
class Said:
    """The last state of one entity."""

    row: Row
    number: float | None
    """None: no number, or taken back."""


class Readings:
    """The last state of every entity, and what it was worth over the whole history."""

    def __init__(self, mapping: Mapping, *, voltage: float) -> None:
        """`voltage` is the site's nominal one [V]."""
        self._mapping = mapping
        self._voltage = voltage
        self._said: dict[str, Said] = {}
        self._heard_at = -math.inf
        self.units: dict[str, str | None] = {}
        """By place, the unit that its numbers are in and nobody knows."""

    def take(self, row: Row) -> None:
        """Take one row; rows come in the order of time."""
        self._heard_at = row.at
        self._said[row.entity] = Said(row, _number(row.state))

    def word(self, entity: str) -> str | None:
        """Return the last state of an entity as text; None: nothing, or taken back."""
        said = self._said.get(entity)
        return None if said is None or said.row.state.lower() in _NOTHING else said.row.state

    def is_available(self, entity: str) -> bool:
        """Return whether the entity's last state is anything but unavailable."""
        said = self._said.get(entity)
        return said is not None and said.row.state != "unavailable"

    def sample(self, place: str, sensor: Sensor, now: float) -> Sample | None:
        """Return what a sensor says, in the unit of its place, and when it said so last; None: nothing."""
        own = self._said.get(sensor.entity)
        value = self._value(place, sensor, own)
        if own is None or value is None:
            return None
        at = self._reported_at(own.row, now)
        if sensor.export is not None:
            other = self._said.get(sensor.export)
            exported = self._value(place, sensor, other)
            if other is None or exported is None:
                return None
            value -= exported
            at = max(at, self._reported_at(other.row, now))
        return Sample(-value if sensor.inverted else value, at)

    def _reported_at(self, row: Row, now: float) -> float:
        """Return when a state was last reported: again and again at the interval, as far as is known."""
        heard = self._heard_at + self._mapping.gap
        until = min(now, heard if row.until is None else max(row.at, row.until))
        interval = self._mapping.interval
        return row.at + math.floor(max(0.0, until - row.at) / interval) * interval

    def _value(self, place: str, sensor: Sensor, said: Said | None) -> float | None:
        if said is None or said.number is None:
            return None
        unit = sensor.unit if sensor.unit is not None else said.row.unit
        value = converted(place, said.number, unit, voltage=self._voltage)
        if value is None:
            self.units[place] = unit
        return value


def _number(state: str) -> float | None:
    if state.lower() in _NOTHING:
        return None
    try:
        number = float(state)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def converted(place: str, value: float, unit: str | None, *, voltage: float) -> float | None:
    """Return a value in the unit of its place; None where its own is not one that fits.

    Without a unit it is taken to be in that of its place.
    """
    first, last = place.split(".", maxsplit=1)[0], place.rsplit(".", maxsplit=1)[-1]
    if unit is None or last == "setpoint" or place == "battery_soc":
        return value
    if first in ("grid", "circuits"):
        return meter_current(value, unit, voltage=voltage)
    if first == "voltage":
        return value * _VOLTS[unit] if unit in _VOLTS else None
    if "current" in place.split("."):
        return current_in_amperes(value, unit)
    return power_in_watts(value, unit)


def units_of(place: str) -> Iterator[str]:
    """Yield the units that fit a place."""
    first = place.split(".", maxsplit=1)[0]
    if first == "voltage":
        yield from _VOLTS
        return
    is_current = first in ("grid", "circuits") or "current" in place.split(".")
    if is_current:
        yield from CURRENT_UNITS
    if not is_current or first in ("grid", "circuits"):
        yield from POWER_UNITS
