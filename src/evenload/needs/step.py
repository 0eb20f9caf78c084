"""One pass over all loads: what each needs now."""

from collections.abc import Mapping
from dataclasses import replace

from evenload.model.control import LoadControl
from evenload.model.need import NO_NEED, NeedNow
from evenload.model.readings import LoadState
from evenload.model.site import Kind, Load
from evenload.model.snapshot import DeviceSnapshot, Snapshot
from evenload.needs.charging import need_of_car
from evenload.needs.memory import NeedMemory
from evenload.needs.running import need_of_runtime
from evenload.needs.warmth import need_of_store

LONGEST_PASS = 60.0
"""Of a longer time since the pass before nothing is known; it counts as this [s]."""
FRESH = 6 * 3600.0
"""Water that keeps its temperature gives its sensor nothing to report for hours; one from
before is not known any more [s]."""
NEW = NeedMemory()


def step_needs(
    memories: Mapping[str, NeedMemory], snapshot: Snapshot, now: float
) -> tuple[dict[str, NeedMemory], dict[str, NeedNow]]:
    """Return what is remembered and what is needed, of every load that has a need of its own."""
    after: dict[str, NeedMemory] = {}
    needs: dict[str, NeedNow] = {}
    for load in snapshot.site.all_loads:
        treat = snapshot.settings.of(load)
        if treat.has_need:
            memory = memories.get(load.id, NEW)
            after[load.id], needs[load.id] = _of_load(memory, load, treat, snapshot, now)
    return after, needs


def _of_load(
    memory: NeedMemory, load: Load, treat: LoadControl, snapshot: Snapshot, now: float
) -> tuple[NeedMemory, NeedNow]:
    device, clock = snapshot.devices.get(load.id), snapshot.clock
    elapsed = 0.0 if memory.at is None else min(max(now - memory.at, 0.0), LONGEST_PASS)
    memory = replace(memory, at=now)
    if device is None:
        return memory, NO_NEED
    if treat.temperatures is not None:
        power = load.maximum if load.kind is Kind.POWER else max(load.levels, default=0.0)
        return need_of_store(
            memory,
            treat.temperatures,
            _temperature(device, now),
            power=power,
            clock=clock,
            elapsed=elapsed,
        )
    if treat.runtime is not None:
        is_on = device.state is LoadState.ON
        return need_of_runtime(memory, treat.runtime, is_on=is_on, clock=clock, elapsed=elapsed)
    if treat.ready_by is not None:
        return need_of_car(
            memory,
            treat.ready_by,
            state=device.state,
            power=_power(device, snapshot.site.voltage),
            leg_power=load.maximum * snapshot.site.voltage,
            clock=clock,
            elapsed=elapsed,
        )
    return memory, NO_NEED


def _temperature(device: DeviceSnapshot, now: float) -> float | None:
    sample = device.temperature
    return None if sample is None or now - sample.at > FRESH else sample.value


def _power(device: DeviceSnapshot, voltage: float) -> float:
    if device.power is not None:
        return max(0.0, device.power.value)
    return voltage * sum(max(0.0, sample.value) for sample in device.current.values())
