"""On how many legs a charger's watts flow: a limit in W is one of all legs together.

A car that charges on one leg of a charger for three draws all of the watts there. So what counts is
what the car is seen to use; until it is seen, every phase that the charger gives it.
"""

from collections.abc import Iterable

from .load_wiring import PlugWiring
from .phase_words import phases_meant

DRAWING_CURRENT = 0.5
"""A leg is used from this current on [A]: more than standby."""


def legs_used(
    wiring: PlugWiring, switch: str | None, currents: Iterable[float], told: int | None = None
) -> int:
    """Return on how many legs a limit in W is spread.

    `switch` is what says how many phases the charger gives, `currents` are those measured on each
    leg [A]; `told` is how many phases it is being told to give.
    """
    every = len(wiring.load.phases)
    given = phases_meant(switch) if switch is not None else None
    if told is not None and told != given:
        return min(told, every)  # what was measured was measured with another number
    most = every if given is None else min(given, every)
    drawing = sum(current >= DRAWING_CURRENT for current in currents)
    return min(drawing, most) if drawing and len(wiring.current) > 1 else most
