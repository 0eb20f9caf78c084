"""What commands that live through days of a house share: how long, progress, and how they refuse."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Annotated, Never

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from evenload.simulate.plant import House
from evenload.simulate.scenario import scenario_names

BAD_INPUT = 2
LONGEST_RUN = 3660.0
"""[days]"""
_HOUR, _DAY = 3600, 86400


def seconds_of(house: House, days: float | None) -> int:
    """Return how long a run lasts [s]: `days`, else what the scenario says."""
    return max(1, round((house.plant.days if days is None else days) * _DAY))


@contextmanager
def hours_passing(what: str, seconds: int) -> Generator[Callable[[int], None]]:
    """Show a bar of hours where someone watches; yields what to tell how many seconds have passed."""
    console = Console(stderr=True)
    progress = Progress(
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("hours"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with progress:
        task = progress.add_task("", total=max(1, seconds // _HOUR))
        yield lambda second: progress.update(task, completed=second // _HOUR)


Source = Annotated[
    str,
    typer.Argument(
        metavar="FILE|SCENARIO",
        help=f"A site file with plant:, or one of {', '.join(scenario_names())}.",
    ),
]
"""What is run."""

Days = Annotated[
    float | None,
    typer.Option(min=0.001, max=LONGEST_RUN, help="How long; without, as the scenario says."),
]

Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change any key, as site.fuse=16."),
]


def refuse(message: str) -> Never:
    """Say what is wrong with the input, and end."""
    complain(message)
    raise typer.Exit(BAD_INPUT)


def complain(message: str) -> None:
    """Say what is wrong."""
    Console(stderr=True).print(message, style="red", markup=False, highlight=False, soft_wrap=True)
