"""What is safe while a meter cannot be trusted.

A running ev goes to its safe current, every other load off. On each phase of the main fuse the most of
three is kept free: what an appliance draws, what flowed last, and what is hardly ever exceeded at this
hour (see `habitual`); on other circuits their own reserve. What does not fit beside that goes to 0, last
in order first. Nothing is ever raised here. Recovery is the ordinary way up, once the meter is live
again.
"""

from collections.abc import Mapping, Sequence

from evenload.controller.change import replace
from evenload.controller.moment import Target
from evenload.controller.patience import AT_ONCE
from evenload.controller.plan import LoadPlan, SitePlan
from evenload.controller.state import LoadMemory
from evenload.model.allocation import Reason
from evenload.model.site import Site
from evenload.units import TOLERANCE


def fall_back(
    targets: list[Target],
    places: Sequence[int],
    plan: SitePlan,
    *,
    loads: Mapping[str, LoadMemory],
    reserved: Sequence[float],
) -> None:
    """Lower in place the targets of the loads at `places`, which no meter watches.

    `reserved` [A] is kept for the house on each phase of the main fuse.
    """
    for place in places:
        target = targets[place]
        if target.reason in AT_ONCE:
            continue
        load_plan = plan.loads[place]
        memory = loads[load_plan.load.id]
        safe = _safe_setpoint(load_plan, memory)
        until_cut = replace(target, setpoint=memory.setpoint, by=None, until=None)
        targets[place] = until_cut.cut_to(safe, Reason.FAILSAFE, None)
    _make_fit(targets, places, plan, reserved)


def _safe_setpoint(load_plan: LoadPlan, memory: LoadMemory) -> float:
    if not load_plan.is_ev:
        return 0.0
    safe = load_plan.levels.highest(load_plan.treat.safe_current)
    return min(memory.setpoint, safe)


def _make_fit(
    targets: list[Target], places: Sequence[int], plan: SitePlan, reserved: Sequence[float]
) -> None:
    for rating, name, free in fuses(plan.site, reserved):
        room = [limit - kept for limit, kept in zip(rating, free, strict=True)]
        for place in plan.behind[name]:
            load_plan, target = plan.loads[place], targets[place]
            if target.setpoint <= 0.0 or not load_plan.is_ev:
                continue
            fits = all(target.setpoint <= room[phase] + TOLERANCE for phase in load_plan.places)
            if fits or place not in places:
                for phase in load_plan.places:
                    room[phase] -= target.setpoint
            else:
                targets[place] = target.cut_to(0.0, Reason.FAILSAFE, None)


def fuses(site: Site, reserved: Sequence[float]) -> list[tuple[list[float], str, Sequence[float]]]:
    """Return each fuse's ratings by phase, its name, and what is kept free there."""
    unlimited = float("inf")
    nothing = [0.0] * len(site.phases)
    main = ([site.fuse[phase] - site.margin for phase in site.phases], "main", reserved)
    circuits = [
        (
            [circuit.fuse.get(phase, unlimited) - site.margin for phase in site.phases],
            circuit.id,
            [circuit.reserve] * len(site.phases),
        )
        for circuit in site.circuits
    ]
    chargers = [
        ([charger.max_current] * len(site.phases), charger.id, nothing) for charger in site.chargers
    ]
    return [main, *circuits, *chargers]
