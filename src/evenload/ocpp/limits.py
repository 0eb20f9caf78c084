"""What one plug is told, has accepted, and must be told again.

Every command is written at once, newest first. Nothing is renewed here: the controller repeats a leased
setpoint at a third of its lease, so that one that has stopped renews nothing and the station falls back.
What is sent late, as after a connection was lost, carries only what is left of the lease, and the safe
current once nothing is left: the controller counts on its having run out.

A station that refuses a form of profile is tried with the next simpler one at once, because a cut
must not wait: two periods, base and lease, one period; amperes, then watts. The first that it takes is
kept until it boots again.
"""

from dataclasses import dataclass, replace
from itertools import product

from evenload.model.snapshot import Sample
from evenload.ocpp.nouns import Abilities, Fallback, RateUnit, Setpoint, TroubleCode
from evenload.ocpp.profiles import Profile, Target, Way, allowed, is_leased, planned
from evenload.ocpp.quirks import Differences, Pause
from evenload.ocpp.switching import PhaseSwitch

_SAME_WRITE = 5.0
"""The same setpoint again within this time is not written again [s]."""
_RETRY = 10.0
"""A profile that was not answered is sent again after this time [s]."""
_REFUSED_RETRY = 60.0
"""Where every form was refused, all are tried again after this time [s]."""


@dataclass(frozen=True, slots=True)
class _Written:
    target: Setpoint | None
    """The command."""
    setpoint: Setpoint
    """What the station is told for it."""
    at: float
    pauses: bool = False
    """Whether it only lets the car stand still, before its phases change."""


