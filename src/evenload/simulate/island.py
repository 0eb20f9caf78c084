"""A house off the grid: its inverter carries everything, from sun and battery.

What the sun gives beyond house and battery is throttled away at once. An inverter that is asked for
too much for too long fails, and so does a house whose battery is empty while the sun does not carry it:
both are failures of their own beside the fuse behind the inverter.
"""

from collections.abc import Sequence

from evenload.model.site import Site
from evenload.simulate.connection import Connection
from evenload.simulate.devices.inverter import InverterLimits
from evenload.simulate.settings import Plant


class Island(Connection):
    """An inverter with sun and battery behind it; `currents` are what it delivers."""

    def __init__(self, site: Site, plant: Plant) -> None:
        """Take the inverter from the site where the plant does not say what is really there."""
        super().__init__(site, plant)
        self._limits = InverterLimits.of(site, plant.inverter, len(site.phases))
        self._part = plant.inverter
        self._overloaded = 0

    def advance(
        self, demand: Sequence[float], sunshine: float, voltages: Sequence[float], hours: float
    ) -> None:
        """Carry one second of what the house draws on each phase [W]."""
        if self.dark_reason is not None:
            return
        whole = sum(demand)
        battery = self.battery
        accepts = 0.0 if battery is None else battery.accepts
        gives = 0.0 if battery is None else battery.gives
        self.solar_power = min(sunshine, max(0.0, whole + accepts))
        missing = whole - self.solar_power
        if battery is not None:
            battery.deliver(min(missing, gives), hours)
            if missing > 0.0 and battery.soc <= self._part.shutdown_soc:
                self.fail("battery")
                return
        self._carry(demand, voltages)
        excess = max(self._excess(demand), missing / gives if gives > 0.0 else 0.0)
        if gives <= 0.0 and missing > 0.0:
            self.fail("battery")
        self._overloaded = self._overloaded + 1 if excess > 1.0 else 0
        if excess > self._part.overload or self._overloaded > self._part.overload_time:
            self.fail("inverter")

    def _excess(self, demand: Sequence[float]) -> float:
        """Return how many times its power the inverter is asked for, of all or of one phase."""
        limits = self._limits
        if limits is None:
            return 0.0
        return max(sum(demand) / limits.power, max(demand) / limits.phase_power)
