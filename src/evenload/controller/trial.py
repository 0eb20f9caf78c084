"""Is the grid meter alive? A load is lowered a little, on purpose, to see.

Three silences look alike from here: a house that stands still, an integration that reports only
changes, and a meter that has died. One load is lowered by more than a meter can miss where

- a meter has missed one move that it had to show (see `stillness`);
- a meter that reports only changes has said nothing for the meter's timeout;
- a meter repeats itself for longer than it ever did, and either it is a fine one or somebody waits to be
  raised.

A meter that moves is alive: what the load had is given back at once, for the reading that shows the
load's step is the very evidence that a raise needs. One that does not has missed a move, which is
the first or the last that it may miss. Where no load can give enough to be seen, as a car at its
minimum or a relay, one is stopped for that where a fine meter stands still (one that lives on the sun
only after minutes), unless one was started or stopped a few minutes ago: that was a trial already. Else there is no proof: a meter that is merely
stiller than ever is believed again after a quarter of an hour, and the raise that follows is the trial.
"""

from collections.abc import Mapping, Sequence

from evenload.controller.change import replace
from evenload.controller.draw import settle
from evenload.controller.meter_memory import NEVER, Stillness, Trial
from evenload.controller.meters import Judgement
from evenload.controller.moment import Moment, Target
from evenload.controller.plan import SitePlan
from evenload.controller.sources import Sources
from evenload.controller.state import ControllerState, LoadMemory
from evenload.controller.stillness import LONGEST_DOUBT, SPARE, delay, least_move
from evenload.model.allocation import Reason
from evenload.model.brief import brief
from evenload.model.decision import TroubleCode

CLEARLY = 0.5
"""By how much more than the least move a load is lowered [A]."""

SHOWN = 0.7
"""A reading shows the step when it has moved by this share of it."""

FINE = 0.2
"""A meter that has shown a change as small as this hardly ever repeats all its values for long [A]."""

PROVEN = 300.0
"""For so long nothing is stopped again after the meter has shown a start or a stop [s]."""

MOVED_BY_SUN = 300.0
"""A load that lives on the sun is stopped only beside a meter that stands still for so long: the sun
moves by itself, and a meter that does not show that has missed a move [s]."""

OVER = 60.0
"""After this time a trial is forgotten, whatever became of it [s]."""


@brief
class Doubt:
    """What keeps the grid meter from being believed enough to raise something."""

    is_missing_a_move: bool = False
    is_due: bool = False
    """Whether a load should be lowered to see."""
    may_stop: bool = False
    """Whether one may be stopped for that where none can give enough otherwise."""
    code: TroubleCode | None = None
    """What to say of it; None: nothing yet."""

    @property
    def blocks(self) -> bool:
        """Return whether nothing may be raised."""
        return self.is_missing_a_move or self.is_due


def watch_trial(
    state: ControllerState, sources: Sources, loads: dict[str, LoadMemory], now: float
) -> Trial | None:
    """Return the trial that goes on, noting in `loads` what the meter has shown of it."""
    trial, shown = state.trial, sources.shown
    if trial is None or trial.load not in loads or now - trial.since > OVER:
        return None
    if trial.is_answered or shown is None or shown == trial.values:
        return trial
    memory = loads[trial.load]
    if trial.values[trial.place] - shown[trial.place] >= SHOWN * trial.fall:
        shown_at = sources.grid.memory.complete_at
        loads[trial.load] = replace(memory, draw=settle(memory.draw, shown_at))
    return replace(trial, is_answered=True)


def doubt(
    state: ControllerState,
    plan: SitePlan,
    sources: Sources,
    *,
    stillness: Stillness | None,
    loads: Mapping[str, LoadMemory],
    now: float,
) -> Doubt:
    """Return what keeps the grid meter from being believed."""
    grid = sources.grid
    if stillness is None or grid.is_blind:
        return Doubt()
    if stillness.moving_since is not None:
        return Doubt(is_missing_a_move=True)
    if stillness.moves > 0:
        return Doubt(is_missing_a_move=True, is_due=True, may_stop=grid.is_still and _is_fine(grid))
    if grid.is_quiet:
        silence = now - max(grid.memory.reported_at, grid.memory.heard_at)
        is_due = silence > plan.settings.meter_timeout
        return Doubt(is_due=is_due, code=TroubleCode.METER_QUIET if is_due else None)
    return _doubt_of_stillness(state, plan, sources, loads, now) if grid.is_still else Doubt()


