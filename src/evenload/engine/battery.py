"""What the battery takes from the surplus, or adds to it: the c and d of the pools.

Its zone about a threshold of charge (`soc_target`; `soc_min` for standard loads that may not import)
decides:

- below: it charges first. c = what it would take now, as it was learnt, else its `max_charge`.
- at: neither.
- above: it helps. d = min(max_discharge, b + max_power - what the inverter delivers), at least 0, and
  only while it is known to follow a rise of the loads.

A battery that is configured but not read counts as below.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from evenload.model.readings import BatteryReading, BatteryZone, Readings
from evenload.model.site import Battery, Phase, Site

ZONE_WIDTH = 3.0
"""How far above its threshold the zone `at` reaches [% of charge]."""


class BatteryPart(NamedTuple):
    """What the battery takes and gives, about one threshold of its charge."""

    keeps: float = 0.0
    """c: what it would charge with now [W]."""
    gives: float = 0.0
    """d: what it could discharge beyond what it does now [W]."""
    is_full: bool = False
    """Whether it is at or above `soc_full`."""


def battery_parts(
    site: Site, battery: Battery, readings: Readings, voltages: Sequence[float]
) -> tuple[BatteryPart, BatteryPart]:
    """Return c and d about its target, and about its minimum charge.

    The latter is of use only where standard loads may not import.
    """
    reading = readings.battery
    if reading is None:
        unread = BatteryPart(keeps=battery.max_charge)
        return unread, unread
    zone = zone_about(battery.soc_target, reading.soc) if reading.zone is None else reading.zone
    gives = _more_discharge(site, battery, reading, readings.inverter, voltages)
    return (
        _part(battery, reading, zone, gives),
        _part(battery, reading, zone_about(battery.soc_min, reading.soc), gives),
    )


def zone_about(threshold: float, soc: float) -> BatteryZone:
    """Return where a state of charge stands about a threshold."""
    if soc < threshold:
        return BatteryZone.BELOW
    return BatteryZone.AT if soc < threshold + ZONE_WIDTH else BatteryZone.ABOVE


def _part(
    battery: Battery, reading: BatteryReading, zone: BatteryZone, gives: float
) -> BatteryPart:
    is_full = reading.soc >= battery.soc_full
    if zone is BatteryZone.BELOW:
        keeps = battery.max_charge if reading.accepts is None else reading.accepts
        return BatteryPart(keeps=keeps, is_full=is_full)
    if zone is BatteryZone.AT:
        return BatteryPart(is_full=is_full)
    return BatteryPart(gives=gives, is_full=is_full)


def _more_discharge(
    site: Site,
    battery: Battery,
    reading: BatteryReading,
    inverter: Mapping[Phase, float] | None,
    voltages: Sequence[float],
) -> float:
    """Return how much more it could discharge than it does, within what the inverter can do [W]."""
    if not reading.responds:
        return 0.0
    if site.inverter is None:
        return battery.max_discharge
    delivered = reading.power
    if inverter is not None:
        delivered = sum(
            voltage * inverter.get(phase, 0.0)
            for phase, voltage in zip(site.phases, voltages, strict=True)
        )
    spare = reading.power + site.inverter.max_power - delivered
    return max(0.0, min(battery.max_discharge, spare))
