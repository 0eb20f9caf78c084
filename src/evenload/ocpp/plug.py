"""What is known of one plug: its status, what flows, and the car's session.

A station's word about a plug is about the present unless its time says otherwise (`clock`). Sessions go
by their ids: the end of the running one ends it, however late it is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from evenload.model.readings import LoadState
from evenload.model.site import Leg
from evenload.model.snapshot import Sample
from evenload.ocpp.limits import PlugLimit
from evenload.ocpp.measurements import Measurement
from evenload.ocpp.nouns import Moment, PlugSnapshot, Session, TroubleCode
from evenload.ocpp.statuses import VAGUE

_NO_CURRENT = 0.5
"""A car that draws less than this on every leg does not charge [A]."""
_PLANNED_TOLERANCE = 0.5
"""A composite schedule may differ by so much [A]."""
_SCHEDULE_INTERVAL = 600.0
"""Least time between two checks of a composite schedule [s]."""
_MOST_CONNECTORS = 8
_AT_REST = frozenset({LoadState.DISCONNECTED, LoadState.FINISHED, LoadState.FAULTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugSettings:
    """What a person says of a plug."""

    phases: int = 3
    """Legs that are connected, 1 to 3."""
    minimum: float = 6.0
    """[A per leg]"""
    voltage: float = 230.0
    """Between phase and neutral [V], for stations that know watts only."""


@dataclass(slots=True)
class EnergyCount:
    """A session's energy by a register that can fall, as after a restart of the station."""

    last: float | None = None
    """The register [Wh]."""
    total: float = 0.0
    """[Wh]"""

    def read(self, register: float) -> None:
        """Count what came since the last reading; a fallen register counts from there on."""
        if self.last is not None and register > self.last:
            self.total += register - self.last
        self.last = register


@dataclass(slots=True)
class _Measured:
    """Samples by what they measure."""

    current: dict[Leg, Sample] = field(default_factory=dict[Leg, Sample])
    voltage: dict[Leg, Sample] = field(default_factory=dict[Leg, Sample])
    power: Sample | None = None
    energy: Sample | None = None
    soc: Sample | None = None
    offered: Sample | None = None
    at: float | None = None
    is_assumed: bool = False
    """Whether the power is 0 because nothing can flow, and not because it was measured."""


