"""What each load draws, and what a grid meter that lags may still be showing of it.

A charger follows a setpoint within seconds and reports its draw now and then; the grid meter shows
the house as it was a moment ago. So a draw has three values: `currents`, the best that is known of
this instant, and the bounds `low` and `high` of what the meter's reading may contain. They are one
while nothing moves. A command spreads them to what was and what will be; a measurement spreads
them to what it found. They close again with the first reading that is late enough to show it all:

- after a command: its time + the load's learnt reaction (command to grid meter), or, when the
  device itself reports to have arrived, that report's time + the meter's lag;
- after a measurement that found something else: its time + the meter's lag.
"""

from collections.abc import Sequence

from evenload.controller.change import replace
from evenload.controller.meter_memory import NEVER, Lag
from evenload.controller.plan import LoadPlan
from evenload.controller.state import Blur, Draw, LoadMemory
from evenload.model.readings import LoadState
from evenload.model.snapshot import DeviceSnapshot, Sample

NOISE = 0.3
"""A measurement nearer than this to the one before says the same [A per leg]."""

BAND = 0.5
"""A draw nearer than this to the setpoint has arrived [A per leg]."""

BAND_SHARE = 0.05
"""Or nearer than this share of it."""

ARRIVED = 0.1
"""A draw has come down when it is no further above its setpoint than this [A per leg]."""

HALF = 0.45
"""A draw that is nearer than about half of a commanded step to its end has followed it."""

IN_USE = 1.0
"""A leg that draws more than this is in use [A]."""

SURE = 1.0
"""A draw is known when its bounds are no further apart than this [A per leg]."""

SLOW_REPORT = 100.0
"""A charger that has not reported for longer than this after a raise is taken to follow it [s]."""

IMPOSSIBLE = 3.0
"""A measurement above so many times a load's maximum is none."""

BACKWARDS = -0.5
"""A measurement below this is none: loads do not feed, sums of parts that update apart dip [A]."""

COMING_UP = 40.0
"""By when all legs of a car draw that will [s]."""

LOST = 60.0
"""A device whose measurement has not been believable for so long counts as one that has none [s]."""

DRAWING = (LoadState.CHARGING, LoadState.ON)
ABSENT = (LoadState.DISCONNECTED, LoadState.FAULTED)


def band(current: float) -> float:
    """Return how far a draw may lie from a setpoint of `current` [A] and still have arrived [A]."""
    return max(BAND, BAND_SHARE * current)


def measured(
    plan: LoadPlan,
    device: DeviceSnapshot,
    voltages: Sequence[float],
    before: Sequence[float],
) -> tuple[tuple[float, ...], float] | None:
    """Return the draw of each leg [A] as the device reports it, with the time; None: it does not.

    A total power is spread evenly over the legs in use. A leg whose value cannot be draws what it
    drew `before`.
    """
    most = IMPOSSIBLE * plan.currents(plan.levels.top, voltages)
    if device.current:
        return _measured_currents(plan, device, most, before)
    if device.power is not None:
        total = sum(
            voltages[place] for place, used in zip(plan.places, plan.used, strict=True) if used
        )
        each = Sample(device.power.value / total, device.power.at)
        if not _can_be(each, most):
            return None
        return tuple(max(0.0, each.value) if used else 0.0 for used in plan.used), each.at
    return None


def _measured_currents(
    plan: LoadPlan, device: DeviceSnapshot, most: float, before: Sequence[float]
) -> tuple[tuple[float, ...], float] | None:
    currents: list[float] = []
    newest = NEVER
    for leg, drew in zip(plan.legs, before, strict=True):
        sample = device.current.get(leg)
        if sample is None:
            currents.append(0.0)
        elif not _can_be(sample, most):
            currents.append(drew)
        else:
            currents.append(max(0.0, sample.value))
            newest = max(newest, sample.at)
    return (tuple(currents), newest) if newest > NEVER else None


def _can_be(sample: Sample, most: float) -> bool:
    return BACKWARDS <= sample.value <= most


def is_known(draw: Draw) -> bool:
    """Return whether what a meter's reading contains of it is certain enough to raise on."""
    if draw.low is draw.high:
        return True
    return all(most - least <= SURE for least, most in zip(draw.low, draw.high, strict=True))


def is_at_zero(draw: Draw) -> bool:
    """Return whether nothing of it is in a meter's reading, for certain."""
    return draw.low is draw.high and not any(draw.low)


def first_draw(currents: tuple[float, ...], measured_at: float, *, is_metered: bool) -> Draw:
    """Return the draw of a load that is seen for the first time."""
    return Draw(
        currents=currents,
        low=currents,
        high=currents,
        measured_at=measured_at,
        is_metered=is_metered,
    )


