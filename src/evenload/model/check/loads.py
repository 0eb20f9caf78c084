"""Loads: their levels, their phase map, and where they hang."""

from collections.abc import Iterator, Mapping

from evenload.model.check import ranges
from evenload.model.check.circuits import hangs_on, without_phase
from evenload.model.check.places import listed, out_of_range
from evenload.model.check.ranges import Range
from evenload.model.finding import Finding
from evenload.model.site import Charger, Kind, Leg, Load, Phase, Site

LEVELS: Mapping[Kind, Mapping[str, Range]] = {
    Kind.EV: ranges.LEVELS_OF_EV,
    Kind.POWER: ranges.LEVELS_OF_POWER,
    Kind.STEPPED: ranges.LEVELS_OF_STEPPED,
    Kind.SWITCH: {},
}


def check_loads(site: Site) -> Iterator[Finding]:
    """Yield what is wrong with the plugs of chargers and with the other loads."""
    for index, charger in enumerate(site.chargers):
        for number, plug in enumerate(charger.plugs):
            path = f"chargers[{index}].plugs[{number}]"
            yield from _plug(plug, charger, path)
            yield from _load(site, plug, charger.circuit, path)
    for index, load in enumerate(site.loads):
        path = f"loads[{index}]"
        yield from hangs_on(site, load.circuit, f"{path}.circuit")
        yield from _load(site, load, load.circuit, path)


def _plug(plug: Load, charger: Charger, path: str) -> Iterator[Finding]:
    if plug.kind is not Kind.EV:
        yield Finding(path=f"{path}.kind", problem=f"given {plug.kind}", allowed="ev for a plug")
    if plug.circuit != charger.id:
        yield Finding(
            path=f"{path}.circuit",
            problem=f"given {plug.circuit!r}",
            allowed=f"{charger.id!r}, its charger",
        )


def _load(site: Site, load: Load, circuit: str, path: str) -> Iterator[Finding]:
    yield from out_of_range(load, path, ranges.LOAD)
    yield from _levels(load, path)
    yield from _phase_map(site, load, circuit, f"{path}.phases")
    if load.legs is not None:
        yield from check_legs(load.legs, load.phases, f"{path}.legs")


def _levels(load: Load, path: str) -> Iterator[Finding]:
    yield from out_of_range(load, path, LEVELS[load.kind])
    match load.kind:
        case Kind.EV | Kind.POWER:
            if load.minimum > load.maximum:
                yield Finding(
                    path=f"{path}.min",
                    problem=f"given {load.minimum:.12g}, above max",
                    allowed=f"at most max, {load.maximum:.12g}",
                )
        case Kind.SWITCH:
            if len(load.levels) != 1 or not ranges.RATED_POWER.allows(load.levels[0]):
                given = listed(f"{level:.12g}" for level in load.levels)
                yield Finding(
                    path=f"{path}.power", problem=f"given {given}", allowed=ranges.RATED_POWER.words
                )
        case Kind.STEPPED:
            yield from _list_of_levels(load.levels, f"{path}.levels")


def _list_of_levels(levels: tuple[float, ...], path: str) -> Iterator[Finding]:
    if not levels:
        yield Finding(path=path, problem="given none", allowed="at least one power [W]")
    for index in range(1, len(levels)):
        if not levels[index] > levels[index - 1]:
            yield Finding(
                path=f"{path}[{index}]",
                problem=f"given {levels[index]:.12g} after {levels[index - 1]:.12g}",
                allowed="rising levels",
            )


def _phase_map(site: Site, load: Load, circuit: str, path: str) -> Iterator[Finding]:
    if not load.phases:
        yield Finding(path=path, problem="no leg is mapped", allowed="at least one, as {L1: A}")
    leg_of: dict[Phase, Leg] = {}
    for leg, phase in load.phases.items():
        if phase in leg_of:
            yield Finding(
                path=f"{path}.{leg}",
                problem=f"{phase} already has leg {leg_of[phase]}",
                allowed="one leg on a phase",
            )
        leg_of.setdefault(phase, leg)
        without = without_phase(site, circuit, phase)
        if without is not None:
            yield Finding(
                path=f"{path}.{leg}",
                problem=f"{without} has no phase {phase}",
                allowed="a phase of everything it hangs on",
            )


def check_legs(legs: tuple[Leg, ...], phases: Mapping[Leg, Phase], path: str) -> Iterator[Finding]:
    """Yield what is wrong with a list of legs in use, given the load's phase map."""
    if not legs:
        yield Finding(path=path, problem="given none", allowed="at least one mapped leg")
    for index, leg in enumerate(legs):
        if leg in legs[:index]:
            yield Finding(path=f"{path}[{index}]", problem=f"{leg} again", allowed="each leg once")
        elif phases and leg not in phases:
            yield Finding(
                path=f"{path}[{index}]",
                problem=f"{leg} is not mapped to a phase",
                allowed=listed(phases),
            )
