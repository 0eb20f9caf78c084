"""Surplus that nobody sees, because the inverter holds export back: perturb and observe.

Where an inverter limits export (to nothing, or to a cap), the meter reads the cap however much sun
there is beyond it. So while export stands at the cap and neither import nor battery discharge is
seen, one step more than the meter shows is *offered* to loads: to the first in order that could take
it, enough for its next step, or for its start. Does the inverter give it, the meter still reads the
cap and the next step is offered. Does it not, the meter leaves the cap: the offer ends, what the
meter shows decides again, and that steps the load back. The next try then waits, twice as long after
each that failed (1 to 16 minutes).

Nothing is offered without a sign of the sun: production where it is read, else a battery that does
not discharge beside a meter that stands at the cap, which a house at night does not.
"""

from collections.abc import Mapping, Sequence

from evenload.controller.battery import PRODUCTION
from evenload.controller.change import replace
from evenload.controller.draw import ABSENT
from evenload.controller.flows import Flows
from evenload.controller.plan import SitePlan
from evenload.controller.state import HiddenSurplus, LoadMemory
from evenload.controller.surplus import least_power
from evenload.model.readings import LoadState
from evenload.model.site import Mode
from evenload.model.snapshot import DeviceSnapshot

BAND = 60.0
"""Export nearer to the cap than this stands at it [W]."""

BAND_SHARE = 0.02
"""Or nearer than this share of it."""

FIRST_WAIT = 60.0
"""After a try that failed the next waits for so long [s]."""

LONGEST_WAIT = 960.0
"""And for so long at most [s]."""

FOLLOWS = 10.0
"""The inverter may take so long to follow a load before the meter is back at the cap [s]."""

PROVEN = 30.0
"""A try has succeeded when the loads have drawn more for so long and the meter is still there [s]."""


def watch_hidden(
    before: HiddenSurplus,
    flow: Flows | None,
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    devices: Mapping[str, DeviceSnapshot],
    *,
    now: float,
) -> HiddenSurplus:
    """Return what to offer beyond what the meter shows; `flow` is None while it is not fresh."""
    cap = plan.settings.export_limit
    if cap is None or flow is None:
        return before if before.offered_power <= 0.0 else replace(before, offered_power=0.0)
    band = max(BAND, BAND_SHARE * cap)
    has_sun = flow.solar_power is None or flow.solar_power > PRODUCTION
    if not has_sun or flow.grid_power > band - cap or flow.battery_power > band:
        return _end_try(before, shows_surplus=flow.grid_power < -band, now=now)
    if now < before.next_try_at:
        return before
    step_power = _next_step(plan, loads, devices, flow.voltages)
    if step_power is None:
        return before if before.offered_power <= 0.0 else replace(before, offered_power=0.0)
    return _go_on(before, step_power + band, drawn_power=flow.drawn_power, now=now)


def _end_try(before: HiddenSurplus, *, shows_surplus: bool, now: float) -> HiddenSurplus:
    """Return the memory once the meter has left the cap, which says by itself how much there is."""
    if before.offered_power <= 0.0:
        return before
    if before.away_since is None:
        return replace(before, away_since=now)
    if now - before.away_since < FOLLOWS:
        return before
    if shows_surplus:
        return HiddenSurplus()
    wait = FIRST_WAIT if before.wait <= 0.0 else min(2.0 * before.wait, LONGEST_WAIT)
    return HiddenSurplus(next_try_at=now + wait, wait=wait)


def _go_on(before: HiddenSurplus, power: float, *, drawn_power: float, now: float) -> HiddenSurplus:
    """Return the memory while the meter stands at the cap and `power` may be offered."""
    if before.away_since is not None:
        before = replace(before, away_since=None)
    if before.offered_power <= 0.0:
        return replace(before, offered_power=power, drawn_power=drawn_power, risen_at=None)
    if drawn_power < before.drawn_power + before.offered_power / 2.0:
        return before if before.risen_at is None else replace(before, risen_at=None)
    if before.risen_at is None:
        smaller = min(power, before.offered_power)
        return replace(before, risen_at=now, offered_power=smaller)
    if now - before.risen_at < PROVEN:
        return before
    return HiddenSurplus(offered_power=power, drawn_power=drawn_power)


def _next_step(
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    devices: Mapping[str, DeviceSnapshot],
    voltages: Sequence[float],
) -> float | None:
    """Return the power of the first load's next step that could take one [W]; None: none could."""
    for place in plan.serving:
        load_plan = plan.loads[place]
        memory = loads[load_plan.load.id]
        device = devices.get(load_plan.load.id)
        if device is None or device.state in (*ABSENT, LoadState.FINISHED) or memory.is_sated:
            continue
        if not (load_plan.is_patient or load_plan.load.mode is Mode.ECO):
            continue
        least = least_power(memory, load_plan, voltages)
        if memory.setpoint <= 0.0:
            return least
        top = load_plan.levels.top if memory.ceiling is None else memory.ceiling
        if memory.setpoint < top:
            step = load_plan.levels.after(memory.setpoint) - memory.setpoint
            return step * least / load_plan.levels.lowest
    return None
