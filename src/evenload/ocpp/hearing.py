"""What each thing that a station says does to what is known of it.

Every message is answered, also one that is late, doubled or makes no sense: an unanswered transaction
message is repeated for ever and blocks those behind it. Late ones are stored and do not change the
present.
"""

from dataclasses import replace
from datetime import datetime

from evenload.model.readings import LoadState
from evenload.ocpp.heard import (
    Alive,
    Answer,
    Authorize,
    Boot,
    Heard,
    Meter,
    OutsideLimit,
    Profiles,
    Stage,
    Status,
    Transaction,
)
from evenload.ocpp.measurements import Measurement, measured
from evenload.ocpp.nouns import Change, Moment, Session, TroubleCode
from evenload.ocpp.plug import Plug
from evenload.ocpp.state import StationState
from evenload.ocpp.statuses import PREPARING

_CLOCK_TOLERANCE = 60.0
"""A station's clock that is off by more is a trouble [s]."""


def hear(state: StationState, heard: Heard, moment: Moment) -> Answer:
    """Let the station's state follow what was heard, and return what to answer."""
    match heard:
        case Boot():
            _boot(state, heard)
        case Status():
            _status(state, heard, moment)
        case Meter():
            _meter(state, heard, moment)
        case Transaction():
            return _transaction(state, heard, moment)
        case Authorize(token=token):
            accepted = state.may_charge(token)
            if not accepted:
                state.tell(Change.TOKEN_REFUSED, _waiting_plug(state), token=token)
            return Answer(utc=moment.utc, accepted=accepted)
        case OutsideLimit():
            _outside_limit(state, heard)
        case Profiles() | Alive():
            pass
    return Answer(utc=moment.utc, heartbeat=state.settings.heartbeat)


def _boot(state: StationState, boot: Boot) -> None:
    state.learn_info(boot.info)
    state.clock.restarted()
    state.tell(Change.BOOTED)
    state.tell(Change.MEMORY)


def _is_present(state: StationState, plug: int, at: datetime | None, moment: Moment) -> bool:
    present = state.clock.is_present(plug, at, moment.utc)
    ahead = state.clock.ahead
    wrong = ahead is not None and abs(ahead) > _CLOCK_TOLERANCE
    state.set_trouble(TroubleCode.CLOCK_WRONG, present=wrong)
    return present


def _status(state: StationState, status: Status, moment: Moment) -> None:
    plug = state.plug(status.plug)
    if plug is None or not _is_present(state, status.plug, status.at, moment):
        return
    if plug.is_used_elsewhere(status.connector, status.word):
        return
    running = plug.session if plug.has_session else None
    plug.hear_status(status.word, status.state, status.error, moment)
    if running is not None and not plug.has_session:
        state.tell(Change.SESSION_ENDED, plug.number, session=plug.session)
        state.tell(Change.MEMORY)
    state.tell(Change.PLUG, plug.number)


def _meter(state: StationState, meter: Meter, moment: Moment) -> None:
    plug = state.plug_of(meter.transaction) if meter.transaction is not None else None
    plug = plug or state.plug(meter.plug)
    if plug is None:
        return
    measurement = _measured(state, plug, meter.values)
    if not _is_present(state, plug.number, measurement.at, moment):
        return
    if meter.transaction is not None and not plug.has_session:
        _adopt(state, plug, meter.transaction, moment)
    plug.hear_measurement(measurement, moment)
    state.tell(Change.PLUG, plug.number)


def _adopt(state: StationState, plug: Plug, transaction: str, moment: Moment) -> None:
    """Take over a transaction that began while nobody listened."""
    if plug.session is not None and plug.session.id == transaction:
        return  # it has ended; this is a straggler
    state.ids.adopt(transaction)
    plug.begin_session(Session(id=transaction, began=moment.utc), None)
    state.tell(Change.SESSION_BEGAN, plug.number, session=plug.session)
    state.tell(Change.MEMORY)


def _measured(state: StationState, plug: Plug, values: object) -> Measurement:
    accepted = plug.limit.accepted
    return measured(
        values,
        legs=plug.settings.phases,
        setpoint=None if accepted is None else accepted.value,
        unphased=state.differences.unphased,
    )


def _waiting_plug(state: StationState) -> int | None:
    """Return the plug at which a token was shown, which no version of OCPP says: the one that waits."""
    waiting = [plug.number for plug in state.plugs.values() if plug.occupied_since is not None]
    return waiting[0] if len(waiting) == 1 else None


