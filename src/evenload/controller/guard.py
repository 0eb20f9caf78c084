"""What the main fuse allows in this pass, and what is remembered for that.

Three things may lower what is allocated on it: nothing could be taken back quickly enough (`reserve`),
a capacity tariff's average is nearly full (`average`), and nobody watches (`failsafe`, with the base
that is habitual at this hour). One may let the house exceed it for a while: its curve (`thermal`).
"""

import math
from collections.abc import Mapping, Sequence

from evenload.controller.average import budget, count, import_power, is_aligned
from evenload.controller.change import replace
from evenload.controller.draw import ABSENT
from evenload.controller.guard_memory import GuardMemory
from evenload.controller.habitual import learn_base
from evenload.controller.plan import SitePlan
from evenload.controller.reserve import allocatable, curve_of, for_minimums, reaction_time
from evenload.controller.sources import Fault, Sources
from evenload.controller.state import LoadMemory
from evenload.controller.thermal import eased, spend, tolerated, warm
from evenload.model.brief import brief
from evenload.model.control import Protection, Window
from evenload.model.decision import TroubleCode
from evenload.model.site import MAIN, Mode, Phase
from evenload.model.snapshot import DeviceSnapshot, Snapshot

THREE = 3
"""Phases with a neutral of their own to watch."""


@brief
class Guard:
    """What holds for the main fuse in this pass."""

    memory: GuardMemory
    reaction: float | None
    """The measured time until loads have made room for an appliance [s]; None: none was measured."""
    curve_used: Mapping[Phase, float]
    """By phase, 0 to 1; empty without a curve."""
    tolerated: frozenset[int]
    """Places of the phases that may be above their rating for now."""
    held: frozenset[int]
    """Places of the phases whose loads keep what they have: these, and those just back within."""
    import_budget: float | None
    """What may be imported now [W]; None: no limit on the average."""
    neutral: float | None
    """What flows in the neutral, estimated [A]; None: not known."""
    faults: tuple[Fault, ...]

    def fuse(
        self,
        plan: SitePlan,
        devices: Mapping[str, DeviceSnapshot],
        *,
        house: Sequence[float],
        voltages: Sequence[float],
    ) -> Mapping[Phase, float] | None:
        """Return what may be allocated on each phase [A]; None: the rating."""
        limits, reaction = self.memory.limits, self.reaction
        if limits is None or reaction is None:
            return None
        minimums = _smallest_minimums(plan, devices, voltages)
        raised = for_minimums(limits, plan, minimums, house, reaction)
        return dict(zip(plan.site.phases, raised, strict=True))


def guard(
    before: GuardMemory,
    snapshot: Snapshot,
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    sources: Sources,
    *,
    house: Sequence[float] | None,
    now: float,
) -> Guard:
    """Return what the main fuse allows now; `house` [A] is None while no meter was believed."""
    reaction = reaction_time(plan, loads, sources.grid.memory, now)
    memory, limits = before, allocatable(plan, reaction, before.limits)
    if limits != before.limits:
        memory = replace(before, limits=limits)
    memory = _with_warmth(memory, plan, sources, reaction=reaction, now=now)
    memory, allowed = _with_average(memory, snapshot, sources, now)
    if house is not None and sources.grid.is_fresh:
        memory = replace(memory, base=learn_base(memory.base, house, snapshot.clock, now))
    neutral = neutral_current(sources.grid.memory.values) if sources.grid.is_fresh else None
    over: frozenset[int] = frozenset()
    back: frozenset[int] = frozenset()
    if plan.settings.protection is Protection.THERMAL and memory.warmth is not None:
        over, back = tolerated(memory.warmth), eased(memory.warmth, memory.limits, now)
    return Guard(
        memory=memory,
        reaction=reaction,
        curve_used=_curve_used(memory, plan),
        tolerated=over,
        held=over | back,
        import_budget=allowed,
        neutral=neutral,
        faults=_faults(snapshot, neutral),
    )


def _smallest_minimums(
    plan: SitePlan, devices: Mapping[str, DeviceSnapshot], voltages: Sequence[float]
) -> list[float | None]:
    """Return by phase the smallest minimum of the loads that may run there [A]; None: none may."""
    found: list[float | None] = [None] * len(plan.site.phases)
    for load_plan in plan.loads:
        device = devices.get(load_plan.load.id)
        if load_plan.load.mode is Mode.OFF or device is None or device.state in ABSENT:
            continue
        least = load_plan.currents(load_plan.levels.lowest, voltages)
        for place in load_plan.places:
            known = found[place]
            found[place] = least if known is None else min(known, least)
    return found


def _with_warmth(
    memory: GuardMemory,
    plan: SitePlan,
    sources: Sources,
    *,
    reaction: float | None,
    now: float,
) -> GuardMemory:
    site, grid = plan.site, sources.grid
    curve = curve_of(plan.settings.fuse_kind)
    if curve is None or site.off_grid:
        return memory if memory.warmth is None else replace(memory, warmth=None)
    ratings = [site.fuse[phase] for phase in site.phases]
    readings = [grid.seen.get(phase) for phase in site.phases]
    timeout = plan.settings.meter_timeout
    warmth = warm(memory.warmth, curve, ratings, readings, timeout=timeout, now=now)
    warmth = spend(
        warmth,
        curve,
        ratings,
        reaction=reaction,
        interval=grid.memory.interval,
        appliance=plan.settings.appliance_reserve,
        now=now,
    )
    return replace(memory, warmth=warmth)


def _curve_used(memory: GuardMemory, plan: SitePlan) -> dict[Phase, float]:
    curve = curve_of(plan.settings.fuse_kind)
    if curve is None or memory.warmth is None:
        return {}
    return {
        phase: curve.used(warmth)
        for phase, warmth in zip(plan.site.phases, memory.warmth.warmth, strict=True)
    }


def _with_average(
    memory: GuardMemory, snapshot: Snapshot, sources: Sources, now: float
) -> tuple[GuardMemory, float | None]:
    average = snapshot.settings.import_average
    if average is None or snapshot.site.off_grid:
        return memory if memory.average is None else replace(memory, average=None), None
    values = None if sources.grid.is_blind else sources.grid.memory.values
    counted = count(
        memory.average,
        average,
        clock=snapshot.clock,
        power=import_power(snapshot, values, sources.voltages),
        own=snapshot.import_average,
        now=now,
    )
    allowed, counted = budget(counted, average, snapshot.clock)
    return replace(memory, average=counted), allowed


def neutral_current(currents: Sequence[float] | None) -> float | None:
    """Return what flows in the neutral of three phases [A]; None: not known.

    The magnitude of the sum of three currents a third of a turn apart, each in phase with its voltage.
    """
    if currents is None or len(currents) != THREE:
        return None
    a, b, c = currents
    return math.sqrt(max(0.0, a * a + b * b + c * c - a * b - b * c - c * a))


def _faults(snapshot: Snapshot, neutral: float | None) -> tuple[Fault, ...]:
    found: list[Fault] = []
    rating = max(snapshot.site.fuse.values())
    if neutral is not None and neutral > rating:
        found.append(Fault(code=TroubleCode.NEUTRAL_OVERLOADED, about=MAIN, given=neutral))
    average = snapshot.settings.import_average
    if (
        average is not None
        and average.window is not Window.ROLLING_QUARTER
        and not is_aligned(average, snapshot.clock)
    ):
        found.append(Fault(code=TroubleCode.CLOCK_UNKNOWN, about=MAIN))
    return tuple(found)
