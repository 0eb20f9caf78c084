"""Judges what loads need by themselves, from their temperatures, hours of running and energy.

Pure: what is known comes in as arguments, with the time, and what is remembered goes out again.
"""

from evenload.needs.memory import NeedMemory, dump_needs, load_needs
from evenload.needs.step import step_needs

__all__ = ["NeedMemory", "dump_needs", "load_needs", "step_needs"]
