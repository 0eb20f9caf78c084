"""Tell the person who started the demo what is being done, and how long it took."""

import time
from collections.abc import Generator
from contextlib import contextmanager, nullcontext

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Teller:
    """Prints one line a step, with a running clock where there is a terminal."""

    def __init__(self, console: Console) -> None:
        """Print to `console`."""
        self._console = console

    def say(self, text: str) -> None:
        """Print a line; `text` may hold rich's markup."""
        self._console.print(text, soft_wrap=True, highlight=False)

    @contextmanager
    def step(self, text: str) -> Generator[None]:
        """Show that something is being done, then that it is done."""
        began = time.monotonic()
        with self._clock(text) if self._console.is_terminal else nullcontext():
            yield
        self.say(f"[green]✓[/] {text} [dim]({time.monotonic() - began:.1f} s)[/]")

    @contextmanager
    def _clock(self, text: str) -> Generator[None]:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=self._console, transient=True) as progress:
            progress.add_task(text, total=None)
            yield
