"""How long a load that could have run was left without anything.

A load starves while it wants power, draws nothing, and all the while what its mode entitles it to would
carry its minimum:

- standard, and a car in eco, which may draw from any source: every fuse on its way has room for its
  minimum beside the household and the loads that rank before it. What lower and equal ranks draw
  counts as room, so that loads which could take turns and do not are found out.
- solar, excess, and a switch in eco: the house exports, or throws away, more than its minimum, and for
  excess the threshold besides, while it waits.

Off the grid any source means the battery, well above the charge that it is not drained below.

The longest such time without a break is told, and none while anything is broken. Delays, rests and turns make some of it; the limit is an
hour and one turn of the rotation.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evenload.model.site import MAIN, Kind, Mode, Site
from evenload.simulate.devices.device import LoadDevice
from evenload.simulate.fuses import main_rating
from evenload.simulate.plant import Plant

_ROOM = 1.5
"""Besides a load's minimum there must be so much left, for what a meter does not show [A]."""
_SURPLUS = 1.2
"""Export must be so many times a load's minimum."""
STEP = 10
"""How often it is looked at who starves [s]."""
_DRAWING = 50.0
"""A load that draws less is without power [W]."""
_RESERVE = 10.0
"""Off the grid the battery must hold so much more than the least it may [%]."""
_PATIENCE = 3600.0
"""[s]"""
_TIERS = tuple(Mode)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fuse:
    """One fuse on a load's way to the grid."""

    ratings: Sequence[float] | Mapping[int, float]
    """By the index of the site's phases [A]."""
    behind: Sequence[LoadDevice]
    """The managed loads behind it."""
    currents: Sequence[float]
    """What flows through it on each phase, always the present one; 0 where nothing tells [A]."""
    managed: Sequence[float]
    """What of it is managed [A]."""
    most_active: int | None = None
    """How many loads behind it may run at once; None: all."""


class Hunger:
    """Follows how long one load has starved."""

    __slots__ = ("_device", "_fuses", "_plant", "_share", "_since", "_stronger", "longest")

    def __init__(self, device: LoadDevice, plant: Plant) -> None:
        """Take the load's rank and its way to the grid from the plant's site."""
        self._device = device
        self._plant = plant
        rank = _rank(device)
        self._stronger = tuple(other for other in plant.devices if _rank(other) < rank)
        self._fuses = tuple(_way(device, plant))
        self._share = _minimum_power(device, plant.site)
        self._since = 0
        self.longest = 0
        """[s]"""

    def add(self) -> None:
        """Look at the plant, once in `STEP` seconds."""
        device = self._device
        content = device.power >= _DRAWING or device.appetite <= 0.0
        if content or self._plant.active_faults or not self._entitled():
            self._since = 0
            return
        self._since += STEP
        self.longest = max(self.longest, self._since)

    def _entitled(self) -> bool:
        load, plant = self._device.load, self._plant
        if load.mode is Mode.OFF:
            return False
        any_source = load.mode is Mode.STANDARD or (load.mode is Mode.ECO and load.kind is Kind.EV)
        if any_source and plant.site.grid_import_allowed:
            return _has_source(plant) and all(self._has_room(fuse) for fuse in self._fuses)
        threshold = plant.site.excess_threshold if load.mode is Mode.EXCESS else 0.0
        unused = plant.sunshine - plant.solar_power - plant.connection.grid_power
        return unused > threshold + _SURPLUS * self._share

    def _has_room(self, fuse: _Fuse) -> bool:
        """Return whether the load's minimum fits beside what ranks before it and is not managed."""
        device, plant = self._device, self._plant
        needed = self._share / len(device.phases) / plant.site.voltage
        before = [other for other in fuse.behind if other in self._stronger]
        if fuse.most_active is not None:
            active = sum(other.power >= _DRAWING for other in before)
            if active >= fuse.most_active:
                return False
        for phase in device.phases:
            drawn = fuse.currents[phase] - fuse.managed[phase]
            drawn += sum(_on_phase(other, phase) for other in before)
            if drawn + needed + _ROOM + plant.site.margin > fuse.ratings[phase]:
                return False
        return True


def _has_source(plant: Plant) -> bool:
    """Return whether there is anything to draw from: a grid, or a battery with enough in it."""
    battery, said = plant.connection.battery, plant.site.battery
    if not plant.site.off_grid:
        return True
    return battery is not None and said is not None and battery.soc > said.soc_min + _RESERVE


def allowed_hunger(plant: Plant) -> float:
    """Return how long a load may be without anything it could have had [s]."""
    return _PATIENCE + plant.control.rotation


def _rank(device: LoadDevice) -> tuple[int, int]:
    return _TIERS.index(device.load.mode), device.load.priority


def _minimum_power(device: LoadDevice, site: Site) -> float:
    load = device.load
    if load.kind is Kind.EV:
        return load.minimum * site.voltage * len(device.phases)
    return load.levels[0] if load.levels else load.minimum


def _on_phase(device: LoadDevice, phase: int) -> float:
    """Return what a device draws on a phase [A]."""
    return sum(
        current for own, current in zip(device.phases, device.draws, strict=True) if own == phase
    )


def _way(device: LoadDevice, plant: Plant) -> Iterator[_Fuse]:
    """Yield the charger, the circuits and the main fuse that a load's current passes."""
    site = plant.site
    chargers = {charger.id: charger for charger in site.chargers}
    parents = {circuit.id: circuit.parent for circuit in site.circuits}
    parents |= {charger.id: charger.circuit for charger in site.chargers}
    nothing = [0.0] * len(site.phases)
    place = device.load.circuit
    while place != MAIN:
        behind = [other for other in plant.devices if _hangs_on(other, place, parents)]
        if place in chargers:
            charger = chargers[place]
            yield _Fuse(
                ratings=[charger.max_current] * len(site.phases),
                behind=behind,
                currents=nothing,
                managed=nothing,
                most_active=charger.max_active,
            )
        else:
            circuit = plant.circuits[place]
            yield _Fuse(
                ratings=dict(zip(circuit.phases, circuit.ratings, strict=True)),
                behind=behind,
                currents=circuit.currents,
                managed=circuit.managed,
            )
        place = parents[place]
    yield _Fuse(
        ratings=[main_rating(site, index) for index in range(len(site.phases))],
        behind=plant.devices,
        currents=plant.connection.currents,
        managed=plant.managed_currents,
    )


def _hangs_on(device: LoadDevice, place: str, parents: dict[str, str]) -> bool:
    at = device.load.circuit
    while at != MAIN:
        if at == place:
            return True
        at = parents[at]
    return False
