"""Quantities that every baseline reads out of a snapshot, in the way their authors do.

None of them asks how old a report is, except where its rules say so: that is what they are compared
for. A value that is no number counts as not reported.
"""

import math
from collections.abc import Mapping

from evenload.model.readings import LoadState
from evenload.model.site import Leg, Load, Phase
from evenload.model.snapshot import DeviceSnapshot, Sample, Snapshot

_AWAY = frozenset({LoadState.DISCONNECTED, LoadState.FAULTED})


def is_away(device: DeviceSnapshot | None) -> bool:
    """Return whether there is nothing behind the plug, or nothing that works."""
    return device is None or device.state in _AWAY


def value_of(sample: Sample | None) -> float | None:
    """Return a reported number; None: not reported, or no number."""
    return None if sample is None or not math.isfinite(sample.value) else sample.value


def meter_currents(snapshot: Snapshot) -> dict[Phase, float] | None:
    """Return what flows on each phase [A, import positive]; None where a phase is not reported.

    Off the grid it is what the inverter delivers.
    """
    site = snapshot.site
    source = snapshot.inverter if site.off_grid else snapshot.grid
    currents: dict[Phase, float] = {}
    for phase in site.phases:
        current = value_of(source.get(phase))
        if current is None:
            return None
        currents[phase] = current
    return currents


def grid_power(snapshot: Snapshot) -> float | None:
    """Return the import over all phases [W]; 0 off the grid, None where it is not reported."""
    if snapshot.site.off_grid:
        return 0.0
    currents = meter_currents(snapshot)
    if currents is None:
        return value_of(snapshot.grid_total)
    return sum(current * phase_voltage(snapshot, phase) for phase, current in currents.items())


def phase_voltage(snapshot: Snapshot, phase: Phase) -> float:
    """Return the voltage of a phase [V], the nominal one where it is not reported."""
    measured = value_of(snapshot.voltage.get(phase))
    return snapshot.site.voltage if measured is None else measured


def leg_currents(load: Load, device: DeviceSnapshot | None, voltage: float) -> Mapping[Leg, float]:
    """Return the draw of each leg [A]: as measured, or its power in equal parts."""
    if device is None or is_away(device):
        return dict.fromkeys(load.phases, 0.0)
    if device.current:
        return {leg: value_of(device.current.get(leg)) or 0.0 for leg in load.phases}
    power = value_of(device.power) or 0.0
    return dict.fromkeys(load.phases, power / voltage / len(load.phases))
