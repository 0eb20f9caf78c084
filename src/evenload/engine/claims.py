"""What each load asks for at this moment.

A load that may be given something becomes a *claim*: its tier (mode and need), its place in the
order, its levels in amperes under the ceiling, and the legs it would use. Every other load is
*barred*, and the reason is known at once. What loads draw meanwhile is put where it belongs, see
`flows`.
"""

from collections.abc import Sequence
from enum import IntEnum

from evenload.engine.flows import Flows, add_draw
from evenload.engine.levels import Levels
from evenload.engine.pools import Pool, is_netted, is_restricted
from evenload.engine.wiring import PreparedLoad, PreparedSite
from evenload.model.allocation import Reason
from evenload.model.readings import LoadReading, LoadState, Need, Readings
from evenload.model.site import Battery, Kind, Load, Mode, Policy
from evenload.units import TOLERANCE

type Because = tuple[Reason, str | None]
"""A reason, and the load or limit it names."""

_NOT_CONSIDERED: Because = (Reason.OFF, None)


class Tier(IntEnum):
    """Loads served together, first to last."""

    STANDARD = 1
    ECO = 2
    SOLAR = 3
    EXCESS = 4


_TIER_OF_MODE = {
    Mode.STANDARD: Tier.STANDARD,
    Mode.ECO: Tier.ECO,
    Mode.SOLAR: Tier.SOLAR,
    Mode.EXCESS: Tier.EXCESS,
}

_BARRED_BY_STATE = {
    LoadState.DISCONNECTED: Reason.NOT_CONNECTED,
    LoadState.FAULTED: Reason.FAULTED,
    LoadState.UNRESPONSIVE: Reason.UNRESPONSIVE,
    LoadState.FINISHED: Reason.SATISFIED,
}


class Claim:
    """One load that may be given something, and what it has so far.

    Much of it stays the same from one moment to the next, so a claim is made once for what is asked,
    told the voltages when they change (`at`), and opened anew for each allocation (`reopen`).
    """

    def __init__(
        self, prepared: PreparedLoad, reading: LoadReading, levels: Levels, site: PreparedSite
    ) -> None:
        """Ask for `levels`, those of the load's that are under its ceiling, in its own unit."""
        load = prepared.load
        tier = _tier(load.mode, reading.need)
        is_eco_switch = tier is Tier.ECO and load.kind is Kind.SWITCH
        restricted = is_restricted(site.site)
        self.prepared, self.levels, self.tier = prepared, levels, tier
        self.id: str = prepared.id
        self.reading: LoadReading = reading
        """Says the same as the reading of any moment that the claim stands for, the draw aside."""
        self.wiring = prepared.wiring(reading.legs, certain=reading.legs_certain)
        self.rows, self.rooms = self.wiring.rows, self.wiring.rooms
        self.order: int = tier * len(site.loads) + site.ranks[prepared.position]
        """Its place among all loads: smaller is served first."""
        self.is_eco_switch = is_eco_switch
        self.cover = 1.0 if restricted else _cover(load, reading, is_eco_switch=is_eco_switch)
        """The share of its minimum's power that its pool must cover for it to run."""
        self.has_free_minimum = not (restricted or is_eco_switch) and tier <= Tier.ECO
        """Whether its minimum may come from any source."""
        self.pool_sort = tier, _is_before_battery(load, site.site.battery)
        """Loads alike in this draw on one pool."""
        self.pool: Pool | None = None
        """None: any source will do."""
        self.waits_for: Sequence[Claim] = ()
        """Earlier plugs of a sequential charger."""
        self.refused_by: Sequence[str] = ()
        """The limits that refused it its minimum, where it is at 0 for want of room."""
        self._is_netted = is_netted(site.site)

    def at(self, voltages: Sequence[float]) -> None:
        """Take its levels and its power at these voltages by phase [V]."""
        phases = self.wiring.pool_phases
        power = sum([voltages[phase] for phase in phases])
        levels = self.levels
        unit = 1.0 if self.prepared.is_ev else 1.0 / power
        self.voltages = voltages
        self.power_per_ampere: float = power
        """[W] that one ampere on every leg in use makes."""
        self.unit = unit
        """[A per leg] that one of the unit it is controlled in makes."""
        self.minimum = levels.lowest * unit
        """[A per leg]"""
        self.top = levels.top * unit
        """[A per leg]"""
        self.longest_step = self.prepared.longest_step * unit
        """The greatest distance between two of its levels, without its ceiling [A per leg]."""
        self.shares: Sequence[tuple[int, float]] = (
            ((0, power),) if self._is_netted else [(phase, voltages[phase]) for phase in phases]
        )
        """For each account of the pools it draws on: which, and the watts an ampere takes there."""

    def reopen(self) -> None:
        """Ask once more, with nothing granted yet."""
        self.current = 0.0
        """What it has so far [A per leg]."""
        self.is_out = False
        """Whether its minimum was refused, and nothing can come back that it lacked."""
        self.is_final = False
        """Whether what it has is its allocation."""
        self.because: Because = _NOT_CONSIDERED
        """Why it has what it has, and the load or limit that names, once it was considered."""

    @property
    def is_ready(self) -> bool:
        """Return whether it may be considered: no earlier plug of a sequential charger is open."""
        return not self.waits_for or all(plug.is_final for plug in self.waits_for)

    def settle(self, because: Because) -> None:
        """Make what it has its allocation."""
        self.because = because
        self.is_final = True

    def highest(self, current: float) -> float:
        """Return the highest level not above `current` [A per leg], 0 where none is."""
        if current >= self.top - TOLERANCE:
            return self.top
        return self.levels.highest((current + TOLERANCE) / self.unit) * self.unit

    def next_level(self) -> float:
        """Return the level above what it has [A per leg]; it must be below its top."""
        return self.levels.after(self.current / self.unit) * self.unit

    def reaching(self, current: float) -> float:
        """Return the lowest level not below `current` [A per leg], else its top."""
        if current >= self.top - TOLERANCE:
            return self.top
        return self.levels.reaching(current / self.unit) * self.unit


