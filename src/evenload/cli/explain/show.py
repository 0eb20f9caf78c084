"""An explanation for a person to read, and as JSON data."""

from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from evenload.cli.explain.explanation import Explanation
from evenload.cli.plain_data import limits_data
from evenload.cli.tables import headroom, limits_table
from evenload.model.readings import Need
from evenload.model.sentences.amounts import amount_of, level, lowest_level, power
from evenload.model.site import Kind, Load, Mode
from evenload.units import reported

MODES = {
    Mode.OFF: "nothing",
    Mode.STANDARD: "up to its maximum, from any source",
    Mode.ECO: "its minimum from any source, more from surplus",
    Mode.SOLAR: "from surplus",
    Mode.EXCESS: "from surplus above the excess threshold",
}

NEEDS = {
    Need.MUST: "served as standard whatever its mode",
    Need.WANTS: "served by its mode",
    Need.CAN_STORE: "served as solar at most",
    Need.SATISFIED: "gets nothing",
}


def show_explanation(console: Console, title: str, explanation: Explanation) -> None:
    """Print how one load's allocation came about."""
    name = explanation.site.name_of(explanation.load.id)
    console.print(Text(f"{title}: {name}", style="bold"))
    console.print(Text(explanation.sentence))
    parts = (
        _steps_table(explanation),
        limits_table(console, explanation.site, explanation.limits),
        _remedies(explanation),
    )
    for part in parts:
        console.print()
        console.print(part)
    console.print()


def _steps_table(explanation: Explanation) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for label, words in _steps(explanation):
        table.add_row(label, escape(words))
    return table


def _steps(explanation: Explanation) -> Iterator[tuple[str, str]]:
    load, reading = explanation.load, explanation.reading
    yield "mode", f"{load.mode}: {MODES[load.mode]}; priority {load.priority}"
    yield "state", reading.state.value
    yield "need", f"{reading.need}: {NEEDS[reading.need]}"
    yield "levels", _levels(load)
    ceiling = "none" if reading.ceiling is None else level(load, reading.ceiling)
    yield "ceiling", ceiling
    yield "pool", _pool(explanation)
    yield "gets", amount_of(load, explanation.allocation)


def _levels(load: Load) -> str:
    match load.kind:
        case Kind.SWITCH:
            return f"0 or {power(load.levels[0])}"
        case Kind.STEPPED:
            return ", ".join(["0", *(power(value) for value in load.levels)])
        case Kind.EV | Kind.POWER:
            bounds = f"{level(load, load.minimum)} to {level(load, load.maximum)}"
            return f"0, or {bounds} in steps of {level(load, load.step)}"


def _pool(explanation: Explanation) -> str:
    others = f"other loads get {power(explanation.others_power)}"
    if explanation.pool is None:
        return f"none, any source will do; {others}"
    in_all = f"{explanation.pool}, {power(explanation.pool_power)} in all; {others}"
    share = _share_to_cover(explanation.load)
    if share is None:
        return in_all
    minimum = level(explanation.load, lowest_level(explanation.load))
    return f"{in_all}; what is left must cover {share:.0%} of its minimum, {minimum}"


def _share_to_cover(load: Load) -> float | None:
    if load.mode in {Mode.SOLAR, Mode.EXCESS}:
        return load.solar_share
    return load.eco_share if load.mode is Mode.ECO and load.kind is Kind.SWITCH else None


def _remedies(explanation: Explanation) -> Text | Table:
    if explanation.has_highest_level:
        return Text("Nothing would give it more: it has its highest level.")
    if not explanation.remedies:
        return Text("No change that was tried would give it more.")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("it would get", justify="right", no_wrap=True)
    table.add_column("with", overflow="fold")
    for remedy in explanation.remedies:
        table.add_row(amount_of(explanation.load, remedy.allocation), escape(remedy.change))
    return table


def explanation_data(explanation: Explanation) -> dict[str, object]:
    """Return an explanation as plain data, quantities rounded as they are reported."""
    allocation, reading = explanation.allocation, explanation.reading
    return {
        "load": explanation.load.id,
        "mode": explanation.load.mode.value,
        "state": reading.state.value,
        "need": reading.need.value,
        "ceiling": None if reading.ceiling is None else reported(reading.ceiling),
        "pool": explanation.pool,
        "pool_power": reported(explanation.pool_power),
        "others_power": reported(explanation.others_power),
        "current": reported(allocation.current),
        "power": reported(allocation.power),
        "reason": allocation.reason.value,
        "by": allocation.by,
        "sentence": explanation.sentence,
        "limits": limits_data(explanation.limits),
        "headroom": {
            name: reported(headroom(name, use)) for name, use in explanation.limits.items()
        },
        "more_with": [
            {
                "change": remedy.change,
                "current": reported(remedy.allocation.current),
                "power": reported(remedy.allocation.power),
            }
            for remedy in explanation.remedies
        ],
    }
