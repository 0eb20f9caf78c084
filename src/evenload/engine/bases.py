"""The base of every fuse: what flows there that is not for allocation.

- Main fuse: the grid meter less what is taken out. An export is headroom, at most `cloud_headroom`.
- A circuit with its own meter: the meter less what is taken out behind it, at least 0.
- A circuit without one: its reserve, the measured draw of loads behind it that belong to the base,
  and the bases of the metered circuits below it that no other meter already includes.

The maximum of unresponsive loads comes on top of each.
"""

import math
from collections.abc import Mapping, Sequence

from evenload.engine.flows import Flows
from evenload.engine.wiring import PreparedSite
from evenload.model.readings import Readings
from evenload.model.site import Phase


def source_currents(prepared: PreparedSite, readings: Readings) -> list[float]:
    """Return by phase what the grid delivers, or off the grid the inverter [A].

    Raises ValueError, naming the phase, where it is missing or not finite.
    """
    if prepared.site.off_grid:
        return _checked("inverter", readings.inverter or {}, prepared.phases)
    return _checked("grid", readings.grid, prepared.phases)


def _checked(source: str, currents: Mapping[Phase, float], phases: Sequence[Phase]) -> list[float]:
    found: list[float] = []
    for phase in phases:
        current = currents.get(phase)
        if current is None or not math.isfinite(current):
            problem = "is missing" if current is None else f"is {current}, which is not finite"
            raise ValueError(f"{source} phase {phase} {problem}")
        found.append(current)
    return found


def gather_up(prepared: PreparedSite, readings: Readings, flows: Flows) -> list[float]:
    """Return the bases of all circuits by row [A], the main fuse's left at 0.

    On the way up every circuit adds its flows to the circuit above it, so that afterwards the main
    fuse's rows hold those of the whole site.
    """
    width = len(prepared.phases)
    taken_out, reserved, seen = flows.taken_out, flows.reserved, flows.seen
    bases = list(prepared.reserves)
    for circuit in prepared.bottom_up:
        meter = readings.circuits.get(prepared.circuits[circuit]) if readings.circuits else None
        offset = (prepared.parents[circuit] - circuit) * width
        for phase in range(width):
            row = circuit * width + phase
            visible = seen[row]
            if meter is not None and prepared.phases[phase] in meter:
                visible = max(0.0, meter[prepared.phases[phase]] - taken_out[row])
                bases[row] = visible + reserved[row]
            else:
                bases[row] += visible + reserved[row]
            seen[row + offset] += visible
            taken_out[row + offset] += taken_out[row]
            reserved[row + offset] += reserved[row]
    return bases


def site_bases(prepared: PreparedSite, source: Sequence[float], flows: Flows) -> list[float]:
    """Return by phase what flows into the whole site that is not for allocation [A]."""
    return [
        source[phase] - flows.taken_out[phase] + flows.reserved[phase]
        for phase in range(len(prepared.phases))
    ]


def main_bases(prepared: PreparedSite, source: Sequence[float], flows: Flows) -> list[float]:
    """Return the same as the main fuse counts it: an export is headroom only to a point [A]."""
    return [
        max(-prepared.cloud_headrooms[phase], source[phase] - flows.taken_out[phase])
        + flows.reserved[phase]
        for phase in range(len(prepared.phases))
    ]
