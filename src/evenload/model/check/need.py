"""What loads need by themselves, against what they are."""

from collections.abc import Iterator
from itertools import pairwise

from evenload.model.check import ranges
from evenload.model.check.places import out_of_range
from evenload.model.control import LoadControl
from evenload.model.finding import Finding
from evenload.model.need import DAY, ReadyBy, Runtime, Temperatures
from evenload.model.site import Kind, Load


def check_need(load: Load, treat: LoadControl, path: str) -> Iterator[Finding]:
    """Yield what is wrong with the needs of a load."""
    yield from _check_whose(load, treat, path)
    if treat.temperatures is not None:
        yield from _check_temperatures(treat.temperatures, f"{path}.temperatures")
    if treat.runtime is not None:
        yield from _check_runtime(treat.runtime, f"{path}.runtime")
    if treat.ready_by is not None:
        yield from _check_ready_by(treat.ready_by, f"{path}.ready_by")


def _check_whose(load: Load, treat: LoadControl, path: str) -> Iterator[Finding]:
    is_ev = load.kind is Kind.EV
    if treat.ready_by is not None and not is_ev:
        yield Finding(
            path=f"{path}.ready_by",
            problem=f"given for a load of kind {load.kind}",
            allowed="ready_by at a load of kind ev, or temperatures.ready_by",
        )
    for key in ("temperatures", "runtime"):
        if getattr(treat, key) is not None and is_ev:
            yield Finding(
                path=f"{path}.{key}",
                problem="given for a load of kind ev",
                allowed=f"{key} at a load of another kind",
            )
    if treat.temperatures is not None and treat.runtime is not None:
        yield Finding(
            path=f"{path}.runtime", problem="given beside temperatures", allowed="one of the two"
        )


def _check_temperatures(wanted: Temperatures, path: str) -> Iterator[Finding]:
    yield from out_of_range(wanted, path, ranges.TEMPERATURES)
    rising = [
        (name, value)
        for name, value in (
            ("floor", wanted.floor),
            ("target", wanted.target),
            ("boost", wanted.boost),
        )
        if value is not None
    ]
    for (lower, low), (upper, high) in pairwise(rising):
        if low > high:
            yield Finding(
                path=f"{path}.{lower}",
                problem=f"given {low:g}, above {upper} {high:g}",
                allowed="floor at most target, and target at most boost",
            )
    if wanted.ready_by is not None:
        if wanted.volume is None:
            yield Finding(
                path=f"{path}.ready_by",
                problem="given without volume",
                allowed="ready_by with volume, from which the time to heat is reckoned",
            )
        yield from out_of_range(wanted, path, {"ready_by": ranges.TIME_OF_DAY})
    if wanted.disinfection is not None:
        yield from out_of_range(wanted.disinfection, f"{path}.disinfection", ranges.DISINFECTION)


def _check_runtime(wanted: Runtime, path: str) -> Iterator[Finding]:
    yield from out_of_range(wanted, path, ranges.RUNTIME)
    length = (wanted.window_end - wanted.window_start) % DAY or DAY
    if wanted.daily > length:
        yield Finding(
            path=f"{path}.daily",
            problem=f"given {wanted.daily:g} s, more than its window of {length:g} s",
            allowed="at most the length of the window",
        )


def _check_ready_by(wanted: ReadyBy, path: str) -> Iterator[Finding]:
    yield from out_of_range(wanted, path, ranges.READY_BY)
