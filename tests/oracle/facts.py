"""What a site and its readings say, before any rule is applied: legs, levels, draws, the sums m.

Currents are amperes, per phase or per leg. A level is the current of each leg of a load.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from evenload.model.readings import LoadReading, LoadState, Need, Readings
from evenload.model.site import Kind, Load, Mode, Phase, Site

NEAR = 1e-7
"""Quantities nearer than this are one."""

TIERS = {Mode.STANDARD: 1, Mode.ECO: 2, Mode.SOLAR: 3, Mode.EXCESS: 4}

NOT_OBEYING = {LoadState.DISCONNECTED, LoadState.FAULTED, LoadState.UNRESPONSIVE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One load with everything the readings say of it."""

    load: Load
    reading: LoadReading
    position: int
    mode: Mode
    """How it is served now: its mode under its need."""
    legs_for_pools: tuple[Phase, ...]
    legs_for_limits: tuple[Phase, ...]
    draw: Mapping[Phase, float]
    levels: tuple[float, ...]
    """What it may have besides 0 under its ceiling, rising [A per leg]; empty: held at 0."""
    maximum: float
    """Its highest level without a ceiling [A per leg]."""

    @property
    def id(self) -> str:
        return self.load.id

    @property
    def order(self) -> tuple[int, int, int]:
        return (TIERS[self.mode], self.load.priority, self.position)

    @property
    def obeys(self) -> bool:
        """Whether its draw is in m."""
        return self.load.mode is not Mode.OFF and self.reading.state not in NOT_OBEYING

    @property
    def serveable(self) -> bool:
        """Whether a round may give it anything."""
        return (
            self.obeys
            and self.reading.state is not LoadState.FINISHED
            and self.reading.need is not Need.SATISFIED
            and bool(self.levels)
        )

    @property
    def solar_share(self) -> float:
        """The share of its minimum that surplus must cover for a solar or excess load."""
        share = self.reading.solar_share
        return self.load.solar_share if share is None else share

    @property
    def is_eco_switch(self) -> bool:
        return self.mode is Mode.ECO and self.load.kind is Kind.SWITCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A site at one moment."""

    site: Site
    readings: Readings
    voltage: Mapping[Phase, float]
    members: Mapping[str, Member]

    @property
    def managed(self) -> Mapping[Phase, float]:
        """m: what loads whose commands are expected to be obeyed draw [A]."""
        obeying = [member for member in self.members.values() if member.obeys]
        return {
            phase: sum(member.draw.get(phase, 0.0) for member in obeying)
            for phase in self.site.phases
        }

    @property
    def unresponsive(self) -> list[Member]:
        return [
            member
            for member in self.members.values()
            if member.reading.state is LoadState.UNRESPONSIVE
        ]

    @property
    def must_be_covered(self) -> bool:
        """Whether every load needs its pool for all it draws."""
        return self.site.off_grid or not self.site.grid_import_allowed

    def power(self, phases: tuple[Phase, ...], current: float) -> float:
        return current * sum(self.voltage[phase] for phase in phases)

    def behind(self, circuit: str) -> list[Member]:
        """Return every load that hangs on this circuit or charger, however deep."""
        return [member for member in self.members.values() if circuit in self.path(member)]

    def path(self, member: Member) -> list[str]:
        """Return the ids of what feeds a load, from its own circuit or charger to below main."""
        above = {charger.id: charger.circuit for charger in self.site.chargers}
        above |= {circuit.id: circuit.parent for circuit in self.site.circuits}
        path = [member.load.circuit]
        while path[-1] in above:
            path.append(above[path[-1]])
        return path


def facts_of(site: Site, readings: Readings) -> Facts:
    voltage = {phase: readings.voltage.get(phase, site.voltage) for phase in site.phases}
    absent = LoadReading(state=LoadState.DISCONNECTED)
    members = {
        load.id: _member(load, readings.loads.get(load.id, absent), position, voltage)
        for position, load in enumerate(site.all_loads)
    }
    return Facts(site=site, readings=readings, voltage=voltage, members=members)


def _member(
    load: Load, reading: LoadReading, position: int, voltage: Mapping[Phase, float]
) -> Member:
    legs = next(
        given for given in (reading.legs, load.legs, tuple(load.phases)) if given is not None
    )
    in_use = tuple(load.phases[leg] for leg in legs)
    every = tuple(load.phases.values())
    to_current = 1.0 if load.kind is Kind.EV else 1.0 / sum(voltage[phase] for phase in in_use)
    levels = [level * to_current for level in _levels(load, reading)]
    return Member(
        load=load,
        reading=reading,
        position=position,
        mode=_served_as(load.mode, reading.need),
        legs_for_pools=in_use,
        legs_for_limits=in_use if reading.legs_certain else every,
        draw=_draw(load, reading, in_use, voltage),
        levels=tuple(levels),
        maximum=_range(load)[1] * to_current,
    )


def _served_as(mode: Mode, need: Need) -> Mode:
    if mode is Mode.OFF or need in (Need.WANTS, Need.SATISFIED):
        return mode
    if need is Need.MUST:
        return Mode.STANDARD
    return Mode.EXCESS if mode is Mode.EXCESS else Mode.SOLAR


def _range(load: Load) -> tuple[float, float]:
    if load.kind in (Kind.SWITCH, Kind.STEPPED):
        return load.levels[0], load.levels[-1]
    return load.minimum, load.maximum


def _levels(load: Load, reading: LoadReading) -> list[float]:
    """Return the levels in the load's own unit: [A per leg] for ev, else [W]."""
    lowest, highest = _range(load)
    ceiling = math.inf if reading.ceiling is None else reading.ceiling
    if reading.state is LoadState.SUSPENDED:
        ceiling = min(ceiling, lowest)
    if load.kind in (Kind.SWITCH, Kind.STEPPED):
        return [level for level in load.levels if level <= ceiling + NEAR]
    highest = min(highest, ceiling)
    if highest < lowest - NEAR:
        return []
    if highest < lowest + NEAR:
        return [lowest]
    count = math.floor(highest / load.step) + 1
    multiples = [number * load.step for number in range(count + 1)]
    between = [level for level in multiples if lowest + NEAR < level < highest - NEAR]
    return [lowest, *between, highest]


def _draw(
    load: Load, reading: LoadReading, in_use: tuple[Phase, ...], voltage: Mapping[Phase, float]
) -> dict[Phase, float]:
    if reading.current:
        return {load.phases[leg]: current for leg, current in reading.current.items()}
    power = reading.power
    if power is None:
        rated = load.kind is Kind.SWITCH and reading.state in (LoadState.ON, LoadState.CHARGING)
        power = load.levels[0] if rated else 0.0
    return dict.fromkeys(in_use, power / sum(voltage[phase] for phase in in_use))
