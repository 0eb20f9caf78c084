"""From meter values to what flows in each leg.

Values come as text or numbers, in W or kW, with a leg (`L1`, `L1-N`), with none, or with only one of
three. A current without a leg is the sum of the legs for some makers and that of each leg for others:
power over voltage tells which. Where it cannot tell, the reading with more on one leg is taken, for
that is the one that protects the fuse.

Source of the measurands: OCPP 1.6 edition 2, section 7.31; OCPP 2.0.1 part 2, MeasurandEnum.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from evenload.model.quantities import current_in_amperes, power_in_watts
from evenload.model.site import Leg
from evenload.ocpp.lenient import fields, instant, items, number, text, whole

_DEFAULT_MEASURAND = "Energy.Active.Import.Register"
_OF_THE_PAST = frozenset({"Transaction.Begin", "Interruption.Begin", "Interruption.End"})
"""Contexts of values that were taken earlier than they are sent."""
_VOLTAGE = 230.0
_ABOVE_SETPOINT = 1.15
"""A leg that draws more than its setpoint times this is not one leg but their sum."""
_CLEARLY_SEVERAL = 1.6
"""Power over (current x voltage) from which on more than one leg flows."""
_LARGEST_MULTIPLIER = 9


class Unphased(StrEnum):
    """What a current without a leg means."""

    SUM = "sum"
    EACH = "each"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What a set of meter values tells; what it does not tell is None or empty."""

    current: Mapping[Leg, float] = field(default_factory=dict[Leg, float])
    """[A]"""
    power: float | None = None
    """[W]"""
    energy: float | None = None
    """[Wh]"""
    soc: float | None = None
    """[%]"""
    voltage: Mapping[Leg, float] = field(default_factory=dict[Leg, float])
    """[V]"""
    offered: float | None = None
    """[A]"""
    at: datetime | None = None
    """The newest of their times, by the station's clock."""
    measurands: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Collected:
    """Values by measurand and leg; the key None is for those without a leg."""

    values: dict[str, dict[Leg | None, float]] = field(
        default_factory=dict[str, dict[Leg | None, float]]
    )
    at: datetime | None = None

    def of(self, measurand: str) -> dict[Leg | None, float]:
        return self.values.get(measurand, {})

    def total(self, measurand: str) -> float | None:
        """Return the value without a leg, or else the sum of the legs'."""
        found = self.of(measurand)
        if None in found:
            return found[None]
        return sum(found.values()) if found else None


def measured(
    values: object,
    *,
    legs: int,
    setpoint: float | None = None,
    unphased: Unphased | None = None,
) -> Measurement:
    """Return what an array of meter values tells of a plug with so many legs.

    `setpoint` is what the plug may draw [A per leg], `unphased` what is known of its station.
    """
    collected = _collect(values)
    voltage = {
        leg: value for leg, value in collected.of("Voltage").items() if leg is not None
    } or dict.fromkeys(tuple(Leg)[:legs], collected.of("Voltage").get(None, 0.0))
    voltage = {leg: value for leg, value in voltage.items() if value > 0.0}
    power = collected.total("Power.Active.Import")
    return Measurement(
        current=_legs(
            collected.of("Current.Import"),
            legs=legs,
            volts=sum(voltage.values()) / len(voltage) if voltage else _VOLTAGE,
            power=power,
            setpoint=setpoint,
            unphased=unphased,
        ),
        power=power,
        energy=collected.total(_DEFAULT_MEASURAND),
        soc=collected.total("SoC"),
        voltage=voltage,
        offered=max(collected.of("Current.Offered").values(), default=None),
        at=collected.at,
        measurands=frozenset(collected.values),
    )


def _collect(values: object) -> _Collected:
    collected = _Collected()
    for entry in map(fields, items(values)):
        at = instant(entry.get("timestamp"))
        told = False
        for measurand, leg, value in _samples(entry):
            collected.values.setdefault(measurand, {})[leg] = value
            told = True
        if told and at is not None and (collected.at is None or at > collected.at):
            collected.at = at
    return collected


def _samples(entry: Mapping[str, object]) -> Iterator[tuple[str, Leg | None, float]]:
    for sample in map(fields, items(entry.get("sampledValue"))):
        if sample.get("context") in _OF_THE_PAST:
            continue
        measurand = text(sample.get("measurand")) or _DEFAULT_MEASURAND
        phase = text(sample.get("phase")) or ""
        if measurand.startswith("Current.Import.L"):
            measurand, _, phase = measurand.rpartition(".")
        value = _in_base_unit(measurand, sample)
        if value is None or phase in {"L1-L2", "L2-L3", "L3-L1"}:
            continue
        leg = phase.removesuffix("-N")
        yield measurand, Leg(leg) if leg in Leg else None, value


def _in_base_unit(measurand: str, sample: Mapping[str, object]) -> float | None:
    """Return the value in A, W, Wh, V or %; None where its unit is another measurand's."""
    value = number(sample.get("value"))
    if value is None:
        return None
    unit_of_measure = fields(sample.get("unitOfMeasure"))
    multiplier = whole(unit_of_measure.get("multiplier")) or 0
    if abs(multiplier) > _LARGEST_MULTIPLIER:
        return None
    value *= 10.0**multiplier
    unit = text(unit_of_measure.get("unit")) or text(sample.get("unit"))
    if measurand.startswith("Current"):
        return value if unit is None else current_in_amperes(value, unit)
    if measurand.startswith("Power.Active"):
        return value if unit is None else power_in_watts(value, unit)
    if measurand.startswith("Energy"):
        factor = {"wh": 1.0, "kwh": 1000.0, "mwh": 1e6}.get((unit or "Wh").lower())
        return None if factor is None else value * factor
    return value


def _legs(
    found: Mapping[Leg | None, float],
    *,
    legs: int,
    volts: float,
    power: float | None,
    setpoint: float | None,
    unphased: Unphased | None,
) -> dict[Leg, float]:
    named = {leg: value for leg, value in found.items() if leg is not None}
    ratio = _legs_by_power(next(iter((named or found).values()), 0.0), volts, power)
    if len(named) > 1 or legs == 1:
        first = {Leg.L1: found[None]} if None in found and not named else {}
        return named or first
    if named:
        # One leg of three is all that some meters report; the power shows the others.
        several = ratio is not None and ratio >= _CLEARLY_SEVERAL
        count = min(legs, round(ratio)) if several and ratio is not None else 1
        return dict.fromkeys(tuple(Leg)[:count], next(iter(named.values()))) if several else named
    if None not in found:
        return {}
    value = found[None]
    if unphased is None:
        unphased = _meaning(value, ratio, setpoint)
    if unphased is Unphased.SUM:
        return dict.fromkeys(tuple(Leg)[:legs], value / legs)
    if unphased is Unphased.EACH:
        count = legs if ratio is None else max(1, min(legs, round(ratio)))
        return dict.fromkeys(tuple(Leg)[:count], value)
    return {Leg.L1: value}


def _legs_by_power(current: float, volts: float, power: float | None) -> float | None:
    if power is None or current <= 0.0 or volts <= 0.0:
        return None
    return power / (current * volts)


def _meaning(current: float, ratio: float | None, setpoint: float | None) -> Unphased | None:
    """Return what a current without a leg means; None: one leg, or a sum that fits in one."""
    if ratio is not None and ratio >= _CLEARLY_SEVERAL:
        return Unphased.EACH
    if setpoint is not None and 0.0 < setpoint * _ABOVE_SETPOINT < current:
        return Unphased.SUM
    return Unphased.EACH if ratio is None else None
