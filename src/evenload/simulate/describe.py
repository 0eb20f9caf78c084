"""What the house process tells a client about itself: devices, what they report, what can be set."""

from collections.abc import Iterator, Sequence

from evenload.model.readings import LoadState
from evenload.model.site import Kind, Load, Site
from evenload.simulate.plant import Plant
from evenload.simulate.settings import (
    CarPart,
    DevicePart,
    FaultKind,
    HeaterPart,
    HeatPumpPart,
    MeterReports,
    TankPart,
)

type Json = dict[str, object]

FAULTS = {
    FaultKind.METER_SILENT: "Meter off",
    FaultKind.METER_FROZEN: "Meter frozen",
    FaultKind.CHARGER_DEAF: "Charger deaf",
}
"""The faults that a client may switch on and off, and what to call them."""


def describe(plant: Plant, scenario: str, elsewhere: frozenset[str] = frozenset()) -> Json:
    """Return the message that a client gets first; it says nothing of the loads `elsewhere`."""
    site = plant.site
    loads = [device.load for device in plant.devices if device.load.id not in elsewhere]
    return {
        "type": "describe",
        "scenario": scenario,
        "name": scenario.replace("-", " ").capitalize(),
        "site": {
            "phases": list(site.phases),
            "fuse": dict(site.fuse),
            "voltage": site.voltage,
        },
        "devices": list(_devices(plant, loads)),
        "sensors": list(_sensors(plant, loads)),
        "controls": [_control(load) for load in loads],
        "faults": [{"key": str(fault), "name": name} for fault, name in FAULTS.items()],
    }


def _devices(plant: Plant, loads: Sequence[Load]) -> Iterator[Json]:
    yield {"id": "grid", "name": "Grid meter"}
    if plant.settings.solar is not None:
        yield {"id": "solar", "name": "Solar inverter"}
    if plant.settings.battery is not None:
        yield {"id": "battery", "name": "Battery"}
    for name in _metered(plant):
        yield {"id": f"circuit.{name}", "name": f"{plant.site.name_of(name)} meter"}
    for load in loads:
        yield _load_device(load, plant.site)
    yield {"id": "fuse", "name": "Main fuse"}


def _load_device(load: Load, site: Site) -> Json:
    device: Json = {
        "id": load.id,
        "name": _name(load, site),
        "kind": str(load.kind),
        "legs": {str(leg): str(phase) for leg, phase in load.phases.items()},
        "mode": str(load.mode),
        "priority": load.priority,
    }
    if load.kind is Kind.EV:
        return device | {"minimum": load.minimum, "maximum": load.maximum, "step": load.step}
    if load.kind is Kind.POWER:
        return device | {"minimum": load.minimum, "maximum": load.maximum, "step": load.step}
    return device | {"power": load.levels[-1]}


def _name(load: Load, site: Site) -> str:
    given = site.name_of(load.id)
    if given != load.id:
        return given
    return f"{load.id.capitalize()} charger" if load.kind is Kind.EV else load.id.capitalize()


def _sensors(plant: Plant, loads: Sequence[Load]) -> Iterator[Json]:
    yield from _meter_sensors(plant)
    for phase in plant.site.phases:
        if plant.settings.meter.voltage:
            yield _sensor(f"voltage.{phase}", "grid", f"Voltage {phase}", "V", "voltage")
    if plant.settings.solar is not None:
        yield _sensor("solar", "solar", "Power", "W", "power")
    if plant.settings.battery is not None:
        yield _sensor("battery.soc", "battery", "State of charge", "%", "battery")
        yield _sensor("battery.power", "battery", "Power", "W", "power")
    for name in _metered(plant):
        for phase in plant.site.phases:
            device = f"circuit.{name}"
            yield _sensor(f"{device}.{phase}", device, f"Current {phase}", "A", "current")
    for load in loads:
        yield from _load_sensors(load, plant)
    yield {
        "key": "fuse.tripped",
        "device": "fuse",
        "name": "Tripped",
        "kind": "boolean",
        "device_class": "problem",
    }


def _metered(plant: Plant) -> Iterator[str]:
    """Yield the ids of circuits that have a meter of their own."""
    return (name for name, circuit in plant.circuits.items() if circuit.meter is not None)


def _meter_sensors(plant: Plant) -> Iterator[Json]:
    name = "inverter" if plant.site.off_grid else "grid"
    reports = plant.settings.meter.reports
    if plant.settings.meter.average:
        yield _sensor("grid.average", "grid", "Average demand", "W", "power")
    if reports is MeterReports.TOTAL:
        yield _sensor(f"{name}.power", "grid", "Power", "W", "power")
        return
    for phase in plant.site.phases:
        if reports is not MeterReports.POWERS:
            yield _sensor(f"{name}.{phase}", "grid", f"Current {phase}", "A", "current")
        if reports is not MeterReports.CURRENTS:
            yield _sensor(f"{name}.power.{phase}", "grid", f"Power {phase}", "W", "power")


def _load_sensors(load: Load, plant: Plant) -> Iterator[Json]:
    name = load.id
    yield _sensor(f"{name}.power", name, "Power", "W", "power")
    part = plant.settings.devices[name]
    if load.kind in (Kind.STEPPED, Kind.POWER):
        yield {
            "key": f"{name}.on",
            "device": name,
            "name": "Running",
            "kind": "boolean",
            "device_class": "running",
        }
    if _has_temperature(part):
        yield _sensor(f"{name}.temperature", name, "Temperature", "°C", "temperature")
    if not isinstance(part, CarPart):
        return
    if part.charger.reports_legs:
        for leg in load.phases:
            yield _sensor(f"{name}.current.{leg}", name, f"Current {leg}", "A", "current")
    if part.charger.switches_phases:
        yield {"key": f"{name}.phases", "device": name, "name": "Phases"}
    yield _sensor(f"{name}.soc", name, "State of charge", "%", "battery")
    yield _sensor(f"{name}.energy", name, "Session energy", "Wh", "energy")
    yield {"key": f"{name}.starts", "device": name, "name": "Charging starts"}
    yield {
        "key": f"{name}.status",
        "device": name,
        "name": "Status",
        "device_class": "enum",
        "options": [str(state) for state in LoadState],
    }


def _has_temperature(part: DevicePart) -> bool:
    match part:
        case TankPart() | HeatPumpPart():
            return True
        case HeaterPart():
            return part.room is not None
        case _:
            return False


def _sensor(key: str, device: str, name: str, unit: str, device_class: str) -> Json:
    return {"key": key, "device": device, "name": name, "unit": unit, "device_class": device_class}


def _control(load: Load) -> Json:
    if load.kind in (Kind.STEPPED, Kind.POWER):
        return {
            "key": f"{load.id}.setpoint",
            "device": load.id,
            "name": "Power",
            "kind": "number",
            "unit": "W",
            "minimum": 0.0,
            "maximum": load.maximum if load.kind is Kind.POWER else load.levels[-1],
            "step": load.step if load.kind is Kind.POWER else 1.0,
        }
    if load.kind is Kind.SWITCH:
        return {"key": f"{load.id}.on", "device": load.id, "name": "Heating", "kind": "switch"}
    return {
        "key": f"{load.id}.setpoint",
        "device": load.id,
        "name": "Charging current",
        "kind": "number",
        "unit": "A",
        "minimum": 0.0,
        "maximum": load.maximum,
        "step": load.step,
    }
