"""What of the guard's memory survives a restart: the tariff's window and peak, the house's habits.

Thermal images do not: after a restart they stand at rated current. Neither does what is measured anew
at once. Whatever cannot be read is learnt again.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, TypedDict, cast

from pydantic import Field, TypeAdapter, ValidationError

from evenload.controller.guard_memory import AverageMemory, BaseHours, GuardMemory
from evenload.controller.habitual import HOURS
from evenload.controller.state import NEVER

DECIMALS = 2
"""Of currents, so that a year of habits fits into a few kilobytes."""

type Quantity = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]


class _Average(TypedDict):
    clock_at: float | None
    power: Quantity | None
    window: float | None
    energy: Quantity
    month: str
    peak: Quantity
    slices: tuple[Quantity, ...]
    in_slice: Quantity
    filled: Quantity


class _Base(TypedDict):
    highest: Annotated[tuple[tuple[Quantity, ...], ...], Field(min_length=HOURS, max_length=HOURS)]
    means: Annotated[
        tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=HOURS, max_length=HOURS)
    ]


_AVERAGE = TypeAdapter(_Average)
_BASE = TypeAdapter(_Base)
_FORGOTTEN = ("at", "own_at", "budget")


def dump_guard(memory: GuardMemory) -> dict[str, object]:
    """Return what to keep of `memory`, made of what JSON knows."""
    kept: dict[str, object] = {}
    if memory.average is not None:
        average = asdict(memory.average)
        kept["average"] = {key: average[key] for key in average if key not in _FORGOTTEN}
    if memory.base is not None:
        kept["base"] = {
            "highest": [
                [round(current, DECIMALS) for current in hour] for hour in memory.base.highest
            ],
            "means": list(memory.base.means),
        }
    return kept


def load_guard(data: object, now: float) -> GuardMemory:
    """Return the memory that `data` was dumped from; each part afresh where it is not that."""
    kept: Mapping[str, object] = {}
    if isinstance(data, Mapping):
        kept = cast("Mapping[str, object]", data)
    return GuardMemory(
        average=_load_average(kept.get("average")), base=_load_base(kept.get("base"), now)
    )


def _load_average(data: object) -> AverageMemory | None:
    try:
        kept = _AVERAGE.validate_python(data)
    except ValidationError:
        return None
    return AverageMemory(at=NEVER, **kept)


def _load_base(data: object, now: float) -> BaseHours | None:
    try:
        kept = _BASE.validate_python(data)
    except ValidationError:
        return None
    phases = len(kept["highest"][0])
    if any(len(hour) != phases for hour in kept["highest"]):
        return None
    return BaseHours(**kept, hour=0, total=(0.0,) * phases, seconds=0.0, at=now)
