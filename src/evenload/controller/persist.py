"""What survives a restart, as JSON with a version.

The monotonic clock does not survive, so times are kept as ages. Kept are the setpoints, what loads
owe to their wear, and what was learnt; not kept is what only the present can tell (draws, what is
pending, how long something has been so). Data that cannot be read (corrupt, or of another version)
means starting afresh, never an error.
"""

import math
from collections.abc import Mapping, Sequence
from typing import cast

from evenload.controller.draw import first_draw
from evenload.controller.state import NEVER, ControllerState, Hand, LoadMemory, MeterMemory
from evenload.controller.wear import Wear
from evenload.model.readings import BatteryZone
from evenload.model.site import Leg, Mode

VERSION = 1


def dump_state(state: ControllerState, now: float) -> dict[str, object]:
    """Return what to keep of `state`, made of what JSON knows."""
    return {
        "version": VERSION,
        "loads": {name: _dump_load(memory, now) for name, memory in state.loads.items()},
        "intervals": {
            name: memory.interval
            for name, memory in state.meters.items()
            if memory.interval is not None
        },
        "lags": list(state.lags),
        "zone": None if state.zone is None else state.zone.value,
    }


def _dump_load(memory: LoadMemory, now: float) -> dict[str, object]:
    return {
        "setpoint": memory.setpoint,
        "mode": memory.mode.value,
        "started": _age(memory.started_at, now),
        "stopped": _age(memory.stopped_at, now),
        "served": _age(memory.served_at, now),
        "starts": [max(0.0, now - start) for start in memory.wear.starts],
        "by_hand_for": None if memory.hand.until is None else max(0.0, memory.hand.until - now),
        "handled": _age(memory.hand.handled_at, now),
        "priority": memory.priority,
        "session_starts": memory.wear.session_starts,
        "commands": [[max(0.0, now - began), count] for began, count in memory.wear.hours],
        "legs": None if memory.legs is None else [leg.value for leg in memory.legs],
        "reactions": [list(reaction) for reaction in memory.reactions],
    }


def load_state(data: object, now: float) -> ControllerState:
    """Return the state that `data` was dumped from, as of `now`; a fresh one where it is not that."""
    try:
        return _load(_mapping(data), now)
    except KeyError, TypeError, ValueError, OverflowError:
        return ControllerState.initial(now)


def _load(data: Mapping[str, object], now: float) -> ControllerState:
    if data["version"] != VERSION:
        return ControllerState.initial(now)
    zone = data["zone"]
    return ControllerState(
        since=now,
        meters={
            name: MeterMemory(interval=_quantity(interval))
            for name, interval in _mapping(data["intervals"]).items()
        },
        loads={
            name: _load_memory(_mapping(load), now)
            for name, load in _mapping(data["loads"]).items()
        },
        lags=tuple(_quantity(late) for late in _sequence(data["lags"])),
        zone=None if zone is None else BatteryZone(zone),
    )


def _load_memory(data: Mapping[str, object], now: float) -> LoadMemory:
    legs = data["legs"]
    return LoadMemory(
        setpoint=_quantity(data["setpoint"]),
        mode=Mode(data["mode"]),
        draw=first_draw((), NEVER, is_metered=False),
        is_adopted=False,
        started_at=_time(data["started"], now),
        stopped_at=_time(data["stopped"], now),
        served_at=_time(data.get("served"), now),
        wear=_load_wear(data, now),
        hand=_load_hand(data, now),
        priority=None if data.get("priority") is None else round(_quantity(data["priority"])),
        legs=None if legs is None else tuple(Leg(leg) for leg in _sequence(legs)),
        reactions=tuple(_reaction(_sequence(pair)) for pair in _sequence(data["reactions"])),
    )


def _load_wear(data: Mapping[str, object], now: float) -> Wear:
    hours = tuple(_hour(_sequence(pair), now) for pair in _sequence(data.get("commands", ())))
    return Wear(
        starts=tuple(now - _quantity(age) for age in _sequence(data["starts"])),
        session_starts=round(_quantity(data.get("session_starts", 0))),
        hours=hours,
        commands=sum(count for _, count in hours),
    )


def _load_hand(data: Mapping[str, object], now: float) -> Hand:
    left = data.get("by_hand_for")
    return Hand(
        handled_at=_time(data.get("handled"), now),
        until=None if left is None else now + _quantity(left),
    )


def _hour(pair: Sequence[object], now: float) -> tuple[float, int]:
    age, count = pair
    return now - _quantity(age), round(_quantity(count))


def _age(at: float, now: float) -> float | None:
    return max(0.0, now - at) if math.isfinite(at) else None


def _time(age: object, now: float) -> float:
    return NEVER if age is None else now - _quantity(age)


def _reaction(pair: Sequence[object]) -> tuple[float, float]:
    seconds, step = pair
    if _quantity(step) <= 0.0:
        raise ValueError(step)
    return _quantity(seconds), _quantity(step)


def _quantity(value: object) -> float:
    """Return a finite number of at least 0, or raise."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    if not 0.0 <= value < math.inf:
        raise ValueError(value)
    return float(value)


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(value)
    return cast("Mapping[str, object]", value)


def _sequence(value: object) -> Sequence[object]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(value)
    return cast("Sequence[object]", value)
