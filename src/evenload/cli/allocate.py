"""`evenload allocate`: who gets how much now, and why."""

import json
import sys
from typing import Annotated

import typer
from rich.console import Console

from evenload.cli.explain import explain_load, explanation_data, show_explanation
from evenload.cli.files import read_site_file, source_of
from evenload.cli.plain_data import allocations_data
from evenload.cli.tables import show_allocations
from evenload.engine import allocate as allocate_once
from evenload.model.check.places import one_of
from evenload.model.document import SiteDocument
from evenload.model.finding import ConfigurationError, Finding
from evenload.model.readings import Readings

BAD_INPUT = 2
"""Exit status when any file was refused; the others are still done."""


def allocate(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Site files with readings; - is stdin.")
    ],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object per file and line.")
    ] = False,
    explain: Annotated[
        str | None,
        typer.Option(metavar="LOAD", help="Show how this load's allocation came about instead."),
    ] = None,
) -> None:
    """Say who gets how much now, and why, for site files with readings.

    Exit status 2 means that a file was refused: each finding names the file, the key and what is
    expected.
    """
    console = Console()
    refused = False
    for name in files:
        try:
            _one_file(console, name, as_json=as_json, explain=explain)
        except ConfigurationError as error:
            sys.stdout.flush()
            sys.stderr.write(f"{error}\n")
            refused = True
    if refused:
        raise typer.Exit(BAD_INPUT)


def _one_file(console: Console, name: str, *, as_json: bool, explain: str | None) -> None:
    document = read_site_file(name)
    source = source_of(name)
    readings = _readings_of(document, source)
    if explain is not None:
        _require_load(document, explain, source)
        explanation = explain_load(document.site, readings, explain)
        if as_json:
            _write_json(explanation_data(explanation))
        else:
            show_explanation(console, source, explanation)
        return
    allocations = allocate_once(document.site, readings)
    if as_json:
        _write_json(allocations_data(allocations))
    else:
        show_allocations(console, source, document.site, allocations)


def _write_json(data: object) -> None:
    sys.stdout.write(f"{json.dumps(data, ensure_ascii=True, allow_nan=False)}\n")


def _readings_of(document: SiteDocument, source: str) -> Readings:
    if document.readings is None:
        finding = Finding(path="readings", problem="missing", allowed="one moment of the site")
        raise ConfigurationError([finding], source=source)
    return document.readings


def _require_load(document: SiteDocument, load: str, source: str) -> None:
    known = [each.id for each in document.site.all_loads]
    if load not in known:
        finding = Finding(
            path="--explain", problem=f"no load {load!r}", allowed=one_of(load, known)
        )
        raise ConfigurationError([finding], source=source)