def follow(
    memory: LoadMemory,
    plan: LoadPlan,
    device: DeviceSnapshot,
    voltages: Sequence[float],
    *,
    lag: Lag,
    complete_at: float,
    now: float,
) -> Draw:
    """Return the draw as it is known now, given the device's report and the meter's time."""
    draw = memory.draw
    if not draw.trail and not has_news(draw, device):
        return draw
    report = measured(plan, device, voltages, draw.currents)
    if report is None and draw.is_metered and now - draw.measured_at <= LOST:
        return out_of_sight(draw, plan, plan.currents(memory.setpoint, voltages))
    if report is None:
        draw = _expect(draw, _expected(memory, plan, device, voltages), lag)
    elif report[1] > draw.measured_at:
        setpoint_current = plan.currents(memory.setpoint, voltages)
        draw = _take_in(draw, report, setpoint_current, memory.changed_at, lag)
        if not device.current and draw.measured_at < memory.changed_at + COMING_UP:
            draw = _unsplit(draw, plan, setpoint_current, lag)
    if not draw.trail:
        return draw
    is_unseen = (
        draw.is_metered
        and draw.arrived_at <= memory.changed_at
        and draw.measured_at < draw.settled_at
        and complete_at - memory.changed_at < SLOW_REPORT
    )
    return _forget(draw, complete_at, keep_command=is_unseen)


def has_news(draw: Draw, device: DeviceSnapshot) -> bool:
    """Return whether the device may have reported something new; a shortcut for the usual case."""
    if not draw.is_metered:
        return True
    if device.current:
        return max([sample.at for sample in device.current.values()]) > draw.measured_at
    return device.power is None or device.power.at != draw.measured_at


def _take_in(
    draw: Draw,
    report: tuple[tuple[float, ...], float],
    setpoint_current: float,
    changed_at: float,
    lag: Lag,
) -> Draw:
    currents, at = report
    trail, arrived_at = draw.trail, draw.arrived_at
    settled_at, due_at = draw.settled_at, draw.due_at
    if at > changed_at and _has_arrived(max(currents), setpoint_current, trail):
        arrived_at = at if arrived_at < changed_at else arrived_at
        settled_at = min(settled_at, at + lag.longest)
        due_at = min(due_at, at + lag.usual)
        trail = tuple([_followed(blur, at, lag) if blur.is_command else blur for blur in trail])
    if trail:
        trail = tuple(
            [
                _followed(blur, at, lag)
                if blur.is_command and _is_down_at(blur, currents)
                else blur
                for blur in trail
            ]
        )
    moves = [abs(new - old) for new, old in zip(currents, draw.currents, strict=True)]
    if max(moves) > NOISE:
        trail = (*trail, _blur(draw.currents, currents, at=at, lag=lag))
    low, high = _bounds(currents, trail) if trail else (currents, currents)
    return replace(
        draw,
        currents=currents,
        low=low,
        high=high,
        trail=trail,
        settled_at=settled_at,
        due_at=due_at,
        arrived_at=arrived_at,
        measured_at=at,
        is_metered=True,
    )


def _unsplit(draw: Draw, plan: LoadPlan, told: float, lag: Lag) -> Draw:
    """Return the draw of a load that tells its total, while its legs may come on one by one.

    Split evenly it would be wrong by what one leg draws. No leg draws more than it was told, nor
    less than the others leave of the total.
    """
    legs, total = sum(plan.used), sum(draw.currents)
    most = max(told, *draw.currents)
    least = max(0.0, total - (legs - 1) * most)
    most = min(total, most)
    if most - least <= NOISE:
        return draw
    blur = Blur(
        low=tuple(least if used else 0.0 for used in plan.used),
        high=tuple(most if used else 0.0 for used in plan.used),
        until=draw.measured_at + lag.longest,
        due=draw.measured_at + lag.usual,
    )
    trail = (*draw.trail, blur)
    low, high = _bounds(draw.currents, trail)
    return replace(draw, low=low, high=high, trail=trail)


def _expected(
    memory: LoadMemory, plan: LoadPlan, device: DeviceSnapshot, voltages: Sequence[float]
) -> tuple[float, ...]:
    """Return what a load draws on each leg that does not report it: what it was told, if it runs.

    One that did report it goes on as it was until it is told something else.
    """
    told = plan.currents(memory.setpoint, voltages)
    if device.state not in DRAWING:
        return (0.0,) * len(plan.legs)
    if memory.draw.measured_at > NEVER and memory.draw.measured_at >= memory.changed_at:
        return tuple(min(told, current) for current in memory.draw.currents)
    return tuple(told if used else 0.0 for used in plan.used)


def _expect(draw: Draw, currents: tuple[float, ...], lag: Lag) -> Draw:
    """Return the draw of a load that does not report it."""
    if currents == draw.currents and not draw.is_metered:
        return draw
    blur = _blur(draw.currents, currents, at=draw.settled_at, lag=lag)
    trail = (*draw.trail, blur)
    low, high = _bounds(currents, trail)
    return replace(
        draw,
        currents=currents,
        low=low,
        high=high,
        trail=trail,
        is_metered=False,
    )


