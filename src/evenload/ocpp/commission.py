"""The commissioning check: what this very station really does with limits, leases and silence.

    limit    the plug is told `high` and must be seen at or below it, drawing more than the safe current
    expiry   the same on a short lease that is not renewed: it must be seen to fall to the safe current
    silence  again on a short lease, and the connection is cut: what its register counts meanwhile tells
             whether it fell back, for a station that is away reports nothing

Nothing is assumed from `Accepted`. A car that draws too little to tell leaves a question open (None).
The check itself is pure; `server` drives it, and ends it as soon as the controller wants less.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from evenload.model.site import Leg
from evenload.model.snapshot import Sample
from evenload.ocpp.nouns import Fallback, PlugSnapshot, Setpoint

_TOLERANCE, _SHARE = 0.5, 0.05
"""A draw may exceed its limit by this [A], or by this share of it."""
_PATIENCE = 90.0
"""A station and its car may take so long to follow [s]."""
_LONG = 2 * _PATIENCE
"""A lease that does not end while the car is awaited, and yet ends if this program does [s]."""
_ARRIVAL = 2.0
"""A setpoint and its answer take so long at most before the connection may be cut [s]."""
_VOLTAGE = 230.0
_SECONDS = 3600.0


class Stage(StrEnum):
    """What is being looked at."""

    LIMIT = "limit"
    EXPIRY = "expiry"
    SILENCE = "silence"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What was found; None: it could not be told."""

    obeys: bool | None = None
    """Whether it kept to a limit."""
    falls_back: bool | None = None
    """Whether it fell to the safe current when a lease ended."""
    fell_after: float | None = None
    """From the lease's beginning to the first measurement at the safe current [s]."""
    falls_back_alone: bool | None = None
    """Whether it did so, too, while the connection was cut."""
    fallback: Fallback | None = None
    """The form of profile that it accepted."""
    problem: str | None = None
    """Why something could not be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPlan:
    """What is tried."""

    high: float
    """A current that fits every fuse for as long as the check lasts [A per leg]."""
    safe: float
    """[A per leg], well below `high`."""
    lease: float = 30.0
    """[s]"""
    silence: float = 120.0
    """How long the connection stays cut [s]."""


class Check:
    """A check of one plug."""

    def __init__(self, plan: CheckPlan, now: float) -> None:
        """Begin with the limit."""
        self.plan = plan
        self.stage = Stage.LIMIT
        self.report = CheckReport()
        self._since = now
        self._told = False
        self._before: tuple[Sample, float] | None = None

    @property
    def silence(self) -> tuple[float, float] | None:
        """From when until when the connection must be cut [s, monotonic]; None: it need not."""
        if self.stage is not Stage.SILENCE or self._before is None:
            return None
        return self._since + _ARRIVAL, self._since + self.plan.silence

    def abort(self, why: str) -> None:
        """End the check."""
        self.report = replace(self.report, problem=why)
        self.stage = Stage.DONE

    def advance(self, plug: PlugSnapshot, now: float) -> Setpoint | None:
        """Look at the plug once a second; return what to tell it now."""
        self.report = replace(self.report, fallback=plug.fallback)
        if not self._told:
            self._told, self._since = True, now
            return self._setpoint(self.plan.lease if self.stage is Stage.EXPIRY else _LONG)
        match self.stage:
            case Stage.LIMIT:
                self._look_at_limit(plug, now)
            case Stage.EXPIRY:
                self._look_at_expiry(plug, now)
            case Stage.SILENCE:
                return self._look_at_silence(plug, now)
            case Stage.DONE:
                pass
        return None

    def _look_at_limit(self, plug: PlugSnapshot, now: float) -> None:
        draw = _draw(plug.current, since=self._since)
        if draw is not None and _above(draw, self.plan.safe) and not _above(draw, self.plan.high):
            self.report = replace(self.report, obeys=True)
            self._go_to(Stage.EXPIRY)
        elif now - self._since > _PATIENCE:
            if draw is not None and _above(draw, self.plan.high):
                self.report = replace(self.report, obeys=False)
                self.abort("it draws more than it was told")
            else:
                self.abort("the car draws too little to tell")

    def _look_at_expiry(self, plug: PlugSnapshot, now: float) -> None:
        ended = self._since + self.plan.lease
        draw = _draw(plug.current, since=ended)
        if draw is not None and not _above(draw, self.plan.safe):
            self.report = replace(self.report, falls_back=True, fell_after=now - self._since)
            self._go_to(Stage.SILENCE)
        elif now - ended > _PATIENCE:
            self.report = replace(self.report, falls_back=False)
            self.stage = Stage.DONE

    def _look_at_silence(self, plug: PlugSnapshot, now: float) -> Setpoint | None:
        """Wait until the car draws again, then compare the register before and after."""
        draw, energy = _draw(plug.current, since=self._since), plug.energy
        if self._before is None:
            if draw is not None and _above(draw, self.plan.safe) and energy is not None:
                self._before, self._since = (energy, len(_flowing(plug.current))), now
                return self._setpoint(self.plan.lease)
            if now - self._since > _PATIENCE:
                self.abort("the car did not draw again")
            return None
        first, legs = self._before
        back = self._since + self.plan.silence
        if energy is not None and energy.at >= back:
            mean = (energy.value - first.value) * _SECONDS / (energy.at - first.at)
            kept = self._share(mean / (_VOLTAGE * max(legs, 1)), energy.at - first.at)
            self.report = replace(self.report, falls_back_alone=kept)
            self.stage = Stage.DONE
        elif now - back > _PATIENCE * 2:
            self.abort("it did not come back in time")
        return None

    def _setpoint(self, lease: float) -> Setpoint:
        return Setpoint(current=self.plan.high, fallback=self.plan.safe, lease=lease)

    def _share(self, mean: float, seconds: float) -> bool:
        """Return whether a mean current is nearer to falling back after the lease than to staying."""
        plan = self.plan
        fallen = plan.safe + (plan.high - plan.safe) * min(plan.lease, seconds) / seconds
        return mean < (fallen + plan.high) / 2

    def _go_to(self, stage: Stage) -> None:
        self.stage, self._told = stage, False


def _flowing(current: Mapping[Leg, Sample]) -> list[Sample]:
    return [sample for sample in current.values() if sample.value > _TOLERANCE]


def _draw(current: Mapping[Leg, Sample], *, since: float) -> float | None:
    """Return the busiest leg's current, measured after `since` [A]; None: not measured yet."""
    fresh = [sample.value for sample in current.values() if sample.at > since]
    return max(fresh, default=None)


def _above(draw: float, limit: float) -> bool:
    return draw > limit + max(_TOLERANCE, limit * _SHARE)
