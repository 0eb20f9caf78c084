"""The strategies under the name by which other modules know them."""

from evenload.simulate.strategies import STRATEGIES, Evenload, Naive, Strategy

__all__ = ["STRATEGIES", "Evenload", "Naive", "Strategy"]
