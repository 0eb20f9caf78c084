"""Operated by hand: what a person did to a device itself is left as it is for a while.

A device that had said to carry what it was told, and then says something else, was operated: by a
person at the charger, in its app, or by an automation. It is believed when it lies more than one
step away, matches no command of the last settle time, and is seen in two reports (or stands for a
minute); at once where Home Assistant knows that it was a person.

Until `manual_override` is over the load then counts as house: what it was set to is kept free for
it, others have the rest, it is neither raised nor scheduled. Overload protection and failsafe lower
it all the same. A change of its mode or priority number ends it early, and so does unplugging.

What a device never agreed to is no hand: a charger that rounds, drops to 0 below its own minimum, or
comes back from an outage with a setpoint of its own is told again (see `comply`).
"""

from collections.abc import Sequence

from evenload.controller.change import replace
from evenload.controller.draw import ABSENT, after_command
from evenload.controller.learn import reaction
from evenload.controller.plan import LoadPlan
from evenload.controller.state import Hand, LoadMemory, Obedience
from evenload.engine.levels import ListedLevels
from evenload.model.control import ControlSettings
from evenload.model.readings import LoadState
from evenload.model.snapshot import DeviceSnapshot
from evenload.units import TOLERANCE

STANDING = 60.0
"""A change that a device reports once and does not take back stands after this time [s]."""

LEAST_SHARE = 0.02
"""A load with very fine steps was operated when it is off by more than this share of its maximum."""

AGREED = Hand(is_agreed=True)
"""How it usually is: nobody operated the device, and it carries what it was told."""

USUAL = frozenset(set(LoadState) - {*ABSENT, LoadState.FINISHED})
"""States in which what a device says to carry counts."""

REMEMBERED = 4
"""How many commands a late echo may be of."""


def is_as_told(memory: LoadMemory, device: DeviceSnapshot) -> bool:
    """Return whether it is as usual: nobody operated the device, and it carries what it was told.

    Of one that does not say what it carries nothing else is known.
    """
    hand, carried = memory.hand, device.setpoint
    if device.by_hand_at is not None or device.state not in USUAL:
        return False
    if carried is None:
        return not hand.is_agreed and hand.candidate is None and hand.until is None
    return hand is AGREED and carried.value == memory.setpoint


def watch_hand(
    memory: LoadMemory,
    plan: LoadPlan,
    device: DeviceSnapshot,
    settings: ControlSettings,
    *,
    voltages: Sequence[float],
    interval: float | None,
    now: float,
) -> LoadMemory:
    """Return the memory after its device may have been operated; `interval` is the grid meter's."""
    hand = memory.hand
    carried = device.setpoint
    if is_as_told(memory, device):
        return memory
    is_news = device.by_hand_at is not None and device.by_hand_at > hand.handled_at
    agrees = carried is None or abs(carried.value - memory.setpoint) <= _one_step(plan)
    if hand.until is not None and now >= hand.until:
        hand = replace(hand, until=None)
    if is_news and device.by_hand_at is not None:
        hand = replace(hand, handled_at=device.by_hand_at)
        until = device.by_hand_at + settings.manual_override
        if until > now:
            hand = replace(hand, until=until, is_agreed=True, candidate=None)
            value = memory.setpoint if agrees or carried is None else carried.value
            return _taken_over(memory, plan, hand, value, voltages, interval=interval, now=now)
    if carried is None or device.state not in USUAL:
        hand = replace(hand, is_agreed=False, candidate=None) if hand.is_agreed else hand
    elif agrees:
        hand = _agreeing(hand, is_agreed=hand.is_agreed or carried.at > memory.commanded_at)
    elif hand.is_agreed and not _is_echo(memory, plan, carried.value, carried.at):
        hand, is_seen = _differing(hand, plan, carried.value, device, now)
        if is_seen:
            hand = replace(hand, until=now + settings.manual_override)
            return _taken_over(
                memory, plan, hand, carried.value, voltages, interval=interval, now=now
            )
    return memory if hand is memory.hand else replace(memory, hand=hand)


def _agreeing(hand: Hand, *, is_agreed: bool) -> Hand:
    if is_agreed is hand.is_agreed and hand.candidate is None:
        return hand
    hand = replace(hand, is_agreed=is_agreed, candidate=None)
    return AGREED if hand == AGREED else hand


def _differing(
    hand: Hand, plan: LoadPlan, value: float, device: DeviceSnapshot, now: float
) -> tuple[Hand, bool]:
    """Return the record of a device that says to carry `value`, and whether that is a person's."""
    heard_at, before = _heard_at(device), hand.candidate
    if before is None or abs(before[0] - value) > _one_step(plan):
        return replace(hand, candidate=(value, heard_at)), False
    if heard_at > before[1] or now >= before[1] + STANDING:
        return replace(hand, candidate=None), True
    return hand, False


def _one_step(plan: LoadPlan) -> float:
    levels = plan.levels
    if isinstance(levels, ListedLevels):
        return levels.longest_step / 2.0
    return max(levels.longest_step, LEAST_SHARE * levels.top) + TOLERANCE


def _is_echo(memory: LoadMemory, plan: LoadPlan, value: float, at: float) -> bool:
    """Return whether a device says late what it was told, or what it falls back to by itself."""
    if plan.treat.lease is not None and value == memory.fallback:
        return True
    since = at - plan.treat.settle_time
    return any(
        told_at >= since and abs(value - setpoint) <= _one_step(plan)
        for told_at, setpoint in memory.told
    )


def _heard_at(device: DeviceSnapshot) -> float:
    """Return when the device last reported anything: freshness belongs to the whole device."""
    samples = [*device.current.values(), device.setpoint, device.power]
    return max(sample.at for sample in samples if sample is not None)


def _taken_over(
    memory: LoadMemory,
    plan: LoadPlan,
    hand: Hand,
    value: float,
    voltages: Sequence[float],
    *,
    interval: float | None,
    now: float,
) -> LoadMemory:
    """Return the memory with what a person set in the place of what the device was told."""
    setpoint = max(0.0, value)
    told, was = plan.currents(setpoint, voltages), plan.currents(memory.setpoint, voltages)
    delay = reaction(memory, plan.treat, interval, told - was)
    is_start = memory.setpoint <= 0.0 < setpoint
    return replace(
        memory,
        hand=hand,
        setpoint=setpoint,
        draw=after_command(memory.draw, plan, told=told, was=was, at=now, reaction=delay),
        changed_at=now,
        started_at=now if is_start else memory.started_at,
        obedience=Obedience(told_at=now),
        ceiling=None,
        is_wished=False,
        is_sated=False,
    )


def out_of_hand(memory: LoadMemory) -> LoadMemory:
    """Return the memory of a load whose device cannot be reached, or whose car is gone.

    What it says when it is back may be its own.
    """
    hand = memory.hand
    if not hand.is_agreed and hand.candidate is None:
        return memory
    return replace(memory, hand=replace(hand, is_agreed=False, candidate=None))


def remember_command(memory: LoadMemory, setpoint: float, now: float) -> LoadMemory:
    """Return the memory after its device was told something that it has not yet said to carry."""
    told = (*memory.told, (now, setpoint))[-REMEMBERED:]
    return replace(memory, told=told, hand=replace(memory.hand, is_agreed=False, candidate=None))
