"""Steps in what one load's device reports: a rest, a change of 2 A or more, a rest again.

A report that differs from the rest by more than a sensor's noise ends it. What follows is a rest in
turn once two reports agree and some seconds lie between them, or, of a device that reports only changes,
once it has kept silent for long. Legs that come on one after another make a step each where the reports
are close enough to see the rests between, and one step of several legs where they are not.

A device that repeats itself every 5 s was still at rest in its last report. One that never
repeats itself reports what changed at once: it was at rest until shortly before.
"""

from dataclasses import replace

from evenload.detect.nouns import LoadReport, Order, Plateau, Step, Track

LEAST_STEP = 2.0
"""A smaller change on every leg is none [A]."""

ALIKE = 0.6
"""Reports nearer than this say the same [A]."""

REST = 3.0
"""Reports that agree make a rest when they span as much [s]."""

SILENCE = 20.0
"""A device that says nothing for so long is at rest [s]."""

AT_ONCE = 15.0
"""A device that never repeats itself reports a change within this [s]."""

LONGEST = 45.0
"""A change that takes longer is no step [s]."""

KEPT = 240.0
"""For how long reports and commands are kept [s]."""

REACTION = 40.0
"""A command acts within this, or not at all [s]."""

AT_THE_SAME_TIME = 2.0
"""Commands within this stem from one reading [s]."""


def follow(track: Track, load: str, report: LoadReport | None, now: float) -> Track:
    """Return what is known of a load with its newest report."""
    if report is not None and (not track.reports or report.at > track.reports[-1].at):
        track = _with_report(track, load, report)
    waiting = track.now
    if waiting is not None and waiting is not track.rest and now - waiting.since >= SILENCE:
        # It has said nothing else since, or it would not be the newest plateau.
        track = _at_rest(track, load, replace(waiting, until=max(waiting.until, now - AT_ONCE)))
    return track


def with_order(track: Track, setpoint: float, now: float) -> Track:
    """Return the track with a command that a reading drove; one that says nothing new is none."""
    if track.orders and track.orders[-1].setpoint == setpoint:
        return track
    kept = tuple(order for order in track.orders if order.at >= now - KEPT)
    return replace(track, orders=(*kept, Order(at=now, setpoint=setpoint)))


def _with_report(track: Track, load: str, report: LoadReport) -> Track:
    kept = track.reports
    if kept and kept[0].at < report.at - 2.0 * KEPT:
        kept = tuple(each for each in kept if each.at >= report.at - KEPT)
    last = kept[-1] if kept else None
    track = replace(track, reports=(*kept, report))
    current = track.now
    if current is None or not _agree(current.currents, report.currents):
        started = Plateau(currents=report.currents, since=report.at, until=report.at)
        return replace(_left(track), now=started)
    if last is not None:
        track = replace(track, repeats=max(track.repeats or 0.0, report.at - last.at))
    grown = replace(current, until=report.at, reports=current.reports + 1)
    if current is track.rest:
        return replace(track, rest=grown, now=grown)
    if grown.until - grown.since < REST:
        return replace(track, now=grown)
    return _at_rest(track, load, grown)


def _agree(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(abs(a - b) <= ALIKE for a, b in zip(one, other, strict=True))


def _left(track: Track) -> Track:
    """Return the track as the present plateau ends: steps that wait know how long they have."""
    if track.rest is None or track.now is not track.rest:
        return track
    until = track.rest.until
    pending = tuple(
        replace(step, rest_until=until) if step.rest_until is None else step
        for step in track.pending
    )
    return replace(track, pending=pending)


def _at_rest(track: Track, load: str, plateau: Plateau) -> Track:
    """Return the track with the load at rest again, and with the step that led there."""
    before, after = track.rest, replace(track, rest=plateau, now=plateau)
    if before is None:
        return after
    step = _step(track, load, before, plateau)
    return after if step is None else replace(after, pending=(*after.pending, step))


def _step(track: Track, load: str, before: Plateau, after: Plateau) -> Step | None:
    changes = tuple(b - a for a, b in zip(before.currents, after.currents, strict=True))
    if max(map(abs, changes)) < LEAST_STEP:
        return None
    moving = [each for each in track.reports if before.until < each.at <= after.since]
    first = moving[0].at if moving else after.since
    begun = max(before.until, first - max(AT_ONCE, track.repeats or 0.0))
    if after.since - begun > LONGEST:
        return None
    orders = [
        order.at
        for order in track.orders
        if order.at > before.since and begun - REACTION < order.at <= after.since
    ]
    if orders and orders[-1] - orders[0] > AT_THE_SAME_TIME:
        # The reading behind the second command shows what the first has done: nothing is clean.
        return None
    halves = tuple(
        _half_way(track, begun, after.since, leg, (a + b) / 2.0, rising=b > a)
        for leg, (a, b) in enumerate(zip(before.currents, after.currents, strict=True))
    )
    return Step(
        load=load,
        changes=changes,
        rest_since=before.since,
        begun_at=begun,
        done_at=after.since,
        halves=halves,
        told_at=orders[-1] if orders else None,
    )


def _half_way(
    track: Track, begun: float, done: float, leg: int, level: float, *, rising: bool
) -> tuple[float, float]:
    """Return between which two reports a leg passed a level [A]."""
    earlier = begun
    for report in track.reports:
        if not begun < report.at <= done:
            continue
        current = report.currents[leg]
        if current >= level if rising else current <= level:
            return earlier, report.at
        earlier = report.at
    return earlier, max(done, earlier)
