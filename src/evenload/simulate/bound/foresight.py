"""What a plant has in store, as one would know it who had seen the whole run before.

The plant lives once through the run with every load free to take all it can and a fuse that never
trips. Sun and household do not depend on loads; a car's trips neither, and one that is charged as
early as can be comes home as full as can be, so what it lacks then is the most that trips cost it.
A tank that is always kept hot has lost the most heat that it can lose, but for the band of its own
thermostat.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from evenload.model.decision import Command
from evenload.model.site import Kind, Load
from evenload.simulate.bound.gain import Store
from evenload.simulate.bound.load import BoundedLoad, Floats
from evenload.simulate.bound.slots import in_slots
from evenload.simulate.devices.charge_point import ChargePoint
from evenload.simulate.devices.device import LoadDevice
from evenload.simulate.plant import House, Plant
from evenload.simulate.settings import CarPart, HeaterPart, PumpPart, TankPart

STARTS = 6
"""Most starts of a car in a day that the bound may use."""
_SLOTS = (60, 120, 240)
"""Lengths of slots to choose from, each dividing a day [s]."""
_DECISIONS = 3000
"""From how many decisions (slots x cars) on a longer slot is chosen."""
_COARSE = 900
"""Where even the longest is too short for so many [s]; minimums do not bind in it."""
_NO_FUSE = 1e6
"""[A]"""
_WATER_HEAT = 1.163
"""[Wh/(l K)]"""
_PER_CENT = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """A run known beforehand."""

    slot: int
    """Length of a slot [s]."""
    surplus: Floats
    """Solar production less the household in every second [W]."""
    import_price: Floats
    """In every second [currency/kWh]."""
    export_price: Floats
    """In every second [currency/kWh]."""
    loads: tuple[BoundedLoad, ...]
    store: Store | None


@dataclass(slots=True)
class _Watch:
    """One load, second by second."""

    device: LoadDevice
    present: list[bool]
    """Whether it can draw at all."""
    voltage: list[float]
    """Mean over its legs [V]."""
    room: list[float]
    """The most it can have taken since the beginning [Wh]."""
    taken: float = 0.0
    """What it has taken in this run [Wh]."""
    lacked: float = 0.0
    """What cars that came lacked, added up [Wh]."""
    was_home: bool = False
    coldest: float = np.inf
    """[degC]"""


def foresee(
    house: House, *, seconds: int, progress: Callable[[int], None] | None = None
) -> Foresight:
    """Return what `house` has in store; `progress` is told how many seconds have passed, once an hour."""
    plant = Plant(_boundless(house))
    watches = [_Watch(device, [], [], []) for device in plant.devices]
    surplus, bought, sold = (np.zeros(seconds) for _ in range(3))
    for second in range(seconds):
        plant.advance()
        plant.feed.fresh.clear()
        surplus[second] = plant.sunshine - plant.base_power
        bought[second], sold[second] = plant.import_price, plant.export_price
        for watch in watches:
            if second == 0:
                top = _top(watch.device.load)
                plant.command(Command(load=watch.device.load.id, setpoint=top))
            _look(watch, plant, house)
        if progress is not None and second % 3600 == 0:
            progress(second)
    cars = sum(watch.device.load.kind is Kind.EV for watch in watches)
    slot = next((each for each in _SLOTS if cars * seconds <= _DECISIONS * each), _COARSE)
    return Foresight(
        slot=slot,
        surplus=surplus,
        import_price=bought,
        export_price=sold,
        loads=tuple(_bounded(watch, house, slot) for watch in watches),
        store=_store(house),
    )


def _boundless(house: House) -> House:
    """Return the house with a grid and fuses that carry everything, and nothing that breaks."""
    site, plant = house.site, house.plant
    circuits = {
        name: part.model_copy(update={"fuse": part.fuse.model_copy(update={"rating": None})})
        for name, part in plant.circuits.items()
    }
    changes = {
        "fuse": plant.fuse.model_copy(update={"rating": None}),
        "circuits": circuits,
        "faults": (),
        "battery": None,
        "inverter": type(plant.inverter)(),
    }
    return replace(
        house,
        site=replace(
            site,
            fuse=dict.fromkeys(site.fuse, _NO_FUSE),
            circuits=tuple(
                replace(circuit, fuse=dict.fromkeys(circuit.fuse, _NO_FUSE))
                for circuit in site.circuits
            ),
            off_grid=False,
            inverter=None,
            battery=None,
        ),
        plant=plant.model_copy(update=changes),
    )


def _top(load: Load) -> float:
    return load.maximum if load.kind in (Kind.EV, Kind.POWER) else load.levels[-1]


def _look(watch: _Watch, plant: Plant, house: House) -> None:
    """Take the second that the plant has just lived through."""
    device = watch.device
    voltages = [plant.moment.voltages[phase] for phase in device.phases]
    watch.voltage.append(sum(voltages) / len(voltages))
    watch.taken += device.power * plant.moment.hours
    part = house.plant.devices[device.load.id]
    if isinstance(device, ChargePoint) and isinstance(part, CarPart):
        home = device.car.home
        if home and not watch.was_home:
            missing = part.soc_limit - device.car.soc
            watch.lacked += missing / _PER_CENT * part.capacity / part.efficiency
        watch.was_home = home
        watch.present.append(home)
        watch.room.append(watch.lacked)
        return
    watch.present.append(True)
    watch.room.append(watch.taken if isinstance(part, TankPart) else np.inf)
    if isinstance(part, TankPart):
        watch.coldest = min(watch.coldest, device.gauges()["temperature"]())


def _bounded(watch: _Watch, house: House, slot: int) -> BoundedLoad:
    """Return what binds one load, in slots."""
    load, part = watch.device.load, house.plant.devices[watch.device.load.id]
    is_here = in_slots(np.array(watch.present, dtype=np.float64), slot).max(axis=1)
    voltages = in_slots(np.array(watch.voltage), slot)
    room = in_slots(np.array(watch.room), slot)[:, -1]
    if isinstance(part, CarPart):
        return _car(load, part, house, is_here=is_here, voltages=voltages, room=room)
    if isinstance(part, TankPart):
        room = _tank_room(part, room, watch.coldest)
    nominal, top = house.site.voltage, _top(load)
    least = np.minimum(1.0, voltages.min(axis=1) / nominal) ** 2
    most = np.maximum(1.0, voltages.max(axis=1) / nominal) ** 2
    draws_one_power = load.kind is Kind.SWITCH and isinstance(part, TankPart | HeaterPart)
    inrush = part.inrush if isinstance(part, PumpPart) else 1.0
    return BoundedLoad(
        lowest=(top if draws_one_power else 0.0) * least * is_here,
        highest=top * inrush * most * is_here,
        room=None if np.isinf(room).any() else room,
    )


def _car(
    load: Load, part: CarPart, house: House, *, is_here: Floats, voltages: Floats, room: Floats
) -> BoundedLoad:
    control = house.control.of(load)
    legs = len(load.phases if part.legs is None else part.legs)
    fewest = 1 if part.charger.switches_phases else legs
    lowest = min(load.minimum, part.min_current, part.max_current)
    ramp = part.max_current / min(part.ramp, part.ramp_down)
    reaction = part.charger.delay + part.response + part.stagger + ramp
    switching = part.charger.switches_phases
    return BoundedLoad(
        lowest=lowest * fewest * voltages.min(axis=1) * is_here,
        highest=min(load.maximum, part.max_current) * legs * voltages.max(axis=1) * is_here,
        room=room,
        min_on=max(0.0, control.min_on - reaction),
        min_off=max(0.0, control.min_off - reaction),
        starts=STARTS,
        settle=part.stagger + ramp,
        pause=part.charger.switch_pause + reaction if switching else 0.0,
    )


def _tank_room(part: TankPart, taken: Floats, coldest: float) -> Floats:
    """Return the most a tank can have taken, from what one takes that is always kept hot.

    Another can be warmer by the thermostat's band and has lost that much more at most.
    """
    band = part.hysteresis + 1.0
    spread = max(1.0, coldest - max(part.ambient, part.inlet))
    return taken * (1.0 + band / spread) + part.volume * _WATER_HEAT * band


def _store(house: House) -> Store | None:
    """Return the battery, without losses."""
    site, part = house.site.battery, house.plant.battery
    if site is None or part is None:
        return None
    return Store(
        energy=max(0.0, part.soc - site.soc_min) / _PER_CENT * part.capacity,
        capacity=(_PER_CENT - site.soc_min) / _PER_CENT * part.capacity,
        charge=site.max_charge,
        discharge=site.max_discharge,
    )
