"""Turns, where the minimums of equals do not all fit.

Loads of one mode and priority number are equals. While one of them waits, they are served in this
order, which the engine and the cuts follow:

1. those whose turn it is: they run, and not yet for a turn's length, in the order of the file;
2. those that wait, the one first whose last turn is longest ago;
3. those whose turn is over, the one first that began first.

The engine gives minimums in order and passes over what does not fit. So a load whose turn is over
goes on as long as nobody can use its room, and gives way to the first that can; mode and priority
number are never broken. Nobody starves: who waits is overtaken by nobody who came later or had a
turn since.

A turn lasts `rotation`, and once a car has used half of its session's starts each further turn is
twice as long as the one before, so that the budget never leaves it without one. A car that draws
nothing has had its turn after its least time on. Plugs of a sequential charger keep their order.
"""

from collections.abc import Mapping, Sequence

from evenload.controller.change import replace
from evenload.controller.draw import ABSENT, IN_USE
from evenload.controller.moment import Target
from evenload.controller.plan import LoadPlan, SitePlan, serve
from evenload.controller.state import LoadMemory
from evenload.model.allocation import Reason
from evenload.model.readings import LoadState
from evenload.model.snapshot import DeviceSnapshot

COMING_UP = 60.0
"""A car that will draw does by then [s]."""

RUNS, WAITS, HAS_HAD_ITS_TURN = range(3)


def in_turn(
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    devices: Mapping[str, DeviceSnapshot],
    now: float,
) -> SitePlan:
    """Return the plan with equals in the order of their turns."""
    if not plan.has_equals:
        return plan
    serving = list(plan.serving)
    first = 0
    for rank in plan.ranks:
        if len(rank.equals) > 1:
            order = iter(_turns(rank.equals, plan, loads, devices, now))
            for offset, place in enumerate(rank.places):
                serving[first + offset] = next(order) if place in rank.equals else place
        first += len(rank.places)
    return plan if tuple(serving) == plan.serving else serve(plan, tuple(serving))


def _turns(
    equals: Sequence[int],
    plan: SitePlan,
    loads: Mapping[str, LoadMemory],
    devices: Mapping[str, DeviceSnapshot],
    now: float,
) -> Sequence[int]:
    names = [plan.loads[place].load.id for place in equals]
    waiting = [name for name in names if loads[name].setpoint <= 0.0]
    if not any(_wants(devices.get(name)) for name in waiting):
        return equals
    keys: dict[int, tuple[int, float]] = {}
    for place, name in zip(equals, names, strict=True):
        load_plan, memory = plan.loads[place], loads[name]
        if memory.setpoint > 0.0:
            is_over = now >= turn_ends(memory, load_plan, plan.settings.rotation)
            keys[place] = (HAS_HAD_ITS_TURN, memory.started_at) if is_over else (RUNS, 0.0)
        else:
            keys[place] = (WAITS, memory.served_at)
    return sorted(equals, key=keys.__getitem__)


def _wants(device: DeviceSnapshot | None) -> bool:
    if device is None or not device.available:
        return False
    return device.state not in ABSENT and device.state is not LoadState.FINISHED


def turn_ends(memory: LoadMemory, plan: LoadPlan, rotation: float) -> float:
    """Return when the turn of a load that runs is over."""
    treat, draw = plan.treat, memory.draw
    came_up = draw.is_metered and draw.measured_at >= memory.started_at + COMING_UP
    if came_up and max(draw.currents) <= IN_USE:
        return memory.started_at + treat.min_on
    length = rotation
    if treat.starts_per_session is not None:
        spent = memory.wear.session_starts - treat.starts_per_session // 2
        length *= 2.0 ** max(0, spent)
    return memory.started_at + max(length, treat.min_on)


def giving_way(
    plan: SitePlan, loads: Mapping[str, LoadMemory], wished: Sequence[Target], now: float
) -> frozenset[int]:
    """Return the places of the loads that lose what they have to an equal whose turn comes."""
    if not plan.has_equals:
        return frozenset()
    found: set[int] = set()
    for rank in plan.ranks:
        told = {place: loads[plan.loads[place].load.id].setpoint for place in rank.equals}
        if any(told[place] <= 0.0 < wished[place].setpoint for place in told):
            found.update(
                place
                for place in told
                if wished[place].setpoint <= 0.0 < told[place] and now >= _end(place, plan, loads)
            )
    return frozenset(found)


def say_turns(
    plan: SitePlan, loads: Mapping[str, LoadMemory], wished: list[Target], now: float
) -> None:
    """Say in place when the turn of each load comes that waits for its equals.

    Who waits first takes the place that becomes free first, and so on; who waits beyond that is not
    told a time.
    """
    if not plan.has_equals or all(wish.reason is not Reason.OUTRANKED for wish in wished):
        return
    for rank in plan.ranks:
        names = {plan.loads[place].load.id for place in rank.equals}
        waiting = [
            place
            for place in plan.serving
            if place in rank.equals
            and wished[place].reason is Reason.OUTRANKED
            and wished[place].by in names
        ]
        if not waiting:
            continue
        ends = sorted(
            _end(place, plan, loads)
            for place in rank.equals
            if loads[plan.loads[place].load.id].setpoint > 0.0
        )
        for place, end in zip(waiting, ends, strict=False):
            if end > now:
                wished[place] = replace(wished[place], until=end)


def _end(place: int, plan: SitePlan, loads: Mapping[str, LoadMemory]) -> float:
    load_plan = plan.loads[place]
    return turn_ends(loads[load_plan.load.id], load_plan, plan.settings.rotation)
