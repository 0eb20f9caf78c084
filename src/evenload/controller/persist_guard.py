"""What of the guard's memory survives a restart: the tariff's window and peak, the house's habits.

Thermal images do not: after a restart they stand at rated current. Neither does what is measured anew
at once. Whatever cannot be read is learnt again, each part by itself.
"""

from collections.abc import Callable, Mapping

from evenload.controller.guard_memory import AverageMemory, BaseHours, GuardMemory
from evenload.controller.habitual import HOURS
from evenload.controller.meter_memory import NEVER
from evenload.model.saved import mapping, quantities, quantity, sequence

DECIMALS = 2
"""Of currents, so that a year of habits fits into a few kilobytes."""


def dump_guard(memory: GuardMemory) -> dict[str, object]:
    """Return what to keep of `memory`, made of what JSON knows."""
    kept: dict[str, object] = {}
    if memory.average is not None:
        kept["average"] = _dump_average(memory.average)
    if memory.base is not None:
        kept["base"] = {
            "highest": [
                [round(current, DECIMALS) for current in hour] for hour in memory.base.highest
            ],
            "means": list(memory.base.means),
        }
    return kept


def _dump_average(average: AverageMemory) -> dict[str, object]:
    return {
        "clock": average.clock_at,
        "power": average.power,
        "window": average.window,
        "energy": average.energy,
        "month": average.month,
        "peak": average.peak,
        "slices": list(average.slices),
        "in_slice": average.in_slice,
        "filled": average.filled,
    }


def load_guard(data: object, now: float) -> GuardMemory:
    """Return the memory that `data` was dumped from; each part afresh where it is not that."""
    kept: Mapping[str, object] = _part(data, dict) or {}
    return GuardMemory(
        average=_part(kept.get("average"), _load_average),
        base=_part(kept.get("base"), lambda base: _load_base(base, now)),
    )


def _part[Part](data: object, read: Callable[[Mapping[str, object]], Part]) -> Part | None:
    try:
        return None if data is None else read(mapping(data))
    except KeyError, TypeError, ValueError:
        return None


def _load_average(data: Mapping[str, object]) -> AverageMemory:
    month = data["month"]
    if not isinstance(month, str):
        raise TypeError(month)
    return AverageMemory(
        at=NEVER,
        clock_at=_optional(data["clock"]),
        power=_optional(data["power"]),
        window=_optional(data["window"]),
        energy=quantity(data["energy"]),
        month=month,
        peak=quantity(data["peak"]),
        slices=quantities(data["slices"]),
        in_slice=quantity(data["in_slice"]),
        filled=quantity(data["filled"]),
    )


def _optional(value: object) -> float | None:
    return None if value is None else quantity(value)


def _load_base(data: Mapping[str, object], now: float) -> BaseHours:
    highest = tuple(quantities(hour) for hour in sequence(data["highest"]))
    means = tuple(round(count) for count in quantities(data["means"]))
    phases = len(highest[0]) if highest else 0
    if len(means) != HOURS or [len(hour) for hour in highest] != [phases] * HOURS:
        raise ValueError(phases)
    return BaseHours(
        highest=highest, means=means, hour=0, total=(0.0,) * phases, seconds=0.0, at=now
    )
