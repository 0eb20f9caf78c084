"""From a setpoint to charging profiles that expire: what a station does when nobody tells it more.

A setpoint above the safe current is guarded. Where the station takes two periods in one profile,

    now - 60 s              now + lease
        |---- setpoint ---------|---- safe current ---->

Where it takes one period only, the setpoint stands in a profile of its own that ends with the lease
(`duration` and `validTo`, because stations heed one or the other), above a lasting one with the safe
current. A station of OCPP 2.1 that can do so also ends it by itself some time after the connection is
lost (`maxOfflineDuration`): only there, because what lies under it must hold the safe current, or the
end of the profile would be the end of every limit. It is told two thirds of the lease: a setpoint is
renewed at a third of it, so that no profile is older when the connection goes.

The start lies in the past because a profile that starts in the station's future drops what it
replaces and limits nothing until then (OCPP 1.6 edition 2, section 5.16.4).

A setpoint at or below the safe current, or one without a lease, is one lasting period: nothing is to
guard, and every profile that is sent may be written to flash.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from evenload.ocpp.nouns import Fallback, RateUnit, Setpoint
from evenload.ocpp.quirks import Differences, Kind, Purpose
from evenload.units import TOLERANCE, power_of

EARLY = 60
"""Profiles start so long before they are sent [s]."""
_FIRST_ID = 7100
"""Above the ids that other software for home chargers uses, below 32,768."""
_OFFLINE_SHARE = 2.0 / 3.0
"""How much of a lease may pass after the connection was lost."""
_NOTHING_LASTS = 60
"""Length of a lease that carries nothing beyond what lies under it [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One charging profile, in the terms of any version of OCPP."""

    id: int
    plug: int
    """0: the station as a whole."""
    stack: int
    purpose: Purpose | None
    """None: the limit of the station as a whole."""
    kind: Kind
    start: datetime
    """By the station's clock."""
    unit: RateUnit
    periods: tuple[tuple[int, float], ...]
    """Offset from the start [s] and limit in the profile's unit."""
    phases: int | None
    duration: int | None = None
    """[s] from the start."""
    ends: datetime | None = None
    transaction: str | None = None
    offline: int | None = None
    """How long it holds once the connection is lost [s] (2.1); None: as long as it does anyway."""
    phase: int | None = None
    """Which phase is the one that it gives; None: the station's choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The plug that profiles are for."""

    plug: int
    phases: int = 3
    """Legs of the plug."""
    legs_used: int | None = None
    """On how many legs its car is seen to draw; None: not known, so on every one."""
    voltage: float = 230.0
    """[V], for stations that know watts only."""
    minimum: float = 6.0
    """[A per leg]"""
    station_time: datetime
    transaction: str | None = None
    switches: bool = False
    """Whether it can give its car one phase or three."""
    chooses_phase: bool = False
    """Whether the one phase must be named."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to write a setpoint into profiles; a station accepts some and refuses others."""

    fallback: Fallback
    unit: RateUnit
    offline: bool = False
    """Whether the lease also ends with the connection (2.1)."""


def profile_id(plug: int, *, lease: bool = False) -> int:
    """Return the id of a plug's profile, or of its second one that carries the lease."""
    return _FIRST_ID + 2 * plug + lease


def is_leased(setpoint: Setpoint) -> bool:
    """Return whether something is to guard: a setpoint above the safe current that may expire."""
    return (
        setpoint.lease is not None
        and setpoint.fallback is not None
        and setpoint.current > setpoint.fallback + TOLERANCE
    )


def allowed(current: float, *, minimum: float, currents: tuple[float, ...] = ()) -> float:
    """Return the highest level that the plug can carry and is not above `current`; 0: paused.

    >>> allowed(5.9, minimum=6.0), allowed(13.27, minimum=6.0)
    (0.0, 13.2)
    >>> allowed(12.0, minimum=6.0, currents=(6.0, 8.0, 10.0, 13.0, 16.0))
    10.0
    """
    if currents:
        current = max((each for each in currents if each <= current + TOLERANCE), default=0.0)
    return 0.0 if current < minimum - TOLERANCE else math.floor(current * 10 + 1e-6) / 10


def planned(
    setpoint: Setpoint, way: Way, differences: Differences, target: Target
) -> tuple[Profile, ...]:
    """Return the profiles that carry the setpoint, in the order in which to send them."""
    if way.fallback is not Fallback.BASE_AND_LEASE:
        guarded = way.fallback is Fallback.TWO_PERIODS and is_leased(setpoint)
        return (_one(setpoint, way, differences, target, guarded=guarded),)
    lease = setpoint.lease if is_leased(setpoint) and setpoint.lease else float(_NOTHING_LASTS)
    seconds = EARLY + math.ceil(lease)
    safe = setpoint.fallback if is_leased(setpoint) else setpoint.current
    under = setpoint.current if safe is None else safe
    return (
        _profile(
            setpoint.phases,
            ((0, setpoint.current),),
            way,
            differences,
            target=target,
            lasts=seconds,
            offline=math.floor(lease * _OFFLINE_SHARE) if way.offline else None,
        ),
        _profile(setpoint.phases, ((0, under),), way, differences, target=target),
    )


def _one(
    setpoint: Setpoint, way: Way, differences: Differences, target: Target, *, guarded: bool
) -> Profile:
    limits: tuple[tuple[int, float], ...] = ((0, setpoint.current),)
    if guarded and setpoint.lease is not None and setpoint.fallback is not None:
        limits = (*limits, (EARLY + math.ceil(setpoint.lease), setpoint.fallback))
    return _profile(setpoint.phases, limits, way, differences, target=target)


def _profile(
    phases: int | None,
    limits: tuple[tuple[int, float], ...],
    way: Way,
    differences: Differences,
    *,
    target: Target,
    lasts: int | None = None,
    offline: int | None = None,
) -> Profile:
    """Return one profile; one that `lasts` a time [s] stands above one that does not."""
    phases = target.phases if phases is None else phases
    start = (target.station_time - timedelta(seconds=EARLY)).replace(microsecond=0)
    leased = lasts is not None
    absolute = differences.kind is Kind.ABSOLUTE
    return Profile(
        id=profile_id(target.plug, lease=leased),
        plug=target.plug,
        stack=differences.stack_level + leased,
        purpose=differences.purpose,
        kind=differences.kind,
        start=start,
        unit=way.unit,
        periods=tuple(
            (offset, _in_unit(current, way.unit, differences, target, phases))
            for offset, current in limits
        ),
        phases=phases,
        duration=lasts if absolute else None,
        ends=start + timedelta(seconds=lasts) if lasts is not None else None,
        transaction=target.transaction if differences.purpose is Purpose.TX else None,
        offline=offline,
        phase=1 if phases == 1 and target.phases > 1 and target.chooses_phase else None,
    )


def _in_unit(
    current: float, unit: RateUnit, differences: Differences, target: Target, phases: int
) -> float:
    level = allowed(current, minimum=target.minimum, currents=differences.currents)
    if unit is RateUnit.A:
        return level
    # Watts count over all legs: a car on one leg would draw all of them there.
    legs = phases if target.legs_used is None else min(phases, target.legs_used)
    return float(math.floor(power_of(level, [target.voltage] * legs)))


def station_profile(
    current: float, unit: RateUnit, target: Target, differences: Differences
) -> Profile:
    """Return the lasting limit of all plugs of a station together [A per phase]."""
    limit = current
    if unit is RateUnit.W:
        limit = float(math.floor(power_of(current, [target.voltage] * target.phases)))
    return Profile(
        id=profile_id(0),
        plug=0,
        stack=differences.stack_level,
        purpose=None,
        kind=Kind.ABSOLUTE,
        start=(target.station_time - timedelta(seconds=EARLY)).replace(microsecond=0),
        unit=unit,
        periods=((0, math.floor(limit * 10 + 1e-6) / 10),),
        phases=target.phases,
    )
