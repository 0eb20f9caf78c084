"""What a store of heat needs, by its temperature.

    below floor          must: from any source, until the hysteresis above the floor
    disinfection due     must, until it has been hot enough for long enough
    latest start         must, until the target: later it would not be ready by its time
    below target         wants: its mode decides
    target to boost      can store: surplus alone
    at boost             satisfied

A *must* that was begun goes on to its goal, so that nothing starts and stops at one temperature. The
latest start reckons with full power and the heat of the whole volume, 1.163 Wh/(l K), a quarter more,
and ten minutes. Without a temperature nothing is known, and the mode decides: the store's own
thermostat is still there.
"""

from dataclasses import replace
from datetime import datetime

from evenload.model.need import DAY, NO_NEED, Disinfection, NeedNow, NeedReason, Temperatures
from evenload.model.readings import Need
from evenload.needs.memory import Goal, NeedMemory

WATER = 1.163
"""Heat that a litre of water holds per kelvin [Wh/(l K)]."""
SLACK_SHARE, SLACK = 1.25, 600.0
"""The latest start takes the time that is reckoned for longer by this share, and this much [s]."""


def need_of_store(
    memory: NeedMemory,
    wanted: Temperatures,
    temperature: float | None,
    *,
    power: float,
    clock: datetime | None,
    elapsed: float,
) -> tuple[NeedMemory, NeedNow]:
    """Return what a store needs that has this temperature [degC] and can draw `power` [W]."""
    if temperature is None:
        return memory, NO_NEED
    memory = _noted(memory, wanted, temperature, clock, elapsed)
    goal = _goal(memory, wanted, temperature, power, clock)
    memory = replace(memory, goal=goal)
    if goal is not None:
        by = wanted.ready_by if goal.why is NeedReason.LATEST_START else None
        return memory, NeedNow(need=Need.MUST, why=goal.why, amount=goal.amount, by=by)
    if not memory.is_warm:
        below = NeedNow(need=Need.WANTS, why=NeedReason.BELOW_TARGET, amount=wanted.target)
        return memory, below
    if wanted.boost is None or memory.is_hot:
        most = wanted.target if wanted.boost is None else wanted.boost
        return memory, NeedNow(need=Need.SATISFIED, why=NeedReason.AT_BOOST, amount=most)
    stores = NeedNow(need=Need.CAN_STORE, why=NeedReason.ABOVE_TARGET, amount=wanted.boost)
    return memory, stores


def _noted(
    memory: NeedMemory,
    wanted: Temperatures,
    temperature: float,
    clock: datetime | None,
    elapsed: float,
) -> NeedMemory:
    """Return the memory with what this temperature says."""
    is_warm = _holds(memory.is_warm, temperature, wanted.target, wanted.hysteresis)
    is_hot = wanted.boost is not None and _holds(
        memory.is_hot, temperature, wanted.boost, wanted.hysteresis
    )
    memory = replace(memory, is_warm=is_warm, is_hot=is_hot)
    cycle = wanted.disinfection
    if cycle is None or clock is None:
        return memory
    if memory.disinfected_at is None or memory.disinfected_at > clock.timestamp():
        # From the first look on, or from the first after a clock was set back.
        memory = replace(memory, disinfected_at=clock.timestamp())
    if temperature < cycle.temperature:
        return replace(memory, hot_for=0.0)
    hot_for = memory.hot_for + elapsed
    if hot_for >= cycle.duration:
        return replace(memory, hot_for=hot_for, disinfected_at=clock.timestamp())
    return replace(memory, hot_for=hot_for)


def _holds(before: bool, temperature: float, level: float, hysteresis: float) -> bool:  # noqa: FBT001
    """Return whether a level that was reached or not `before` is reached now."""
    return temperature >= (level - hysteresis if before else level)


def _goal(
    memory: NeedMemory,
    wanted: Temperatures,
    temperature: float,
    power: float,
    clock: datetime | None,
) -> Goal | None:
    """Return what must be reached: what was begun and is not there yet, or the highest that is due."""
    due = [
        goal
        for goal in (
            _below_floor(memory, wanted, temperature),
            _to_be_disinfected(memory, wanted.disinfection, clock),
            _to_be_ready(memory, wanted, temperature, power, clock),
        )
        if goal is not None
    ]
    return max(due, key=lambda goal: goal.amount, default=None)


def _below_floor(memory: NeedMemory, wanted: Temperatures, temperature: float) -> Goal | None:
    if wanted.floor is None:
        return None
    until = min(wanted.floor + wanted.hysteresis, wanted.target)
    goes_on = memory.goal is not None and memory.goal.why is NeedReason.BELOW_FLOOR
    if temperature < wanted.floor or (goes_on and temperature < until):
        return Goal(why=NeedReason.BELOW_FLOOR, amount=until)
    return None


def _to_be_disinfected(
    memory: NeedMemory, cycle: Disinfection | None, clock: datetime | None
) -> Goal | None:
    if cycle is None or clock is None or memory.disinfected_at is None:
        return None
    if clock.timestamp() - memory.disinfected_at < cycle.interval:
        return None
    return Goal(why=NeedReason.DISINFECTION, amount=cycle.temperature)


def _to_be_ready(
    memory: NeedMemory,
    wanted: Temperatures,
    temperature: float,
    power: float,
    clock: datetime | None,
) -> Goal | None:
    if temperature >= wanted.target:
        return None
    goal = Goal(why=NeedReason.LATEST_START, amount=wanted.target)
    if memory.goal is not None and memory.goal.why is NeedReason.LATEST_START:
        return goal
    if wanted.ready_by is None or wanted.volume is None or clock is None or power <= 0.0:
        return None
    if memory.is_warm:
        return None
    heat = WATER * wanted.volume * (wanted.target - temperature)
    takes = SLACK_SHARE * 3600.0 * heat / power + SLACK
    return goal if until(wanted.ready_by, clock) <= takes else None


def until(time_of_day: float, clock: datetime) -> float:
    """Return how long it is from `clock` to the next such time of day [s]."""
    return (time_of_day - second_of_day(clock)) % DAY


def second_of_day(clock: datetime) -> float:
    """Return the time of day that a clock shows [s after midnight]."""
    return clock.hour * 3600.0 + clock.minute * 60.0 + clock.second
