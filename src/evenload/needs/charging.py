"""What a car needs that must have got so much energy by a time of day.

The latest start reckons with the most that this car has drawn, or as long as it has not drawn, with
one leg at the charger's maximum: a car that turns out to use three is ready early. A quarter more than
reckoned, and a quarter of an hour, stay for what fuses take away. Once begun it goes on until the
energy is there, however late; what the car takes beyond that is up to its mode.
"""

from dataclasses import replace
from datetime import datetime

from evenload.model.need import NO_NEED, NeedNow, NeedReason, ReadyBy
from evenload.model.readings import LoadState, Need
from evenload.needs.memory import Goal, NeedMemory
from evenload.needs.warmth import until

SLACK_SHARE, SLACK = 1.25, 900.0
"""The latest start takes the time that is reckoned for longer by this share, and this much [s]."""


def need_of_car(
    memory: NeedMemory,
    wanted: ReadyBy,
    *,
    state: LoadState,
    power: float,
    leg_power: float,
    clock: datetime | None,
    elapsed: float,
) -> tuple[NeedMemory, NeedNow]:
    """Return what a car needs that draws `power` [W]; `leg_power` is what one leg gives at most [W]."""
    if state is LoadState.DISCONNECTED:
        return replace(memory, goal=None, energy=0.0, most_power=0.0), NO_NEED
    memory = replace(
        memory,
        energy=memory.energy + power * elapsed / 3600.0,
        most_power=max(memory.most_power, power),
    )
    left = wanted.energy - memory.energy
    if left <= 0.0 or state is LoadState.FINISHED:
        return replace(memory, goal=None), NO_NEED
    if memory.goal is None and clock is not None:
        takes = SLACK_SHARE * 3600.0 * left / max(memory.most_power, leg_power) + SLACK
        if until(wanted.at, clock) <= takes:
            goal = Goal(why=NeedReason.LATEST_START, amount=wanted.energy)
            memory = replace(memory, goal=goal)
    if memory.goal is None:
        return memory, NO_NEED
    why = memory.goal.why
    return memory, NeedNow(need=Need.MUST, why=why, amount=left, by=wanted.at)
