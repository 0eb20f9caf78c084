"""What the battery is seen to do: what it takes, whether it follows loads, and who drains it.

- *Accepts*: below its target the battery goes before the car. But a battery that is nearly full, cold
  or limited by its inverter takes less than its maximum, and what it leaves flows into the grid while
  the car waits. So once there has been export for a while beside a battery that charges with less
  than it could, what it takes is what it accepts. That is forgotten when it takes more, or has given.
- *Responds*: loads draw at least 500 W more, and once the meters show it, the battery has taken over
  most of that, or the grid has though the battery could. Two of the latter in a row: it does not
  follow, and its help counts for nothing until it is seen to.
- *Leak*: loads that live on surplus may not drain the battery below its target, nor at night. What
  it gives while they draw, as much as they draw, leaks to them (export taken off: then somebody sells
  it on purpose). A leak of a minute ends the patience for half a minimum: now all of it must be
  covered by the sun, for half an hour. One of five minutes is told to the user.
"""

from collections.abc import Mapping

from evenload.controller.change import replace
from evenload.controller.draw import IN_USE
from evenload.controller.flows import Flows
from evenload.controller.plan import SitePlan
from evenload.controller.state import BatteryMemory, LoadMemory
from evenload.model.readings import BatteryZone
from evenload.model.site import Battery, BatteryHelp

NOTHING = 100.0
"""Export and discharge below this are the control error of an inverter [W]."""

FULLY = 0.9
"""A battery that charges with more than this share of its maximum takes all it can."""

REFUSED = 30.0
"""How long there must have been export beside a battery that could take more [s]."""

SPARE = 1.1
"""It takes more than it accepted when it charges with more than so much of it."""

FORGET_SOC = 2.0
"""And what it accepted says nothing any more once it holds so much less [%]."""

LEAST_RISE = 500.0
"""A rise of the loads that is large enough to be told from the house [W]."""

MOST, HARDLY = 0.6, 0.15
"""The share of a rise that shows that the battery follows, or that it does not."""

VERDICT = 2
"""So many rises in a row that it did not follow are a verdict."""

LEAKS = 60.0
"""A leak of so long is one [s]."""

WARY = 1800.0
"""How long nothing is left to the battery after a leak [s]."""

PERSISTS = 300.0
"""The user is told of one of so long [s]."""


def watch_battery(
    before: BatteryMemory,
    battery: Battery | None,
    flows: Flows | None,
    *,
    zone: BatteryZone | None,
    is_day: bool,
    is_settled: bool,
    now: float,
) -> BatteryMemory:
    """Return what is known of the battery after this pass.

    `flows` is None while not all of it is fresh; `is_settled` says whether the meters show what
    loads were told last.
    """
    if battery is None or flows is None or flows.battery_soc is None or zone is None:
        return before if before.leak_since is None else replace(before, leak_since=None)
    after = before
    if is_settled:
        after = _accepting(before, battery, flows, flows.battery_soc, now)
        after = _following(after, battery, flows, flows.battery_soc)
    helps = battery.helps is not BatteryHelp.NONE and zone is BatteryZone.ABOVE and is_day
    if helps or _leak_power(flows) <= NOTHING:
        return after if after.leak_since is None else replace(after, leak_since=None)
    since = now if after.leak_since is None else after.leak_since
    leaked_at = now if now - since >= LEAKS else after.leaked_at
    return replace(after, leak_since=since, leaked_at=leaked_at)


def _accepting(
    before: BatteryMemory, battery: Battery, flows: Flows, soc: float, now: float
) -> BatteryMemory:
    charge = max(0.0, -flows.battery_power)
    accepts = before.accepts_power
    if accepts is not None:
        took_more = charge > SPARE * accepts + NOTHING
        if took_more or soc < before.accepts_soc - FORGET_SOC or flows.battery_power > NOTHING:
            before = replace(before, accepts_power=None, refused_since=None)
    if flows.grid_power >= -NOTHING or charge >= FULLY * battery.max_charge:
        return before if before.refused_since is None else replace(before, refused_since=None)
    if before.refused_since is None:
        return replace(before, refused_since=now)
    if now - before.refused_since < REFUSED or before.accepts_power is not None:
        return before
    return replace(before, accepts_power=charge, accepts_soc=soc)


def _following(before: BatteryMemory, battery: Battery, flows: Flows, soc: float) -> BatteryMemory:
    here = (flows.drawn_power, flows.battery_power, flows.grid_power)
    if before.anchor is None:
        return replace(before, anchor=here)
    rise = flows.drawn_power - before.anchor[0]
    if rise < LEAST_RISE:
        return before if before.anchor == here else replace(before, anchor=here)
    by_battery = (flows.battery_power - before.anchor[1]) / rise
    by_grid = (flows.grid_power - before.anchor[2]) / rise
    if by_battery > MOST:
        return replace(before, anchor=here, missed=0, responds=True)
    could = soc > battery.soc_min + FORGET_SOC and flows.grid_power > NOTHING
    could = could and flows.battery_power + rise < battery.max_discharge
    if not could or by_battery > HARDLY or by_grid < MOST:
        return replace(before, anchor=here)
    missed = before.missed + 1
    return replace(
        before, anchor=here, missed=missed, responds=before.responds and missed < VERDICT
    )


def _leak_power(flows: Flows) -> float:
    """Return what the battery gives to loads that live on surplus [W]."""
    return min(flows.battery_power + min(0.0, flows.grid_power), flows.sunny_power)


def is_leaking(memory: BatteryMemory, now: float) -> bool:
    """Return whether loads that may not drain the battery do, or lately did."""
    return now - memory.leaked_at < WARY


def persistent_leak(
    memory: BatteryMemory, plan: SitePlan, loads: Mapping[str, LoadMemory], now: float
) -> str | None:
    """Return the load that the user is told of as draining the battery: the last in order."""
    if memory.leak_since is None or now - memory.leak_since < PERSISTS:
        return None
    drawing = [
        plan.loads[place].load.id
        for place in plan.serving
        if plan.loads[place].is_patient
        and max(loads[plan.loads[place].load.id].draw.currents) > IN_USE
    ]
    return drawing[-1] if drawing else None
