"""The battery as the engine should see it: its zone without limit cycles, and by day only.

| from | to | when its state of charge is |
|---|---|---|
| below | at | at the target |
| at | below | 3 % under the target |
| at, below | above | at the target + 10 %, or 5 % under full where that is lower |
| above | at | under the target |

Its help for loads that run on the sun counts by day only, that is while production was seen within
the last quarter of an hour: a solar car must not empty the battery at night.
"""

from evenload.controller.state import BatteryMemory
from evenload.model.readings import BatteryReading, BatteryZone
from evenload.model.site import Battery, Site

HYSTERESIS = 3.0
"""[%]"""

RISE = 10.0
"""How far above its target it must be to count as above [%]."""

UNDER_FULL = 5.0
"""It counts as above this near to full, too [%]."""

PRODUCTION = 50.0
"""Production above this is seen [W]."""

DAY = 900.0
"""How long it is day after production was last seen [s]."""


def next_zone(zone: BatteryZone | None, battery: Battery, soc: float) -> BatteryZone:
    """Return where `soc` [%] stands about the battery's target, coming from `zone`."""
    above_from = max(
        battery.soc_target, min(battery.soc_target + RISE, battery.soc_full - UNDER_FULL)
    )
    if soc >= above_from:
        return BatteryZone.ABOVE
    if zone is BatteryZone.ABOVE and soc >= battery.soc_target:
        return BatteryZone.ABOVE
    lowest_at = battery.soc_target - (0.0 if zone in (None, BatteryZone.BELOW) else HYSTERESIS)
    return BatteryZone.AT if soc >= lowest_at else BatteryZone.BELOW


def battery_reading(
    site: Site,
    memory: BatteryMemory,
    *,
    soc: float,
    power: float,
    zone: BatteryZone,
    is_day: bool,
) -> BatteryReading:
    """Return what the engine is told of the battery."""
    needs_it_always = site.off_grid or not site.grid_import_allowed
    return BatteryReading(
        soc=soc,
        power=power,
        zone=zone,
        accepts=memory.accepts_power,
        responds=memory.responds and (is_day or needs_it_always),
    )
