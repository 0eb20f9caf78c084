"""What the battery did at the moment that the grid meter shows.

A meter that lags shows the house as it was; a battery that reports now says what it does now, after
it has answered the last rise of a load. Added up, the two count that rise twice or not at all. So
the last half minute of the battery's reports is kept, and the one of the meter's own moment is used.
"""

from collections.abc import Sequence

from evenload.model.snapshot import Sample

KEPT = 30.0
"""How far back the battery is remembered [s]."""


def remember(powers: tuple[Sample, ...], newest: Sample) -> tuple[Sample, ...]:
    """Return the last reports of the battery's power with `newest`, oldest first."""
    if powers and newest.at <= powers[-1].at:
        return powers
    first, since = 0, newest.at - KEPT
    while first < len(powers) and powers[first].at < since:
        first += 1
    return (*powers[first:], newest)


def power_at(powers: Sequence[Sample], at: float) -> float:
    """Return the battery's power [W] as last reported at the time `at`, or at its earliest; else 0."""
    if not powers:
        return 0.0
    for sample in reversed(powers):
        if sample.at <= at:
            return sample.value
    return powers[0].value
