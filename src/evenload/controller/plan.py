"""What of a site does not change from one pass to the next, prepared once for each `Site` object.

A changed setting is a new `Site` or new `ControlSettings`, so a plan is kept as long as snapshots
bring the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from types import MappingProxyType

from evenload.controller.change import replace
from evenload.controller.made import Made
from evenload.controller.moment import Target
from evenload.engine import Allocator
from evenload.engine.levels import Levels, levels_of
from evenload.model.control import ControlSettings, LoadControl
from evenload.model.decision import LoadDecision
from evenload.model.readings import LoadReading
from evenload.model.site import MAIN, Kind, Leg, Load, Mode, Phase, Policy, Site
from evenload.model.snapshot import DeviceSnapshot

NOTHING_ELSE: Mapping[str, Mode] = MappingProxyType({})
"""All loads are served by the modes that people chose."""

TIERS = (Mode.STANDARD, Mode.ECO, Mode.SOLAR, Mode.EXCESS, Mode.OFF)
"""Modes in the order in which their loads are served."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlan:
    """One load with everything about it that the settings fix."""

    load: Load
    treat: LoadControl
    """How it is treated over time."""
    levels: Levels
    legs: tuple[Leg, ...]
    """Its mapped legs; every tuple of currents of this load has this order."""
    places: tuple[int, ...]
    """For each leg the place of its phase among the site's."""
    place_of: dict[Leg, int]
    """The same by leg."""
    used: tuple[bool, ...]
    """For each leg whether the settings say that it is in use."""
    used_legs: tuple[Leg, ...]
    """Those legs."""
    circuits: tuple[str, ...]
    """Everything it hangs behind, from its own circuit up to the main fuse."""
    lowest_power: float
    """What its lowest level takes over all legs in use, at the site's voltage [W]."""
    is_ev: bool
    is_patient: bool
    """Whether it runs on surplus alone, and so waits for the sun and rides through clouds."""
    chosen_mode: Mode
    """What a person chose; the load has the mode by which it is served, as its need has it."""
    rested: Made[DeviceSnapshot] = field(
        default_factory=Made[DeviceSnapshot], compare=False, repr=False
    )
    """What its device said last with nothing new in it."""
    asked: Made[LoadReading] = field(default_factory=Made[LoadReading], compare=False, repr=False)
    """What the engine was told of it last."""
    wished: Made[Target] = field(default_factory=Made[Target], compare=False, repr=False)
    """What it would have got last if nothing depended on time."""
    shown: Made[LoadDecision] = field(default_factory=Made[LoadDecision], compare=False, repr=False)
    """What was shown of it last."""

    def currents(self, setpoint: float, voltages: Sequence[float]) -> float:
        """Return the current [A per leg] of `setpoint`, with the site's voltages [V] by phase."""
        if self.is_ev:
            return setpoint
        return setpoint / sum([voltages[place] for place in self.places])

    def power(self, setpoint: float, voltages: Sequence[float]) -> float:
        """Return the power [W] of `setpoint` over all legs."""
        if not self.is_ev:
            return setpoint
        return setpoint * sum(voltages[place] for place in self.places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """The loads of one mode and priority number."""

    places: tuple[int, ...]
    """In the order of the file."""
    equals: tuple[int, ...]
    """Those of them that take turns where their minimums do not all fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FusePhase:
    """One phase of a fuse that a meter may watch."""

    name: str
    """Of the limit: `main/A`."""
    phase: Phase
    place: int
    """Of the phase among the site's."""
    limit: float
    """Its rating less the margin [A]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """A site, prepared for the controller."""

    site: Site
    settings: ControlSettings
    allocator: Allocator
    loads: tuple[LoadPlan, ...]
    """In the order of the site's loads."""
    serving: tuple[int, ...]
    """Places of the loads in the order in which they are served; cuts go the other way."""
    behind: dict[str, tuple[int, ...]]
    """By circuit or charger: places of the loads behind it, in serving order."""
    fuses: dict[str, tuple[FusePhase, ...]]
    """By circuit, `main` for the site: the phases that are fused there."""
    ranks: tuple[Rank, ...]
    """All loads by mode and priority number, in the order in which those are served."""
    has_equals: bool
    """Whether any of them may have to take turns."""


def plan_for(
    site: Site,
    settings: ControlSettings,
    before: SitePlan | None,
    chosen: Mapping[str, Mode] = NOTHING_ELSE,
) -> SitePlan:
    """Return what is prepared for this site and these settings: `before`, where it was for them.

    `chosen` has the modes that people chose, where loads are served by another.
    """
    if before is None or before.site is not site:
        return prepare(site, settings, Allocator(site), chosen)
    if before.settings is settings or before.settings == settings:
        return before
    # The allocator before may have equals in the order of their turns, a new plan has not.
    return prepare(site, settings, Allocator(site), chosen)


def prepare(
    site: Site,
    settings: ControlSettings,
    allocator: Allocator,
    chosen: Mapping[str, Mode] = NOTHING_ELSE,
) -> SitePlan:
    """Return `site` prepared for the controller."""
    loads = tuple(
        _load_plan(site, settings, load, chosen.get(load.id, load.mode)) for load in site.all_loads
    )
    ranks = _ranks(site, loads)
    serving = tuple(place for rank in ranks for place in rank.places)
    return SitePlan(
        site=site,
        settings=settings,
        allocator=allocator,
        loads=loads,
        serving=serving,
        behind=_behind(site, loads, serving),
        fuses=_fuses(site),
        ranks=ranks,
        has_equals=any(len(rank.equals) > 1 for rank in ranks),
    )


def serve(plan: SitePlan, serving: tuple[int, ...]) -> SitePlan:
    """Return the plan with its loads served in this order of places, by the engine, too."""
    return replace(
        plan,
        allocator=Allocator(plan.site, serving),
        serving=serving,
        behind=_behind(plan.site, plan.loads, serving),
    )


def _ranks(site: Site, loads: Sequence[LoadPlan]) -> tuple[Rank, ...]:
    in_sequence = {
        plug.id
        for charger in site.chargers
        if charger.policy is Policy.SEQUENTIAL
        for plug in charger.plugs
    }

    def standing(place: int) -> tuple[int, int]:
        load = loads[place].load
        return TIERS.index(load.mode), load.priority

    groups = groupby(sorted(range(len(loads)), key=standing), key=standing)
    return tuple(
        Rank(places=places, equals=_equals(places, loads, in_sequence))
        for places in (tuple(group) for _, group in groups)
    )


def _equals(
    places: tuple[int, ...], loads: Sequence[LoadPlan], in_sequence: set[str]
) -> tuple[int, ...]:
    if loads[places[0]].load.mode is Mode.OFF:
        return ()
    return tuple(place for place in places if loads[place].load.id not in in_sequence)


def _behind(
    site: Site, loads: Sequence[LoadPlan], serving: Sequence[int]
) -> dict[str, tuple[int, ...]]:
    names = (MAIN, *(c.id for c in site.circuits), *(c.id for c in site.chargers))
    return {
        name: tuple(place for place in serving if name in loads[place].circuits) for name in names
    }


def _fuses(site: Site) -> dict[str, tuple[FusePhase, ...]]:
    ratings = {MAIN: site.fuse} | {circuit.id: circuit.fuse for circuit in site.circuits}
    return {
        name: tuple(
            FusePhase(
                name=f"{name}/{phase}",
                phase=phase,
                place=place,
                limit=fuse[phase] - site.margin,
            )
            for place, phase in enumerate(site.phases)
            if phase in fuse
        )
        for name, fuse in ratings.items()
    }


def _load_plan(site: Site, settings: ControlSettings, load: Load, chosen_mode: Mode) -> LoadPlan:
    legs = tuple(load.phases)
    places = tuple(site.phases.index(load.phases[leg]) for leg in legs)
    return LoadPlan(
        load=load,
        treat=settings.of(load),
        levels=levels_of(load),
        legs=legs,
        places=places,
        place_of=dict(zip(legs, places, strict=True)),
        used=tuple(load.legs is None or leg in load.legs for leg in legs),
        used_legs=legs if load.legs is None else load.legs,
        circuits=_circuits(site, load),
        lowest_power=_lowest_power(site, load),
        is_ev=load.kind is Kind.EV,
        is_patient=_is_patient(site, load),
        chosen_mode=chosen_mode,
    )


def _lowest_power(site: Site, load: Load) -> float:
    lowest = levels_of(load).lowest
    return lowest * site.voltage * len(load.legs or load.phases) if load.kind is Kind.EV else lowest


def _circuits(site: Site, load: Load) -> tuple[str, ...]:
    parents = {c.id: c.parent for c in site.circuits} | {c.id: c.circuit for c in site.chargers}
    path = [load.circuit]
    while path[-1] != MAIN:
        path.append(parents[path[-1]])
    return tuple(path)


def _is_patient(site: Site, load: Load) -> bool:
    if load.mode in (Mode.SOLAR, Mode.EXCESS):
        return True
    if load.mode is Mode.ECO and load.kind is Kind.SWITCH:
        return True
    return site.off_grid or not site.grid_import_allowed
