"""Evenload: load management for a whole house.

The library decides; it runs without Home Assistant. Start with `evenload.model` for the words,
`evenload.engine.allocate` for who gets how much now, and `evenload.controller.step` for the same
over time.
"""

__version__ = "0.1.0"
