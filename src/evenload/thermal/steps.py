"""From what sensors say, whenever they say it, to steps of a quarter of an hour.

The temperature at a step's end is the mean over three minutes, on straight lines between reports, so
that a frequent sensor's noise averages out and a rare one's lag does not matter. It is the temperature
in the middle of these minutes, so a step's inputs are averaged from the last such middle to this one:
a tank may warm by half a kelvin in the time between. An input counts until the next report; one that
was known for less than `KNOWN` of a step is not known. A report that cannot be true counts as none; one older than `hold` is not known any more.
"""

from dataclasses import dataclass, replace
from math import isfinite

from evenload.thermal.matrices import Vector, plus
from evenload.thermal.nouns import (
    LIKELY,
    OUTSIDE,
    STEP,
    ThermalKind,
    ThermalSample,
    ThermalSettings,
)
from evenload.thermal.observer import Step

KNOWN = 0.8
"""Of a step; an input known for less is not known."""
TAIL = 180.0
"""Over how long a temperature is averaged [s]."""
_AMBIENT = 18.0
"""Around a tank, where nobody says [degC]."""
_LONGEST_SILENCE = 86_400.0
"""After this nothing is known of where things are [s]."""
_NOTHING = (0.0, 0.0, 0.0)
"""Of power, outside temperature, sun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What has been heard of the step that runs."""

    last: ThermalSample | None = None
    sums: Vector = _NOTHING
    """Of each input since the last temperature [its unit times s]."""
    known: Vector = _NOTHING
    """How long each was known [s]."""
    late_sums: Vector = _NOTHING
    """The same after the middle of the tail: that is of the next step."""
    late_known: Vector = _NOTHING
    warmth: Vector = (0.0, 0.0)
    """Of each temperature in the step's tail [degC s]."""
    warmth_known: Vector = (0.0, 0.0)
    """How long each was known there [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A step that has ended."""

    at: float
    """When it ended [s since 1970, UTC]."""
    step: Step


def gather(
    before: Gathered, sample: ThermalSample, settings: ThermalSettings
) -> tuple[Gathered, tuple[Closed, ...]]:
    """Return what is heard of the step that runs, and the steps that ended with this sample.

    A sample that is not newer than the last is left alone. After silence the steps between are closed
    with what is not known; after a day of it there are none.
    """
    last = before.last
    sample = _plausible(sample, settings)
    if last is None or is_silent(before, sample):
        return Gathered(last=sample), ()
    if sample.at <= last.at:
        return before, ()
    closed: list[Closed] = []
    here, now = last.at, before
    while here < sample.at:
        boundary = (here // STEP + 1.0) * STEP
        until = min(
            edge
            for edge in (boundary - TAIL, boundary - TAIL / 2, boundary, sample.at)
            if edge > here
        )
        now = _through(now, last, sample, (here, until), settings)
        if until == boundary:
            closed.append(Closed(at=boundary, step=_closed(now, settings)))
            now = Gathered(last=last, sums=now.late_sums, known=now.late_known)
        here = until
    return replace(now, last=sample), tuple(closed)


def is_silent(before: Gathered, sample: ThermalSample) -> bool:
    """Return whether nothing was heard for so long that where things are is not known any more."""
    return before.last is not None and sample.at - before.last.at > _LONGEST_SILENCE


def _plausible(sample: ThermalSample, settings: ThermalSettings) -> ThermalSample:
    low, high = LIKELY[settings.kind]
    return ThermalSample(
        at=sample.at,
        temperature=_within(sample.temperature, low, high),
        lower=_within(sample.lower, low, high),
        power=_within(sample.power, -1e6, 1e6),
        outdoor=_within(sample.outdoor, *OUTSIDE),
        sun=_within(sample.sun, -0.1 * settings.sun_peak, 2.0 * settings.sun_peak),
    )


def _within(value: float | None, low: float, high: float) -> float | None:
    return value if value is not None and isfinite(value) and low <= value <= high else None


def _through(
    now: Gathered,
    last: ThermalSample,
    sample: ThermalSample,
    span: tuple[float, float],
    settings: ThermalSettings,
) -> Gathered:
    """Add a span of time between two samples, which lies in one part of one step."""
    begin, end = span
    boundary = (begin // STEP + 1.0) * STEP
    held = max(0.0, min(end, last.at + settings.hold) - begin)
    inputs = (last.power, last.outdoor, last.sun)
    sums = tuple(0.0 if value is None else value * held for value in inputs)
    known = tuple(0.0 if value is None else held for value in inputs)
    if begin >= boundary - TAIL / 2:
        now = replace(
            now, late_sums=plus(now.late_sums, sums), late_known=plus(now.late_known, known)
        )
    else:
        now = replace(now, sums=plus(now.sums, sums), known=plus(now.known, known))
    if begin < boundary - TAIL or sample.at - last.at > settings.hold:
        return now
    share = ((begin + end) / 2.0 - last.at) / (sample.at - last.at)
    pairs = ((last.temperature, sample.temperature), (last.lower, sample.lower))
    middles = tuple(_between(early, late, share) for early, late in pairs)
    return replace(
        now,
        warmth=plus(now.warmth, tuple(0.0 if each is None else each for each in middles), held),
        warmth_known=plus(
            now.warmth_known, tuple(0.0 if each is None else 1.0 for each in middles), held
        ),
    )


def _between(early: float | None, late: float | None, share: float) -> float | None:
    return None if early is None or late is None else early + share * (late - early)


def _closed(now: Gathered, settings: ThermalSettings) -> Step:
    power, outdoor, sun = (
        total / seconds if seconds >= KNOWN * STEP else None
        for total, seconds in zip(now.sums, now.known, strict=True)
    )
    if outdoor is None:
        outdoor = ambient(settings)
    if not settings.is_sun_measured or settings.kind is ThermalKind.TANK:
        sun = 0.0
    measured = tuple(
        total / seconds if seconds >= TAIL / 2.0 else None
        for total, seconds in zip(now.warmth, now.warmth_known, strict=True)
    )
    inputs = None
    if power is not None and outdoor is not None and sun is not None:
        inputs = (power * settings.efficiency, outdoor, sun / settings.sun_peak, 1.0)
    return Step(inputs=inputs, measured=measured[: settings.sensors])


def ambient(settings: ThermalSettings) -> float | None:
    """Return the temperature around it where nobody measures it [degC]."""
    if settings.ambient is None and settings.kind is ThermalKind.TANK:
        return _AMBIENT
    return settings.ambient
