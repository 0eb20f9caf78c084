"""`evenload simulate`: live through days of a house in a minute, and see what came of it."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evenload.cli.running import Changes, Days, Source, hours_passing, refuse, seconds_of
from evenload.model.finding import ConfigurationError
from evenload.simulate.plant import House, Plant
from evenload.simulate.report import page
from evenload.simulate.run import Outcome, run
from evenload.simulate.scenario import read_house
from evenload.simulate.strategies import STRATEGIES
from evenload.simulate.summary import part, rows, verdict

_DAY = 86400
_TRIPPED = 1


def simulate(
    source: Source,
    *,
    days: Days = None,
    changes: Changes = None,
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
        refuse(f"--strategy: given {strategy}; expected {' or '.join(STRATEGIES)}")
    if report is not None and not report.absolute().parent.is_dir():
        refuse(f"--report: there is no directory {report.parent}")
    try:
        house = read_house(source, changes or ())
        plant = Plant(house)
    except ConfigurationError as error:
        refuse(str(error))
    outcome = _run(house, plant, strategy, days=days, record=report is not None)
    if report is not None and outcome.recorder is not None:
        try:
            report.write_text(page(outcome, outcome.recorder, title=source), encoding="utf-8")
        except OSError as error:
            refuse(f"--report: {report} cannot be written ({error.strerror})")
    if as_json:
        typer.echo(json.dumps(outcome.result))
    else:
        _tell(outcome, source, strategy)
        if report is not None:
            typer.echo(f"Charts: {report}")
    if part(outcome, "fuse")["trips_by_us"]:
        raise typer.Exit(_TRIPPED)


def _run(house: House, plant: Plant, strategy: str, *, days: float | None, record: bool) -> Outcome:
    """Live through the run, with a progress bar where someone watches."""
    seconds = seconds_of(house, days)
    with hours_passing("Simulating", seconds) as passed:
        return run(plant, STRATEGIES[strategy](), seconds=seconds, record=record, progress=passed)


def _tell(outcome: Outcome, source: str, strategy: str) -> None:
    """Print what came of the run."""
    console = Console()
    days = (outcome.plant.second + 1) / _DAY
    console.print(f"[b]{escape(source)}[/], {days:g} days, {strategy}", highlight=False)
    colour = "red" if part(outcome, "fuse")["trips"] else "green"
    console.print(f"[{colour}]{verdict(outcome)}[/]", highlight=False)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    for what, figure, note in rows(outcome):
        table.add_row(escape(what), f"[b]{figure}[/]", escape(note))
    console.print(table, highlight=False)
