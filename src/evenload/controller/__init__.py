"""The same decision over time: everything with memory, as a pure function of state and snapshot."""

from evenload.controller.persist import dump_state, load_state
from evenload.controller.state import ControllerState
from evenload.controller.step import step

__all__ = ["ControllerState", "dump_state", "load_state", "step"]
