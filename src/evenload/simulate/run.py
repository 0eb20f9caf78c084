"""Drives a plant and a strategy through time, as fast as the machine allows.

The strategy is asked whenever the grid meter has reported, and every two seconds once the meter is
late, so that silence is noticed. A real house asks every two seconds in any case; `plant.tick` does
that here too, takes up to three times as long, and hardly changes what comes of a run.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter

from evenload.simulate.kpi import Tally
from evenload.simulate.plant import Plant
from evenload.simulate.record import Recorder
from evenload.simulate.strategies import Strategy

_PATIENCE = 2
"""A meter is late when its interval has passed by so much; from then on it is asked so often [s]."""
_PROGRESS = 3600
"""Progress is told this often [s of the run]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a run."""

    plant: Plant
    """As it stands at the end."""
    result: Mapping[str, object]
    """Figures, ready for JSON."""
    recorder: Recorder | None
    """What a report draws; None where it was not asked for."""


def run(
    plant: Plant,
    strategy: Strategy,
    *,
    seconds: int,
    record: bool = False,
    until_dark: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """Live through `seconds` and return what came of it.

    `record` keeps what a report draws; `until_dark` ends a run in the second in which any fuse trips;
    `progress` is told how many seconds have passed, once an hour.
    """
    tally = Tally(plant)
    recorder = Recorder(plant, tally, seconds) if record else None
    fresh = plant.feed.fresh
    tick = min(filter(None, (plant.settings.tick, strategy.pace)), default=None)
    late = plant.settings.meter.interval + plant.settings.meter.jitter + _PATIENCE
    asked = reported = 0
    gone = False
    for second in range(seconds):
        plant.advance()
        if gone and not plant.gone:
            strategy.restarted(float(second))
        gone = plant.gone
        if plant.meter_reported:
            reported = second
        pause = _PATIENCE if second - reported >= late else tick
        due = second == reported or (pause is not None and second - asked >= pause)
        if due and not gone:
            asked = second
            _ask(plant, strategy, tally)
        fresh.clear()
        tally.add()
        if recorder is not None:
            recorder.add(plant, strategy.decision)
        if progress is not None and second % _PROGRESS == 0:
            progress(second)
        if until_dark and tally.fuses.tripped:
            break
    return Outcome(plant=plant, result=tally.result(), recorder=recorder)


def _ask(plant: Plant, strategy: Strategy, tally: Tally) -> None:
    """Let the strategy decide, and pass on what it commands."""
    snapshot = plant.snapshot()
    began = perf_counter()
    commands = strategy.decide(snapshot, float(plant.second))
    tally.control.add(perf_counter() - began, len(commands))
    for command in commands:
        plant.command(command)
