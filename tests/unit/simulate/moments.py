"""Snapshots for tests of strategies: one meter, some plugs, said in a line."""

from collections.abc import Mapping, Sequence

from evenload.model.control import ControlSettings, LoadControl, PhaseSwitching
from evenload.model.readings import LoadState
from evenload.model.site import Battery, Charger, Kind, Leg, Load, Mode, Phase, Site
from evenload.model.snapshot import DeviceSnapshot, Sample, Snapshot

LEGS = dict(zip(Leg, Phase, strict=True))


def plug(name: str, *, legs: int = 1, mode: Mode = Mode.SOLAR, priority: int = 1) -> Load:
    return Load(
        id=name,
        kind=Kind.EV,
        phases=dict(list(LEGS.items())[:legs]),
        circuit=f"{name}-charger",
        mode=mode,
        priority=priority,
        minimum=6.0,
        maximum=16.0,
    )


def site_of(
    *loads: Load, fuse: float = 25.0, phases: int = 1, battery: Battery | None = None
) -> Site:
    present = tuple(Phase)[:phases]
    plugs = [load for load in loads if load.kind is Kind.EV]
    return Site(
        fuse=dict.fromkeys(present, fuse),
        phases=present,
        battery=battery,
        chargers=tuple(
            Charger(id=f"{load.id}-charger", plugs=(load,), max_current=32.0) for load in plugs
        ),
        loads=tuple(load for load in loads if load.kind is not Kind.EV),
    )


def moment(
    site: Site,
    now: float,
    grid: Sequence[float],
    draws: Mapping[str, float],
    *,
    switching: bool = False,
    battery: tuple[float, float] | None = None,
    legs_in_use: int | None = None,
) -> Snapshot:
    """Return what is reported at `now`: the grid's phases [A] and what each connected car draws [A].

    `battery` is its state of charge [%] and its power [W].
    """
    control = LoadControl(phase_switching=PhaseSwitching() if switching else None)
    return Snapshot(
        site=site,
        settings=ControlSettings(loads={load.id: control for load in site.all_loads}),
        grid={phase: Sample(value, now) for phase, value in zip(site.phases, grid, strict=True)},
        battery_soc=None if battery is None else Sample(battery[0], now),
        battery_power=None if battery is None else Sample(battery[1], now),
        devices={
            load.id: _device(load, draws[load.id], now, legs_in_use)
            for load in site.all_loads
            if load.id in draws
        },
    )


def _device(load: Load, draw: float, now: float, legs_in_use: int | None) -> DeviceSnapshot:
    drawing = tuple(load.phases)[:legs_in_use]
    return DeviceSnapshot(
        state=LoadState.CHARGING if draw > 0 else LoadState.CONNECTED,
        current={leg: Sample(draw if leg in drawing else 0.0, now) for leg in load.phases},
    )
