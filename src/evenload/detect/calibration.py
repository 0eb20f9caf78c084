"""Finding one charger's phase on request: a known sequence is told from whatever the house does.

For two and a half minutes the charger is told one of two currents in turn, in a pseudo-random order
that nothing in a house follows, within what the car needs and the fuses allow. Then it is told what it
was told before, the meter is given half a minute more to show the end of it, and the sequence is
looked for in each phase at each delay. It ends early, with the reason, when the limits fall
below what it needs, the car leaves, or the meter is silent; what it had before is always restored.

    begin(...) -> Calibration or Refusal
    advance(calibration, observation, now, ceiling) -> (calibration, setpoint, result)

`setpoint` is what the charger is to be told from now on, None where that has not changed. The caller
goes on until there is a result; the last setpoint is the one to restore.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from random import Random

from evenload.detect.correlate import Correlation, correlate
from evenload.detect.nouns import LoadReport, Observation, Row
from evenload.detect.windows import ANSWER
from evenload.model.site import Leg, Load, Phase

DURATION = 150.0
"""The sequence takes no longer than this [s]."""

TAIL = 30.0
"""The meter has this long to show the end of it [s]."""

SILENCE = 40.0
"""A meter that says nothing for so long ends it [s]."""

LEAST_SLOT = 12.0
"""Each current is held for at least this [s]."""

LEAST_SLOTS = 6
"""A shorter sequence is none."""

SETTLING = 8.0
"""A car needs this to follow, beside the meter's interval [s]."""

LEAST_ROOM = 2.0
"""The two currents are at least so far apart [A]."""

MOST_ROOM = 10.0
"""And no further than this: more tells no more [A]."""

CANDIDATES = 100
"""So many random sequences are drawn to take the best of."""

SHIFTS = 3
"""By so many slots the meter may be late."""

LEAST_MOVES = 4
"""A sequence that changes less often tells little."""

IN_USE = 1.0
"""A leg that draws more is in use [A]."""


class Inconclusive(StrEnum):
    """Why a calibration found nothing, or did not begin."""

    NOT_CHARGING = "not_charging"
    """The car does not draw: there is nothing to turn up and down."""
    NO_ROOM = "no_room"
    """Limits leave less than 2 A above the car's minimum."""
    SLOW_METER = "slow_meter"
    """The meter reports too rarely for the time that a calibration may take."""
    METER_SILENT = "meter_silent"
    LIMITS = "limits"
    """A fuse or another limit took the room meanwhile."""
    BATTERY = "battery"
    """A battery answered what the charger did, so that the meter could not show it."""
    CAR_LEFT = "car_left"
    """The car stopped drawing meanwhile."""
    NOT_FOLLOWED = "not_followed"
    """The charger's reports do not show the sequence."""
    LEGS_ALIKE = "legs_alike"
    """Its legs cannot be set apart: a car that charges on one leg is needed, or single-phase operation."""
    RESTLESS = "restless"
    """The house moved too much to be sure."""
    NOT_SHOWN = "not_shown"
    """No phase of this meter shows the sequence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationResult:
    """What a calibration found."""

    phases: dict[Leg, Phase]
    """Legs that are sure."""
    is_reversed: dict[Phase, bool]
    """Signs that are sure."""
    confidence: float
    """Of what fits best, 0 to 1."""
    delay: float | None
    """From a command to the meter [s]."""
    reason: Inconclusive | None = None
    """Why nothing, or not all, was found; None: everything asked for was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A calibration under way."""

    load: str
    legs: tuple[Leg, ...]
    """In the order of the load's reports."""
    setpoints: tuple[float, ...]
    """Of each slot [A per leg]."""
    slot: float
    """How long each is held [s]."""
    began_at: float
    """[s, monotonic]"""
    before: float
    """What to restore [A per leg]."""
    told: float
    """What the charger was told last [A per leg]."""
    rows: tuple[Row, ...] = ()
    """The meter's, since shortly before."""
    reports: tuple[LoadReport, ...] = ()
    """The charger's."""
    ended: bool = False
    """Whether it is over but for what the meter has still to show."""

    @property
    def ends_at(self) -> float:
        """When the sequence is over [s, monotonic]."""
        return self.began_at + self.slot * len(self.setpoints)


