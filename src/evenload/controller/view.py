"""Everything that is known in a pass before anything is decided: judge, then observe."""

from collections.abc import Mapping, Sequence

from evenload.controller.battery import next_zone
from evenload.controller.draw import is_known
from evenload.controller.flows import Flows
from evenload.controller.guard import Guard, guard
from evenload.controller.hidden import watch_hidden
from evenload.controller.meter_memory import Polarity, Stillness, Trial
from evenload.controller.moment import Moment
from evenload.controller.observe import (
    House,
    circuit_houses,
    has_adopted_one,
    is_day,
    learn_reactions,
    observe_house,
    observe_loads,
)
from evenload.controller.plan import SitePlan
from evenload.controller.polarity import reversed_places, watch_polarity
from evenload.controller.rotation import in_turn
from evenload.controller.sources import GRID, Sources, judge_sources
from evenload.controller.state import BatteryMemory, ControllerState, HiddenSurplus, LoadMemory
from evenload.controller.stillness import frozen_meters, observe_stillness
from evenload.controller.store import watch_battery
from evenload.controller.trial import Doubt, doubt, watch_trial
from evenload.model.brief import brief
from evenload.model.readings import BatteryZone
from evenload.model.site import MAIN
from evenload.model.snapshot import DeviceSnapshot, Snapshot


@brief
class View:
    """Everything that is known in this pass before anything is decided."""

    state: ControllerState
    snapshot: Snapshot
    plan: SitePlan
    sources: Sources
    loads: dict[str, LoadMemory]
    house: House
    houses: Mapping[str, Sequence[float]]
    """By source, as raises should see it; empty while the grid meter cannot be trusted."""
    stillness: Mapping[str, Stillness]
    doubt: Doubt
    """What keeps the grid meter from being believed."""
    trial: Trial | None
    frozen: frozenset[str]
    """The meters that have to be taken for frozen."""
    polarity: Polarity | None
    zone: BatteryZone | None
    blind: frozenset[str]
    """Fuses that no meter watches though one should: `main`, circuits."""
    moment: Moment
    guard: Guard
    """What the main fuse allows."""
    hidden: HiddenSurplus
    battery: BatteryMemory


def look(state: ControllerState, snapshot: Snapshot, plan: SitePlan, now: float) -> View:
    """Return what is known at `now`; the plan in it has loads in the order of their turns."""
    sources = judge_sources(state, snapshot, now)
    loads = observe_loads(state, snapshot, plan, sources, now)
    plan = in_turn(plan, loads, snapshot.devices, now)
    state = learn_reactions(state, sources, loads, now)
    adopted = has_adopted_one(state, loads)
    house = observe_house(state, snapshot, plan, sources, loads=loads, has_adopted=adopted, now=now)
    stillness = observe_stillness(
        state, snapshot, plan, sources, loads=loads, has_adopted=adopted, now=now
    )
    frozen = frozen_meters(stillness, now)
    trial = watch_trial(state, sources, loads, now)
    doubted = doubt(state, plan, sources, stillness=stillness.get(GRID), loads=loads, now=now)
    polarity = watch_polarity(state.polarity, plan, sources, loads)
    houses: Mapping[str, Sequence[float]] = {}
    if house.for_raises is not None:
        houses = circuit_houses(state, plan, sources, loads, house.for_raises)
    moment = _moment(snapshot, sources, loads, now, is_doubtful=doubted.blocks)
    zone = _zone(state, snapshot, sources)
    flows = Flows.seen(snapshot, plan, sources, loads)
    return View(
        state=state,
        snapshot=snapshot,
        plan=plan,
        sources=sources,
        loads=loads,
        house=house,
        houses=houses,
        stillness=stillness,
        doubt=doubted,
        trial=trial,
        frozen=frozen,
        polarity=polarity,
        zone=zone,
        blind=_blind(sources, frozen, polarity),
        moment=moment,
        guard=guard(state.guard, snapshot, plan, loads, sources, house=house.currents, now=now),
        hidden=watch_hidden(state.hidden, flows, plan, loads, snapshot.devices, now=now),
        battery=watch_battery(
            state.battery,
            snapshot.site.battery,
            flows,
            zone=zone,
            is_day=is_day(house.sun_at, now),
            is_settled=moment.may_use_pool,
            now=now,
        ),
    )


def _blind(sources: Sources, frozen: frozenset[str], polarity: Polarity | None) -> frozenset[str]:
    """Return the fuses that no meter watches though one should."""
    blind = {name for name, judgement in sources.circuits.items() if judgement.is_blind}
    blind |= frozen - {GRID}
    if sources.grid.is_blind or GRID in frozen or reversed_places(polarity):
        blind.add(MAIN)
    return frozenset(blind)


def _zone(state: ControllerState, snapshot: Snapshot, sources: Sources) -> BatteryZone | None:
    battery, judgement = snapshot.site.battery, sources.battery
    if battery is None or judgement is None or judgement.memory.values is None:
        return None
    return next_zone(state.zone, battery, judgement.memory.values[1])


def _are_known(devices: Mapping[str, DeviceSnapshot], loads: Mapping[str, LoadMemory]) -> bool:
    """Return whether what a meter's reading contains of each load in reach is certain enough."""
    for identifier, device in devices.items():
        memory = loads.get(identifier)
        if memory is not None and device.available and not is_known(memory.draw):
            return False
    return True


def _moment(
    snapshot: Snapshot,
    sources: Sources,
    loads: Mapping[str, LoadMemory],
    now: float,
    *,
    is_doubtful: bool,
) -> Moment:
    settled_at = max([memory.draw.settled_at for memory in loads.values()], default=0.0)
    grid, battery = sources.grid, sources.battery
    may_raise = grid.is_fresh and not is_doubtful and grid.memory.complete_at >= settled_at
    may_raise = may_raise and _are_known(snapshot.devices, loads)
    may_use_pool = may_raise and (
        battery is None or (battery.is_fresh and battery.memory.complete_at >= settled_at)
    )
    return Moment(
        now=now,
        settings=snapshot.settings,
        voltages=sources.voltages,
        may_raise=may_raise,
        may_use_pool=may_use_pool,
    )
