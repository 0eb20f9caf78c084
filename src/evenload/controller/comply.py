"""Devices that do not do what they are told.

Obeyed means: draws at most its setpoint + max(0.5 A, 5 %), in two measurements taken after it has
had time to settle: 15 s, or its learnt response and two of its report intervals. A device that draws
more is told again; the second time limits that others left with it are removed once ours is there, and
it is *unresponsive*: its maximum stays reserved, its draw is taken out of the base, and it is told
again every five minutes. Two measurements within the band, and it is believed again.

A heater that is on draws by the voltage, up to 21 % more than its rated power; that is obedience.
Drawing less is no disobedience: see `usage` and `asleep`.

A device that says itself that it carries another setpoint than ours is told again, too.
"""

import math
from collections.abc import Sequence

from evenload.controller.change import replace
from evenload.controller.draw import DRAWING, band
from evenload.controller.plan import LoadPlan
from evenload.controller.state import LoadMemory, Obedience
from evenload.model.control import LoadControl
from evenload.model.snapshot import DeviceSnapshot
from evenload.units import TOLERANCE

STRIKES = 2
"""Measurements in a row that make a verdict."""

TELLINGS = 2
"""How often it is told again before it counts as unresponsive."""

HIGHEST_VOLTAGE = 1.1
"""The highest voltage that grids allow, as a share of the nominal one (EN 50160)."""

REPORTS = 2.0
"""How many of its own reports a device is given."""

NEW_SHARE = 0.2
"""How much the newest gap between two reports counts in their usual interval."""

LONGEST_GAP = 120.0
"""A longer gap is an outage, no habit [s]."""

REPEAT = 60.0
"""How often a device that says it carries another setpoint is told again [s]."""

RETRY = 300.0
"""How often an unresponsive device is told again [s]."""

URGENT_RETRY = 10.0
"""The same while a phase is above its limit with nobody else left to turn down [s]."""


def report_interval(memory: LoadMemory, measured_at: float) -> float | None:
    """Return how often the device reports its draw [s], given when it did so last.

    A device that reports every change at once and else seldom is taken at its usual pace.
    """
    gap = measured_at - memory.draw.measured_at
    if not math.isfinite(gap) or gap <= 0.0:
        return memory.report_interval
    known = memory.report_interval
    return gap if known is None else known + NEW_SHARE * (min(gap, LONGEST_GAP) - known)


def settle_time(memory: LoadMemory, treat: LoadControl, response: float) -> float:
    """Return how long the device may take to do what it was told [s]; `response` is learnt [s]."""
    return max(treat.settle_time, response + REPORTS * (memory.report_interval or 0.0))


def judge_obedience(
    memory: LoadMemory,
    plan: LoadPlan,
    device: DeviceSnapshot,
    voltages: Sequence[float],
    *,
    settle: float,
    now: float,
) -> Obedience:
    """Return how the device obeys, by its newest measurement; `settle` is how long it may take [s]."""
    obedience = memory.obedience
    told_current = plan.currents(memory.setpoint, voltages)
    at = memory.draw.measured_at if memory.draw.is_metered else now
    if at <= obedience.judged_at or at < _told_at(memory) + settle:
        return obedience
    most = max(memory.draw.currents, default=0.0)
    if not memory.draw.is_metered:
        is_above = memory.setpoint <= 0.0 and device.state in DRAWING
    else:
        is_above = most > told_current * _rise(plan) + band(told_current)
    if is_above:
        return replace(
            obedience,
            judged_at=at,
            strikes=obedience.strikes + 1,
            disobeys_since=now if obedience.disobeys_since is None else obedience.disobeys_since,
        )
    return _obeys(obedience, at)


def _rise(plan: LoadPlan) -> float:
    """Return by what share a load may draw more than it was told because of the voltage.

    A heater is a resistor: its power goes with the square of the voltage, its current with the power
    over the voltage. What it was told is the power at the nominal voltage, reckoned as a current at
    the present one.
    """
    return 1.0 if plan.is_ev else HIGHEST_VOLTAGE**2


def _told_at(memory: LoadMemory) -> float:
    return max(memory.commanded_at, memory.obedience.told_at)


def _obeys(obedience: Obedience, at: float) -> Obedience:
    if obedience.disobeys_since is None:
        return obedience
    strikes = min(obedience.strikes, 0) - 1
    if strikes <= -STRIKES:
        return Obedience(judged_at=at)
    return replace(obedience, judged_at=at, strikes=strikes)


def must_tell_again(obedience: Obedience, now: float, *, is_urgent: bool) -> bool:
    """Return whether the device has earned another telling; `is_urgent`: a fuse needs it."""
    if obedience.is_unresponsive:
        return now >= obedience.told_at + (URGENT_RETRY if is_urgent else RETRY)
    return obedience.strikes >= STRIKES


def told_again(obedience: Obedience, now: float) -> Obedience:
    """Return the record after the device was told again for disobeying."""
    tellings = obedience.told_again + 1
    return replace(
        obedience,
        strikes=0,
        told_again=tellings,
        told_at=now,
        is_unresponsive=obedience.is_unresponsive or tellings >= TELLINGS,
    )


def disagreement(
    memory: LoadMemory, plan: LoadPlan, device: DeviceSnapshot, *, settle: float
) -> float:
    """Return by how much the device says, late enough, that it carries more than it was told."""
    told = device.setpoint
    reminded_at = memory.obedience.reminded_at
    if told is None or told.at < max(_told_at(memory) + settle, reminded_at + max(settle, REPEAT)):
        return 0.0
    more = told.value - memory.setpoint
    return more if abs(more) > plan.levels.longest_step / 2.0 + TOLERANCE else 0.0
