"""`evenload demo`: a real Home Assistant with Evenload managing a simulated house."""

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from evenload.demo.failure import DemoError
from evenload.demo.run import Options, run_demo

DEFAULT_PORT = 8223
"""Not Home Assistant's own 8123, where the person may have one of their own running."""


def demo(
    *,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Where Home Assistant shows itself.")
    ] = DEFAULT_PORT,
    speed: Annotated[
        float,
        typer.Option(
            min=1,
            max=3600,
            help="Hastens sun, temperatures and state of charge; ramps and delays stay real.",
        ),
    ] = 1.0,
    browser: Annotated[
        bool, typer.Option(help="Open the dashboard; without, its address is printed only.")
    ] = True,
) -> None:
    """Start a real Home Assistant in which Evenload manages a simulated house.

    Everything runs on this machine and listens on 127.0.0.1 alone. Ctrl-C ends it and removes
    all it made.
    """
    try:
        run_demo(Options(port=port, speed=speed, browser=browser), Console())
    except DemoError as error:
        Console(stderr=True).print(f"[red]{escape(str(error))}[/]", soft_wrap=True, highlight=False)
        raise typer.Exit(1) from error
