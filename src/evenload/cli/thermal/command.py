"""`evenload thermal fit`: parameters with their uncertainty, how well they foretell, and a page."""

import json
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from evenload.cli.running import refuse
from evenload.cli.thermal.page import page
from evenload.cli.thermal.table import ROLES, Wanted, read_table
from evenload.cli.thermal.words import days_of, figure, horizon, label
from evenload.model.finding import ConfigurationError
from evenload.thermal import (
    Assessment,
    ThermalKind,
    ThermalMemory,
    ThermalSettings,
    assess,
    learn,
)

_UNITS = {
    "temperature": ("C", "F", "K"),
    "lower": ("C", "F", "K"),
    "outdoor": ("C", "F", "K"),
    "power": ("W", "kW"),
    "sun": ("W", "kW"),
}
_LEAST_SAMPLES = 96


class Task(StrEnum):
    """What to do with a history."""

    FIT = "fit"


_File = Annotated[
    Path,
    typer.Argument(
        metavar="CSV",
        help="A table with time, temperature, power, outdoor, sun; or what Home Assistant's "
        "history panel downloads, or its recorder's database.",
    ),
]
_Kind = Annotated[ThermalKind, typer.Option(help="What holds the heat.")]
_Name = Annotated[str | None, typer.Option(metavar="COLUMN|ENTITY")]
_Unit = Annotated[
    list[str] | None,
    typer.Option(metavar="ROLE=UNIT", help="As temperature=F or power=kW; else C and W."),
]
_Rated = Annotated[
    float | None, typer.Option(min=1, help="What `on` stands for in the power, in watts.")
]
_Volume = Annotated[float | None, typer.Option(min=1, help="Of a tank, in litres.")]
_Efficiency = Annotated[
    float, typer.Option(min=0.05, max=10, help="Heat for each unit of power; a mean COP.")
]
_Unmetered = Annotated[
    bool, typer.Option("--unmetered", help="Power times efficiency is not the heat.")
]
_Ambient = Annotated[float | None, typer.Option(help="Around it, where nobody measured it, in °C.")]
_Peak = Annotated[float, typer.Option(min=0.001, help="What the sun's column has in full sun.")]
_Zone = Annotated[str, typer.Option(help="Of times that name none.")]
_Report = Annotated[
    Path | None, typer.Option(metavar="FILE.html", help="Write a page with charts.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print figures as JSON.")]


def thermal(
    task: Annotated[Task, typer.Argument(metavar="fit", help="Learn from a history.")],  # noqa: ARG001 - the only one
    file: _File,
    *,
    kind: _Kind = ThermalKind.ROOM,
    temperature: _Name = None,
    lower: _Name = None,
    power: _Name = None,
    outdoor: _Name = None,
    sun: _Name = None,
    unit: _Unit = None,
    rated: _Rated = None,
    volume: _Volume = None,
    efficiency: _Efficiency = 1.0,
    unmetered: _Unmetered = False,
    ambient: _Ambient = None,
    sun_peak: _Peak = 1000.0,
    time_zone: _Zone = "UTC",
    report: _Report = None,
    as_json: _Json = False,
) -> None:
    """Learn what a room or a tank of hot water holds and loses from its history.

    Exit status: 0, or 2 when the input cannot be used.
    """
    if report is not None and not report.absolute().parent.is_dir():
        refuse(f"--report: there is no directory {report.parent}")
    given = dict(zip(ROLES, (temperature, lower, power, outdoor, sun), strict=True))
    wanted = Wanted(
        names={role: role if name is None else name for role, name in given.items()},
        units=_units(unit or []),
        rated_power=rated,
        zone=_zone(time_zone),
    )
    settings = ThermalSettings(
        kind=kind,
        volume=volume,
        efficiency=efficiency,
        is_heat_known=not unmetered,
        ambient=ambient,
        sun_peak=sun_peak,
    )
    memory = _learnt(file, wanted, settings)
    _report(memory, file.name, report, as_json=as_json)


