"""What flows that is not for allocation: what loads draw, sorted by whether they obey.

- Obeying: the draw is taken out of the base, wherever a meter sees it.
- Unresponsive: the draw is taken out as well, and the load's maximum put in its place, on top of the
  base, for it may go there at any moment.
- Anything else (off, faulted, disconnected) is part of the base.
"""

from collections.abc import Mapping, Sequence

from evenload.engine.wiring import PreparedLoad
from evenload.model.allocation import Reason
from evenload.model.readings import LoadReading, LoadState
from evenload.model.site import Kind, Leg
from evenload.units import TOLERANCE

_DISOBEYING = frozenset((Reason.OFF, Reason.NOT_CONNECTED, Reason.FAULTED))
"""Why a load's draw belongs to the base."""


class Flows:
    """What flows that is not for allocation."""

    __slots__ = ("busy_plugs", "dimmed_power", "managed", "reserved", "seen", "taken_out")

    def __init__(self, *, rows: int, phases: int) -> None:
        """Start with flows of nothing, to be added to."""
        self.taken_out = [0.0] * rows
        """By row [A]: the draw of loads right there that a meter sees and the base does not count."""
        self.reserved = [0.0] * rows
        """By row [A]: the maximum of unresponsive loads right there."""
        self.seen = [0.0] * rows
        """By row [A]: the measured draw right there of loads that belong to the base."""
        self.managed = [0.0] * phases
        """By phase [A]: what obeying loads draw: the design's m."""
        self.dimmed_power = 0.0
        """What dimmed loads take without obeying [W]."""
        self.busy_plugs: dict[int, int] = {}
        """By charger: plugs that draw, or may at any time, without obeying."""


def add_draw(
    prepared: PreparedLoad,
    reading: LoadReading,
    reason: Reason | None,
    voltages: Sequence[float],
    flows: Flows,
) -> None:
    """Put what a load draws where it belongs."""
    first_row = prepared.first_row
    if reason is None and reading.current:
        _take_out(prepared, reading.current, flows)
        return
    draw = _measured_draw(prepared, reading, voltages)
    if reading.state is LoadState.UNRESPONSIVE:
        for phase, current in draw:
            flows.taken_out[first_row + phase] += current
        _reserve_maximum(prepared, reading, voltages, flows)
    elif reason in _DISOBEYING:
        for phase, current in draw:
            flows.seen[first_row + phase] += current
        if any(current > TOLERANCE for _, current in draw):
            power = sum([voltages[phase] * current for phase, current in draw])
            _count_disobeying(prepared, power, flows)
    else:
        taken_out, managed = flows.taken_out, flows.managed
        for phase, current in draw:
            taken_out[first_row + phase] += current
            managed[phase] += current


def _take_out(prepared: PreparedLoad, current: Mapping[Leg, float], flows: Flows) -> None:
    """Take out the current by leg [A] of a load that obeys: the most common case, done at once."""
    taken_out, managed, first_row = flows.taken_out, flows.managed, prepared.first_row
    phase_of = prepared.phase_of
    for leg, value in current.items():
        if leg in phase_of:
            phase = phase_of[leg]
            taken_out[first_row + phase] += value
            managed[phase] += value


def _measured_draw(
    prepared: PreparedLoad, reading: LoadReading, voltages: Sequence[float]
) -> Sequence[tuple[int, float]]:
    """Return what a load draws: places of phases, and the current on each [A]."""
    if reading.current:
        phase_of = prepared.phase_of
        return [(phase_of[leg], value) for leg, value in reading.current.items() if leg in phase_of]
    power = reading.power
    if power is None:
        if not (prepared.load.kind is Kind.SWITCH and _is_on(reading.state)):
            return ()
        power = prepared.levels.top
    phases = prepared.wiring(reading.legs, certain=reading.legs_certain).pool_phases
    current = power / sum([voltages[phase] for phase in phases])
    return [(phase, current) for phase in phases]


def _is_on(state: LoadState) -> bool:
    return state in (LoadState.ON, LoadState.CHARGING)


def _reserve_maximum(
    prepared: PreparedLoad, reading: LoadReading, voltages: Sequence[float], flows: Flows
) -> None:
    """Count an unresponsive load as drawing all it can, whatever it draws, whatever its ceiling."""
    wiring = prepared.wiring(reading.legs, certain=reading.legs_certain)
    current = prepared.levels.top
    if prepared.load.kind is not Kind.EV:
        current /= sum([voltages[phase] for phase in wiring.pool_phases])
    first_row = prepared.path[0] * prepared.phase_count
    for phase in wiring.limit_phases:
        flows.reserved[first_row + phase] += current
    power = current * sum([voltages[phase] for phase in wiring.limit_phases])
    _count_disobeying(prepared, power, flows)


def _count_disobeying(prepared: PreparedLoad, power: float, flows: Flows) -> None:
    if prepared.is_dimmed:
        flows.dimmed_power += power
    if prepared.charger is not None:
        flows.busy_plugs[prepared.charger] = flows.busy_plugs.get(prepared.charger, 0) + 1
