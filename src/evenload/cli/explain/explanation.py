"""How a load's allocation came about: mode, need, ceiling, pool, the limits on its way, and what if."""

from dataclasses import dataclass

from evenload.cli.explain.moment import Moment
from evenload.cli.explain.what_if import Remedy, remedies_for
from evenload.engine import allocate
from evenload.model.allocation import Allocation, LimitUse
from evenload.model.readings import LoadReading, LoadState, Readings
from evenload.model.sentences import sentence
from evenload.model.site import MAIN, Kind, Load, Mode, Phase, Site
from evenload.units import TOLERANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that decided about one load."""

    site: Site
    load: Load
    reading: LoadReading
    """A load without a reading is disconnected."""
    allocation: Allocation
    sentence: str
    """Its reason in words."""
    pool: str | None
    """`surplus` or `excess`; None: it may draw on any source."""
    pool_power: float
    """What was in its pool before anything was granted [W]; 0 where it has none."""
    others_power: float
    """What all other loads are granted [W]."""
    limits: dict[str, LimitUse]
    """The limits on its way, by name, in the order the engine lists them."""
    remedies: tuple[Remedy, ...]

    @property
    def has_highest_level(self) -> bool:
        """Whether the load has its highest level, so that nothing could give it more."""
        load = self.load
        if load.kind is Kind.EV:
            return self.allocation.current > load.maximum - TOLERANCE
        highest = load.levels[-1] if load.levels else load.maximum
        return self.allocation.power > highest - TOLERANCE


def explain_load(site: Site, readings: Readings, load_id: str) -> Explanation:
    """Return how the allocation of `load_id` came about; raises KeyError for an unknown load."""
    moment = Moment(site=site, readings=readings)
    load = moment.load(load_id)
    allocations = allocate(site, readings)
    allocation = allocations.loads[load_id]
    pool = _pool_of(site, load)
    pools = allocations.pools
    return Explanation(
        site=site,
        load=load,
        reading=readings.loads.get(load_id, LoadReading(state=LoadState.DISCONNECTED)),
        allocation=allocation,
        sentence=sentence(site, load_id, allocation),
        pool=pool,
        pool_power={"surplus": pools.surplus, "excess": pools.excess}.get(pool or "", 0.0),
        others_power=sum(
            other.power for identifier, other in allocations.loads.items() if identifier != load_id
        ),
        limits={
            name: use
            for name, use in allocations.limits.items()
            if _counts(site, load, moment.phases_of(load), name)
        },
        remedies=remedies_for(moment, load_id, allocation),
    )


def _pool_of(site: Site, load: Load) -> str | None:
    if load.mode is Mode.EXCESS:
        return "excess"
    if load.mode in {Mode.ECO, Mode.SOLAR}:
        return "surplus"
    restricted = site.off_grid or not site.grid_import_allowed
    return "surplus" if restricted and load.mode is Mode.STANDARD else None


def _counts(site: Site, load: Load, phases: tuple[Phase, ...], name: str) -> bool:
    holder, _, part = name.partition("/")
    if holder == "dimming":
        return site.dimming is not None and load.id in site.dimming.loads
    if holder in {"import", "inverter"}:
        return not part or part in phases
    if holder == "unbalance":
        return any(phase in phases for phase in part)
    if part == "active":
        return holder == load.circuit
    return part in phases and holder in _way_up(site, load.circuit)


def _way_up(site: Site, holder: str) -> set[str]:
    parents = {circuit.id: circuit.parent for circuit in site.circuits}
    parents |= {charger.id: charger.circuit for charger in site.chargers}
    way = {MAIN}
    while holder in parents:
        way.add(holder)
        holder = parents[holder]
    return way
