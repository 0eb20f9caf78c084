"""The charging profiles that a station holds, and the limit that follows from them at any time.

As the specification says (OCPP 1.6 edition 2, section 3.13; OCPP 2.0.1 part 2, K01): of each purpose the
highest stack level counts that is valid and whose schedule has not run out; a transaction's own profile
goes before the default one; the station's maximum binds all plugs together; nothing left means no limit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from evenload.ocpp.lenient import fields, instant, items, number, text, whole
from evenload.simulate.stations.behaviour import VOLTAGE
from evenload.units import current_of

_DAY = 86400.0
TX_DEFAULT, TX = "TxDefaultProfile", "TxProfile"
STATION = frozenset({"ChargePointMaxProfile", "ChargingStationMaxProfile"})


@dataclass(frozen=True, slots=True)
class Limit:
    """What a schedule allows at one moment."""

    current: float
    """[A per leg]"""
    phases: int | None
    """Phases to give; None: as the plug has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldProfile:
    """One profile as it was installed."""

    id: int
    plug: int
    stack: int
    purpose: str
    kind: str
    installed: datetime
    unit: str
    periods: tuple[tuple[float, float, int | None], ...]
    """Offset [s], limit in the unit, phases."""
    start: datetime | None = None
    duration: float | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    transaction: str | None = None
    offline: float | None = None
    """It ends for good so long after the connection was lost [s] (2.1); None: it does not."""

    def limit(self, at: datetime, began: datetime | None, phases: int) -> Limit | None:
        """Return what it allows at a time, in a transaction that began then; None: nothing of it holds."""
        if self.valid_from is not None and at < self.valid_from:
            return None
        if self.valid_to is not None and at >= self.valid_to:
            return None
        elapsed = self._elapsed(at, began)
        if elapsed < 0.0 or (self.duration is not None and elapsed >= self.duration):
            return None
        running = [period for period in self.periods if period[0] <= elapsed]
        if not running:
            return None
        _, limit, given = running[-1]
        if self.unit == "W":
            return Limit(current_of(limit, [VOLTAGE] * (given or phases)), given)
        return Limit(limit, given)

    def _elapsed(self, at: datetime, began: datetime | None) -> float:
        if self.kind == "Relative" or self.start is None:
            return (at - (began or self.installed)).total_seconds()
        elapsed = (at - self.start).total_seconds()
        return elapsed % _DAY if self.kind == "Recurring" else elapsed


class ProfileStore:
    """All profiles of a station; they survive its restarts (errata 3.37)."""

    def __init__(self) -> None:
        """Hold none."""
        self._profiles: list[HeldProfile] = []

    def __iter__(self) -> Iterator[HeldProfile]:
        """Yield all of them."""
        return iter(self._profiles)

    def install(self, profile: HeldProfile) -> None:
        """Install a profile in place of one with its id, or of its plug, purpose and stack level."""
        self._profiles = [
            each
            for each in self._profiles
            if each.id != profile.id
            and (each.plug, each.purpose, each.stack)
            != (profile.plug, profile.purpose, profile.stack)
        ]
        self._profiles.append(profile)

    def clear(
        self,
        *,
        identifier: int | None = None,
        plug: int | None = None,
        purpose: str | None = None,
        stack: int | None = None,
    ) -> int:
        """Remove the profiles that meet every criterion given, and return how many."""
        before = len(self._profiles)
        self._profiles = [
            each
            for each in self._profiles
            if (identifier is not None and each.id != identifier)
            or (plug is not None and each.plug != plug)
            or (purpose is not None and each.purpose != purpose)
            or (stack is not None and each.stack != stack)
        ]
        return before - len(self._profiles)

    def end_offline(self, away: float) -> None:
        """Drop what does not outlive a connection that was lost `away` ago [s]."""
        self._profiles = [
            each for each in self._profiles if each.offline is None or each.offline > away
        ]

    def end_transaction(self, plug: int) -> None:
        """Drop what held for the transaction that has ended."""
        self.clear(plug=plug, purpose=TX)

    def limit(
        self, plug: int, at: datetime, began: datetime | None, *, phases: int
    ) -> Limit | None:
        """Return what a plug may draw, without the station's maximum; None: no limit."""
        own = self._highest({TX}, {plug}, at, began, phases=phases) if began is not None else None
        return (
            own
            or self._highest({TX_DEFAULT}, {plug}, at, began, phases=phases)
            or self._highest({TX_DEFAULT}, {0}, at, began, phases=phases)
        )

    def station_limit(self, at: datetime, *, phases: int) -> Limit | None:
        """Return what all plugs may draw together; None: no limit."""
        return self._highest(STATION, {0}, at, None, phases=phases)

    def _highest(
        self,
        purposes: set[str] | frozenset[str],
        plugs: set[int],
        at: datetime,
        began: datetime | None,
        *,
        phases: int,
    ) -> Limit | None:
        candidates = sorted(
            (each for each in self._profiles if each.purpose in purposes and each.plug in plugs),
            key=lambda profile: -profile.stack,
        )
        limits = (profile.limit(at, began, phases) for profile in candidates)
        return next((limit for limit in limits if limit is not None), None)


def read_profile(plug: int, given: Mapping[str, object], at: datetime) -> HeldProfile | None:
    """Return the profile in a call's payload, of 1.6 or 2.x; None: it makes no sense."""
    identifier = whole(given.get("chargingProfileId", given.get("id")))
    stack, purpose = whole(given.get("stackLevel")), text(given.get("chargingProfilePurpose"))
    schedules = items(given.get("chargingSchedule"))
    schedule = fields(schedules[0] if schedules else None)
    periods: list[tuple[float, float, int | None]] = []
    for each in map(fields, items(schedule.get("chargingSchedulePeriod"))):
        start, limit = number(each.get("startPeriod")), number(each.get("limit"))
        if start is None or limit is None:
            return None
        periods.append((start, limit, whole(each.get("numberPhases"))))
    if identifier is None or stack is None or purpose is None or not periods:
        return None
    return HeldProfile(
        id=identifier,
        plug=plug,
        stack=stack,
        purpose=purpose,
        kind=text(given.get("chargingProfileKind")) or "Absolute",
        installed=at,
        unit=text(schedule.get("chargingRateUnit")) or "A",
        periods=tuple(periods),
        start=instant(schedule.get("startSchedule")),
        duration=number(schedule.get("duration")),
        valid_from=instant(given.get("validFrom")),
        valid_to=instant(given.get("validTo")),
        transaction=text(given.get("transactionId")),
        offline=number(given.get("maxOfflineDuration")),
    )


def composite(
    store: ProfileStore,
    plug: int,
    at: datetime,
    began: datetime | None,
    *,
    phases: int,
    seconds: int,
    most: float,
) -> list[tuple[int, float]]:
    """Return the limits of the next seconds: offset [s] and current [A per leg]; no limit is `most`."""
    result: list[tuple[int, float]] = []
    for offset in range(max(1, min(seconds, int(_DAY)))):
        moment = at + timedelta(seconds=offset)
        limit = store.limit(plug, moment, began, phases=phases)
        current = min(most, limit.current) if limit is not None else most
        if not result or result[-1][1] != current:
            result.append((offset, current))
    return result
