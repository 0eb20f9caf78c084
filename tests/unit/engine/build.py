"""Short ways to write down a house for a test of the engine."""

from collections.abc import Mapping
from typing import Any

from evenload.engine import allocate
from evenload.model.allocation import Allocation, Allocations, Reason
from evenload.model.readings import LoadReading, LoadState, Readings
from evenload.model.site import Charger, Kind, Leg, Load, Mode, Phase, Site

A, B, C = Phase.A, Phase.B, Phase.C
L1, L2, L3 = Leg.L1, Leg.L2, Leg.L3
THREE = {L1: A, L2: B, L3: C}
CONNECTED = LoadReading(state=LoadState.CONNECTED)


def ev(identifier: str, mode: Mode = Mode.STANDARD, **settings: Any) -> Load:
    """Return a car of 6 to 16 A on phase A."""
    return Load(**{"id": identifier, "kind": Kind.EV, "phases": {L1: A}, "mode": mode, "minimum": 6.0, "maximum": 16.0} | settings)  # fmt: skip


def switch(identifier: str, power: float, mode: Mode = Mode.STANDARD, **settings: Any) -> Load:
    """Return a switch on phase A."""
    return Load(**{"id": identifier, "kind": Kind.SWITCH, "phases": {L1: A}, "mode": mode, "levels": (power,)} | settings)  # fmt: skip


def heater(identifier: str, mode: Mode = Mode.STANDARD, **settings: Any) -> Load:
    """Return a heater of 500 to 3000 W on phase A."""
    return Load(**{"id": identifier, "kind": Kind.POWER, "phases": {L1: A}, "mode": mode, "minimum": 500.0, "maximum": 3000.0} | settings)  # fmt: skip


def house(*loads: Load, fuse: float = 25.0, phases: str = "A", **settings: Any) -> Site:
    """Return a site with one fuse rating on every phase."""
    names = tuple(Phase(name) for name in phases)
    return Site(fuse=dict.fromkeys(names, fuse), phases=names, loads=loads, **settings)


def wallbox(*plugs: Load, max_current: float = 32.0, **settings: Any) -> Charger:
    """Return a charger whose plugs are `plugs`, written with `circuit="box"`."""
    return Charger(id="box", plugs=plugs, max_current=max_current, **settings)


def reading(state: LoadState = LoadState.CHARGING, **given: Any) -> LoadReading:
    """Return what is known of one load; a bare `draw` [A] is the current on L1."""
    if "draw" in given:
        given["current"] = {L1: given.pop("draw")}
    return LoadReading(state=state, **given)


def given(site: Site, grid: float | Mapping[Phase, float] = 0.0, **readings: Any) -> Readings:
    """Return readings with this import [A]; loads that `loads` does not name are connected."""
    grid = grid if isinstance(grid, Mapping) else dict.fromkeys(site.phases, grid)
    loads = {load.id: CONNECTED for load in site.all_loads} | dict(readings.pop("loads", {}))
    return Readings(grid=grid, loads=loads, **readings)


def served(site: Site, grid: float | Mapping[Phase, float] = 0.0, **readings: Any) -> Allocations:
    """Return what the engine answers to `given(site, grid, **readings)`."""
    return allocate(site, given(site, grid, **readings))


def currents(answer: Allocations) -> dict[str, float]:
    """Return what each load has [A per leg]."""
    return {identifier: round(load.current, 6) for identifier, load in answer.loads.items()}


def why(allocation: Allocation) -> tuple[Reason, str | None]:
    """Return the reason and what it names."""
    return allocation.reason, allocation.by
