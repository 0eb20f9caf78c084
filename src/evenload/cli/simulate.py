"""`evenload simulate`: live through days of a house in a minute, and see what came of it."""

import json
from pathlib import Path
from typing import Annotated, Never

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from evenload.model.finding import ConfigurationError
from evenload.simulate.plant import House, Plant
from evenload.simulate.report import page
from evenload.simulate.run import Outcome, run
from evenload.simulate.scenario import read_house, scenario_names
from evenload.simulate.strategy import STRATEGIES
from evenload.simulate.summary import rows, verdict

_HOURS, _DAY = 3600, 86400
_LONGEST_RUN = 3660.0
"""[days]"""
_TRIPPED, _BAD_INPUT = 1, 2


def simulate(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE|SCENARIO",
            help=f"A site file with plant:, or one of {', '.join(scenario_names())}.",
        ),
    ],
    *,
    days: Annotated[
        float | None,
        typer.Option(min=0.001, max=_LONGEST_RUN, help="How long; without, as the scenario says."),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change any key, as site.fuse=16."),
    ] = None,
    strategy: Annotated[
        str, typer.Option(metavar="|".join(STRATEGIES), help="Who decides.")
    ] = "evenload",
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write a page with charts.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print figures as JSON.")] = False,
) -> None:
    """Simulate a house, second by second, with the real controller.

    Exit status: 0 when the main fuse held, or would have tripped without managed loads too; 1 when
    managed loads made it trip; 2 when the input cannot be used.
    """
    if strategy not in STRATEGIES:
        _refuse(f"--strategy: given {strategy}; expected {' or '.join(STRATEGIES)}")
    if report is not None and not report.absolute().parent.is_dir():
        _refuse(f"--report: there is no directory {report.parent}")
    try:
        house = read_house(source, changes or ())
        plant = Plant(house)
    except ConfigurationError as error:
        _refuse(str(error))
    outcome = _run(house, plant, strategy, days=days, record=report is not None)
    if report is not None and outcome.recorder is not None:
        try:
            report.write_text(page(outcome, outcome.recorder, title=source), encoding="utf-8")
        except OSError as error:
            _refuse(f"--report: {report} cannot be written ({error.strerror})")
    if as_json:
        typer.echo(json.dumps(outcome.result))
    else:
        _tell(outcome, source, strategy)
        if report is not None:
            typer.echo(f"Charts: {report}")
    if outcome.plant.dark and not outcome.plant.unmanaged.dark:
        raise typer.Exit(_TRIPPED)


def _run(house: House, plant: Plant, strategy: str, *, days: float | None, record: bool) -> Outcome:
    """Live through the run, with a progress bar where someone watches."""
    seconds = max(1, round((house.plant.days if days is None else days) * _DAY))
    console = Console(stderr=True)
    progress = Progress(
        TextColumn("Simulating"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("hours"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with progress:
        task = progress.add_task("", total=max(1, seconds // _HOURS))
        return run(
            plant,
            STRATEGIES[strategy](),
            seconds=seconds,
            record=record,
            progress=lambda second: progress.update(task, completed=second // _HOURS),
        )


def _tell(outcome: Outcome, source: str, strategy: str) -> None:
    """Print what came of the run."""
    console = Console()
    days = (outcome.plant.second + 1) / _DAY
    console.print(f"[b]{escape(source)}[/], {days:g} days, {strategy}", highlight=False)
    colour = "red" if outcome.plant.dark else "green"
    console.print(f"[{colour}]{verdict(outcome)}[/]", highlight=False)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    for what, figure, note in rows(outcome):
        table.add_row(escape(what), f"[b]{figure}[/]", escape(note))
    console.print(table, highlight=False)


def _refuse(message: str) -> Never:
    """Say what is wrong with the input, and end."""
    Console(stderr=True).print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(_BAD_INPUT)
