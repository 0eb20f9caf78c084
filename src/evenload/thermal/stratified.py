"""A tank with warm water above cold: what its upper sensor will show.

Heat comes in below, and rises: the lower water warms until it is as warm as the upper, then both warm
together. Water that is drawn leaves above, what was below moves up, and cold water follows below. Both
parts lose heat as they are large. Conduction between them is left out: it takes days.
"""

from dataclasses import dataclass

from evenload.thermal.tank import Tank

INLET = 12.0
"""Of cold water [degC]."""
_LEAST_DIFFERENCE = 5.0
"""Warm water is taken to be at least so much warmer than cold, when draws are counted in litres [K]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Temperatures of the two parts [degC]."""

    upper: float
    lower: float


def layered(
    layers: Layers, tank: Tank, *, power: float, drawn: float, ambient: float, hours: float
) -> Layers:
    """Return both after so many hours with this power and heat drawn [W], and ambient [degC]."""
    above, below = tank.unknowns[0], tank.unknowns[1]
    upper, lower = layers.upper, layers.lower
    moved = drawn * hours / max(_LEAST_DIFFERENCE, upper - INLET)
    upper -= min(1.0, moved / above) * (upper - lower)
    lower -= min(1.0, moved / below) * (lower - INLET)
    rate = tank.loss / tank.capacity * hours
    upper -= rate * (upper - ambient)
    lower -= rate * (lower - ambient)
    lower += power * hours / below
    if lower > upper:
        both = (above * upper + below * lower) / (above + below)
        upper = lower = both
    return Layers(upper=upper, lower=lower)
