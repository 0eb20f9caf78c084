"""`evenload replay`: what Evenload would have done with what a house recorded."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evenload.cli.files import read_site_file
from evenload.cli.running import hours_passing, refuse
from evenload.model.finding import ConfigurationError
from evenload.simulate.replay import Mapping, Shadow, open_history, read_mapping, shadow
from evenload.simulate.replay.page import page
from evenload.simulate.replay.words import LIMITS, data, load_lines, site_lines, verdict

_MOMENT = "such as 2026-06-15 or 2026-06-15T12:00"


def replay(
    site_file: Annotated[
        str,
        typer.Argument(metavar="SITE", help="A site file with replay:, or - for standard input."),
    ],
    history_file: Annotated[
        Path,
        typer.Argument(
            metavar="HISTORY",
            help="What the history panel downloads, or the recorder's database (never written to).",
        ),
    ],
    *,
    begin: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help=f"Not before, {_MOMENT}.")
    ] = None,
    end: Annotated[str | None, typer.Option("--until", metavar="TIME", help="Not after.")] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write a page with charts.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print figures as JSON.")] = False,
) -> None:
    """Show what Evenload would have done with a house's recorded history; nothing is commanded.

    Exit status: 0, or 2 when the input cannot be used.
    """
    if report is not None and not report.absolute().parent.is_dir():
        refuse(f"--report: there is no directory {report.parent}")
    try:
        document = read_site_file(site_file)
        mapping = read_mapping(document.replay, document.site, source=site_file)
        history = open_history(
            history_file,
            frozenset(mapping.entities()),
            begin=_moment(begin, mapping, "--from"),
            end=_moment(end, mapping, "--until"),
        )
        with hours_passing("Replaying", int(history.end - history.begin)) as passed:
            told = shadow(history, document.site, document.settings, mapping, progress=passed)
    except ConfigurationError as error:
        refuse(str(error))
    if report is not None:
        try:
            report.write_text(page(told, title=history_file.name), encoding="utf-8")
        except OSError as error:
            refuse(f"--report: {report} cannot be written ({error.strerror})")
    if as_json:
        typer.echo(json.dumps(data(told)))
        return
    _tell(told, history_file.name, history.counts)
    if report is not None:
        typer.echo(f"Charts: {report}")


def _moment(text: str | None, mapping: Mapping, option: str) -> float | None:
    """Return a moment by the clock of the house [s since 1970]; ends the command where it is none."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        refuse(f"{option}: given {text}; expected a date or a time {_MOMENT}")
    zone = ZoneInfo(mapping.time_zone)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()


def _tell(told: Shadow, name: str, counts: dict[str, int]) -> None:
    """Print what came of it."""
    console = Console()
    console.print(f"[b]{escape(name)}[/], {sum(counts.values())} states", highlight=False)
    console.print(escape(verdict(told)), highlight=False)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for what, figure, note in site_lines(told):
        table.add_row(escape(what), f"[b]{escape(figure)}[/]", escape(note))
    for identifier, own in told.loads.items():
        table.add_row("")
        table.add_row(f"[b]{escape(told.site.name_of(identifier))}[/] ({own.load.mode.value})")
        for what, figure in load_lines(own):
            table.add_row(f"  {what}", "", figure)
    empty = sorted(entity for entity, count in counts.items() if count == 0)
    if empty:
        table.add_row("")
        table.add_row("Nothing recorded of", "", escape(", ".join(empty)))
    console.print(table, highlight=False)
    console.print(LIMITS, style="dim", highlight=False)