class PlugLimit:
    """The setpoint of one plug on its way into the station."""

    def __init__(self) -> None:
        """Want nothing, so that whatever the station carries stays until someone commands."""
        self.wanted: Setpoint | None = None
        self.urgent = False
        self.accepted: Sample | None = None
        """The setpoint as commanded that the station took last [A per leg]."""
        self.expires_at: float | None = None
        self.troubles: tuple[TroubleCode, ...] = ()
        self.asks_for_clearing = False
        """Whether telling it was no use, so that others' profiles should go once ours is there."""
        self._wanted_at = 0.0
        self._dirty = False
        self._not_before = 0.0
        self._plan: list[Profile] = []
        self._base: Profile | None = None
        self._writing: _Written | None = None
        self._written: _Written | None = None
        self._ways: tuple[Way, ...] = ()
        self._way = 0
        self._free = True
        self.switch = PhaseSwitch()

    @property
    def fallback(self) -> Fallback | None:
        """How the station falls back; None: no profile of ours was accepted yet."""
        return self._ways[self._way].fallback if self._written is not None else None

    @property
    def ready_at(self) -> float | None:
        """When there is something to send [s, monotonic]; None: nothing."""
        return self._not_before if self._dirty else None

    def want(self, setpoint: Setpoint, now: float) -> None:
        """Take a command."""
        if setpoint.clears_others:
            self.asks_for_clearing = True
            setpoint = replace(setpoint, clears_others=False)
        before = self.wanted
        self.wanted, self._wanted_at = setpoint, now
        last = self._writing or self._written
        is_fresh = last is not None and now - last.at < _SAME_WRITE
        if before == setpoint and is_fresh and not self.asks_for_clearing:
            return
        if self._holds_already(now):
            return
        self.urgent = before is None or setpoint.current < before.current
        self._start_over()

    def told_again(self) -> None:
        """Send everything anew, as after a boot, beginning with the best form."""
        self._ways, self._way, self._base = (), 0, None
        self._written = None
        if self.wanted is not None:
            self._start_over()

    def connection_lost(self) -> None:
        """Forget what is on its way; it may or may not have arrived."""
        self._writing = None
        if self.wanted is not None:
            self._start_over()

    def occupied(self, *, free: bool) -> None:
        """Take note that a car came or went: a free plug holds the safe current for as long as it is free."""
        if free is self._free:
            return
        self._free = free
        wanted = self.wanted
        if wanted is not None and wanted.fallback is not None:
            self._start_over()

    def next_profile(
        self, differences: Differences, abilities: Abilities, target: Target, now: float
    ) -> Profile | None:
        """Return what to send now."""
        setpoint = self._carried(now, minimum=target.minimum, differences=differences)
        if setpoint is None or not self._dirty or now < self._not_before:
            return None
        told = self._with_phases(setpoint, target, now)
        if told is None:
            return None
        if not self._ways:
            self._ways = _ways(differences, abilities)
        if self._writing is None or self._writing.target != self.wanted:
            self._writing = _Written(self.wanted, told, now, told.current < setpoint.current)
            self._plan = list(planned(told, self._ways[self._way], differences, target))
        return self._plan[0]

    def answered(self, profile: Profile, now: float, *, accepted: bool) -> None:
        """Take the station's answer to a profile."""
        writing = self._writing
        if writing is None or not self._plan or self._plan[0] is not profile:
            return
        if not accepted:
            self._try_next_way(writing.at)
            return
        self._plan.pop(0)
        if self._plan and _same_limits(self._plan[0], self._base):
            self._plan.pop(0)
        if self._plan:
            return
        if profile.duration is None and profile.ends is None:
            self._base = profile
        self._finish(writing, now)

    def unanswered(self, now: float) -> None:
        """Send it again later; a command that came meanwhile goes at once."""
        if self._writing is not None:
            self._writing = None
            self._not_before = now + _RETRY

    def _with_phases(self, setpoint: Setpoint, target: Target, now: float) -> Setpoint | None:
        """Return what to tell now of a setpoint that says how many phases; None: the pause still lasts."""
        if not target.switches:
            return replace(setpoint, phases=None)
        first = self.switch.first(setpoint, every=target.phases, free=self._free, now=now)
        pauses = first.current < setpoint.current
        if pauses and self.switch.still_until is not None:
            self._not_before = self.switch.still_until
            return None
        return first

    def _finish(self, writing: _Written, now: float) -> None:
        self._dirty, self._writing, self._written = False, None, writing
        self.switch.accepted(writing.setpoint, now)
        if writing.pauses and self.switch.still_until is not None:
            self._dirty, self._not_before = True, self.switch.still_until
        self.urgent = False
        way = self._ways[self._way]
        leased = is_leased(writing.setpoint)
        told = writing.setpoint
        if self._free and writing.target is not None and not writing.pauses:
            told = writing.target
        self.accepted = Sample(told.current, writing.at)
        self.expires_at = None
        self.troubles = ()
        if leased and way.fallback is Fallback.NONE:
            self.troubles = (TroubleCode.NO_FALLBACK,)
        elif leased and writing.setpoint.lease is not None:
            self.expires_at = writing.at + writing.setpoint.lease

    def _try_next_way(self, now: float) -> None:
        self._writing, self._base = None, None
        if self._way + 1 < len(self._ways):
            self._way += 1
            return
        self._way = 0
        self._not_before = now + _REFUSED_RETRY
        self.troubles = (TroubleCode.LIMIT_REFUSED,)

    def _holds_already(self, now: float) -> bool:
        """Return whether a free plug's lasting profile says what it shall hold as well."""
        written = self._written
        if not self._free or self._dirty or self.wanted is None or written is None:
            return False
        if self.wanted.fallback is None or written.setpoint != self._carried(now):
            return False
        self.accepted = Sample(self.wanted.current, now)
        return True

    def _start_over(self) -> None:
        self._dirty, self._not_before, self._writing = True, 0.0, None

    def _carried(
        self,
        now: float,
        *,
        free: bool | None = None,
        minimum: float = 0.0,
        differences: Differences | None = None,
    ) -> Setpoint | None:
        """Return what the station's profile shall say for what is wanted."""
        wanted = self.wanted
        if wanted is None:
            return None
        if (self._free if free is None else free) and wanted.fallback is not None:
            return Setpoint(current=wanted.fallback, phases=wanted.phases)
        if wanted.lease is not None:
            left = self._wanted_at + wanted.lease - now
            if left <= 0.0 and wanted.fallback is not None:
                wanted = Setpoint(current=wanted.fallback, phases=wanted.phases)
            else:
                wanted = replace(wanted, lease=left)
        if differences is None:
            return wanted
        current = allowed(wanted.current, minimum=minimum, currents=differences.currents)
        if current <= 0.0 and differences.pause is not Pause.ZERO:
            current = minimum
        return replace(wanted, current=current)


def _ways(differences: Differences, abilities: Abilities) -> tuple[Way, ...]:
    """Return the forms of profiles to try, best first; what is known to fail is left out.

    A station that ends profiles by itself when it is cut off is told so in the only form where that is
    safe: above a lasting profile at stack level 0 (OCPP 2.1, `maxOfflineDuration`).
    """
    fallbacks = tuple(Fallback)
    offline = abilities.offline_limit is True and differences.stack_level == 0
    if differences.fallback is not None:
        fallbacks = fallbacks[fallbacks.index(differences.fallback) :]
    elif offline:
        fallbacks = (Fallback.BASE_AND_LEASE, Fallback.TWO_PERIODS, Fallback.NONE)
    elif abilities.most_periods == 1:
        fallbacks = (Fallback.BASE_AND_LEASE, Fallback.NONE)
    units: tuple[RateUnit, ...] = abilities.rate_units or tuple(RateUnit)
    if differences.unit is not None:
        units = (differences.unit,)
    return tuple(
        Way(fallback, unit, offline and fallback is Fallback.BASE_AND_LEASE)
        for unit, fallback in product(units, fallbacks)
    )


def _same_limits(profile: Profile, other: Profile | None) -> bool:
    """Return whether a lasting profile says what another already says."""
    return other is not None and replace(profile, start=other.start) == other