class Met:
    """The claims made so far: a load of which the same is said asks for the same."""

    __slots__ = ("claims", "voltages")

    def __init__(self) -> None:
        """Start with none met."""
        self.voltages: Sequence[float] = ()
        """By phase [V], of the last moment."""
        self.claims: dict[int, Claim] = {}
        """By position."""

    def claim(self, load: PreparedLoad, reading: LoadReading, site: PreparedSite) -> Claim | None:
        """Return what `load` asks for; None: it may have none of its levels."""
        claim = self.claims.get(load.position)
        if claim is None or not (
            claim.reading is reading or _asks_the_same(claim.reading, reading)
        ):
            levels = _levels(load.levels, reading)
            if levels is None:
                return None
            claim = self.claims[load.position] = Claim(load, reading, levels, site)
            claim.at(self.voltages)
        elif claim.voltages is not self.voltages:
            claim.at(self.voltages)
        claim.reopen()
        return claim


def _asks_the_same(one: LoadReading, other: LoadReading) -> bool:
    """Return whether two readings differ in nothing but what the load draws."""
    return (
        one.ceiling == other.ceiling
        and one.solar_share == other.solar_share
        and one.legs == other.legs
        and one.need is other.need
        and one.state is other.state
        and one.legs_certain is other.legs_certain
    )


def read_loads(
    prepared: PreparedSite, readings: Readings, voltages: Sequence[float], met: Met
) -> tuple[list[Claim], dict[int, Reason], Flows]:
    """Return the claims in order, the barred loads by position, and what flows besides."""
    flows = Flows(rows=len(prepared.ratings), phases=len(prepared.phases))
    claims: list[Claim] = []
    barred: dict[int, Reason] = {}
    by_id = readings.loads
    if met.voltages != voltages:
        met.voltages = voltages
    for load in prepared.loads:
        reading = by_id.get(load.id)
        reason = _barred(load, reading)
        if reading is not None:
            add_draw(load, reading, reason, voltages, flows)
            if reason is None:
                claim = met.claim(load, reading, prepared)
                if claim is not None:
                    claims.append(claim)
                    continue
                reason = Reason.HELD
        barred[load.position] = Reason.NOT_CONNECTED if reason is None else reason
    claims.sort(key=_order)
    _link_plugs(prepared, claims)
    return claims, barred, flows


def _order(claim: Claim) -> int:
    return claim.order


def _barred(prepared: PreparedLoad, reading: LoadReading | None) -> Reason | None:
    if prepared.load.mode is Mode.OFF:
        return Reason.OFF
    if reading is None:
        return Reason.NOT_CONNECTED
    if reading.need is Need.SATISFIED and reading.state not in _BARRED_BY_STATE:
        return Reason.SATISFIED
    return _BARRED_BY_STATE.get(reading.state)


def _levels(levels: Levels, reading: LoadReading) -> Levels | None:
    """Return those of a load's levels that it may have now, None where it may have none."""
    if reading.ceiling is not None:
        lower = levels.up_to(reading.ceiling)
        if lower is None:
            return None
        levels = lower
    return levels.up_to(levels.lowest) if reading.state is LoadState.SUSPENDED else levels


def _cover(load: Load, reading: LoadReading, *, is_eco_switch: bool) -> float:
    if is_eco_switch:
        return load.eco_share
    return load.solar_share if reading.solar_share is None else reading.solar_share


def _is_before_battery(load: Load, battery: Battery | None) -> bool:
    return load.priority < (0 if battery is None else battery.priority)


def _tier(mode: Mode, need: Need) -> Tier:
    tier = _TIER_OF_MODE[mode]
    if need is Need.WANTS:
        return tier
    return Tier.STANDARD if need is Need.MUST else max(tier, Tier.SOLAR)


def _link_plugs(prepared: PreparedSite, claims: Sequence[Claim]) -> None:
    """Tell each plug of a sequential charger which plugs go before it."""
    chargers = prepared.site.chargers
    if not any(charger.policy is Policy.SEQUENTIAL for charger in chargers):
        return
    earlier: dict[int, list[Claim]] = {}
    for claim in claims:
        number = claim.prepared.charger
        if number is not None and chargers[number].policy is Policy.SEQUENTIAL:
            plugs = earlier.setdefault(number, [])
            claim.waits_for = tuple(plugs)
            plugs.append(claim)
