"""The phases that meters watch, and the cuts they need not show yet."""

from collections.abc import Mapping, Sequence

from evenload.controller.meter_memory import NEVER
from evenload.controller.plan import SitePlan
from evenload.controller.reflex import MeasuredPhase, Reflex, still_pending
from evenload.controller.sources import Sources
from evenload.controller.state import PendingCut
from evenload.model.site import MAIN, Site


def measured_phases(
    plan: SitePlan,
    sources: Sources,
    *,
    since: float,
    without: frozenset[str],
    unread: Sequence[float] = (),
) -> list[MeasuredPhase]:
    """Return every phase with a believable reading reported at `since` or later.

    A phase counts by itself here: what another phase of the same meter shows, or fails to show,
    delays no cut. What a source that reports only changes said is so until it says something else.
    `without` names the fuses whose meters are frozen. The grid meter may say less than what flows by
    `unread` [A].
    """
    found: list[MeasuredPhase] = []
    most = _inverter_currents(plan.site, sources.voltages)
    for name, judgement in ((MAIN, sources.grid), *sources.circuits.items()):
        if name in without:
            continue
        said_at = judgement.memory.reported_at if judgement.memory.reports_changes_only else NEVER
        for fuse in plan.fuses[name]:
            sample = judgement.seen.get(fuse.phase)
            if sample is None or (sample.at < since and said_at < since):
                continue
            limit = fuse.limit
            if name == MAIN and most:
                limit = min(limit, most[fuse.place])
            if name == MAIN and unread:
                limit -= unread[fuse.place]
            found.append(
                MeasuredPhase(
                    name=fuse.name,
                    place=fuse.place,
                    reading=sample.value,
                    limit=limit,
                    reported_at=max(sample.at, said_at),
                    loads=plan.behind[name],
                )
            )
    return found


def _inverter_currents(site: Site, voltages: Sequence[float]) -> list[float]:
    """Return what the inverter can deliver on each phase off the grid [A]; empty: no limit."""
    inverter = site.inverter
    if inverter is None or not site.off_grid:
        return []
    power = inverter.max_power_per_phase
    if not inverter.balances_phases:
        power = min(power, inverter.max_power / len(site.phases))
    return [power / voltage for voltage in voltages]


def relieve_all(
    reflex: Reflex,
    phases: Sequence[MeasuredPhase],
    before: Mapping[str, PendingCut],
) -> tuple[bool, dict[str, PendingCut]]:
    """Cut where a phase is above its limit; return whether one was, and the cuts pending before."""
    pending: dict[str, PendingCut] = {}
    is_overloaded = False
    for phase in phases:
        cut = before.get(phase.name)
        left = None
        if cut is not None:
            left = still_pending(cut, phase, reflex.loads, reflex.unfollowed(phase))
        if left is not None:
            pending[phase.name] = left
        is_overloaded = reflex.relieve(phase, left) or is_overloaded
    return is_overloaded, pending


def add_pending(
    reflex: Reflex, phases: Sequence[MeasuredPhase], before: Mapping[str, PendingCut]
) -> Mapping[str, PendingCut]:
    """Return the pending cuts with all lowering of this pass."""
    lowered = tuple(
        [
            load_plan.load.id
            for load_plan, target in zip(reflex.plan.loads, reflex.targets, strict=True)
            if target.setpoint < reflex.loads[load_plan.load.id].setpoint
        ]
    )
    if not lowered:
        return before
    pending = dict(before)
    for phase in phases:
        earlier = before.get(phase.name)
        fall = reflex.lowered(phase, earlier)
        if fall > 0.0:
            pending[phase.name] = PendingCut(
                current=fall + (earlier.current if earlier is not None else 0.0),
                before=phase.reading,
                loads=lowered if earlier is None else (*{*lowered, *earlier.loads},),
            )
    return pending
