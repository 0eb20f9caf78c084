"""What flows between grid, battery, sun and loads, in watts, where all of it is fresh."""

from collections.abc import Mapping
from operator import mul

from evenload.controller.plan import SitePlan
from evenload.controller.sources import Sources
from evenload.controller.state import LoadMemory
from evenload.model.brief import brief
from evenload.model.snapshot import Snapshot


@brief
class Flows:
    """What the meters show at this instant."""

    grid_power: float
    """Import over all phases [W]."""
    battery_power: float
    """Discharging positive; 0 without a battery [W]."""
    battery_soc: float | None
    """[%]; None: there is no battery."""
    solar_power: float | None
    """Production; None: it is not read [W]."""
    drawn_power: float
    """What all managed loads draw [W]."""
    sunny_power: float
    """What those of them draw that live on surplus [W]."""
    voltages: tuple[float, ...]
    """By phase [V]."""

    @classmethod
    def seen(
        cls,
        snapshot: Snapshot,
        plan: SitePlan,
        sources: Sources,
        loads: Mapping[str, LoadMemory],
    ) -> Flows | None:
        """Return what flows; None where the grid meter or the battery is not fresh."""
        if plan.site.battery is None and plan.settings.export_limit is None:
            return None
        grid, battery = sources.grid, sources.battery
        if grid.memory.values is None or not grid.is_fresh:
            return None
        if battery is not None and (battery.memory.values is None or not battery.is_fresh):
            return None
        values = None if battery is None else battery.memory.values
        drawn = sunny = 0.0
        for load_plan in plan.loads:
            currents = loads[load_plan.load.id].draw.currents
            if any(currents):
                power = _power(currents, load_plan.places, sources.voltages)
                drawn += power
                sunny += power if load_plan.is_patient else 0.0
        return cls(
            grid_power=sum(map(mul, grid.memory.values, sources.voltages, strict=True)),
            battery_power=0.0 if values is None else values[0],
            battery_soc=None if values is None else values[1],
            solar_power=None if snapshot.solar is None else snapshot.solar.value,
            drawn_power=drawn,
            sunny_power=sunny,
            voltages=sources.voltages,
        )


def _power(
    currents: tuple[float, ...], places: tuple[int, ...], voltages: tuple[float, ...]
) -> float:
    return sum([current * voltages[place] for current, place in zip(currents, places, strict=True)])
