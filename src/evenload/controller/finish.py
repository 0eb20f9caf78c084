"""The end of a pass: the decision that is shown, and the state for the next."""

from collections.abc import Mapping, Sequence

from evenload.controller.change import replace
from evenload.controller.moment import Target
from evenload.controller.polarity import reversed_places
from evenload.controller.report import device_faults, load_decisions, site_status, troubles
from evenload.controller.sources import GRID, Fault, faults
from evenload.controller.state import (
    ControllerState,
    PendingCut,
)
from evenload.controller.store import persistent_leak
from evenload.controller.tell import Told
from evenload.controller.view import View
from evenload.model.allocation import Allocations
from evenload.model.decision import Decision, TroubleCode
from evenload.model.site import MAIN, Phase


def finish(
    view: View,
    targets: Sequence[Target],
    allocations: Allocations | None,
    told: Told,
    *,
    pending: Mapping[str, PendingCut],
    overloaded: bool,
) -> tuple[ControllerState, Decision]:
    """Return the next state and the decision, given what was told and what each load was to have."""
    now, site = view.moment.now, view.plan.site
    is_blind = MAIN in view.blind
    currents = view.house.currents
    is_trusted = not is_blind and currents is not None
    decision = Decision(
        at=now,
        status=site_status(
            is_blind=is_blind, is_live=view.sources.grid.is_live, is_overloaded=overloaded
        ),
        loads=load_decisions(
            view.plan,
            told.loads,
            targets,
            view.sources.voltages,
            needs=view.state.needs,
            now=now,
            is_dry_run=not view.snapshot.settings.control,
        ),
        commands=tuple(told.commands),
        base=dict(zip(site.phases, currents or (), strict=False)) if is_trusted else {},
        headroom=_headroom(view) if is_trusted else {},
        limits=allocations.limits if allocations is not None else {},
        pools=allocations.pools if allocations is not None else None,
        troubles=troubles(_faults(view, told), view.state.troubles, now),
        curve_used=view.guard.curve_used,
        import_budget=view.guard.import_budget,
        neutral=view.guard.neutral,
        asks=view.sources.asks,
    )
    return _next_state(view, told, pending, decision), decision


def _faults(view: View, told: Told) -> list[Fault]:
    """Return what is wrong now, with sources, devices and the site."""
    found = faults(view.sources, frozen=view.frozen, doubted=view.doubt.code)
    found += [
        Fault(code=TroubleCode.METER_REVERSED, about=f"{GRID}/{view.plan.site.phases[place]}")
        for place in reversed_places(view.polarity)
    ]
    leaking = persistent_leak(view.battery, view.plan, told.loads, view.moment.now)
    if leaking is not None:
        found.append(Fault(code=TroubleCode.BATTERY_LEAK, about=leaking))
    found += device_faults(view.plan, told.loads, view.snapshot.devices)
    found += view.guard.faults
    return found


def _headroom(view: View) -> dict[Phase, float]:
    """Return what the main fuse leaves beside everything that flows [A], by phase."""
    site, meter = view.plan.site, view.sources.grid.memory.values
    unread = view.house.unread or (0.0,) * len(site.phases)
    return {
        phase: site.fuse[phase] - current - more
        for phase, current, more in zip(site.phases, meter or (), unread, strict=False)
    }


def _next_state(
    view: View, told: Told, pending: Mapping[str, PendingCut], decision: Decision
) -> ControllerState:
    house = view.house
    return replace(
        view.state,
        plan=view.plan,
        meters=view.sources.memories,
        stillness=view.stillness,
        trial=view.trial,
        signs=view.sources.view.signs,
        polarity=view.polarity,
        battery_powers=view.sources.battery_powers,
        house=house.currents if house.currents is not None else view.state.house,
        circuit_houses={name: tuple(h) for name, h in view.houses.items() if name != GRID},
        smoothed=house.smoothed,
        smoothed_power=house.smoothed_power,
        smoothed_at=house.smoothed_at,
        loads=told.loads,
        pending=pending,
        watch=told.watch,
        guard=view.guard.memory,
        zone=view.zone,
        hidden=view.hidden,
        battery=view.battery,
        sun_at=house.sun_at,
        troubles={(trouble.code, trouble.about): trouble.since for trouble in decision.troubles},
    )
