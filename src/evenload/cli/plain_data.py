"""The engine's answer as JSON data: the public format of `evenload allocate --json`."""

from collections.abc import Mapping

from evenload.model.allocation import Allocations, LimitUse
from evenload.units import reported


def allocations_data(allocations: Allocations) -> dict[str, object]:
    """Return allocations as plain data, quantities rounded as they are reported.

    Currents are amperes per leg, powers watts over all legs; the limits' unit is that of their kind:
    amperes, watts for import, dimming and inverter, plugs for active.
    """
    return {
        "loads": {
            load: {
                "current": reported(allocation.current),
                "power": reported(allocation.power),
                "reason": allocation.reason.value,
                "by": allocation.by,
            }
            for load, allocation in allocations.loads.items()
        },
        "limits": limits_data(allocations.limits),
        "pools": {
            "surplus": reported(allocations.pools.surplus),
            "excess": reported(allocations.pools.excess),
        },
    }


def limits_data(limits: Mapping[str, LimitUse]) -> dict[str, object]:
    """Return how full limits are, by name."""
    return {
        name: {
            "base": reported(use.base),
            "allocated": reported(use.allocated),
            "limit": reported(use.limit),
        }
        for name, use in limits.items()
    }