def _followed(blur: Blur, at: float, lag: Lag) -> Blur:
    """Return the change as of a report of `at` that it has happened."""
    until, due = min(blur.until, at + lag.longest), min(blur.due, at + lag.usual)
    return blur if (until, due) == (blur.until, blur.due) else replace(blur, until=until, due=due)


def _is_down_at(blur: Blur, currents: Sequence[float]) -> bool:
    """Return whether a load has come down to what it was told then, whatever it was told since."""
    return not blur.is_raise and all(
        current <= low + ARRIVED for current, low in zip(currents, blur.low, strict=True)
    )


def _has_arrived(current: float, setpoint_current: float, trail: Sequence[Blur]) -> bool:
    """Return whether a load draws what it was told: a raise less than half, a cut all the way."""
    if current > setpoint_current + ARRIVED:
        return False
    steps = [max(blur.high) - min(blur.low) for blur in trail if blur.is_raise]
    near = min(band(setpoint_current), HALF * steps[-1]) if steps else band(setpoint_current)
    return setpoint_current - current <= near


def _blur(before: Sequence[float], after: Sequence[float], *, at: float, lag: Lag) -> Blur:
    """Return the change from `before` to `after` that is known to have happened by `at`."""
    return Blur(
        low=tuple(map(min, before, after, strict=True)),
        high=tuple(map(max, before, after, strict=True)),
        until=at + lag.longest,
        due=at + lag.usual,
    )


def _bounds(
    currents: tuple[float, ...], trail: tuple[Blur, ...]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return what a reading may contain at least and at most.

    A command says where a draw goes, not where it came from: that is what was measured, and since.
    """
    low = high = currents
    for blur in trail:
        if not blur.is_raise:
            low = tuple(map(min, low, blur.low, strict=True))
        if blur.is_raise or not blur.is_command:
            high = tuple(map(max, high, blur.high, strict=True))
    return low, high


def _forget(draw: Draw, complete_at: float, *, keep_command: bool) -> Draw:
    """Return the draw without the changes that a reading of `complete_at` shows."""
    trail = tuple(
        blur
        for blur in draw.trail
        if blur.until > complete_at or (keep_command and blur.is_command)
    )
    if len(trail) == len(draw.trail):
        return draw
    low, high = _bounds(draw.currents, trail)
    return replace(draw, low=low, high=high, trail=trail)


def bounds_by(draw: Draw, at: float) -> tuple[Sequence[float], Sequence[float]]:
    """Return what a reading of the time `at` may contain at least and at most, by leg [A]."""
    return _bounds(draw.currents, tuple(blur for blur in draw.trail if blur.until > at))


def settle(draw: Draw, shown_at: float) -> Draw:
    """Return the draw once a reading of `shown_at` has shown what the last command did."""
    trail = tuple(blur for blur in draw.trail if not blur.is_command)
    low, high = _bounds(draw.currents, trail)
    return replace(
        draw,
        low=low,
        high=high,
        trail=trail,
        settled_at=min(draw.settled_at, shown_at),
        due_at=min(draw.due_at, shown_at),
    )


def out_of_sight(draw: Draw, plan: LoadPlan, told_current: float) -> Draw:
    """Return the draw of a load whose device cannot be reached: anything up to what it was told."""
    most = tuple(told_current if used else 0.0 for used in plan.used)
    if draw.measured_at <= NEVER:
        # Remembered from before a restart: what is kept free for it covers no more than this.
        draw = replace(draw, currents=tuple(map(min, draw.currents, most, strict=True)))
    high = tuple(map(max, draw.currents, most, strict=True))
    return replace(draw, low=(0.0,) * len(high), high=high)


def after_command(
    draw: Draw, plan: LoadPlan, *, told: float, was: float, at: float, reaction: float
) -> Draw:
    """Return the draw of a load that was told at `at` to take `told` [A per leg] instead of `was`.

    A meter's reading shows it for certain from `at + reaction` on.
    """
    if told <= was:
        expected = tuple(min(current, told) for current in draw.currents)
    else:
        in_use = _legs_in_use(draw, plan)
        expected = tuple(told if used else 0.0 for used in in_use)
    change = _blur(draw.currents, expected, at=at + reaction, lag=Lag(usual=0.0, longest=0.0))
    trail = (*draw.trail, replace(change, is_command=True, is_raise=told > was))
    low, high = _bounds(draw.currents, trail)
    return replace(
        draw, low=low, high=high, trail=trail, settled_at=at + reaction, due_at=at + reaction
    )


def _legs_in_use(draw: Draw, plan: LoadPlan) -> tuple[bool, ...]:
    drawing = tuple(current > IN_USE for current in draw.currents)
    return drawing if any(drawing) else plan.used