def _doubt_of_stillness(
    state: ControllerState,
    plan: SitePlan,
    sources: Sources,
    loads: Mapping[str, LoadMemory],
    now: float,
) -> Doubt:
    """Return what keeps a meter from being believed that repeats itself as it never did."""
    grid = sources.grid
    is_fine = _is_fine(grid)
    still_for = now - grid.memory.moved_at
    is_lasting = still_for > delay(state, grid) + SPARE
    wants = any(memory.room_since is not None for memory in state.loads.values())
    is_due = is_lasting and (wants or is_fine)
    code = TroubleCode.METER_STILL if is_lasting and wants else None
    if _candidate(plan, loads, sources) is not None or (
        is_fine and _to_stop(plan, loads, sources, now) is not None
    ):
        return Doubt(is_missing_a_move=True, is_due=is_due, may_stop=is_fine, code=code)
    return Doubt(code=code, is_missing_a_move=True) if still_for <= LONGEST_DOUBT else Doubt()


def _is_fine(grid: Judgement) -> bool:
    """Return whether a meter's steps are so small that all of its values seldom stand still."""
    step = grid.memory.step
    return step is not None and step <= FINE


def try_meter(
    doubted: Doubt,
    trial: Trial | None,
    targets: list[Target],
    plan: SitePlan,
    *,
    loads: Mapping[str, LoadMemory],
    sources: Sources,
    now: float,
) -> Trial | None:
    """Lower in place one load, last in order, that can give enough to see; return the trial."""
    if not doubted.is_due or (trial is not None and not trial.is_answered):
        return trial
    found = _candidate(plan, loads, sources)
    if found is None and doubted.may_stop:
        found = _to_stop(plan, loads, sources, now)
    values = sources.shown
    if found is None or values is None:
        return trial
    place, level = found
    target, load_plan = targets[place], plan.loads[place]
    if level >= target.setpoint:
        return trial
    memory = loads[load_plan.load.id]
    drawn = max(memory.draw.currents)
    targets[place] = target.cut_to(level, Reason.FAILSAFE, None)
    return Trial(
        load=load_plan.load.id,
        place=load_plan.places[memory.draw.currents.index(drawn)],
        setpoint=memory.setpoint,
        fall=drawn - load_plan.currents(level, sources.voltages),
        values=values,
        since=now,
    )


def give_back(
    trial: Trial | None,
    targets: list[Target],
    wished: Sequence[Target],
    plan: SitePlan,
    *,
    loads: Mapping[str, LoadMemory],
    moment: Moment,
) -> Trial | None:
    """Raise in place the load of an answered trial to what it had, once there is evidence."""
    if trial is None or not trial.is_answered or not moment.may_raise:
        return trial
    for place, load_plan in enumerate(plan.loads):
        memory = loads[load_plan.load.id]
        if load_plan.load.id != trial.load:
            continue
        if moment.now < memory.commanded_at + load_plan.treat.command_interval:
            return trial
        level = min(trial.setpoint, wished[place].setpoint)
        if 0.0 < memory.setpoint < level:
            targets[place] = replace(wished[place], setpoint=level)
    return None


def _candidate(
    plan: SitePlan, loads: Mapping[str, LoadMemory], sources: Sources
) -> tuple[int, float] | None:
    """Return the place of the load to lower, last in order, and its level; None: none can."""
    fall = least_move(sources.grid.memory) + CLEARLY
    for place in reversed(plan.serving):
        load_plan = plan.loads[place]
        memory = loads[load_plan.load.id]
        if memory.obedience.is_unresponsive:
            continue
        per_unit = load_plan.currents(1.0, sources.voltages)
        level = load_plan.levels.highest((max(memory.draw.currents) - fall) / per_unit)
        if 0.0 < level < memory.setpoint:
            return place, level
    return None


def _to_stop(
    plan: SitePlan, loads: Mapping[str, LoadMemory], sources: Sources, now: float
) -> tuple[int, float] | None:
    """Return the place of the load to stop, last in order, and its level, 0; None: none is to be."""
    meter = sources.grid.memory
    switched_at = max(
        (max(memory.started_at, memory.stopped_at) for memory in loads.values()), default=NEVER
    )
    if now - switched_at <= PROVEN and meter.moved_at > switched_at:
        return None
    fall = least_move(meter) + CLEARLY
    for place in reversed(plan.serving):
        memory = loads[plan.loads[place].load.id]
        if memory.obedience.is_unresponsive or memory.hand.until is not None:
            continue
        if plan.loads[place].is_patient and now - meter.moved_at <= MOVED_BY_SUN:
            continue
        if memory.setpoint > 0.0 and max(memory.draw.currents) >= fall:
            return place, 0.0
    return None
