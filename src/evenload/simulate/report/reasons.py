"""What colour a reason has, and in which words it is said."""

from collections.abc import Mapping

from evenload.model.allocation import Reason

COLOURS: Mapping[Reason, str] = {
    Reason.FULL: "#2e9d5b",
    Reason.SURPLUS: "#7ccf8a",
    Reason.MINIMUM: "#6fb3e0",
    Reason.LIMITED: "#f2a33c",
    Reason.STARTING: "#f7dc6f",
    Reason.HOLDING: "#d9b64a",
    Reason.RESTING: "#b79ad8",
    Reason.WAITING_FOR_SURPLUS: "#c9d6e3",
    Reason.BELOW_EXCESS_THRESHOLD: "#b4c6d8",
    Reason.BATTERY_FIRST: "#9fc3c9",
    Reason.OUTRANKED: "#d99a8b",
    Reason.DOES_NOT_FIT: "#e3643f",
    Reason.HELD: "#a98f7a",
    Reason.SATISFIED: "#a7ddc8",
    Reason.NOT_CONNECTED: "#eceff1",
    Reason.OFF: "#dfe3e6",
    Reason.PLANNED_LATER: "#cdb8ea",
    Reason.OVERRIDDEN: "#8e7cc3",
    Reason.FAILSAFE: "#d7263d",
    Reason.FAULTED: "#8c1c2b",
    Reason.UNRESPONSIVE: "#a5243d",
    Reason.DRY_RUN: "#9aa5b1",
}
"""Greens give, blues and greys wait, oranges are limits, reds are trouble."""


def label(reason: Reason) -> str:
    """Return a reason in two words, for a legend."""
    return reason.value.replace("_", " ")
