"""What of a site does not change from one moment to the next, prepared for quick use.

Every fuse has one *row* a phase: a place in flat lists of amperes. Rows are numbered circuit by
circuit, the main fuse first, and phase by phase within it, so that row = circuit x phases + phase.
A load's *wiring* says which phases it is on and which rows it therefore passes through, from its
own charger or circuit up to the main fuse. A charger is a circuit whose rating is its own maximum
current, without the site's margin.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from evenload.engine.levels import Levels, levels_of
from evenload.model.site import MAIN, Charger, Kind, Leg, Load, Phase, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """Where a load's current flows, for one set of legs in use."""

    pool_phases: tuple[int, ...]
    """Places of the phases that pools count: the legs in use."""
    limit_phases: tuple[int, ...]
    """Places of the phases that limits count: every mapped leg where the legs are not certain."""
    rows: tuple[int, ...]
    """Every fuse's row that the load passes through, from the load up to the main fuse."""
    rooms: Callable[[Sequence[float]], tuple[float, ...]]
    """Picks from a list by row the values of `rows`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedLoad:
    """One load with everything about it that the site's settings fix."""

    load: Load
    id: str
    position: int
    """Its place in the file: the chargers' plugs, then the loads."""
    phase_of: dict[Leg, int]
    """The place of the phase that each mapped leg hangs on."""
    path: tuple[int, ...]
    """The circuits it hangs behind, from its own up to the main fuse, as numbers."""
    charger: int | None
    """For a plug: the place of its charger among the site's chargers."""
    levels: Levels
    is_ev: bool
    """Whether it is controlled in amperes."""
    is_dimmed: bool
    """Whether the grid operator's dimming names it."""
    phase_count: int
    first_row: int
    """The row of its own circuit's first phase."""
    longest_step: float
    """The greatest distance between two of its levels, whatever its ceiling."""
    wirings: dict[tuple[tuple[Leg, ...] | None, bool], Wiring]
    """Wirings met so far, by the legs of a reading and whether they are certain."""

    def wiring(self, legs: tuple[Leg, ...] | None, *, certain: bool) -> Wiring:
        """Return where its current flows with these legs in use; None: those of its settings."""
        known = self.wirings.get((legs, certain))
        if known is None:
            known = self.wirings[legs, certain] = self._wiring(legs, certain=certain)
        return known

    def _wiring(self, legs: tuple[Leg, ...] | None, *, certain: bool) -> Wiring:
        used = legs or self.load.legs or tuple(self.phase_of)
        pool_phases = tuple(self.phase_of[leg] for leg in used)
        limit_phases = pool_phases if certain else tuple(self.phase_of.values())
        rows = tuple(
            circuit * self.phase_count + phase for circuit in self.path for phase in limit_phases
        )
        # itemgetter gives a tuple from two places on; one place is asked for twice.
        rooms = itemgetter(*rows) if len(rows) > 1 else itemgetter(*rows, *rows)
        return Wiring(pool_phases=pool_phases, limit_phases=limit_phases, rows=rows, rooms=rooms)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedSite:
    """A site with its tree of circuits as numbers and rows."""

    site: Site
    phases: tuple[Phase, ...]
    circuits: tuple[str, ...]
    """Ids by number: the main fuse, the circuits, the chargers."""
    parents: tuple[int, ...]
    """The number of the circuit above each; the main fuse's own is 0."""
    bottom_up: tuple[int, ...]
    """All circuits but the main fuse, none before one that hangs on it."""
    ratings: tuple[float, ...]
    """By row [A]: what may flow there at most, the margin taken off; infinite without a fuse."""
    reserves: tuple[float, ...]
    """By row [A]: what unmanaged loads may draw there unseen."""
    row_names: tuple[str, ...]
    row_numbers: dict[str, int]
    fused_rows: tuple[tuple[int, str], ...]
    """The rows that have a rating, with their names."""
    cloud_headrooms: tuple[float, ...]
    """By phase [A]: most export that counts as headroom of the main fuse."""
    loads: tuple[PreparedLoad, ...]
    ranks: tuple[int, ...]
    """By position: the place of each load in the order of priority, then turn or position."""


