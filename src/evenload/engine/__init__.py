"""Who gets how much now: a pure function of a site and one moment's readings."""

from evenload.engine.allocator import Allocator, allocate

__all__ = ["Allocator", "allocate"]