def _transaction(state: StationState, told: Transaction, moment: Moment) -> Answer:
    """Let a transaction follow what was told; it exists even where its token is refused."""
    asked = told.token is not None or told.id is None
    if told.stage is Stage.ENDED:
        accepted = told.token is None or state.may_charge(told.token, told.id)
        _ended(state, told, moment)
        return Answer(utc=moment.utc, accepted=accepted, token_asked=asked)
    identifier = _begun(state, told, moment)
    accepted = not asked or state.may_charge(told.token or "", identifier)
    answer = Answer(utc=moment.utc, accepted=accepted, token_asked=asked)
    if accepted:
        state.guests.begin(told.token, identifier)
    elif told.token is not None and not told.offline:
        plug = state.plug_of(identifier)
        number = told.plug if plug is None else plug.number
        state.tell(Change.TOKEN_REFUSED, number, token=told.token)
    return replace(answer, transaction=identifier)


def _begun(state: StationState, told: Transaction, moment: Moment) -> str:
    """Begin or continue a transaction and return its id."""
    identifier = told.id if told.id is not None else _given(state, told)
    plug = state.plug_of(identifier) or state.plug(told.plug)
    if plug is None or identifier in state.archive.sessions:
        return identifier
    present = _is_present(state, plug.number, told.at, moment) and not told.offline
    known = plug.session is not None and plug.session.id == identifier
    session = Session(id=identifier, began=told.at or moment.utc, token=told.token)
    if not present and not known and (plug.has_session or _is_empty(plug)):
        state.archive.keep_session(plug.number, session)
        return identifier
    if not known:
        _replace_session(state, plug, session, told.register, moment)
    if present:
        _follow(state, plug, told, moment)
    return identifier


def _is_empty(plug: Plug) -> bool:
    return plug.word is not None and plug.state is LoadState.DISCONNECTED


def _replace_session(
    state: StationState, plug: Plug, session: Session, register: float | None, moment: Moment
) -> None:
    if plug.session is not None and plug.has_session:
        ended = plug.end_session(plug.session.id, moment.utc, "Replaced", None)
        state.tell(Change.SESSION_ENDED, plug.number, session=ended)
    plug.begin_session(session, register)
    state.tell(Change.SESSION_BEGAN, plug.number, session=session)
    state.tell(Change.MEMORY)


def _follow(state: StationState, plug: Plug, told: Transaction, moment: Moment) -> None:
    """Take what a transaction's message says of the present."""
    if told.state is not None and plug.has_session:
        plug.hear_charging_state(told.word or "", told.state, moment)
    elif told.stage is Stage.STARTED and plug.state is LoadState.FINISHED:
        # A status need not follow where it is the one that was told before the last session ended.
        plug.hear_charging_state(PREPARING, LoadState.CONNECTED, moment)
    if told.values is not None:
        plug.hear_measurement(_measured(state, plug, told.values), moment)
    elif told.register is not None:
        plug.hear_register(told.register, moment.now)
    state.tell(Change.PLUG, plug.number)


def _given(state: StationState, told: Transaction) -> str:
    """Return the id for a start, the same one when the station repeats it.

    Also when its answer was lost with our last run: then only the session was remembered.
    """
    plug = state.plug(told.plug)
    session = None if plug is None or not plug.has_session else plug.session
    if session is not None and (session.began, session.token) == (told.at, told.token):
        return session.id
    start = (told.plug, told.at, told.register, told.token)
    given = state.archive.given.get(start)
    if given is None or told.at is None:
        given = str(state.ids.give())
        state.archive.keep_given(start, given)
    return given


def _ended(state: StationState, told: Transaction, moment: Moment) -> None:
    at = told.at or moment.utc
    archived = state.archive.sessions.pop(told.id or "", None)
    if archived is not None:
        number, session = archived
        ended = Session(
            id=session.id,
            began=session.began,
            token=session.token,
            ended=at,
            end_reason=told.reason,
        )
        state.tell(Change.SESSION_ENDED, number, session=ended)
        return
    plug = state.plug_of(told.id)
    if plug is None:
        return
    present = _is_present(state, plug.number, told.at, moment) and not told.offline
    session = plug.end_session(told.id or "", at, told.reason, told.register)
    if session is not None:
        state.tell(Change.SESSION_ENDED, plug.number, session=session)
        state.tell(Change.MEMORY)
    if present:
        plug.stopped(moment)
        if told.state is LoadState.DISCONNECTED:
            plug.hear_charging_state(told.word or "", told.state, moment)
        elif plug.state not in {LoadState.DISCONNECTED, LoadState.FAULTED}:
            plug.hear_charging_state(told.word or plug.word or "", LoadState.FINISHED, moment)
    state.tell(Change.PLUG, plug.number)


def _outside_limit(state: StationState, heard: OutsideLimit) -> None:
    plugs = state.plugs.values() if heard.plug == 0 else (state.plug(heard.plug),)
    for plug in plugs:
        if plug is not None:
            plug.limited_outside = heard.active
            state.tell(Change.PLUG, plug.number)
