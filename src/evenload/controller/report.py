"""The decision: what each load may draw and why, how the site is doing, what is wrong."""

from collections.abc import Iterable, Mapping, Sequence

from evenload.controller.moment import Target
from evenload.controller.need import Needs
from evenload.controller.phases import legs_given
from evenload.controller.plan import LoadPlan, SitePlan
from evenload.controller.sources import Fault
from evenload.controller.state import LoadMemory
from evenload.model.allocation import Reason
from evenload.model.decision import LoadDecision, SiteStatus, Trouble, TroubleCode
from evenload.model.need import NeedNow
from evenload.model.snapshot import DeviceSnapshot


def load_decisions(
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    targets: Sequence[Target],
    voltages: Sequence[float],
    *,
    needs: Needs,
    now: float,
    is_dry_run: bool,
) -> dict[str, LoadDecision]:
    """Return what each load may draw now, by id."""
    found: dict[str, LoadDecision] = {}
    for load_plan, target in zip(plan.loads, targets, strict=True):
        identifier, shown = load_plan.load.id, load_plan.shown
        memory = loads[identifier]
        commands = memory.wear.commands_at(now)
        need = needs.now.get(identifier)
        of = (memory, target, voltages, commands, is_dry_run, need)
        known = shown.made_of(of)
        if known is None:
            made = _load_decision(
                load_plan,
                memory,
                target,
                voltages,
                commands=commands,
                need=need,
                is_dry_run=is_dry_run,
            )
            known = shown.keep(of, made)
        found[identifier] = known
    return found


def _load_decision(
    plan: LoadPlan,
    memory: LoadMemory,
    target: Target,
    voltages: Sequence[float],
    *,
    commands: int,
    need: NeedNow | None,
    is_dry_run: bool,
) -> LoadDecision:
    draw_power = 0.0
    for drawn, place in zip(memory.draw.currents, plan.places, strict=True):
        draw_power += drawn * voltages[place]
    current = plan.currents(target.setpoint, voltages)
    power = target.setpoint
    if plan.is_ev:
        given = None if memory.phases is None else legs_given(memory, plan)
        legs = memory.legs if given is None else given[0]
        legs = plan.used_legs if legs is None else legs
        power = current * sum([voltages[plan.place_of[leg]] for leg in legs])
    return LoadDecision(
        setpoint=target.setpoint,
        current=current,
        power=power,
        draw_power=draw_power,
        reason=Reason.DRY_RUN if is_dry_run else target.reason,
        by=target.by,
        until=target.until,
        wanted=target.reason if is_dry_run else None,
        commands_in_day=commands,
        need=need,
    )


def device_faults(
    plan: SitePlan, loads: Mapping[str, LoadMemory], devices: Mapping[str, DeviceSnapshot]
) -> list[Fault]:
    """Return what is wrong with the devices."""
    found: list[Fault] = []
    for load_plan in plan.loads:
        identifier = load_plan.load.id
        device = devices.get(identifier)
        if device is not None and not device.available:
            found.append(Fault(code=TroubleCode.DEVICE_UNAVAILABLE, about=identifier))
        obedience = loads[identifier].obedience
        if obedience.told_again > 0 or obedience.is_unresponsive:
            found.append(Fault(code=TroubleCode.DEVICE_DISOBEYS, about=identifier))
    return found


def troubles(
    faults: Iterable[Fault], before: Mapping[tuple[TroubleCode, str], float], now: float
) -> tuple[Trouble, ...]:
    """Return what is wrong, each since when."""
    return tuple(
        Trouble(
            code=fault.code,
            about=fault.about,
            since=before.get((fault.code, fault.about), now)
            if fault.since is None
            else fault.since,
            given=fault.given,
        )
        for fault in faults
    )


def site_status(*, is_blind: bool, is_live: bool, is_overloaded: bool) -> SiteStatus:
    """Return how the site is doing: the first that holds."""
    if is_blind:
        return SiteStatus.FAILSAFE
    if not is_live:
        return SiteStatus.WAITING_FOR_METER
    return SiteStatus.OVERLOAD if is_overloaded else SiteStatus.OK
