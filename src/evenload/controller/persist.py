"""What survives a restart, as JSON with a version.

The monotonic clock does not survive, so times are kept as ages. Kept are the setpoints, what loads
owe to their wear, and what was learnt; not kept is what only the present can tell (what is pending,
how long something has been so). A draw is kept for one purpose: while its device cannot be reached
yet, what it drew last is no part of the house. Data that cannot be read (corrupt, or of another
version) means starting afresh, never an error.
"""

from collections.abc import Mapping, Sequence

from evenload.controller.draw import first_draw
from evenload.controller.meter_memory import NEVER, MeterMemory, SignMemory
from evenload.controller.need import Needs
from evenload.controller.persist_guard import dump_guard, load_guard
from evenload.controller.phases import ONE, THREE
from evenload.controller.state import ControllerState, Hand, LoadMemory, PhaseMemory
from evenload.controller.stored import age, reaction, time_of
from evenload.controller.wear import Wear
from evenload.model.readings import BatteryZone
from evenload.model.saved import flag, mapping, quantities, quantity, sequence
from evenload.model.site import Leg, Mode
from evenload.needs import dump_needs, load_needs

VERSION = 2


def dump_state(state: ControllerState, now: float) -> dict[str, object]:
    """Return what to keep of `state`, made of what JSON knows."""
    return {
        "version": VERSION,
        "loads": {name: _dump_load(memory, now) for name, memory in state.loads.items()},
        "meters": {
            name: {
                "interval": memory.interval,
                "pauses": memory.pauses,
                "step": memory.step,
                "stills": list(memory.stills),
                "only_changes": memory.reports_changes_only,
            }
            for name, memory in state.meters.items()
            if memory.interval is not None
        },
        "lags": list(state.lags),
        "guard": dump_guard(state.guard),
        "signed": state.signs.is_signed,
        "unsigned": state.signs.is_unsigned,
        "zone": None if state.zone is None else state.zone.value,
        "needs": dump_needs(state.needs.memories),
    }


def _dump_load(memory: LoadMemory, now: float) -> dict[str, object]:
    return {
        "setpoint": memory.setpoint,
        "mode": memory.mode.value,
        "started": age(memory.started_at, now),
        "stopped": age(memory.stopped_at, now),
        "served": age(memory.served_at, now),
        "starts": [max(0.0, now - start) for start in memory.wear.starts],
        "by_hand_for": None if memory.hand.until is None else max(0.0, memory.hand.until - now),
        "handled": age(memory.hand.handled_at, now),
        "priority": memory.priority,
        "session_starts": memory.wear.session_starts,
        "commands": [[max(0.0, now - began), count] for began, count in memory.wear.hours],
        "legs": None if memory.legs is None else [leg.value for leg in memory.legs],
        "phases": _dump_phases(memory.phases, now),
        "reactions": [list(pair) for pair in memory.reactions],
        "cuts": list(memory.cuts),
        "came_up": memory.came_up,
        "draw": [max(0.0, current) for current in memory.draw.currents],
    }


def _dump_phases(phases: PhaseMemory | None, now: float) -> dict[str, object] | None:
    if phases is None:
        return None
    return {
        "told": phases.told,
        "switches": [max(0.0, now - at) for at in phases.switches],
        "in_session": phases.in_session,
    }


def load_state(data: object, now: float) -> ControllerState:
    """Return the state that `data` was dumped from, as of `now`; a fresh one where it is not that."""
    try:
        return _load(mapping(data), now)
    except KeyError, TypeError, ValueError, OverflowError:
        return ControllerState.initial(now)


def _load(data: Mapping[str, object], now: float) -> ControllerState:
    if data["version"] != VERSION:
        return ControllerState.initial(now)
    zone = data["zone"]
    return ControllerState(
        since=now,
        meters={
            name: _load_meter(mapping(meter)) for name, meter in mapping(data["meters"]).items()
        },
        loads={
            name: _load_memory(mapping(load), now) for name, load in mapping(data["loads"]).items()
        },
        lags=quantities(data["lags"]),
        guard=load_guard(data.get("guard"), now),
        signs=SignMemory(is_signed=flag(data["signed"]), is_unsigned=flag(data["unsigned"])),
        zone=None if zone is None else BatteryZone(zone),
        needs=Needs(memories=load_needs(data.get("needs"))),
    )


def _load_meter(data: Mapping[str, object]) -> MeterMemory:
    return MeterMemory(
        interval=quantity(data["interval"]),
        pauses=quantity(data["pauses"]),
        step=None if data["step"] is None else quantity(data["step"]),
        stills=tuple(round(still) for still in quantities(data["stills"])),
        reports_changes_only=flag(data["only_changes"]),
    )


def _load_memory(data: Mapping[str, object], now: float) -> LoadMemory:
    legs = data["legs"]
    return LoadMemory(
        setpoint=quantity(data["setpoint"]),
        mode=Mode(data["mode"]),
        draw=first_draw(quantities(data["draw"]), NEVER, is_metered=False),
        is_adopted=False,
        started_at=time_of(data["started"], now),
        stopped_at=time_of(data["stopped"], now),
        served_at=time_of(data.get("served"), now),
        wear=_load_wear(data, now),
        hand=_load_hand(data, now),
        priority=None if data.get("priority") is None else round(quantity(data["priority"])),
        legs=None if legs is None else tuple(Leg(leg) for leg in sequence(legs)),
        phases=_load_phases(data.get("phases"), now),
        reactions=tuple(reaction(pair) for pair in sequence(data["reactions"])),
        cuts=quantities(data["cuts"]),
        came_up=None if data["came_up"] is None else quantity(data["came_up"]),
    )


def _load_wear(data: Mapping[str, object], now: float) -> Wear:
    hours = tuple(_hour(sequence(pair), now) for pair in sequence(data.get("commands", ())))
    return Wear(
        starts=tuple(now - quantity(age) for age in sequence(data["starts"])),
        session_starts=round(quantity(data.get("session_starts", 0))),
        hours=hours,
        commands=sum(count for _, count in hours),
    )


def _load_phases(data: object, now: float) -> PhaseMemory | None:
    if data is None:
        return None
    kept = mapping(data)
    return PhaseMemory(
        told=ONE if quantity(kept["told"]) == ONE else THREE,
        switches=tuple(now - quantity(age) for age in sequence(kept["switches"])),
        in_session=round(quantity(kept["in_session"])),
    )


def _load_hand(data: Mapping[str, object], now: float) -> Hand:
    left = data.get("by_hand_for")
    return Hand(
        handled_at=time_of(data.get("handled"), now),
        until=None if left is None else now + quantity(left),
    )


def _hour(pair: Sequence[object], now: float) -> tuple[float, int]:
    age, count = pair
    return now - quantity(age), round(quantity(count))
