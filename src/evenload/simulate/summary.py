"""A run's result as lines that a person reads at the end of a simulation."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import cast

from evenload.model.site import MAIN
from evenload.simulate.run import Outcome

type Figures = Mapping[str, object]


def verdict(outcome: Outcome) -> str:
    """Return in one or two sentences whether every fuse held."""
    fuse = part(outcome, "fuse")
    tripped = cast("Mapping[str, int]", fuse["tripped"])
    if tripped:
        place = min(tripped, key=lambda place: tripped[place])
        others = len(tripped) - 1
        more = f" {others} more did later." if others else ""
        return f"{_failed(outcome, place, tripped[place])}{more} {_without(fuse)}"
    used = cast("float", fuse["curve_used"])
    what = "Every fuse held" if outcome.plant.circuits else "The main fuse held"
    if used == 0.0:
        return f"{what} and was never warmer than at its rating."
    return f"{what}; it came {used:.0%} of the way from its rating to tripping."


def _failed(outcome: Outcome, place: str, second: int) -> str:
    """Return what went dark, and when."""
    plant = outcome.plant
    day, moment = divmod(plant.settings.start_second + second, 86400)
    when = f"on day {day + 1} at {timedelta(seconds=moment)}"
    if place != MAIN:
        return f"The fuse of {plant.site.name_of(place)} tripped {when} and stayed off."
    match plant.dark_reason:
        case "inverter":
            return f"The inverter was overloaded {when} and stayed off."
        case "battery":
            return f"The battery was empty {when}, and the house stayed dark."
        case _:
            return f"The main fuse tripped {when} and stayed off."


def _without(fuse: Figures) -> str:
    if fuse["trips_by_us"]:
        return "Without managed loads it would have held."
    return "It would have tripped without managed loads too."


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
    average = part(outcome, "import_average")
    if average["limit_w"] is not None:
        note = f"the tariff's limit is {cast('float', average['limit_w']) / 1000.0:g} kW"
        yield "Highest average", f"{cast('float', average['peak_w']) / 1000.0:.2f} kW", note
    starved = part(outcome, "starvation")
    if cast("int", starved["longest_s"]) > cast("float", starved["allowed_s"]):
        minutes = f"{cast('int', starved['longest_s']) // 60} min"
        yield "Starved", minutes, "a load that could have run was left without anything"
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