def begin(
    load: Load,
    observation: Observation,
    now: float,
    *,
    setpoint: float,
    ceiling: float,
    interval: float,
    seed: int,
) -> Calibration | Inconclusive:
    """Return a calibration that begins `now`, or why it cannot.

    `setpoint` [A per leg] is what the charger carries, `ceiling` the most that limits allow it, `interval`
    [s] the meter's. Where all legs draw alike nothing but signs can be found; that is told at the end.
    """
    report = observation.reports.get(load.id)
    if report is None or max(report.currents) < IN_USE or setpoint < load.minimum:
        return Inconclusive.NOT_CHARGING
    slot = max(LEAST_SLOT, interval + SETTLING)
    slots = int(DURATION // slot)
    if slots < LEAST_SLOTS:
        return Inconclusive.SLOW_METER
    low = load.minimum
    high = min(load.maximum, ceiling, low + MOST_ROOM)
    if high - low < LEAST_ROOM:
        return Inconclusive.NO_ROOM
    bits = sequence(slots, seed)
    return Calibration(
        load=load.id,
        legs=observation.legs[load.id],
        setpoints=tuple([high if bit else low for bit in bits]),
        slot=slot,
        began_at=now,
        before=setpoint,
        told=setpoint,
    )


def sequence(slots: int, seed: int) -> tuple[bool, ...]:
    """Return a pseudo-random order of high and low that looks like itself at no other delay.

    Of some random orders it is the one with the most changes that its own changes a few slots later,
    as they are or turned round, do not explain.

    >>> sequence(8, 1) == sequence(8, 1)
    True
    """
    chance = Random(seed)  # noqa: S311 - no secret
    drawn = [[chance.getrandbits(1) for _ in range(slots)] for _ in range(CANDIDATES)]
    best = min(drawn, key=_likeness)
    return tuple([bit == 1 for bit in best])


def _likeness(bits: Sequence[int]) -> float:
    """Return, negative, how many of a sequence's changes its shifted self leaves unexplained at least."""
    changes = [b - a for a, b in pairwise(bits)]
    moved = sum(map(abs, changes))
    if moved < LEAST_MOVES:
        return math.inf
    most = max(
        abs(sum(a * b for a, b in zip(changes[shift:], changes, strict=False)))
        for shift in range(1, SHIFTS + 1)
    )
    return most - moved


def advance(
    calibration: Calibration, observation: Observation, now: float, *, ceiling: float
) -> tuple[Calibration, float | None, CalibrationResult | None]:
    """Return the calibration after one pass, what to tell the charger, and the result once there is one.

    `ceiling` [A per leg] is the most that limits allow it now.
    """
    calibration = _recorded(calibration, observation)
    if calibration.ended:
        if now < calibration.ends_at + TAIL:
            return calibration, None, None
        return calibration, None, _result(calibration, observation.phases)
    reason = _trouble(calibration, now, ceiling)
    if reason is not None:
        return _restored(calibration, failure(reason))
    if now >= calibration.ends_at:
        return _restored(calibration, None)
    place = int((now - calibration.began_at) // calibration.slot)
    wanted = calibration.setpoints[place]
    if wanted == calibration.told:
        return calibration, None, None
    return replace(calibration, told=wanted), wanted, None


def _restored(
    calibration: Calibration, result: CalibrationResult | None
) -> tuple[Calibration, float | None, CalibrationResult | None]:
    told = None if calibration.told == calibration.before else calibration.before
    return replace(calibration, told=calibration.before, ended=True), told, result


def failure(reason: Inconclusive) -> CalibrationResult:
    """Return the result of a calibration that found nothing."""
    return CalibrationResult(phases={}, is_reversed={}, confidence=0.0, delay=None, reason=reason)


def _recorded(calibration: Calibration, observation: Observation) -> Calibration:
    """Return the calibration with what has been reported since."""
    rows, reports = calibration.rows, calibration.reports
    meter, at = observation.meter, observation.meter_at
    if meter is not None and (not rows or at > rows[-1].at):
        row = Row(
            at=at,
            currents=meter,
            solar_current=observation.solar_current,
            battery_current=observation.battery_current,
        )
        rows = (*rows, row)
    report = observation.reports.get(calibration.load)
    if report is not None and (not reports or report.at > reports[-1].at):
        reports = (*reports, report)
    return replace(calibration, rows=rows, reports=reports)


def _trouble(calibration: Calibration, now: float, ceiling: float) -> Inconclusive | None:
    """Return why a calibration cannot go on."""
    if ceiling < max(calibration.setpoints):
        return Inconclusive.LIMITS
    heard_at = calibration.rows[-1].at if calibration.rows else calibration.began_at
    if now - heard_at > SILENCE:
        return Inconclusive.METER_SILENT
    if calibration.reports and max(calibration.reports[-1].currents) < IN_USE:
        return Inconclusive.CAR_LEFT
    return None


def _result(calibration: Calibration, phases: Sequence[Phase]) -> CalibrationResult:
    """Return what the meter's rows say."""
    told = max(calibration.setpoints) - min(calibration.setpoints)
    began, ended = calibration.began_at + calibration.slot, calibration.ends_at
    reports = [report for report in calibration.reports if began < report.at <= ended]
    swings = [min(told, swing) for swing in _swings(reports)]
    # What the car drew before reaches into the first slots, and may be more than either.
    moving = [leg for leg, swing in enumerate(swings) if swing >= LEAST_ROOM / 2.0]
    if not moving:
        return failure(Inconclusive.NOT_FOLLOWED)
    if _battery_swing(calibration.rows) > ANSWER * max(swings):
        return failure(Inconclusive.BATTERY)
    bits = [setpoint == max(calibration.setpoints) for setpoint in calibration.setpoints]
    found = correlate(
        calibration.rows,
        bits,
        began_at=calibration.began_at,
        slot=calibration.slot,
        swings=[swings[leg] for leg in moving],
    )
    return _told(calibration, found, [calibration.legs[leg] for leg in moving], phases)


def _battery_swing(rows: Sequence[Row]) -> float:
    """Return how far the battery moved, as if on one phase [A]."""
    currents = [row.battery_current for row in rows]
    return max(currents) - min(currents) if currents else 0.0


def _swings(reports: Sequence[LoadReport]) -> list[float]:
    """Return by how much each leg went up and down [A], a report or two of a ramp left aside."""
    if not reports:
        return []
    swings: list[float] = []
    for column in zip(*[report.currents for report in reports], strict=True):
        ordered = sorted(column)
        aside = len(ordered) // 8
        swings.append(ordered[len(ordered) - 1 - aside] - ordered[aside])
    return swings


def _told(
    calibration: Calibration, found: Correlation, legs: Sequence[Leg], phases: Sequence[Phase]
) -> CalibrationResult:
    """Return the result in names."""
    signs = {phases[place]: sign < 0.0 for place, sign in found.signs.items()}
    sure: dict[Leg, Phase] = {}
    reason: Inconclusive | None = None
    if found.is_nowhere:
        reason = Inconclusive.NOT_SHOWN
    elif len(found.places) < len(legs):
        reason = Inconclusive.RESTLESS
    elif len(legs) == 1:
        sure[legs[0]] = phases[found.places[0]]
    else:
        sure = _by_elimination(calibration.legs, legs, found.places, phases)
        reason = Inconclusive.LEGS_ALIKE
    return CalibrationResult(
        phases=sure,
        is_reversed=signs,
        confidence=found.confidence,
        delay=found.delay,
        reason=reason,
    )


def _by_elimination(
    legs: Sequence[Leg], moving: Sequence[Leg], places: Sequence[int], phases: Sequence[Phase]
) -> dict[Leg, Phase]:
    """Return the one leg that rested on the one phase that no leg moved, where there is one of each."""
    resting = [leg for leg in legs if leg not in moving]
    free = [phase for place, phase in enumerate(phases) if place not in places]
    return {resting[0]: free[0]} if len(resting) == len(free) == 1 else {}
