"""Take over what is running, without touching it.

A controller that starts finds loads that run: somebody else's setting, or its own from before a
restart. What a device says it carries is what it was told; else its draw is; else what was
remembered. So the first pass changes nothing that is within limits.
"""

from collections.abc import Sequence

from evenload.controller.change import replace
from evenload.controller.draw import ABSENT, DRAWING, first_draw, measured
from evenload.controller.meter_memory import NEVER
from evenload.controller.plan import LoadPlan
from evenload.controller.state import Draw, LoadMemory
from evenload.controller.usage import legs_in_use
from evenload.model.snapshot import DeviceSnapshot


def new_memory(plan: LoadPlan) -> LoadMemory:
    """Return the memory of a load that nothing is known of."""
    return LoadMemory(
        setpoint=0.0,
        mode=plan.chosen_mode,
        served_mode=plan.load.mode,
        draw=no_draw(plan),
        is_adopted=False,
    )


def no_draw(plan: LoadPlan) -> Draw:
    """Return the draw of a load that nothing is known of."""
    return first_draw((0.0,) * len(plan.legs), NEVER, is_metered=False)


def after_session(memory: LoadMemory) -> LoadMemory:
    """Return the memory for the next car: it has a budget and a turn of its own."""
    wear, hand = memory.wear, memory.hand
    if wear.session_starts == 0 and memory.served_at == NEVER and hand.until is None:
        return memory
    return replace(
        memory,
        wear=replace(wear, session_starts=0),
        served_at=NEVER,
        hand=replace(hand, until=None),
    )


def adopt(
    memory: LoadMemory,
    plan: LoadPlan,
    device: DeviceSnapshot,
    voltages: Sequence[float],
    now: float,
) -> LoadMemory:
    """Return the memory with what the device does now taken for what it was told."""
    report = measured(plan, device, voltages, (0.0,) * len(plan.legs))
    if report is None:
        setpoint = carried(memory, plan, device, 0.0)
        current = plan.currents(setpoint, voltages) if device.state in DRAWING else 0.0
        currents = tuple(current if used else 0.0 for used in plan.used)
        draw = first_draw(currents, NEVER, is_metered=False)
    else:
        currents, at = report
        drawn = max(currents) / plan.currents(1.0, voltages)
        setpoint = carried(memory, plan, device, drawn)
        draw = first_draw(currents, at, is_metered=True)
    if device.state in ABSENT:
        nothing = (0.0,) * len(plan.legs)
        draw = first_draw(nothing, draw.measured_at, is_metered=draw.is_metered)
    was_running = setpoint > 0.0 and memory.setpoint > 0.0
    is_new_start = setpoint > 0.0 and not was_running
    memory = replace(
        memory,
        setpoint=setpoint,
        draw=draw,
        is_adopted=True,
        started_at=now if is_new_start else memory.started_at,
    )
    legs, is_certain = legs_in_use(memory, plan, is_connected=device.state not in ABSENT)
    return replace(memory, legs=legs, is_legs_certain=is_certain)


def carried(memory: LoadMemory, plan: LoadPlan, device: DeviceSnapshot, drawn: float) -> float:
    """Return what the device was told, as far as it shows; `drawn` in the unit of its levels."""
    if device.setpoint is not None:
        return max(0.0, device.setpoint.value)
    if device.state in DRAWING:
        if plan.levels.lowest == plan.levels.top:
            return plan.levels.top
        remembered = memory.setpoint if memory.setpoint >= drawn else 0.0
        return remembered or (plan.levels.reaching(drawn) if drawn > 0.0 else plan.levels.top)
    return 0.0