def prepare(site: Site, order: Sequence[int] | None = None) -> PreparedSite:
    """Return `site` with its tree of circuits laid out in rows.

    `order` has the places of all loads as those of one priority number are served; None: by place.
    """
    phases = site.phases
    circuits = (
        MAIN,
        *(circuit.id for circuit in site.circuits),
        *(charger.id for charger in site.chargers),
    )
    numbers = {identifier: number for number, identifier in enumerate(circuits)}
    above = (
        MAIN,
        *(circuit.parent for circuit in site.circuits),
        *(charger.circuit for charger in site.chargers),
    )
    parents = tuple(numbers[identifier] for identifier in above)
    everything = site.all_loads
    row_names = tuple(f"{circuit}/{phase}" for circuit in circuits for phase in phases)
    ratings = _ratings(site)
    return PreparedSite(
        site=site,
        phases=phases,
        circuits=circuits,
        parents=parents,
        bottom_up=_bottom_up(parents),
        ratings=ratings,
        reserves=_reserves(site),
        row_names=row_names,
        row_numbers={name: row for row, name in enumerate(row_names)},
        fused_rows=tuple(
            (row, name) for row, name in enumerate(row_names) if ratings[row] < math.inf
        ),
        cloud_headrooms=tuple(
            site.fuse[phase] if site.cloud_headroom is None else site.cloud_headroom
            for phase in phases
        ),
        loads=_loads(site, numbers, parents),
        ranks=_ranks(everything, range(len(everything)) if order is None else order),
    )


def _bottom_up(parents: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(range(1, len(parents)), key=lambda number: -len(_path(number, parents))))


def _path(circuit: int, parents: Sequence[int]) -> tuple[int, ...]:
    path = [circuit]
    while path[-1] != 0:
        path.append(parents[path[-1]])
    return tuple(path)


def _ratings(site: Site) -> tuple[float, ...]:
    main = [site.fuse[phase] - site.margin for phase in site.phases]
    circuits = [
        circuit.fuse.get(phase, math.inf) - site.margin
        for circuit in site.circuits
        for phase in site.phases
    ]
    chargers = [
        charger.max_current if phase in _wired(charger) else math.inf
        for charger in site.chargers
        for phase in site.phases
    ]
    return (*main, *circuits, *chargers)


def _wired(charger: Charger) -> frozenset[Phase]:
    return frozenset(phase for plug in charger.plugs for phase in plug.phases.values())


def _reserves(site: Site) -> tuple[float, ...]:
    none = [0.0] * len(site.phases)
    circuits = [circuit.reserve for circuit in site.circuits for _ in site.phases]
    return (*none, *circuits, *(none * len(site.chargers)))


def _loads(site: Site, numbers: dict[str, int], parents: Sequence[int]) -> tuple[PreparedLoad, ...]:
    places = {phase: place for place, phase in enumerate(site.phases)}
    dimmed = frozenset(site.dimming.loads) if site.dimming is not None else frozenset[str]()
    charger_of = {
        plug.id: number for number, charger in enumerate(site.chargers) for plug in charger.plugs
    }
    return tuple(
        PreparedLoad(
            load=load,
            id=load.id,
            position=position,
            phase_of={leg: places[phase] for leg, phase in load.phases.items()},
            path=_path(numbers[load.circuit], parents),
            charger=charger_of.get(load.id),
            levels=(levels := levels_of(load)),
            is_ev=load.kind is Kind.EV,
            is_dimmed=load.id in dimmed,
            phase_count=len(site.phases),
            first_row=numbers[load.circuit] * len(site.phases),
            longest_step=levels.longest_step,
            wirings={},
        )
        for position, load in enumerate(site.all_loads)
    )


def _ranks(loads: Sequence[Load], order: Sequence[int]) -> tuple[int, ...]:
    in_order = sorted(order, key=lambda position: loads[position].priority)
    ranks = [0] * len(loads)
    for rank, position in enumerate(in_order):
        ranks[position] = rank
    return tuple(ranks)
