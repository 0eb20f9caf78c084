"""`evenload compare`: the same house under several strategies, in one table."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evenload.cli.running import Changes, Days, Source, complain, hours_passing, refuse, seconds_of
from evenload.model.check.places import hint, listed
from evenload.model.finding import ConfigurationError
from evenload.simulate.bound.foresight import STARTS
from evenload.simulate.compare import Comparison, Contender, summary
from evenload.simulate.compare import compare as compared
from evenload.simulate.plant import House, Plant
from evenload.simulate.scenario import read_house
from evenload.simulate.strategies import STRATEGIES
from evenload.simulate.summary import percent

_DAY = 86400
_GAIN = "net solar gain, kWh"
_LEAST = "least cost"

_DEFAULT = ",".join(name for name in STRATEGIES if name != "evenload")


def compare(
    source: Source,
    *,
    others: Annotated[
        str,
        typer.Option("--with", metavar="NAME,NAME", help="What Evenload is compared with."),
    ] = _DEFAULT,
    bound: Annotated[
        bool,
        typer.Option("--bound", help="Say what is possible with the whole run known beforehand."),
    ] = False,
    days: Days = None,
    changes: Changes = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="How many runs go on at once.")] = min(
        os.process_cpu_count() or 1, len(STRATEGIES)
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print figures as JSON.")] = False,
) -> None:
    """Let the same days pass under Evenload and under other strategies, and compare.

    Every strategy meets the same household, sun, trips and noise. Exit status: 0, or 2 when the
    input cannot be used.
    """
    names = _names(others)
    try:
        house = read_house(source, changes or ())
        Plant(house)
    except ConfigurationError as error:
        refuse(str(error))
    seconds = seconds_of(house, days)
    with hours_passing("Comparing", len(names) * seconds) as passed:
        comparison = compared(
            house, names, seconds=seconds, bound=bound, jobs=jobs, progress=passed
        )
    for trouble in comparison.troubles:
        complain(f"--bound: {trouble}")
    if as_json:
        typer.echo(json.dumps(_data(comparison)))
    else:
        _tell(comparison, house, source, seconds)


def _names(others: str) -> list[str]:
    """Return Evenload and the strategies it is compared with; ends the command where one is not known."""
    names = ["evenload"]
    for name in filter(None, (part.strip() for part in others.split(","))):
        if name not in STRATEGIES:
            refuse(f"--with: given {name}; expected {listed(STRATEGIES)}{hint(name, STRATEGIES)}")
        if name not in names:
            names.append(name)
    return names


def _data(comparison: Comparison) -> dict[str, object]:
    """Return everything as plain data."""
    most = comparison.most_gain
    return {
        "strategies": {
            each.name: {
                "summary": asdict(summary(each.result)),
                "least_cost": _rounded(each.least_cost),
                "result": each.result,
            }
            for each in comparison.contenders
        },
        "bound": None if most is None else {"net_solar_gain_kwh": _rounded(most.value / 1000.0)},
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2) + 0.0


def _tell(comparison: Comparison, house: House, source: str, seconds: int) -> None:
    """Print the table, and below it what its figures are."""
    console = Console()
    days = seconds / _DAY
    title = f"[b]{escape(source)}[/], {days:g} days, seed {house.plant.seed}"
    console.print(title, highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("strategy")
    for each in comparison.contenders:
        table.add_column(each.name, justify="right", no_wrap=True)
    most = comparison.most_gain
    if most is not None:
        table.add_column("bound", justify="right", no_wrap=True)
    for name, read in _lines(comparison).items():
        row = [name, *(read(each) for each in comparison.contenders)]
        if most is not None and name == _GAIN:
            row.append(f"{most.value / 1000.0:.2f}")
        table.add_row(*row)
    console.print(table, highlight=False)
    for note in _notes(comparison):
        console.print(note, highlight=False)


def _lines(comparison: Comparison) -> Mapping[str, Callable[[Contender], str]]:
    """Return by its name what each line shows of a strategy."""
    lines: dict[str, Callable[[Contender], str]] = {
        "trips": lambda each: str(summary(each.result).trips),
        "above rating, s": lambda each: str(summary(each.result).overload_seconds),
        "surplus used": lambda each: percent(summary(each.result).surplus_used),
        _GAIN: lambda each: f"{summary(each.result).net_solar_gain:.2f}",
        "served": lambda each: percent(summary(each.result).served),
        "starts": lambda each: str(summary(each.result).starts),
        "import, kWh": lambda each: f"{summary(each.result).imported:.1f}",
        "cost": lambda each: f"{summary(each.result).cost:.2f}",
    }
    if comparison.most_gain is not None:
        lines[_LEAST] = lambda each: "-" if each.least_cost is None else f"{each.least_cost:.2f}"
    lines["commands"] = lambda each: str(summary(each.result).commands)
    return lines


def _notes(comparison: Comparison) -> Iterator[str]:
    """Yield what a reader of the table has to know."""
    tripped = [each.name for each in comparison.contenders if summary(each.result).trips]
    if tripped:
        yield f"[red]{' and '.join(tripped)} tripped a fuse; what is dark draws nothing.[/]"
    yield "Net solar gain is the sun into loads less the grid energy they caused."
    if comparison.most_gain is not None:
        yield (
            "bound: no strategy with the same minimums, least times and at most "
            f"{STARTS} starts of a car a day gains more. {_LEAST.capitalize()}: nobody could have given "
            "the loads what that strategy gave them for less."
        )
