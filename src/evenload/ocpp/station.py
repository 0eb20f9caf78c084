"""The session with one station: frames in, events and frames out, without sockets and without a clock.

    connect -> receive ... command ... tick -> disconnect

The owner passes every text that arrives to `receive`, sends what `take_frames` returns after each call
of any method, calls `tick` no later than `wake_at`, and hands on what `take_events` and `take_answers`
return. The session outlives connections: a station that dials again finds everything as it was.

What a station says is put into one vocabulary by its `dialects`, `hearing` lets what is known follow,
and `calling` asks and tells in turn.
"""

from evenload.ocpp.calling import Answered, Caller
from evenload.ocpp.calls import Request
from evenload.ocpp.dialects import Dialect, dialect
from evenload.ocpp.frames import Call, Malformed, Notice, Refusal, Result, parse, written
from evenload.ocpp.heard import Boot, Profiles, Transaction
from evenload.ocpp.hearing import hear
from evenload.ocpp.nouns import (
    Change,
    Event,
    Moment,
    Setpoint,
    StationSnapshot,
    TroubleCode,
    Version,
)
from evenload.ocpp.schemas import check_result
from evenload.ocpp.state import StationRecord, StationSettings, StationState
from evenload.ocpp.transactions import TransactionIds

_MALFORMED = 3
"""Frames in a row that are not OCPP that make a trouble."""


class Station:
    """A charging station, connected or not."""

    def __init__(
        self,
        identity: str,
        settings: StationSettings,
        ids: TransactionIds,
        record: StationRecord | None = None,
    ) -> None:
        """Know of it what was recorded; it is not connected."""
        record = record or StationRecord()
        self.state = StationState(identity, settings, ids, record)
        self.version = record.version
        self.connected = False
        self.heard_at: float | None = None
        """When its last frame came [s, monotonic]."""
        self._caller = Caller(self.state)
        self._dialect: Dialect | None = None
        self._frames: list[str] = []
        self._malformed = 0

    # What the owner of the connection calls.

    def connect(self, version: Version, moment: Moment) -> None:
        """Begin a connection; one that stood before is forgotten."""
        self._dialect = dialect(version)
        self._caller.connect(self._dialect, moment, other_version=version is not self.version)
        self.version = version
        self.connected = True
        self._frames.clear()
        self.state.tell(Change.CONNECTED)
        self.state.tell(Change.MEMORY)

    def disconnect(self) -> None:
        """End the connection."""
        self.connected = False
        self._frames.clear()
        self._caller.drop()
        self.state.tell(Change.DISCONNECTED)

    def receive(self, received: str, moment: Moment) -> None:
        """Take one text frame."""
        if not self.connected or self._dialect is None:
            return
        self.heard_at = moment.now
        frame = parse(received)
        self._count_malformed(malformed=isinstance(frame, Malformed))
        match frame:
            case Call():
                self._answer(self._dialect, frame, moment)
            case Result(identifier, payload):
                self._caller.result(identifier, payload, moment)
            case Refusal(identifier, code, _):
                self._caller.refusal(identifier, code, moment)
            case Malformed(problem, str(identifier)):
                self._frames.append(written(Refusal(identifier, "FormationViolation", problem)))
            case Malformed() | Notice():
                pass
        self._call(moment)

    def tick(self, moment: Moment) -> None:
        """Do what is due by now."""
        if self.connected:
            self._caller.tick(moment)
            self._call(moment)

    @property
    def wake_at(self) -> float | None:
        """When `tick` must be called at the latest [s, monotonic]; None: while it is not there."""
        return self._caller.wake_at if self.connected else None

    def take_frames(self) -> tuple[str, ...]:
        """Return what is to be sent, once."""
        frames = tuple(self._frames)
        self._frames.clear()
        return frames

    def take_answers(self) -> tuple[Answered, ...]:
        """Return what became of calls that were asked for, once."""
        answers = tuple(self._caller.answers)
        self._caller.answers.clear()
        return answers

    def take_events(self) -> tuple[Event, ...]:
        """Return what has happened, once."""
        events = tuple(self.state.events)
        self.state.events.clear()
        return events

    # What the owner of the controller calls.

    def command(self, plug: int, setpoint: Setpoint, moment: Moment) -> None:
        """Tell a plug what it may draw: now, or as soon as the station is there."""
        target = self.state.plug(plug)
        if target is None:
            return
        before = target.limit.wanted
        target.limit.want(setpoint, moment.now)
        if self.connected:
            self._caller.pause_or_go_on(target, before, setpoint)
        self._call(moment)

    def set_settings(self, settings: StationSettings, moment: Moment) -> None:
        """Take what a person says of it, at once where it is connected."""
        self.state.set_settings(settings)
        if self.connected:
            self._caller.configure(moment)
        self._call(moment)

    def request(self, request: Request, moment: Moment) -> bool:
        """Line up a call that somebody asks for; False: not connected, or too many wait."""
        if not self.connected or not self._caller.line_up(request):
            return False
        self._call(moment)
        return True

    @property
    def speaks(self) -> Dialect | None:
        """Who makes the requests for `request`; None: it has never been connected."""
        return self._dialect

    def snapshot(self) -> StationSnapshot:
        """Return everything that is known of it."""
        state = self.state
        return StationSnapshot(
            identity=state.identity,
            connected=self.connected,
            version=self.version,
            info=state.info,
            abilities=state.abilities,
            quirks=state.quirks,
            least_lease=state.differences.lease,
            response=state.differences.response,
            phase_switching=state.switches_phases,
            plugs={
                number: plug.snapshot(self.heard_at) for number, plug in sorted(state.plugs.items())
            },
            heard_at=self.heard_at,
            clock_ahead=state.clock.ahead,
            troubles=tuple(sorted(state.troubles)),
        )

    # Inside.

    def _answer(self, speaker: Dialect, call: Call, moment: Moment) -> None:
        heard = speaker.hear(call.action, call.payload)
        if heard is None:
            self._frames.append(written(Refusal(call.id, "NotImplemented", "unknown action")))
            return
        answer = hear(self.state, heard, moment)
        payload = speaker.answer(call.action, answer)
        check_result(speaker.version, call.action, payload)
        self._frames.append(written(Result(call.id, payload)))
        match heard:
            case Boot():
                self._caller.booted(moment)
            case Profiles(profiles=profiles):
                self._caller.profiles_found(profiles)
            case Transaction() if not answer.accepted:
                self._caller.heard(moment)
                self._caller.end(answer.transaction)
            case _:
                self._caller.heard(moment)

    def _call(self, moment: Moment) -> None:
        """Make the next call, if one may be made."""
        frame = self._caller.next_frame(moment) if self.connected else None
        if frame is not None:
            self._frames.append(frame)

    def _count_malformed(self, *, malformed: bool) -> None:
        self._malformed = self._malformed + 1 if malformed else 0
        if self._malformed in {0, _MALFORMED}:
            self.state.set_trouble(TroubleCode.MALFORMED, present=self._malformed > 0)