class Plug:
    """One plug of a station."""

    def __init__(self, number: int, settings: PlugSettings) -> None:
        """Know nothing yet."""
        self.number = number
        self.settings = settings
        self.limit = PlugLimit()
        self.word: str | None = None
        self.session: Session | None = None
        self.count = EnergyCount()
        self.limited_outside = False
        self.occupied_since: float | None = None
        """When the car came that has no transaction yet [s, monotonic]."""
        self.status_at: float | None = None
        self.planned: Sample | None = None
        self.tells_schedule = True
        """Whether it answers when it is asked what limit it will follow."""
        self.schedule_asked_at: float | None = None
        self._state = LoadState.DISCONNECTED
        self._error: str | None = None
        self._measured = _Measured()
        self._connectors: dict[int, str] = {}
        self.phases: Sample | None = None
        """How many phases it was told to give its car, and when."""
        self.legs_used: int | None = None
        """On how many legs this car drew last; None: not seen yet."""

    @property
    def has_session(self) -> bool:
        """Whether a transaction runs."""
        return self.session is not None and self.session.ended is None

    @property
    def state(self) -> LoadState:
        """What the plug is doing, as the controller calls it."""
        if self._state is LoadState.CHARGING and self._is_held() and not self._draws():
            return LoadState.CONNECTED
        return self._state

    @property
    def measured_at(self) -> float | None:
        """When it last measured current or power [s, monotonic]."""
        return self._measured.at

    def hear_status(
        self, word: str, state: LoadState | None, error: str | None, moment: Moment
    ) -> None:
        """Take a connector's status; `state` None leaves what a transaction has said."""
        self.word, self._error, self.status_at = word, error, moment.now
        if state is None and word == VAGUE and not self.has_session:
            state = LoadState.CONNECTED if self._state in _AT_REST else self._state
        if state is not None:
            self._enter(state, moment)
        if state is LoadState.DISCONNECTED and word != VAGUE and self.session is not None:
            self.end_session(self.session.id, moment.utc, "Unplugged", None)

    def is_used_elsewhere(self, connector: int, word: str) -> bool:
        """Take note of one connector's status; True where another of the plug has the car."""
        if connector in self._connectors or len(self._connectors) < _MOST_CONNECTORS:
            self._connectors[connector] = word
        others = (each for number, each in self._connectors.items() if number != connector)
        return word != VAGUE and VAGUE in others

    def hear_charging_state(self, word: str, state: LoadState, moment: Moment) -> None:
        """Take a transaction's charging state."""
        self.word = word
        self._enter(state, moment)

    def hear_measurement(self, measurement: Measurement, moment: Moment) -> None:
        """Take measurements of the present."""
        found, now = self._measured, moment.now
        if found.is_assumed and (measurement.current or measurement.power is not None):
            found.power, found.is_assumed = None, False
        if measurement.current:
            found.current = {leg: Sample(value, now) for leg, value in measurement.current.items()}
            # A leg that is no longer reported beside others has stopped.
            for leg in tuple(Leg)[: self.settings.phases]:
                found.current.setdefault(leg, Sample(0.0, now))
            drawing = sum(sample.value >= _NO_CURRENT for sample in found.current.values())
            self.legs_used = drawing or self.legs_used
        found.voltage |= {leg: Sample(value, now) for leg, value in measurement.voltage.items()}
        if measurement.power is not None:
            found.power = Sample(measurement.power, now)
        if measurement.current or measurement.power is not None:
            found.at = now
        if measurement.soc is not None:
            found.soc = Sample(measurement.soc, now)
        if measurement.offered is not None:
            found.offered = Sample(measurement.offered, now)
        if measurement.energy is not None:
            self.hear_register(measurement.energy, now)

    def hear_register(self, register: float, now: float) -> None:
        """Take the meter's register [Wh]."""
        self._measured.energy = Sample(register, now)
        if self.has_session and self.session is not None:
            self.count.read(register)
            self.session = replace(self.session, energy=self.count.total)

    def begin_session(self, session: Session, register: float | None) -> None:
        """Begin a transaction, or go on with one that runs already."""
        if self.session is not None and self.session.id == session.id:
            return
        self.session = session
        self.count = EnergyCount(last=register)
        self.occupied_since = None

    def end_session(
        self, identifier: str, at: datetime, reason: str | None, register: float | None
    ) -> Session | None:
        """End the transaction if it is the one that runs, and return it."""
        if self.session is None or self.session.id != identifier or not self.has_session:
            return None
        if register is not None:
            self.count.read(register)
        self.session = replace(self.session, energy=self.count.total, ended=at, end_reason=reason)
        return self.session

    def stopped(self, moment: Moment) -> None:
        """Take note that nothing flows any more: no meter value follows the end of a session."""
        found = self._measured
        found.current = dict.fromkeys(found.current, Sample(0.0, moment.now))
        found.is_assumed = found.is_assumed or (found.power is None and not found.current)
        if found.power is not None or found.is_assumed:
            found.power = Sample(0.0, moment.now)
        found.soc = None

    def snapshot(self, heard_at: float | None = None) -> PlugSnapshot:
        """Return what is known; `heard_at` is when the station's last frame came [s, monotonic].

        Where no transaction runs nothing flows, and every word of the station says so anew.
        """
        limit, found = self.limit, self._measured
        current, power = found.current, found.power
        if self.state is LoadState.FINISHED and not self.has_session and heard_at is not None:
            current = {leg: replace(sample, at=heard_at) for leg, sample in current.items()}
            power = None if power is None else replace(power, at=heard_at)
        return PlugSnapshot(
            plug=self.number,
            state=self.state,
            status=self.word,
            error=self._error,
            current=dict(current),
            power=power,
            energy=found.energy,
            soc=found.soc,
            voltage=dict(found.voltage),
            offered=found.offered,
            setpoint=limit.accepted,
            planned=self.planned,
            phases=self.phases,
            fallback=limit.fallback,
            expires_at=limit.expires_at,
            session=self.session,
            troubles=(*limit.troubles, *self._own_troubles()),
        )

    def note_phases(self, now: float) -> None:
        """Take note of how many phases it gives; of a car on others it is not known how many it uses."""
        given = self.limit.switch.given
        if given is None or (self.phases is not None and self.phases.value == given):
            return
        self.phases = Sample(float(given), now)
        self.legs_used = None

    def schedule_is_due(self, now: float) -> bool:
        """Return whether it should be asked what limit it will follow."""
        asked = self.schedule_asked_at
        return asked is None or now - asked >= _SCHEDULE_INTERVAL

    def _own_troubles(self) -> tuple[TroubleCode, ...]:
        troubles: list[TroubleCode] = []
        accepted = self.limit.accepted
        if (
            self.planned is not None
            and accepted is not None
            and self.planned.at >= accepted.at
            and self._state not in _AT_REST
            and abs(self.planned.value - accepted.value) > _PLANNED_TOLERANCE
        ):
            troubles.append(TroubleCode.SCHEDULE_DIFFERS)
        if self.limited_outside:
            troubles.append(TroubleCode.LIMITED_OUTSIDE)
        return tuple(troubles)

    def _enter(self, state: LoadState, moment: Moment) -> None:
        before, self._state = self._state, state
        if before is state:
            return
        self.limit.occupied(free=state is LoadState.DISCONNECTED)
        if state is LoadState.DISCONNECTED:
            self.legs_used = None
        if state in _AT_REST:
            self.stopped(moment)
            self.occupied_since = None
        elif before in _AT_REST and not self.has_session:
            self.occupied_since = moment.now

    def _is_held(self) -> bool:
        accepted = self.limit.accepted
        return accepted is not None and accepted.value <= 0.0

    def _draws(self) -> bool:
        found = self._measured
        flowing: Mapping[Leg, Sample] = found.current
        if flowing:
            return max(sample.value for sample in flowing.values()) >= _NO_CURRENT
        return found.power is None or found.power.value >= self.settings.voltage * _NO_CURRENT
