"""One self-contained page about a run: what flowed, what each load got, and why."""

from evenload.simulate.report.page import page

__all__ = ["page"]
