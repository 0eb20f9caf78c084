"""From the shapes of a site file to the nouns of the model."""

from dataclasses import dataclass, replace

from evenload.model.control import (
    ControlSettings,
    ImportAverage,
    LoadControl,
    PhaseSwitching,
    Preset,
)
from evenload.model.document.control_shapes import ControlShape, LoadControlShape
from evenload.model.document.moment_shapes import (
    BatteryReadingShape,
    LoadReadingShape,
    ReadingsShape,
)
from evenload.model.document.need_shapes import TemperaturesShape
from evenload.model.document.sections import DocumentShape
from evenload.model.document.site_shapes import (
    BatteryShape,
    ChargerShape,
    CircuitShape,
    DimmingShape,
    EvShape,
    InverterShape,
    LoadShape,
    PlugShape,
    PowerShape,
    SiteShape,
    SteppedShape,
    SwitchShape,
)
from evenload.model.need import Disinfection, ReadyBy, Runtime, Temperatures
from evenload.model.readings import BatteryReading, LoadReading, Readings
from evenload.model.site import (
    Battery,
    Charger,
    Circuit,
    Dimming,
    Inverter,
    Kind,
    Load,
    Phase,
    Site,
)

PARTS_OF_LOAD_CONTROL = {"phase_switching", "temperatures", "runtime", "ready_by"}
"""Keys of a load's control that are nouns of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Levels:
    minimum: float = 0.0
    maximum: float = 0.0
    step: float = 1.0
    levels: tuple[float, ...] = ()


def build_site(document: DocumentShape) -> Site:
    """Return the site that a document describes."""
    shape = document.site
    phases = tuple(shape.phases)
    return Site(
        fuse=_rating(shape.fuse, phases),
        voltage=shape.voltage,
        phases=phases,
        margin=shape.margin,
        cloud_headroom=shape.cloud_headroom,
        import_limit=shape.import_limit,
        unbalance_limit=shape.unbalance_limit,
        dimming=None if shape.dimming is None else _dimming(shape.dimming),
        phase_netting=shape.phase_netting,
        grid_import_allowed=shape.grid_import_allowed,
        distribution=shape.distribution,
        excess_threshold=shape.excess_threshold,
        off_grid=shape.off_grid,
        inverter=None if shape.inverter is None else _inverter(shape.inverter),
        battery=None if shape.battery is None else _battery(shape.battery),
        circuits=tuple(_circuit(circuit, shape) for circuit in document.circuits or ()),
        chargers=tuple(_charger(charger) for charger in document.chargers or ()),
        loads=tuple(_load(load) for load in document.loads or ()),
        names=_names(document),
    )


def _rating(rating: float | dict[Phase, float], phases: tuple[Phase, ...]) -> dict[Phase, float]:
    return rating if isinstance(rating, dict) else dict.fromkeys(phases, rating)


def _dimming(shape: DimmingShape) -> Dimming:
    return Dimming(limit=shape.limit, loads=tuple(shape.loads))


def _inverter(shape: InverterShape) -> Inverter:
    return Inverter(
        max_power=shape.max_power,
        max_power_per_phase=shape.max_power_per_phase,
        balances_phases=shape.balances_phases,
    )


def _battery(shape: BatteryShape) -> Battery:
    return Battery(
        max_charge=shape.max_charge,
        max_discharge=shape.max_discharge,
        soc_min=shape.soc_min,
        soc_target=shape.soc_target,
        soc_full=shape.soc_full,
        priority=shape.priority,
        helps=shape.helps,
    )


def _circuit(shape: CircuitShape, site: SiteShape) -> Circuit:
    return Circuit(
        id=shape.id,
        fuse=_rating(shape.fuse, tuple(site.phases)),
        parent=shape.parent,
        reserve=shape.reserve,
    )


def _charger(shape: ChargerShape) -> Charger:
    return Charger(
        id=shape.id,
        plugs=tuple(_plug(plug, shape) for plug in shape.plugs),
        max_current=shape.max_current,
        circuit=shape.circuit,
        max_active=shape.max_active,
        policy=shape.policy,
    )


def _plug(shape: PlugShape, charger: ChargerShape) -> Load:
    phases = shape.phases if shape.phases is not None else charger.phases
    return Load(
        id=shape.id,
        kind=Kind.EV,
        phases=phases if phases is not None else {},
        circuit=charger.id,
        mode=shape.mode,
        priority=shape.priority,
        minimum=shape.min,
        maximum=shape.max,
        step=shape.step,
        solar_share=shape.solar_share,
        eco_share=shape.eco_share,
        legs=None if shape.legs is None else tuple(shape.legs),
    )


def _load(shape: LoadShape) -> Load:
    levels = _levels(shape)
    return Load(
        id=shape.id,
        kind=Kind(shape.kind),
        phases=shape.phases,
        circuit=shape.circuit,
        mode=shape.mode,
        priority=shape.priority,
        minimum=levels.minimum,
        maximum=levels.maximum,
        step=levels.step,
        levels=levels.levels,
        solar_share=shape.solar_share,
        eco_share=shape.eco_share,
        legs=None if shape.legs is None else tuple(shape.legs),
    )


def _levels(shape: LoadShape) -> _Levels:
    match shape:
        case EvShape() | PowerShape():
            return _Levels(minimum=shape.min, maximum=shape.max, step=shape.step)
        case SwitchShape():
            return _Levels(levels=(shape.power,))
        case SteppedShape():
            return _Levels(levels=tuple(shape.levels))


def _names(document: DocumentShape) -> dict[str, str]:
    chargers = document.chargers or []
    named = (
        *(document.circuits or ()),
        *chargers,
        *(plug for charger in chargers for plug in charger.plugs),
        *(document.loads or ()),
    )
    return {each.id: each.name for each in named if each.name is not None}


def build_readings(shape: ReadingsShape) -> Readings:
    """Return the readings that a document gives."""
    return Readings(
        grid=shape.grid,
        loads={load: _load_reading(reading) for load, reading in shape.loads.items()},
        voltage=shape.voltage,
        battery=None if shape.battery is None else _battery_reading(shape.battery),
        inverter=shape.inverter,
        circuits=shape.circuits,
    )


def _battery_reading(shape: BatteryReadingShape) -> BatteryReading:
    return BatteryReading(
        soc=shape.soc,
        power=shape.power,
        zone=shape.zone,
        accepts=shape.accepts,
        responds=shape.responds,
    )


def _load_reading(shape: LoadReadingShape) -> LoadReading:
    return LoadReading(
        state=shape.state,
        current=shape.current,
        power=shape.power,
        ceiling=shape.ceiling,
        need=shape.need,
        legs=None if shape.legs is None else tuple(shape.legs),
        legs_certain=shape.legs_certain,
    )


def build_settings(shape: ControlShape, site: Site) -> ControlSettings:
    """Return the controller's settings; a load's omitted keys are those of its kind and the preset."""
    kinds = {load.id: load.kind for load in site.all_loads}
    average = shape.import_average
    return ControlSettings(
        **shape.model_dump(exclude={"import_average", "loads"}),
        import_average=None if average is None else ImportAverage(**average.model_dump()),
        loads={
            load: _load_control(own, kinds.get(load, Kind.EV), shape.preset)
            for load, own in shape.loads.items()
        },
    )


def _load_control(shape: LoadControlShape, kind: Kind, preset: Preset) -> LoadControl:
    switching = shape.phase_switching
    return replace(
        LoadControl.of_kind(kind, preset),
        **shape.model_dump(exclude=PARTS_OF_LOAD_CONTROL, exclude_none=True),
        phase_switching=None if switching is None else PhaseSwitching(**switching.model_dump()),
        temperatures=_temperatures(shape.temperatures),
        runtime=None if shape.runtime is None else Runtime(**shape.runtime.model_dump()),
        ready_by=None if shape.ready_by is None else ReadyBy(**shape.ready_by.model_dump()),
    )


def _temperatures(shape: TemperaturesShape | None) -> Temperatures | None:
    if shape is None:
        return None
    cycle = shape.disinfection
    return Temperatures(
        **shape.model_dump(exclude={"disinfection"}),
        disinfection=None if cycle is None else Disinfection(**cycle.model_dump()),
    )
