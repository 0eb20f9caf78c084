"""The battery's own control: it brings the exchange with the grid to zero, a little late.

It sees grid power and its own power of `lag` seconds ago; their sum is what the house needed from
outside then, and is what it delivers now, within its limits. Because it uses both at the same instant
it never swings, however late it is. Half of the loss falls on charging, half on discharging.
"""

import math
from collections import deque

from evenload.model.site import Battery as BatterySite
from evenload.simulate.settings import Battery as BatteryPart

_FULL = 100.0


class Battery:
    """A battery that follows the house; Evenload only reads it."""

    __slots__ = ("_capacity", "_efficiency", "_history", "_limits", "power", "soc")

    def __init__(self, part: BatteryPart, site: BatterySite) -> None:
        """Take power limits and the lowest state of charge from the site."""
        self._capacity = part.capacity
        self._efficiency = math.sqrt(part.efficiency)
        self._limits = (site.max_charge, site.max_discharge, site.soc_min)
        self._history = deque([0.0] * part.lag, maxlen=part.lag)
        self.soc = part.soc
        """[%]"""
        self.power = 0.0
        """[W], discharging positive."""

    def advance(self, need: float, hours: float, most: float = math.inf) -> float:
        """Return the power for this second [W].

        `need` is what the house would take from the grid without a battery [W], `hours` how long this
        second counts for the state of charge, `most` what the inverter leaves for discharging [W].
        """
        wanted = self._history[0]
        self._history.append(need)
        _, max_discharge, soc_min = self._limits
        if wanted > 0.0:
            power = 0.0 if self.soc <= soc_min else min(wanted, max_discharge, most)
        else:
            power = max(wanted, -self.accepts)
        self.deliver(power, hours)
        return power

    @property
    def accepts(self) -> float:
        """The most it can be charged with now [W]."""
        return 0.0 if self.soc >= _FULL else self._limits[0]

    @property
    def gives(self) -> float:
        """The most it can be discharged with, whatever its state of charge [W]."""
        return self._limits[1]

    def deliver(self, power: float, hours: float) -> None:
        """Give (or, negative, take) this power [W] for a second that counts `hours`."""
        efficiency = self._efficiency
        stored = power / efficiency if power > 0.0 else power * efficiency
        self.soc -= _FULL * stored * hours / self._capacity
        self.power = power