def _report(memory: ThermalMemory, name: str, report: Path | None, *, as_json: bool) -> None:
    told = assess(memory)
    if report is not None:
        try:
            report.write_text(page(memory, told, title=name), encoding="utf-8")
        except OSError as error:
            refuse(f"--report: {report} cannot be written ({error.strerror})")
    if as_json:
        typer.echo(json.dumps(_data(memory, told)))
        return
    _tell(memory, told, name)
    if report is not None:
        typer.echo(f"Charts: {report}")


def _learnt(file: Path, wanted: Wanted, settings: ThermalSettings) -> ThermalMemory:
    """Return what is learnt; ends the command where there is nothing to learn from."""
    try:
        table = read_table(file, wanted)
    except ConfigurationError as error:
        refuse(str(error))
    settings = replace(
        settings,
        is_sun_measured=any(sample.sun is not None for sample in table.samples),
        sensors=1 + any(sample.lower is not None for sample in table.samples),
        hold=table.hold,
    )
    if settings.kind is ThermalKind.ROOM and settings.ambient is None:
        known = sum(sample.outdoor is not None for sample in table.samples)
        if known == 0:
            refuse("a room needs the temperature outside: --outdoor COLUMN, or --ambient")
    warm = sum(sample.temperature is not None for sample in table.samples)
    if warm < _LEAST_SAMPLES:
        refuse(f"there are {warm} temperatures; a day of them at least is needed")
    with Console(stderr=True).status("Learning"):
        memory = learn(settings, table.samples)
    if memory.steps < _LEAST_SAMPLES:
        refuse(
            f"only {days_of(memory):.1f} days have temperature, power and outside temperature at "
            "once; a day at least is needed"
        )
    return memory


def _units(texts: list[str]) -> dict[str, str]:
    """Return the unit of each role; ends the command where one is not known."""
    found: dict[str, str] = {}
    for text in texts:
        role, _, unit = text.partition("=")
        if unit not in _UNITS.get(role, ()):
            known = "; ".join(f"{key}: {', '.join(units)}" for key, units in _UNITS.items())
            refuse(f"--unit {text}: expected ROLE=UNIT with {known}")
        found[role] = unit
    return found


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError, ValueError:
        refuse(f"--time-zone: given {name}; expected a time zone such as Europe/Amsterdam")


def _data(memory: ThermalMemory, told: Assessment) -> dict[str, object]:
    return {
        "structure": told.structure,
        "usable": told.is_usable,
        "reason": told.reason.value,
        "sentence": told.sentence,
        "days": round(days_of(memory), 2),
        "parameters": {
            each.name: {"value": each.value, "deviation": each.deviation, "unit": each.unit}
            for each in told.parameters
        },
        "errors": {
            str(ahead): {
                "model": score.model,
                "persistence": score.persistence,
                "forecasts": score.count,
            }
            for ahead, score in told.errors.items()
        },
    }


def _tell(memory: ThermalMemory, told: Assessment, name: str) -> None:
    """Print what was learnt."""
    console = Console()
    console.print(
        f"[b]{escape(name)}[/], {days_of(memory):.1f} days, model {told.structure}", highlight=False
    )
    console.print(told.sentence, style="green" if told.is_usable else "yellow", highlight=False)
    grid = Grid(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in ("learnt", "value", "± one deviation"):
        grid.add_column(column, justify="left" if column == "learnt" else "right")
    for each in told.parameters:
        value, deviation = f"{figure(each.value)} {each.unit}", figure(each.deviation)
        grid.add_row(label(each.name), value, deviation)
    console.print(grid, highlight=False)
    errors = Grid(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in ("forecasts", "model errs by", "no change errs by", "how many"):
        errors.add_column(column, justify="left" if column == "forecasts" else "right")
    for ahead, score in told.errors.items():
        own = (f"{score.model:.2f} K", f"{score.persistence:.2f} K") if score.count else ("", "")
        errors.add_row(horizon(ahead), *own, str(score.count))
    console.print(errors, highlight=False)
