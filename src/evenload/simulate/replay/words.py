"""What came of a replay as lines for a person and as data for a program."""

from collections.abc import Iterator
from datetime import timedelta

from evenload.model.allocation import Reason
from evenload.model.decision import SiteStatus
from evenload.simulate.replay.readings import units_of
from evenload.simulate.replay.shadow import LoadShadow, Shadow

LIMITS = (
    "Every moment is judged by what really flowed in it: had a car been told something else, its "
    "battery and all that followed would have been another. Delays, least times and ramps are left out."
)
"""What a replay cannot know."""
_MOST_REASONS = 3


def verdict(told: Shadow) -> str:
    """Return in a sentence or two what it comes to."""
    if told.statuses.keys().isdisjoint((SiteStatus.OK, SiteStatus.OVERLOAD)):
        return "Nothing that could be used was recorded of the meter, so nothing can be said of the fuse."
    if told.over_seconds == 0.0:
        fuse = "No phase was above its rating."
    elif told.over_with_loads == 0.0:
        fuse = (
            f"A phase was above its rating for {span(told.over_seconds)}, and no managed load was to "
            "blame: there Evenload could have done nothing."
        )
    else:
        fuse = (
            f"A phase was above its rating for {span(told.over_seconds)}; in "
            f"{span(told.over_with_loads)} of that Evenload would have made loads yield."
        )
    blind = told.statuses.get(SiteStatus.FAILSAFE, 0.0)
    if blind > 0.0:
        fuse += f" For {span(blind)} it would have had no meter to go by."
    return fuse


def site_lines(told: Shadow) -> Iterator[tuple[str, str, str]]:
    """Yield (what, how much, a note) about the house."""
    yield "Recorded", span(told.seconds), f"from {told.start:%Y-%m-%d %H:%M}"
    yield "Highest current", f"{told.worst:.0%}", "of the rating"
    yield (
        "Above the rating",
        span(told.over_seconds),
        f"in {span(told.over_with_loads)} of it loads would have had to yield",
    )
    for status, seconds in told.statuses.items():
        if status not in (SiteStatus.OK, SiteStatus.OVERLOAD):
            yield f"Site {status.value.replace('_', ' ')}", span(seconds), ""
    for (code, about), seconds in told.troubles.items():
        yield code.value.replace("_", " ").capitalize(), span(seconds), about
    for place, unit in told.strange_units.items():
        yield "Not understood", f"unit {unit}", f"{place}: expected {', '.join(units_of(place))}"
    for load, words in told.strange_words.items():
        said = ", ".join(sorted(words))
        yield "Not understood", said, f"state of {load}: say under words: what it means"


def load_lines(own: LoadShadow) -> Iterator[tuple[str, str]]:
    """Yield (what, how much) about one load."""
    yield "drew", f"{own.drawn / 1000.0:.2f} kWh"
    yield "would have been lowered", f"for {span(own.cut_seconds)}, {own.cut / 1000.0:.2f} kWh"
    yield "might have drawn more", f"for {span(own.more_seconds)}"
    total = sum(own.reasons.values())
    often = sorted(own.reasons.items(), key=lambda each: -each[1])[:_MOST_REASONS]
    said = ", ".join(f"{_named(reason)} {seconds / total:.0%}" for reason, seconds in often)
    yield "why", said or "-"


def data(told: Shadow) -> dict[str, object]:
    """Return everything as plain data; durations [s], energies [kWh]."""
    return {
        "start": told.start.isoformat(),
        "seconds": round(told.seconds),
        "passes": told.passes,
        "fuse": {
            "overload_seconds": round(told.over_seconds),
            "overload_with_loads_seconds": round(told.over_with_loads),
            "worst_ratio": round(told.worst, 3),
        },
        "statuses": {status.value: round(seconds) for status, seconds in told.statuses.items()},
        "troubles": {
            f"{code.value} {about}": round(seconds)
            for (code, about), seconds in told.troubles.items()
        },
        "loads": {
            name: {
                "energy_kwh": round(own.drawn / 1000.0, 3),
                "lowered_kwh": round(own.cut / 1000.0, 3),
                "lowered_seconds": round(own.cut_seconds),
                "more_seconds": round(own.more_seconds),
                "reasons": {reason.value: round(time) for reason, time in own.reasons.items()},
            }
            for name, own in told.loads.items()
        },
        "not_understood": {
            "units": dict(told.strange_units),
            "states": {load: sorted(words) for load, words in told.strange_words.items()},
        },
    }


def span(seconds: float) -> str:
    """Return a duration as people write it.

    >>> span(90), span(7200), span(3 * 86400)
    ('0:01:30', '2:00:00', '3 days, 0:00:00')
    """
    return str(timedelta(seconds=round(seconds)))


def _named(reason: Reason) -> str:
    return reason.value.replace("_", " ")
