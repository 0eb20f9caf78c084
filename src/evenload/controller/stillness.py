"""A frozen meter: alive to look at, and blind.

A meter that keeps saying the very same proves nothing by that; a house may be quiet. But it must
show what the managed loads do, less what battery and sun do. While that witness is more than 2 A
(and three of the meter's own steps) from where it was, and the meter shows no change at all, nothing
is raised. Does it stay away for long enough to be seen, the meter has missed a move. One missed move
is a doubt; to settle it, a load is lowered by more than that (see `trial`). Two are a verdict, and so
is a doubt that lasts for a quarter of an hour. Any other value ends it.

A load may report later than the meter what it does. Until then the witness is known between bounds
only, and what the meter itself has shown of the step is taken to be where it is.
"""

import math
from collections.abc import Iterable, Mapping

from evenload.controller.change import replace
from evenload.controller.draw import bounds_by
from evenload.controller.learn import lag
from evenload.controller.meter_memory import MeterMemory, Stillness
from evenload.controller.meters import Judgement
from evenload.controller.plan import SitePlan
from evenload.controller.sources import GRID, Sources
from evenload.controller.state import ControllerState, LoadMemory
from evenload.model.snapshot import Snapshot

LEAST_MOVE = 2.0
"""[A]"""

STEPS = 3.0
"""How many of the meter's own steps a move must be."""

WHOLE = 1.0
"""The coarsest step that meters have; that of one that was seen to make larger moves only [A]."""

SPARE = 10.0
"""How much longer than interval and lag a move must last [s]."""

VERDICT = 2
"""So many missed moves are a verdict."""

LONGEST_DOUBT = 900.0
"""And so is a doubt that lasts so long [s]."""


def observe_stillness(
    state: ControllerState,
    snapshot: Snapshot,
    plan: SitePlan,
    sources: Sources,
    *,
    loads: Mapping[str, LoadMemory],
    has_adopted: bool,
    now: float,
) -> dict[str, Stillness]:
    """Return how still each meter is, against what it must see: loads, and sun and battery."""
    found: dict[str, Stillness] = {}
    for name, judgement in ((GRID, sources.grid), *sources.circuits.items()):
        values = judgement.memory.values
        if values is None:
            continue
        if name == GRID:
            behind: Iterable[int] = range(len(plan.loads))
            fed = _fed(snapshot, sources)
        else:
            behind, fed = plan.behind[name], 0.0
        draws = [loads[plan.loads[place].load.id].draw for place in behind]
        if judgement.memory.reports_changes_only:
            # What it must show by now, though the last it said is from before.
            bounds = [bounds_by(draw, now) for draw in draws]
            lows, highs = [sum(low) for low, _ in bounds], [sum(high) for _, high in bounds]
        else:
            lows = [sum(draw.low) for draw in draws]
            highs = [
                low if draw.high is draw.low else sum(draw.high)
                for low, draw in zip(lows, draws, strict=True)
            ]
        found[name] = watch_stillness(
            None if has_adopted else state.stillness.get(name),
            judgement.memory,
            values,
            least=sum(lows) - fed,
            most=sum(highs) - fed,
            now=now,
            delay=delay(state, judgement),
        )
    return found


def delay(state: ControllerState, judgement: Judgement) -> float:
    """Return after how long a meter shows what happens at the latest: interval and lag [s]."""
    interval = judgement.memory.interval
    return (interval or 0.0) + lag(state.lags, interval).longest


def _fed(snapshot: Snapshot, sources: Sources) -> float:
    """Return what sun and battery feed [A]."""
    solar = snapshot.solar.value if snapshot.solar is not None else 0.0
    if not math.isfinite(solar):
        solar = 0.0
    return (solar + sources.battery_power) / sources.voltages[0]


def watch_stillness(
    before: Stillness | None,
    meter: MeterMemory,
    values: tuple[float, ...],
    *,
    least: float,
    most: float,
    now: float,
    delay: float,
) -> Stillness:
    """Return how still the meter is that shows `values` [A].

    `least` and `most` [A] bound what it must see by other measurements, `delay` [s] is its interval
    and lag together.
    """
    if before is None or len(before.values) != len(values):
        return Stillness(values=values, witness_current=(least + most) / 2.0)
    if values != before.values:
        shown = before.witness_current + sum(values) - sum(before.values)
        return Stillness(values=values, witness_current=min(max(shown, least), most))
    witness_current = min(max(before.witness_current, least), most)
    if abs(witness_current - before.witness_current) <= least_move(meter):
        return before if before.moving_since is None else replace(before, moving_since=None)
    if before.moving_since is None:
        return replace(before, moving_since=now)
    if now - before.moving_since < delay + SPARE:
        return before
    return Stillness(
        values=values,
        witness_current=witness_current,
        moves=before.moves + 1,
        missed_at=now if before.missed_at is None else before.missed_at,
    )


def is_frozen(stillness: Stillness | None, now: float) -> bool:
    """Return whether the meter has to be taken for frozen."""
    if stillness is None or stillness.missed_at is None:
        return False
    return stillness.moves >= VERDICT or now - stillness.missed_at > LONGEST_DOUBT


def frozen_meters(stillness: Mapping[str, Stillness], now: float) -> frozenset[str]:
    """Return the names of the meters that have to be taken for frozen."""
    return frozenset(name for name, still in stillness.items() if is_frozen(still, now))


def least_move(meter: MeterMemory) -> float:
    """Return the least move that the meter must show [A]."""
    values = meter.values or ()
    shows_whole = all(value == round(value) for value in values)
    step = WHOLE * shows_whole if meter.step is None else min(meter.step, WHOLE)
    return max(LEAST_MOVE, STEPS * step)
