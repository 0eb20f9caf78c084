"""Ask the engine: what it is told of this moment.

The engine takes the managed draw out of the grid reading again to find the base, so it is told a
grid reading of the very same instant as the draws: house (see `house`) + draws.

- A load that rests has a ceiling of 0; one that takes less than offered has a ceiling there; one
  that is on and takes nothing has finished, for now.
- A load that runs on surplus needs less of it to keep running than to start.
- A device that cannot be reached is no load, but what it may draw meanwhile is kept free: what it
  was told last or its safe current, whichever is more. The same goes for one operated by hand.
"""

from collections.abc import Collection, Mapping, Sequence

from evenload.controller.change import replace
from evenload.controller.cover import needed_share
from evenload.controller.patience import rest
from evenload.controller.phases import legs_given
from evenload.controller.plan import LoadPlan, SitePlan
from evenload.controller.state import LoadMemory
from evenload.model.readings import BatteryReading, LoadReading, LoadState, Need, Readings
from evenload.model.site import Leg, Phase
from evenload.model.snapshot import DeviceSnapshot, Snapshot

ABSENT_DEVICE = DeviceSnapshot(state=LoadState.DISCONNECTED)


def readings(
    snapshot: Snapshot,
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    *,
    houses: Mapping[str, Sequence[float]],
    voltages: Sequence[float],
    battery: BatteryReading | None,
    fuse: Mapping[Phase, float] | None,
    import_limit: float | None,
    hidden_power: float,
    is_leaking: bool,
    satisfied: Collection[str] = (),
    now: float,
) -> Readings:
    """Return what the engine is told; `houses` has `grid` and the circuits with a live meter.

    `fuse` [A] lowers what may be allocated on the main fuse, `import_limit` [W] what is imported.
    `is_leaking` says that loads drain the battery that may not; `satisfied` are the loads that need
    nothing now.
    """
    phases = plan.site.phases
    meters = {name: list(house) for name, house in houses.items()}
    grid_currents = meters.pop("grid")
    table: dict[str, LoadReading] = {}
    for load_plan in plan.loads:
        memory = loads[load_plan.load.id]
        device = snapshot.devices.get(load_plan.load.id, ABSENT_DEVICE)
        if device.available and memory.hand.until is None:
            currents = memory.draw.currents
            need = Need.SATISFIED if load_plan.load.id in satisfied else Need.WANTS
            table[load_plan.load.id] = load_reading(
                memory, load_plan, device, now, is_leaking=is_leaking, need=need
            )
        else:
            currents = _reserve(memory, load_plan, voltages, is_lost=not device.available)
            table[load_plan.load.id] = _absent(load_plan, currents)
        for place, current in zip(load_plan.places, currents, strict=True):
            grid_currents[place] += current
            for name in load_plan.circuits if meters else ():
                if name in meters:
                    meters[name][place] += current
    grid = dict(zip(phases, grid_currents, strict=True))
    return Readings(
        grid={} if plan.site.off_grid else grid,
        inverter=grid if plan.site.off_grid else None,
        loads=table,
        voltage=dict(zip(phases, voltages, strict=True)),
        battery=battery,
        fuse=fuse,
        import_limit=import_limit,
        hidden_power=hidden_power,
        circuits={name: dict(zip(phases, values, strict=True)) for name, values in meters.items()},
    )


def _absent(plan: LoadPlan, currents: Sequence[float]) -> LoadReading:
    """Return what the engine is told of a load that nothing can be given, whose currents are kept free."""
    return LoadReading(
        state=LoadState.DISCONNECTED, current=dict(zip(plan.legs, currents, strict=True))
    )


def load_reading(
    memory: LoadMemory,
    plan: LoadPlan,
    device: DeviceSnapshot,
    now: float,
    *,
    is_leaking: bool = False,
    need: Need = Need.WANTS,
) -> LoadReading:
    """Return what the engine is told of one load whose device can be reached."""
    is_resting = memory.setpoint <= 0.0 and rest(memory, plan, now) is not None
    of = (memory, device.state, is_resting, is_leaking, need)
    known = plan.asked.made_of(of)
    if known is not None:
        return known
    reading = _load_reading(
        memory, plan, device.state, is_resting=is_resting, is_leaking=is_leaking, need=need
    )
    return plan.asked.keep(of, reading)


def _load_reading(
    memory: LoadMemory,
    plan: LoadPlan,
    state: LoadState,
    *,
    is_resting: bool,
    is_leaking: bool,
    need: Need,
) -> LoadReading:
    ceiling = memory.ceiling
    given = None if memory.phases is None else legs_given(memory, plan)
    legs, certain = given if given is not None else _legs(memory, plan)
    if given is None and legs is not None and memory.legs is None:
        ceiling = plan.levels.lowest
    if is_resting:
        ceiling = 0.0
    if memory.is_sated:
        state = LoadState.FINISHED
    if memory.obedience.is_unresponsive:
        state = LoadState.UNRESPONSIVE
    return LoadReading(
        state=state,
        current=dict(zip(plan.legs, memory.draw.currents, strict=True)),
        ceiling=ceiling,
        need=need,
        solar_share=plan.load.solar_share if is_leaking else needed_share(memory, plan),
        legs=legs,
        legs_certain=certain,
    )


def _legs(memory: LoadMemory, plan: LoadPlan) -> tuple[tuple[Leg, ...] | None, bool]:
    """Return the legs in use and whether that is certain.

    A car that has not drawn yet may turn out to use one leg: on surplus it is started as if it did,
    at its minimum, with all legs reserved in the fuses.
    """
    if memory.legs is not None:
        return memory.legs, memory.is_legs_certain
    if plan.is_ev and plan.is_patient and len(plan.legs) > 1 and plan.load.legs is None:
        return plan.legs[:1], False
    return None, True


def _reserve(
    memory: LoadMemory, plan: LoadPlan, voltages: Sequence[float], *, is_lost: bool
) -> tuple[float, ...]:
    safe = plan.treat.safe_current if plan.is_ev and is_lost else 0.0
    current = max(plan.currents(memory.setpoint, voltages), safe)
    if memory.legs is not None and memory.is_legs_certain:
        return tuple(current if leg in memory.legs else 0.0 for leg in plan.legs)
    return tuple(current if used else 0.0 for used in plan.used)


def follow_mode(memory: LoadMemory, plan: LoadPlan) -> LoadMemory:
    """Return the memory after a person may have changed the mode: a wish begins afresh.

    Either that or another priority number ends what was set by hand before.
    What the load owed to its own wear (time on, time off, starts) was owed by the old mode.
    """
    load, mode = plan.load, plan.chosen_mode
    if memory.served_mode is not load.mode:
        # What has waited for the sun, or for the fuse alone, begins to wait anew.
        memory = replace(memory, served_mode=load.mode, room_since=None, short_since=None)
    if (memory.mode, memory.priority) == (mode, load.priority):
        return memory
    is_change = memory.priority is not None and memory.priority != load.priority
    hand = replace(memory.hand, until=None) if is_change else memory.hand
    memory = replace(memory, priority=load.priority, hand=hand)
    if memory.mode is mode:
        return memory
    return replace(
        memory,
        mode=mode,
        hand=replace(hand, until=None),
        is_wished=True,
        wear=replace(memory.wear, starts=(), session_starts=0),
        stopped_at=float("-inf"),
        room_since=None,
        short_since=None,
    )
