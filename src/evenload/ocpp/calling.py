"""The calls that one connected station is made, and what follows from their answers.

One call at a time is on its way (`calls`). Setpoints go first. Before a station has booted or said
anything else nothing is called, for some are thrown back by that; after a few seconds of silence it is
called all the same, so that a cut does not wait for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from evenload.model.snapshot import Sample
from evenload.ocpp.calls import About, Calls, Request
from evenload.ocpp.dialects import Dialect
from evenload.ocpp.dialects.face import ACCEPTED
from evenload.ocpp.frames import Call, written
from evenload.ocpp.lenient import text
from evenload.ocpp.nouns import Change, Fallback, Moment, RateUnit, Setpoint, TroubleCode
from evenload.ocpp.plug import Plug
from evenload.ocpp.profiles import Profile, Target, profile_id
from evenload.ocpp.quirks import Pause
from evenload.ocpp.schemas import check_call
from evenload.ocpp.setup import Setup, Wanted
from evenload.ocpp.starting import TOKEN, Starting
from evenload.ocpp.state import MOST_PLUGS, StationState
from evenload.units import current_of

_SILENCE = 4.0
"""A station that says nothing after it has connected is called all the same after this time [s]."""
_UNANSWERED = 3
"""Calls in a row without an answer that make a trouble."""
_MOST_ANSWERS = 100
_TICK = 10.0
"""Longest time between two looks at what is stale [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What became of a call that somebody asked for."""

    ticket: int
    status: str
    """`Accepted`, or the station's word or error code, or `Timeout`, `Disconnected`."""
    payload: Mapping[str, object]


class Caller:
    """Makes calls to a station; keeps over connections what need not be asked again."""

    def __init__(self, state: StationState) -> None:
        """Have nothing to say yet."""
        self.answers: list[Answered] = []
        self._state = state
        self._calls = Calls()
        self._setup = Setup()
        self._starting = Starting()
        self._speaker: Dialect | None = None
        self._open_at: float | None = None
        self._ticked_at = 0.0

    # Connections.

    def connect(self, speaker: Dialect, moment: Moment, *, other_version: bool) -> None:
        """Begin to call a station, once it has said something."""
        self.drop()
        if other_version:
            self._setup.restart()
        self._speaker = speaker
        self._open_at = moment.now + _SILENCE

    def drop(self) -> None:
        """Give up all calls: the connection is lost, or the station has booted."""
        for request in self._calls.clear():
            if request.ticket is not None:
                self._reply(request.ticket, "Disconnected", {})
        for plug in self._state.plugs.values():
            plug.limit.connection_lost()

    def booted(self, moment: Moment) -> None:
        """Tell a station that has booted everything anew, the plugs' profiles first."""
        if self._open_at is None:
            self.drop()  # what was called before it booted will not be answered
        self._setup.restart()
        for plug in self._state.plugs.values():
            plug.limit.told_again()
        self._open(moment)

    def heard(self, moment: Moment) -> None:
        """Begin to call a station that has said something."""
        if self._open_at is not None:
            self._open(moment)

    @property
    def wake_at(self) -> float:
        """When `tick` must be called at the latest [s, monotonic]."""
        times = [self._ticked_at + _TICK, self._calls.deadline, self._open_at]
        if self._calls.is_free and self._open_at is None:
            times += [plug.limit.ready_at for plug in self._state.plugs.values()]
        return min(each for each in times if each is not None)

    def tick(self, moment: Moment) -> None:
        """Do what is due by now."""
        expired = self._calls.expired(moment.now)
        if expired is not None:
            self._unanswered(expired, moment)
        if self._open_at is not None and moment.now >= self._open_at:
            self._open(moment)
        if self._speaker is not None and moment.now - self._ticked_at >= _TICK:
            self._ticked_at = moment.now
            self._watch(self._speaker, moment)

    def _open(self, moment: Moment) -> None:
        self._open_at = None
        if self._speaker is not None:
            self._ticked_at = moment.now
            self._setup.begin(self._calls, self._speaker, self._state.plugs.values())

    # Calls.

    def line_up(self, *requests: Request) -> bool:
        """Put calls at the end of the line; False where it is full."""
        return self._calls.line_up(*requests)

    def next_frame(self, moment: Moment) -> str | None:
        """Return the call to make now; None: nothing is to be called, or an answer is awaited."""
        speaker = self._speaker
        if self._open_at is not None or speaker is None or not self._calls.is_free:
            return None
        request = self._next_limit(speaker, moment) or self._calls.next_routine()
        if request is None:
            return None
        check_call(speaker.version, request.action, request.payload)
        identifier = self._calls.fly(request, moment.now)
        return written(Call(identifier, request.action, request.payload))

    def pause_or_go_on(self, plug: Plug, before: Setpoint | None, wanted: Setpoint) -> None:
        """End or start a transaction where that is how the plug is paused."""
        speaker = self._speaker
        style = self._state.differences.pause
        if style is not Pause.REMOTE_STOP or before is None or speaker is None:
            return
        if wanted.current <= 0.0 < before.current and plug.session and plug.has_session:
            self.line_up(speaker.stop(plug.number, plug.session.id))
        elif before.current <= 0.0 < wanted.current and not plug.has_session:
            self._state.guests.welcome(TOKEN)
            self.line_up(self._starting.start(speaker, plug, self._state.ids))

    def profiles_found(self, profiles: tuple[Mapping[str, object], ...]) -> None:
        """Remove those of the profiles that are not ours, whichever plug they are for."""
        own = frozenset(
            profile_id(number, lease=lease)
            for number in (0, *self._state.plugs)
            for lease in (False, True)
        )
        if self._speaker is not None:
            self.line_up(*self._speaker.clear_found(profiles, own))

    def configure(self, moment: Moment) -> None:
        """Let a station that was asked already know what a person wants of it now."""
        if self._speaker is not None and self._setup.is_complete:
            self._go_on(self._speaker, moment)

    def end(self, transaction: str | None) -> None:
        """End a transaction whose token was refused, for stations that do not do so by themselves."""
        plug = self._state.plug_of(transaction)
        if self._speaker is not None and plug is not None and transaction and plug.has_session:
            self.line_up(self._speaker.stop(plug.number, transaction))

    def _next_limit(self, speaker: Dialect, moment: Moment) -> Request | None:
        state = self._state
        for plug in sorted(state.plugs.values(), key=lambda plug: not plug.limit.urgent):
            target = self._target(plug, moment)
            profile = plug.limit.next_profile(
                state.differences, state.abilities, target, moment.now
            )
            if profile is not None:
                return speaker.set_profile(profile)
        return None

    def _target(self, plug: Plug, moment: Moment) -> Target:
        session = plug.session if plug.has_session else None
        return Target(
            plug=plug.number,
            phases=plug.settings.phases,
            legs_used=plug.legs_used,
            voltage=plug.settings.voltage,
            minimum=plug.settings.minimum,
            station_time=self._state.clock.station_time(moment.utc),
            transaction=None if session is None else session.id,
            switches=self._state.switches_phases is True,
            chooses_phase=self._state.abilities.phase_choice is True,
        )

    def _watch(self, speaker: Dialect, moment: Moment) -> None:
        """Ask for what is stale, and start transactions that wait for us."""
        state = self._state
        plugs = tuple(state.plugs.values())
        if state.differences.trigger:
            interval = max(state.settings.meter_interval, state.differences.meter_interval)
            self._setup.ask_stale(self._calls, speaker, plugs, interval, moment.now)
        # Where only some may charge, a car that waits has shown nobody's token yet.
        if state.differences.remote_start and state.settings.tokens is None:
            self.line_up(*self._starting.due(speaker, plugs, state.ids, moment.now))

    # Answers.

    def result(self, identifier: str, payload: Mapping[str, object], moment: Moment) -> None:
        """Take an answer; one that comes too late is still learnt from."""
        landed, speaker = self._calls.landed(identifier), self._speaker
        if landed is None or speaker is None:
            return
        request, in_time = landed
        self._state.set_trouble(TroubleCode.UNANSWERED, present=False)
        if request.about is About.READ_SETTINGS:
            self._learn(speaker, request, payload)
        elif request.about is About.SCHEDULE:
            self._check_schedule(speaker, request, payload, moment)
        if in_time:
            self._done(speaker, request, speaker.status(request, payload), payload, moment=moment)

    def refusal(self, identifier: str, code: str, moment: Moment) -> None:
        """Take an error as the answer."""
        landed = self._calls.landed(identifier)
        if landed is not None and landed[1] and self._speaker is not None:
            status = text(code, 40) or "Error"
            self._done(self._speaker, landed[0], status, {}, moment=moment)

    def _unanswered(self, request: Request, moment: Moment) -> None:
        silent = self._calls.unanswered >= _UNANSWERED
        self._state.set_trouble(TroubleCode.UNANSWERED, present=silent)
        plug = self._state.plugs.get(request.plug or 0)
        if request.about is About.LIMIT and plug is not None:
            plug.limit.unanswered(moment.now)
        elif self._speaker is not None:
            self._done(self._speaker, request, "Timeout", {}, moment=moment)

    def _done(
        self,
        speaker: Dialect,
        request: Request,
        status: str,
        payload: Mapping[str, object],
        *,
        moment: Moment,
    ) -> None:
        """Go on after a call was answered, refused or given up."""
        if request.ticket is not None:
            self._reply(request.ticket, status, payload)
            return
        match request.about:
            case About.LIMIT:
                self._limit_answered(speaker, request, status, moment)
            case About.STATION_LIMIT:
                limit = self._state.settings.max_current or 0.0
                self._setup.station_limit_answered(limit, status)
            case About.READ_SETTINGS if self._setup.answered():
                self._go_on(speaker, moment)
            case About.SCHEDULE if status != ACCEPTED and request.plug in self._state.plugs:
                self._state.plugs[request.plug].tells_schedule = False
            case About.WRITE_SETTING if status == ACCEPTED:
                self._written(request)
            case About.WRITE_SETTING if request.measurands:
                shorter = speaker.shorter(request)
                if shorter is not None:
                    self.line_up(shorter)
            case _:
                pass

    def _limit_answered(
        self, speaker: Dialect, request: Request, status: str, moment: Moment
    ) -> None:
        profile, plug = request.profile, self._state.plugs.get(request.plug or 0)
        if profile is None or plug is None:
            return
        plug.limit.answered(profile, moment.now, accepted=status == ACCEPTED)
        plug.note_phases(moment.now)
        self._state.tell(Change.PLUG, plug.number)
        if status != ACCEPTED or plug.limit.ready_at is not None:
            return
        if plug.limit.asks_for_clearing:
            plug.limit.asks_for_clearing = False
            plug.schedule_asked_at = None
            self.line_up(*self._clearing(speaker, plug, profile))
        if plug.tells_schedule and plug.schedule_is_due(moment.now):
            plug.schedule_asked_at = moment.now
            self.line_up(speaker.schedule(plug.number, profile.unit))

    def _clearing(self, speaker: Dialect, plug: Plug, profile: Profile) -> tuple[Request, ...]:
        """Return the calls that remove what others left above our profiles."""
        leased = plug.limit.fallback is Fallback.BASE_AND_LEASE
        own = replace(profile, stack=self._state.differences.stack_level + leased)
        return speaker.clear_others(plug.number, own, self._state.abilities.highest_stack)

    def _written(self, request: Request) -> None:
        """Know what has just been set."""
        known, interval = self._state.abilities, request.meter_interval
        self._state.abilities = replace(
            known,
            measurands=request.measurands or known.measurands,
            meter_interval=known.meter_interval if interval is None else interval,
        )
        self._state.tell(Change.STATION)

    def _learn(self, speaker: Dialect, request: Request, payload: Mapping[str, object]) -> None:
        state = self._state
        found = speaker.learn(request, payload, state.abilities)
        if found == state.abilities:
            return
        state.abilities = found
        for number in range(1, min(found.plugs or 0, MOST_PLUGS) + 1):
            state.plug(number)
        state.tell(Change.STATION)

    def _check_schedule(
        self, speaker: Dialect, request: Request, payload: Mapping[str, object], moment: Moment
    ) -> None:
        plug = self._state.plugs.get(request.plug or 0)
        scheduled = speaker.scheduled(payload)
        if plug is None:
            return
        plug.planned = None
        if scheduled is not None:
            unit, limit = scheduled
            voltages = [plug.settings.voltage] * (plug.legs_used or plug.settings.phases)
            current = limit if unit is RateUnit.A else current_of(limit, voltages)
            plug.planned = Sample(current, moment.now)
        self._state.tell(Change.PLUG, plug.number)

    def _go_on(self, speaker: Dialect, moment: Moment) -> None:
        state = self._state
        first = next(iter(state.plugs.values()), None) or Plug(1, state.settings.plug(1))
        self._setup.go_on(
            self._calls,
            speaker,
            state.plugs.values(),
            abilities=state.abilities,
            differences=state.differences,
            wanted=Wanted(
                meter_interval=state.settings.meter_interval,
                station_limit=state.settings.max_current,
                target=self._target(first, moment),
            ),
        )

    def _reply(self, ticket: int, status: str, payload: Mapping[str, object]) -> None:
        if len(self.answers) < _MOST_ANSWERS:
            self.answers.append(Answered(ticket=ticket, status=status, payload=payload))
