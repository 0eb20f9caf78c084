"""Makes the devices of a plant out of the site's loads and the plant's parts."""

from collections.abc import Sequence

from evenload.model.site import Load, Site
from evenload.simulate.devices.car import Car, Twin
from evenload.simulate.devices.charge_point import ChargePoint
from evenload.simulate.devices.device import LoadDevice
from evenload.simulate.devices.element import Element
from evenload.simulate.devices.heat_pump import HeatPump
from evenload.simulate.devices.moment import generator
from evenload.simulate.devices.pump import Pump
from evenload.simulate.devices.relay import Tank
from evenload.simulate.devices.room import RoomHeater
from evenload.simulate.devices.station import Station
from evenload.simulate.devices.trips import drives
from evenload.simulate.settings import (
    CarPart,
    HeaterPart,
    HeatPumpPart,
    Plant,
    PumpPart,
    StationPart,
    TankPart,
)


def build_devices(site: Site, plant: Plant) -> tuple[LoadDevice, ...]:
    """Return the device behind each load that the plant knows, in the order of the site's loads."""
    return tuple(_build(load, site, plant) for load in site.all_loads if load.id in plant.devices)


def build_stations(site: Site, plant: Plant, devices: Sequence[LoadDevice]) -> tuple[Station, ...]:
    """Return the charging stations whose plugs have to share something."""
    stations: list[Station] = []
    for charger in site.chargers:
        part = plant.chargers.get(charger.id, StationPart())
        plugs = [
            device
            for device in devices
            if isinstance(device, ChargePoint) and device.load.circuit == charger.id
        ]
        most = charger.max_current if part.max_current is None else part.max_current
        if sum(plug.load.maximum for plug in plugs) > most or part.max_active is not None:
            stations.append(Station(plugs, max_current=most, max_active=part.max_active))
    return tuple(stations)


def _build(load: Load, site: Site, plant: Plant) -> LoadDevice:
    phases = tuple(site.phases.index(phase) for phase in load.phases.values())
    chance = generator(plant.seed, load.id)
    match plant.devices[load.id]:
        case CarPart() as part:
            used = load.phases if part.legs is None else part.legs
            legs = [
                site.phases.index(phase) if leg in used else None
                for leg, phase in load.phases.items()
            ]
            return _charge_point(load, phases, part, legs, plant)
        case TankPart() as part:
            return Tank(load, phases, part, chance)
        case HeaterPart() as part:
            if part.room is None:
                return Element(load, phases, part)
            return RoomHeater(load, phases, part, part.room)
        case HeatPumpPart() as part:
            return HeatPump(load, phases, part)
        case PumpPart() as part:
            return Pump(load, phases, part)


def _charge_point(
    load: Load,
    phases: tuple[int, ...],
    part: CarPart,
    legs: Sequence[int | None],
    plant: Plant,
) -> ChargePoint:
    """Return a plug with a car and its twin, which leave and come back at the same times."""
    own, twins = (
        drives(
            part,
            plant.first_day.weekday(),
            plant.start_second,
            generator(plant.seed, load.id, "trips"),
            place=f"plant.devices.{load.id}",
        )
        for _ in range(2)
    )
    car = Car(part, legs, drives=own, legs_chance=generator(plant.seed, load.id, "legs"))
    most = min(load.maximum, part.max_current)
    used = [phase for phase in legs if phase is not None]
    twin = Twin(part, phases=used, current=most, drives=twins)
    return ChargePoint(load, phases, part, car=car, twin=twin)
