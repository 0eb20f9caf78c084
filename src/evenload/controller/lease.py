"""Setpoints that expire by themselves, so that silence is safe.

While this program is gone nobody watches the fuse. A charger that can do it therefore gets every setpoint
above its *safe current* on a lease: unless it is told again, it falls back. It is told again at a third
of the lease, so that one message, or two, may be lost. Many relays can do the same: they switch themselves
off some time after they were last switched on. What they fall back to is off.

- What chargers fall back to must fit by itself: all safe currents together beside the base that is
  reserved for this hour (`failsafe`), and beside what goes on without a lease, as relays do. In serving
  order each charger that still fits has its safe current, the others fall back to 0.
- A setpoint at or below that carries no lease and holds for ever: a car that was paused must not begin to
  charge because this program is gone.
- A lease that has run out has lowered the setpoint. What is remembered follows, with the time that the
  device may take; from there it is raised only by the ordinary rules.
"""

from collections.abc import Mapping, Sequence

from evenload.controller.change import replace
from evenload.controller.failsafe import fuses
from evenload.controller.meter_memory import NEVER
from evenload.controller.moment import Moment
from evenload.controller.plan import LoadPlan, SitePlan
from evenload.controller.state import LoadMemory
from evenload.model.decision import Command
from evenload.model.readings import LoadState
from evenload.model.snapshot import DeviceSnapshot
from evenload.units import TOLERANCE

RENEWALS = 3.0
"""How often a lease is renewed within its length."""


def has_leases(plan: SitePlan) -> bool:
    """Return whether any device can fall back by itself."""
    return any(_lease(load_plan) is not None for load_plan in plan.loads)


def _lease(plan: LoadPlan) -> float | None:
    return plan.treat.lease


def fallbacks(
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    reserved: Sequence[float],
    voltages: Sequence[float],
) -> Mapping[str, float]:
    """Return by load what its device may fall back to, beside `reserved` on the main fuse [A].

    That is in amperes per leg, and 0 for whatever is no ev.

    What has no lease goes on as it was told last, and takes its room first.
    """
    rooms = {
        name: [limit - kept for limit, kept in zip(rating, free, strict=True)]
        for rating, name, free in fuses(plan.site, reserved)
    }
    for load_plan in plan.loads:
        if _lease(load_plan) is None:
            told = load_plan.currents(loads[load_plan.load.id].setpoint, voltages)
            _take(rooms, load_plan, told)
    found: dict[str, float] = {}
    for place in plan.serving:
        load_plan = plan.loads[place]
        if _lease(load_plan) is None:
            continue
        safe = load_plan.levels.highest(load_plan.treat.safe_current) if load_plan.is_ev else 0.0
        behind = [rooms[name] for name in load_plan.circuits]
        if any(room[phase] < safe - TOLERANCE for room in behind for phase in load_plan.places):
            safe = 0.0
        _take(rooms, load_plan, safe)
        found[load_plan.load.id] = safe
    return found


def _take(rooms: Mapping[str, list[float]], plan: LoadPlan, current: float) -> None:
    for name in plan.circuits:
        for phase in plan.places:
            rooms[name][phase] -= current


def on_lease(
    command: Command, memory: LoadMemory, plan: LoadPlan, fallback: float | None, now: float
) -> tuple[Command, LoadMemory]:
    """Return the command with its lease, and the memory of the load that knows of it."""
    lease = _lease(plan)
    if lease is None or fallback is None:
        return command, memory
    expires = command.setpoint > fallback + TOLERANCE
    command = replace(command, fallback=fallback, lease=lease if expires else None)
    return command, replace(memory, fallback=fallback, leased_at=now if expires else NEVER)


def must_renew(
    memory: LoadMemory,
    plan: LoadPlan,
    device: DeviceSnapshot,
    fallback: float | None,
    moment: Moment,
) -> bool:
    """Return whether a device has to be told the same again so that it does not fall back.

    One that has fallen back already is not raised by this; nor is one that was adopted, whose setpoint
    may have expired unseen, before raising is allowed at all.
    """
    lease = _lease(plan)
    if lease is None or fallback is None or memory.setpoint <= fallback + TOLERANCE:
        return False
    if memory.leased_at == NEVER and not moment.may_raise:
        return False
    if _has_fallen(memory, plan, device, moment.now):
        return False
    return moment.now >= memory.leased_at + lease / RENEWALS


def _has_fallen(memory: LoadMemory, plan: LoadPlan, device: DeviceSnapshot, now: float) -> bool:
    """Return whether a device says that it has fallen back; a switch tells only whether it is on."""
    settled_at = memory.commanded_at + plan.treat.settle_time
    carried = device.setpoint
    if carried is None:
        return device.state is LoadState.OFF and now >= settled_at
    return carried.value < memory.setpoint - TOLERANCE and carried.at >= settled_at


def after_expiry(memory: LoadMemory, plan: LoadPlan, now: float) -> LoadMemory:
    """Return the memory, lowered to what the device has fallen back to if its lease ran out."""
    lease, fallback = _lease(plan), memory.fallback
    if lease is None or fallback is None or memory.leased_at == NEVER:
        return memory
    if now < memory.leased_at + lease + plan.treat.settle_time:
        return memory
    return replace(memory, setpoint=min(memory.setpoint, fallback), leased_at=NEVER)
