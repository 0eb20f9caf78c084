"""What is remembered of a load's need from one pass to the next, and over a restart."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from evenload.model.need import NeedReason
from evenload.model.saved import flag, mapping, quantity, sequence, whole

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Something that was begun and goes on until it is reached."""

    why: NeedReason
    amount: float
    """The temperature [degC] or energy [Wh] that ends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedMemory:
    """Of one load."""

    goal: Goal | None = None
    is_warm: bool = False
    """Whether it has reached its target, and is not yet below it by the hysteresis."""
    is_hot: bool = False
    """Whether it has reached its boost, and is not yet below it by the hysteresis."""
    hot_for: float = 0.0
    """How long it has been hot enough to be disinfected, without a break [s]."""
    disinfected_at: float | None = None
    """When it was heated through last [s since 1970]; None: not known, counted from the first pass."""
    day: int | None = None
    """The day that `ran` counts."""
    ran: float = 0.0
    """How long it has run today [s]."""
    energy: float = 0.0
    """What the car that is connected has got [Wh]."""
    most_power: float = 0.0
    """The most that this car drew [W]."""
    at: float | None = None
    """When this was noted [s, monotonic]; None: after a restart, the time since is not known."""


def dump_needs(memories: Mapping[str, NeedMemory]) -> dict[str, Any]:
    """Return what is remembered of each load, as JSON can hold it."""
    return {
        "version": VERSION,
        "loads": {
            name: {
                "goal": None if of.goal is None else [of.goal.why.value, of.goal.amount],
                "is_warm": of.is_warm,
                "is_hot": of.is_hot,
                "hot_for": of.hot_for,
                "disinfected_at": of.disinfected_at,
                "day": of.day,
                "ran": of.ran,
                "energy": of.energy,
                "most_power": of.most_power,
            }
            for name, of in memories.items()
        },
    }


def load_needs(content: object) -> dict[str, NeedMemory]:
    """Return what was saved by `dump_needs`; what cannot be read is forgotten, load by load."""
    try:
        saved = mapping(content)
        if saved["version"] != VERSION:
            return {}
        loads = mapping(saved["loads"])
    except KeyError, TypeError:
        return {}
    memories: dict[str, NeedMemory] = {}
    for name, raw in loads.items():
        with suppress(KeyError, TypeError, ValueError):
            memories[name] = _memory(mapping(raw))
    return memories


def _memory(raw: Mapping[str, object]) -> NeedMemory:
    day, disinfected_at = raw["day"], raw["disinfected_at"]
    return NeedMemory(
        goal=None if raw["goal"] is None else _goal(raw["goal"]),
        is_warm=flag(raw["is_warm"]),
        is_hot=flag(raw["is_hot"]),
        hot_for=quantity(raw["hot_for"]),
        disinfected_at=None if disinfected_at is None else quantity(disinfected_at),
        day=None if day is None else whole(day),
        ran=quantity(raw["ran"]),
        energy=quantity(raw["energy"]),
        most_power=quantity(raw["most_power"]),
    )


def _goal(data: object) -> Goal:
    why, amount = sequence(data)
    return Goal(why=NeedReason(why), amount=quantity(amount))
