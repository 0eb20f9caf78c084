"""A run's result as lines that a person reads at the end of a simulation."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import cast

from evenload.simulate.run import Outcome

type Figures = Mapping[str, object]


def verdict(outcome: Outcome) -> str:
    """Return in one or two sentences whether the fuse held."""
    fuse = part(outcome, "fuse")
    tripped = fuse["tripped_at_s"]
    if isinstance(tripped, int):
        moment = outcome.plant.settings.start_second + tripped
        day, second = divmod(moment, 86400)
        when = f"on day {day + 1} at {timedelta(seconds=second)}"
        without = (
            "It would have tripped without managed loads too."
            if fuse["trips_without_loads"]
            else "Without managed loads it would have held."
        )
        return f"The main fuse tripped {when} and stayed off. {without}"
    used = cast("float", fuse["curve_used"])
    if used == 0.0:
        return "The main fuse held and was never warmer than at its rating."
    return f"The main fuse held; it came {used:.0%} of the way from its rating to tripping."


def rows(outcome: Outcome) -> Iterator[tuple[str, str, str]]:
    """Yield (what, how much, a note) for each figure worth telling."""
    fuse, energy, cost = (part(outcome, name) for name in ("fuse", "energy", "cost"))
    yield (
        "Highest current",
        f"{cast('float', fuse['worst_ratio']):.0%}",
        f"of the rating; above it for {fuse['overload_seconds']} s in all",
    )
    yield (
        "Kept above by loads",
        f"{fuse['longest_overload_by_us_s']} s",
        f"at the longest; meter and devices need up to {fuse['allowed_overload_by_us_s']} s",
    )
    if energy["self_consumption"] is not None:
        yield (
            "Sun",
            f"{energy['solar_kwh']} kWh",
            f"{percent(energy['self_consumption'])} used here",
        )
    if energy["surplus_used"] is not None:
        note = f"{percent(energy['surplus_used'])} of what loads could have taken"
        yield "Surplus", f"{energy['surplus_kwh']} kWh", note
    yield "Grid", f"{energy['import_kwh']} kWh", f"{energy['export_kwh']} kWh exported"
    yield "Cost", f"{cost['net']:.2f}", "export deducted"
    for name, load in part(outcome, "loads").items():
        figures = cast("Figures", load)
        label = outcome.plant.site.name_of(name)
        yield label, f"{figures['energy_kwh']} kWh", ", ".join(_notes(figures))


def part(outcome: Outcome, name: str) -> Figures:
    """Return one part of the result."""
    return cast("Figures", outcome.result[name])


def percent(share: object) -> str:
    """Return a share as people write it; a dash where there is none."""
    return f"{share:.0%}" if isinstance(share, float) else "-"


def _notes(load: Figures) -> Iterator[str]:
    if load["solar_share"] is not None:
        yield f"{percent(load['solar_share'])} from the sun"
    if "served" in load:
        yield f"{percent(load['served'])} of what it could take"
    if "coldest" in load:
        yield f"never below {cast('float', load['coldest']):.0f} °C"
    yield f"{load['starts']} starts"
