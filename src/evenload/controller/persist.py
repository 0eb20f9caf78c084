"""What survives a restart, as JSON with a version.

The monotonic clock does not survive, so times are kept as ages. Kept are the setpoints, what loads
owe to their wear, and what was learnt; not kept is what only the present can tell (draws, what is
pending, how long something has been so). Data that cannot be read (corrupt, or of another version)
means starting afresh, never an error.
"""

import math
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evenload.controller.draw import first_draw
from evenload.controller.state import NEVER, ControllerState, LoadMemory, MeterMemory
from evenload.model.readings import BatteryZone
from evenload.model.site import Leg, Mode

VERSION = 1

type Quantity = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
type Size = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]


class SavedLoad(BaseModel):
    """What is kept of one load; ages in seconds, None for never."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    setpoint: Quantity
    mode: Mode
    started: Quantity | None = None
    stopped: Quantity | None = None
    starts: tuple[Quantity, ...] = ()
    legs: tuple[Leg, ...] | None = None
    reactions: tuple[tuple[Quantity, Size], ...] = ()


class SavedState(BaseModel):
    """What is kept of a controller."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    version: int
    loads: Mapping[str, SavedLoad] = {}
    intervals: Mapping[str, Quantity] = {}
    """By source: its learnt interval [s]."""
    zone: BatteryZone | None = None


def dump_state(state: ControllerState, now: float) -> dict[str, object]:
    """Return what to keep of `state`, made of what JSON knows."""
    saved = SavedState(
        version=VERSION,
        loads={
            identifier: SavedLoad(
                setpoint=memory.setpoint,
                mode=memory.mode,
                started=_age(memory.started_at, now),
                stopped=_age(memory.stopped_at, now),
                starts=tuple(max(0.0, now - start) for start in memory.starts),
                legs=memory.legs,
                reactions=memory.reactions,
            )
            for identifier, memory in state.loads.items()
        },
        intervals={
            name: memory.interval
            for name, memory in state.meters.items()
            if memory.interval is not None
        },
        zone=state.zone,
    )
    return saved.model_dump(mode="json")


def load_state(data: object, now: float) -> ControllerState:
    """Return the state that `data` was dumped from, as of `now`; a fresh one where it is not that."""
    try:
        saved = SavedState.model_validate(data)
    except ValidationError:
        return ControllerState.initial(now)
    if saved.version != VERSION:
        return ControllerState.initial(now)
    return ControllerState(
        since=now,
        meters={name: MeterMemory(interval=interval) for name, interval in saved.intervals.items()},
        loads={identifier: _memory(load, now) for identifier, load in saved.loads.items()},
        zone=saved.zone,
    )


def _memory(saved: SavedLoad, now: float) -> LoadMemory:
    return LoadMemory(
        setpoint=saved.setpoint,
        mode=saved.mode,
        draw=first_draw((), NEVER, is_metered=False),
        is_adopted=False,
        started_at=_time(saved.started, now),
        stopped_at=_time(saved.stopped, now),
        starts=tuple(now - age for age in saved.starts),
        legs=saved.legs,
        reactions=saved.reactions,
    )


def _age(at: float, now: float) -> float | None:
    return max(0.0, now - at) if math.isfinite(at) else None


def _time(age: float | None, now: float) -> float:
    return NEVER if age is None else now - age
