"""The phases that meters watch, and the cuts they need not show yet."""

import math
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
    site = plan.site
    found: list[MeasuredPhase] = []
    most = _inverter_currents(site, sources.voltages)
    spare = unread or (0.0,) * len(site.phases)
    fuses = {MAIN: site.fuse} | {circuit.id: circuit.fuse for circuit in site.circuits}
    for name, judgement in ((MAIN, sources.grid), *sources.circuits.items()):
        if name in without:
            continue
        said_at = judgement.memory.reported_at if judgement.memory.reports_changes_only else NEVER
        for place, phase in enumerate(site.phases):
            sample, rating = judgement.seen.get(phase), fuses[name].get(phase)
            if sample is not None and rating is not None and max(sample.at, said_at) >= since:
                found.append(
                    MeasuredPhase(
                        name=f"{name}/{phase}",
                        place=place,
                        reading=sample.value,
                        limit=min(rating - site.margin, most[place]) - spare[place]
                        if name == MAIN
                        else rating - site.margin,
                        reported_at=max(sample.at, said_at),
                        loads=plan.behind[name],
                    )
                )
    return found


def _inverter_currents(site: Site, voltages: Sequence[float]) -> list[float]:
    """Return what the inverter can deliver on each phase off the grid [A]; no limit on the grid."""
    inverter = site.inverter
    if inverter is None or not site.off_grid:
        return [math.inf] * len(site.phases)
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
