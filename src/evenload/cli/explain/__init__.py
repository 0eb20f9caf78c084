"""`evenload allocate --explain`: how one load's allocation came about, and what would change it."""

from evenload.cli.explain.explanation import Explanation, explain_load
from evenload.cli.explain.show import explanation_data, show_explanation

__all__ = ["Explanation", "explain_load", "explanation_data", "show_explanation"]
