"""The commands there are, each loaded only when it is the one that is run.

To add one, write `evenload/cli/NAME.py` with a function `NAME` that typer understands, and add a
line to `COMMANDS`.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Annotated, cast

import typer

from evenload import __version__

COMMANDS: Mapping[str, str] = {
    "allocate": "Say who gets how much now, and why, for site files with readings.",
    "compare": "Let the same days pass under Evenload and other strategies, side by side.",
    "demo": "Start a real Home Assistant in which Evenload manages a simulated house.",
    "replay": "Show what Evenload would have done with what a house recorded.",
    "simulate": "Run days of a simulated house, and report what came of it.",
    "station": "Be a virtual charging station that dials a central system over OCPP.",
    "thermal": "Learn what a room or a tank of hot water holds and loses from its history.",
}
"""Name and summary; the module and its function are called the same."""


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """Return the application that can run these arguments (without the program's name).

    Only the command that they name is imported, so that help is quick and one command does not need
    what another does. Raises ModuleNotFoundError when a package that it needs is not installed.
    """
    app = typer.Typer(
        name="evenload",
        help="Load management for a whole house.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_top)
    named = next((argument for argument in arguments if not argument.startswith("-")), None)
    for name, summary in COMMANDS.items():
        if name == named:
            app.command(name)(_function_of(name))
        else:
            app.command(name, help=summary)(_not_loaded)
    return app


def _function_of(name: str) -> Callable[..., None]:
    module = import_module(f"evenload.cli.{name}")
    return cast("Callable[..., None]", getattr(module, name))


def _not_loaded() -> None:
    """Hold the place of a command in the list of commands."""


def _show_version(*, value: bool) -> None:
    if value:
        typer.echo(__version__)
        raise typer.Exit


def _top(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Load management for a whole house."""
