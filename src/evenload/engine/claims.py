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
from evenload.engine.wiring import PreparedLoad, PreparedSite, Wiring
from evenload.model.allocation import Reason
from evenload.model.readings import LoadReading, LoadState, Need, Readings
from evenload.model.site import Kind, Load, Mode, Policy
from evenload.units import TOLERANCE

_new = object.__new__

type Because = tuple[Reason, str | None]
"""A reason, and the load or limit it names."""


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
    """One load that may be given something, and what it has so far."""

    def __init__(
        self,
        prepared: PreparedLoad,
        reading: LoadReading,
        levels: Levels,
        site: PreparedSite,
        voltages: Sequence[float],
    ) -> None:
        """Ask for `levels`, those of the load's that are under its ceiling, in its own unit."""
        load = prepared.load
        wiring = prepared.wiring(reading.legs, certain=reading.legs_certain)
        power = sum([voltages[phase] for phase in wiring.pool_phases])
        unit = 1.0 if prepared.is_ev else 1.0 / power
        tier = _tier(load.mode, reading.need)
        is_eco_switch = tier is Tier.ECO and load.kind is Kind.SWITCH
        self.prepared, self.wiring, self.levels, self.tier = prepared, wiring, levels, tier
        self.order: int = tier * len(site.loads) + site.ranks[prepared.position]
        """Its place among all loads: smaller is served first."""
        self.power_per_ampere: float = power
        """[W] that one ampere on every leg in use makes."""
        self.unit = unit
        """[A per leg] that one of the unit it is controlled in makes."""
        self.minimum = levels.lowest * unit
        """[A per leg]"""
        self.top = levels.top * unit
        """[A per leg]"""
        self.longest_step = prepared.longest_step * unit
        """The greatest distance between two of its levels, without its ceiling [A per leg]."""
        self.is_eco_switch = is_eco_switch
        restricted = is_restricted(site.site)
        self.cover = 1.0 if restricted else _cover(load, reading, is_eco_switch=is_eco_switch)
        """The share of its minimum's power that its pool must cover for it to run."""
        self.shares = _shares(site, wiring, voltages, power)
        """For each account of the pools it draws on: which, and the watts an ampere takes there."""
        self.pool: Pool | None = None
        """None: any source will do."""
        self.has_free_minimum = not (restricted or is_eco_switch) and tier <= Tier.ECO
        """Whether its minimum may come from any source."""
        self.waits_for: Sequence[Claim] = ()
        """Earlier plugs of a sequential charger."""
        self.current = 0.0
        """What it has so far [A per leg]."""
        self.refused_by: Sequence[str] = ()
        """The limits that refuse it its minimum, where it is at 0 for want of room."""
        self.is_final = False
        """Whether what it has is its allocation."""
        self.because: Because = (Reason.OFF, None)
        """Why it has what it has, and the load or limit that names, once it was considered."""

    def anew(self) -> Claim:
        """Return a copy of this claim, which must still have nothing."""
        copied = _new(Claim)
        copied.__dict__.update(self.__dict__)
        return copied

    @property
    def id(self) -> str:
        """Return the load's id."""
        return self.prepared.load.id

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
    """The claims of the last readings: a load of which the same is said asks for the same."""

    __slots__ = ("claims", "voltages")

    def __init__(self) -> None:
        """Start with none met."""
        self.voltages: Sequence[float] = ()
        """By phase [V]: what the claims were made at."""
        self.claims: dict[int, tuple[LoadReading, Claim]] = {}
        """By position: the reading, and its claim as it was made."""

    def claim(self, load: PreparedLoad, reading: LoadReading, site: PreparedSite) -> Claim | None:
        """Return what `load` asks for; None: it may have none of its levels."""
        known = self.claims.get(load.position)
        if known is not None and known[0] is reading:
            return known[1].anew()
        levels = _levels(load.levels, reading)
        if levels is None:
            return None
        made = Claim(load, reading, levels, site, self.voltages)
        self.claims[load.position] = reading, made
        return made.anew()


def read_loads(
    prepared: PreparedSite, readings: Readings, voltages: Sequence[float], met: Met
) -> tuple[list[Claim], dict[int, Reason], Flows]:
    """Return the claims in order, the barred loads by position, and what flows besides."""
    flows = Flows.none(rows=len(prepared.ratings), phases=len(prepared.phases))
    claims: list[Claim] = []
    barred: dict[int, Reason] = {}
    by_id = readings.loads
    if met.voltages != voltages:
        met.voltages, met.claims = voltages, {}
    for load in prepared.loads:
        reading = by_id.get(load.load.id)
        reason = _barred(load, reading)
        if reading is not None:
            add_draw(load, reading, reason, voltages, flows)
        if reason is None and reading is not None:
            claim = met.claim(load, reading, prepared)
            if claim is not None:
                claims.append(claim)
                continue
            reason = Reason.HELD
        barred[load.position] = reason if reason is not None else Reason.NOT_CONNECTED
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
    if reading.state in _BARRED_BY_STATE:
        return _BARRED_BY_STATE[reading.state]
    return Reason.SATISFIED if reading.need is Need.SATISFIED else None


def _levels(levels: Levels, reading: LoadReading) -> Levels | None:
    """Return those of a load's levels that it may have now, None where it may have none."""
    if reading.ceiling is not None:
        lower = levels.up_to(reading.ceiling)
        if lower is None:
            return None
        levels = lower
    return levels.up_to(levels.lowest) if reading.state is LoadState.SUSPENDED else levels


def _shares(
    site: PreparedSite, wiring: Wiring, voltages: Sequence[float], power: float
) -> Sequence[tuple[int, float]]:
    if is_netted(site.site):
        return ((0, power),)
    return tuple([(phase, voltages[phase]) for phase in wiring.pool_phases])


def _cover(load: Load, reading: LoadReading, *, is_eco_switch: bool) -> float:
    if is_eco_switch:
        return load.eco_share
    return load.solar_share if reading.solar_share is None else reading.solar_share


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
