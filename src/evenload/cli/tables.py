"""Allocations as tables: how full each limit is, what each load gets and why, and the pools."""

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from evenload.model.allocation import Allocations, LimitUse
from evenload.model.sentences import limit_name, sentence
from evenload.model.sentences.amounts import amount_of, current, power
from evenload.model.site import Site

BAR_WIDTH = 16
NARROW = 72
"""Columns below which loads are a list and limits have no bars."""

NEARLY_FULL = 0.8
"""Share of a limit from which its bar is yellow."""


def show_allocations(console: Console, title: str, site: Site, allocations: Allocations) -> None:
    """Print one file's answer."""
    console.print(Text(title, style="bold"))
    narrow = console.width < NARROW
    console.print(_loads_list(site, allocations) if narrow else _loads_table(site, allocations))
    console.print()
    console.print(limits_table(console, site, allocations.limits))
    pools = allocations.pools
    console.print()
    console.print(
        f"Before anything is granted: surplus {power(pools.surplus)}, excess {power(pools.excess)}",
        highlight=False,
    )
    console.print()


def _loads_list(site: Site, allocations: Allocations) -> Text:
    lines = [
        f"{site.name_of(load.id)} ({load.mode}): {amount_of(load, allocations.loads[load.id])}\n"
        f"  {sentence(site, load.id, allocations.loads[load.id])}"
        for load in site.all_loads
    ]
    return Text("\n".join(lines))


def _loads_table(site: Site, allocations: Allocations) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("load", overflow="fold")
    table.add_column("mode")
    table.add_column("current", justify="right", no_wrap=True)
    table.add_column("power", justify="right", no_wrap=True)
    table.add_column("why", overflow="fold", ratio=1)
    for load in site.all_loads:
        allocation = allocations.loads[load.id]
        table.add_row(
            escape(site.name_of(load.id)),
            load.mode.value,
            current(allocation.current),
            power(allocation.power),
            escape(sentence(site, load.id, allocation)),
            style="" if allocation.current > 0 else "dim",
        )
    return table


def _limits_list(site: Site, limits: Mapping[str, LimitUse]) -> Text:
    lines = [
        f"{limit_name(site, name)}: {use_share(name, use):.0%} of {quantity(name, use.limit)}"
        for name, use in limits.items()
    ]
    return Text("\n".join(lines))


def limits_table(console: Console, site: Site, limits: Mapping[str, LimitUse]) -> Table | Text:
    """Return how full each of these limits is; on a narrow terminal as a list."""
    if console.width < NARROW:
        return _limits_list(site, limits)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("limit", overflow="fold")
    table.add_column("base", justify="right", no_wrap=True)
    table.add_column("loads", justify="right", no_wrap=True)
    table.add_column("of", justify="right", no_wrap=True)
    table.add_column("free", justify="right", no_wrap=True)
    table.add_column("used", no_wrap=True)
    for name, use in limits.items():
        table.add_row(
            escape(limit_name(site, name)),
            quantity(name, use.base),
            quantity(name, use.allocated),
            quantity(name, use.limit),
            quantity(name, headroom(name, use)),
            usage_bar(use_share(name, use), unicode=console.encoding.startswith("utf")),
        )
    return table


def quantity(limit: str, value: float) -> str:
    """Return a quantity of this limit in its unit: watts, plugs or amperes."""
    if limit in {"import", "dimming", "inverter"}:
        return power(value)
    if limit.startswith("inverter/"):
        return power(value)
    if limit.endswith("/active"):
        return f"{value:g}"
    return current(value)


def used(limit: str, use: LimitUse) -> float:
    """Return what flows on a limit, in its unit; a difference between phases has no direction."""
    total = use.base + use.allocated
    return abs(total) if limit.startswith("unbalance/") else total


def headroom(limit: str, use: LimitUse) -> float:
    """Return what a limit still allows, in its unit; below 0: the base alone exceeds it."""
    return use.limit - used(limit, use)


def use_share(limit: str, use: LimitUse) -> float:
    """Return the used share of a limit, 0 when nothing flows; above 1: the base alone exceeds it."""
    flowing = max(0.0, used(limit, use))
    if use.limit > 0:
        return flowing / use.limit
    return 1.0 if flowing > 0 else 0.0


def usage_bar(share: float, *, unicode: bool) -> Text:
    """Return a bar of the share with its percentage."""
    full, empty = ("█", "░") if unicode else ("#", ".")
    filled = min(BAR_WIDTH, round(share * BAR_WIDTH))
    colour = "red" if share > 1 else "yellow" if share >= NEARLY_FULL else "green"
    bar = Text(full * filled, style=colour)
    bar.append(empty * (BAR_WIDTH - filled), style="dim")
    bar.append(f" {share:4.0%}")
    return bar
