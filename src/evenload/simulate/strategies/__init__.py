"""What decides in a simulated house: the real controller, or something to compare it with.

A strategy gets a snapshot of reports and the clock, nothing else, and answers with commands. Beside
`evenload` stand four others, each written here from its published rules and tuned as its authors
recommend, so that a figure of Evenload's can be held against something:

- `naive`: no load management, whatever is connected gets all it may have;
- `static`: a fixed share of the fuse for each load, as an installer sets it once and for all;
- `evcc_style`: one load point every 30 s, a loop of gain 1, delays before starting and stopping;
- `juggler_style`: a new allocation every 2 s, smoothed and ramped, commanded every 15 s.
"""

from collections.abc import Callable, Mapping

from evenload.simulate.strategies.evcc_style import EvccStyle
from evenload.simulate.strategies.evenload import Evenload
from evenload.simulate.strategies.juggler_style import JugglerStyle
from evenload.simulate.strategies.naive import Naive
from evenload.simulate.strategies.protocol import Strategy
from evenload.simulate.strategies.static import Static

__all__ = [
    "STRATEGIES",
    "EvccStyle",
    "Evenload",
    "JugglerStyle",
    "Naive",
    "Static",
    "Strategy",
]

STRATEGIES: Mapping[str, Callable[[], Strategy]] = {
    "evenload": Evenload,
    "naive": Naive,
    "static": Static,
    "evcc_style": EvccStyle,
    "juggler_style": JugglerStyle,
}
"""What `--strategy` and `--with` may name."""
