"""A virtual charging station, without sockets and clocks: seconds and frames in, frames out.

It lives second by second whether or not it is connected: cars come and go, profiles expire, and what
happens in a transaction is kept until it can be told. `speech` puts it into a version of OCPP.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from evenload.ocpp.frames import Call, Refusal, Result, parse, written
from evenload.ocpp.nouns import Moment, Version
from evenload.ocpp.schemas import check_call, check_result
from evenload.simulate.stations.behaviour import Behaviour
from evenload.simulate.stations.outlet import Outlet
from evenload.simulate.stations.plug import Running, VirtualPlug
from evenload.simulate.stations.profiles import Limit, ProfileStore
from evenload.simulate.stations.speech import Said, Speech
from evenload.simulate.stations.speech16 import Speech16
from evenload.simulate.stations.speech201 import Speech201

_ANSWER_LIMIT = 20.0
"""How long it waits for an answer [s]."""
_BOOT_AGAIN = 10.0
_START_AFTER = 2.0
"""From a car being plugged in to a transaction, where nobody must start it [s]."""
_MOST_KEPT = 500
"""Messages that it keeps while it is offline."""


class VirtualStation:
    """A station with one plug for each outlet."""

    def __init__(
        self, version: Version, outlets: Sequence[Outlet], behaviour: Behaviour | None = None
    ) -> None:
        """Stand switched on and not connected."""
        self.behaviour = behaviour or Behaviour()
        self.plugs = tuple(VirtualPlug(number, each) for number, each in enumerate(outlets, 1))
        self.profiles = ProfileStore()
        self.version = version
        self.speech: Speech = Speech16(self) if version is Version.V16 else Speech201(self, version)
        self.online = False
        self.received: list[Call] = []
        """Calls of the central system, the newest last; the last hundred are kept."""
        self.sent = 0
        """Messages of its own."""
        self.answered = 0
        """Those of them that were answered."""
        self.time = datetime.fromtimestamp(0.0, UTC)
        """What its clock shows."""
        self._booted = False
        self._line: deque[Said] = deque()
        self._flight: tuple[str, Said, float] | None = None
        self._frames: list[str] = []
        self._heartbeat_at = 0.0
        self._boot_at: float | None = None
        self._resets = False
        self._lost_at: float | None = None
        """When the connection was lost [s, monotonic]; None: it stands, or never did."""

    # The connection.

    def connect(self, moment: Moment) -> None:
        """Take a new connection: boot, or go on where it was (OCPP-J 1.6, 5.4: without booting)."""
        self.online, self._lost_at = True, None
        self._frames.clear()
        self._set_time(moment)
        if not self._booted:
            self._boot_at = moment.now
        else:
            for plug in self.plugs:
                plug.told = None
            self._heartbeat_at = moment.now
            self._tell_states()
        self._send(moment)

    def disconnect(self) -> None:
        """Lose the connection; what concerns transactions is kept and told again."""
        self.online = False
        self._frames.clear()
        if self._flight is not None and self._flight[1].must_arrive:
            self._line.appendleft(self._flight[1])
        self._flight = None
        self._line = deque(said for said in self._line if said.must_arrive)

    def take_frames(self) -> tuple[str, ...]:
        """Return what is to be sent, once."""
        frames = tuple(self._frames)
        self._frames.clear()
        return frames

    def receive(self, text: str, moment: Moment) -> None:
        """Take a frame of the central system."""
        self._set_time(moment)
        match parse(text):
            case Call() as call:
                self._answer(call)
            case Result(identifier, payload):
                self._land(identifier, payload, moment)
            case Refusal(identifier, _, _):
                self._land(identifier, {}, moment)
            case _:
                pass
        if self._resets:
            self._reset(moment)
        self._send(moment)

    # Time.

    def advance(self, moment: Moment) -> None:
        """Live through one second."""
        self._set_time(moment)
        self._end_offline(moment)
        for plug, limit in zip(self.plugs, self._limits(), strict=True):
            phases = limit.phases if self.behaviour.switches_phases and limit.phases else None
            plug.advance(limit.current, phases or self.behaviour.phases, self.behaviour.minimum)
            self._transact(plug, moment)
        if self.online:
            self._keep_in_touch(moment)
        self._send(moment)

    def _end_offline(self, moment: Moment) -> None:
        if self.online or not self.behaviour.ends_offline:
            return
        if self._lost_at is None:
            self._lost_at = moment.now
        self.profiles.end_offline(moment.now - self._lost_at)

    def limit(self, plug: VirtualPlug) -> Limit | None:
        """Return what a plug's profiles allow now; None: they do not limit it."""
        began = plug.running.began if plug.running is not None else None
        return self.profiles.limit(plug.number, self.time, began, phases=self.behaviour.phases)

    def _limits(self) -> list[Limit]:
        """Return what each plug may offer, all together within the station's maximum."""
        most = self.behaviour.max_current
        found = [self.limit(plug) for plug in self.plugs]
        if self.behaviour.deaf:
            found = [None for _ in found]
        default = most if self.behaviour.default_current is None else self.behaviour.default_current
        limits = [Limit(default, None) if limit is None else limit for limit in found]
        bounds = [self.profiles.station_limit(self.time, phases=self.behaviour.phases)]
        together = [bound.current for bound in bounds if bound is not None]
        if self.behaviour.station_current is not None:
            together.append(self.behaviour.station_current)
        if not together:
            return [Limit(min(limit.current, most), limit.phases) for limit in limits]
        active = sum(plug.running is not None for plug in self.plugs) or 1
        share = min(together) / active
        wanted = sum(
            limit.current
            for limit, plug in zip(limits, self.plugs, strict=True)
            if plug.running is not None
        )
        if wanted <= min(together):
            share = most
        return [Limit(min(limit.current, most, share), limit.phases) for limit in limits]

    def _set_time(self, moment: Moment) -> None:
        self.time = moment.utc + timedelta(seconds=self.behaviour.clock_ahead)

    # Transactions.

    def start(self, plug: VirtualPlug, token: str) -> None:
        """Start a transaction."""
        plug.running = Running(began=self.time, token=token, meter_start=plug.register)
        plug.ended = False
        self.say(self.speech.started(plug, plug.running))

    def stop(self, plug: VirtualPlug, reason: str) -> None:
        """End a plug's transaction."""
        running = plug.running
        if running is None:
            return
        self.profiles.end_transaction(plug.number)
        plug.running = None
        plug.ended = plug.outlet.home
        plug.offered = 0.0
        self.say(self.speech.stopped(plug, running, reason))

    def _transact(self, plug: VirtualPlug, moment: Moment) -> None:
        if not plug.outlet.home:
            plug.plugged_at, plug.ended = None, False
            self.stop(plug, "EVDisconnected")
            return
        if plug.plugged_at is None:
            plug.plugged_at = moment.now
        waited = moment.now - plug.plugged_at >= _START_AFTER
        idle = plug.running is None and not plug.ended
        if idle and waited and self.behaviour.free and plug.available and self._booted:
            self.start(plug, self.behaviour.token)

    # Speaking.

    def say(self, said: Said | None) -> None:
        """Line up a message; while offline only what concerns transactions is kept."""
        if said is not None and (self.online or said.must_arrive) and len(self._line) < _MOST_KEPT:
            self._line.append(said)

    def reset(self, *, hard: bool) -> None:
        """Restart as soon as the call is answered."""
        for plug in self.plugs:
            self.stop(plug, "HardReset" if hard else "SoftReset")
        self._resets = True

    def _reset(self, moment: Moment) -> None:
        """Begin anew: profiles and meters stay, the rest is lost."""
        self._resets, self._booted = False, False
        self._boot_at = moment.now
        for plug in self.plugs:
            plug.told, plug.ended, plug.plugged_at = None, False, None

    def _keep_in_touch(self, moment: Moment) -> None:
        if not self._booted:
            if self._boot_at is not None and moment.now >= self._boot_at:
                self._boot_at = moment.now + _BOOT_AGAIN
                self._line.appendleft(self.speech.boot())
            return
        self._tell_states()
        for plug in self.plugs:
            since = plug.metered_at
            due = since is None or moment.now - since >= self.speech.meter_interval
            if plug.running is not None and due:
                plug.metered_at = moment.now
                self.say(self.speech.metered(plug))
        if moment.now - self._heartbeat_at >= self.speech.heartbeat_interval:
            self._heartbeat_at = moment.now
            self.say(self.speech.heartbeat())

    def _tell_states(self) -> None:
        for plug in self.plugs:
            state = plug.present_state()
            if state is not plug.told:
                before, plug.told = plug.told, state
                for said in self.speech.changed(plug, before):
                    self.say(said)

    def _send(self, moment: Moment) -> None:
        """Make the next call if none is on its way."""
        if self._flight is not None and moment.now - self._flight[2] > _ANSWER_LIMIT:
            self._flight = None
        if not self.online or self._flight is not None or not self._line:
            return
        if not self._booted and self._line[0].action != "BootNotification":
            return
        said = self._line.popleft()
        self.sent += 1
        identifier = f"v{self.sent}"
        payload = self.speech.completed(said)
        check_call(self.version, said.action, payload)
        self._flight = identifier, said, moment.now
        self._frames.append(written(Call(identifier, said.action, payload)))

    def _land(self, identifier: str, payload: Mapping[str, object], moment: Moment) -> None:
        if self._flight is None or self._flight[0] != identifier:
            return
        said = self._flight[1]
        self._flight = None
        self.answered += 1
        if said.action != "BootNotification":
            self.speech.answered(said, payload)
        elif payload.get("status") == "Accepted":
            self._booted, self._boot_at = True, None
            self._heartbeat_at = moment.now
            self.speech.answered(said, payload)
            self._tell_states()

    def _answer(self, call: Call) -> None:
        self.received = [*self.received[-99:], call]
        if call.action in self.behaviour.never_answers:
            return
        status = self.behaviour.answers.get(call.action)
        payload = {"status": status} if status is not None else self.speech.handle(call)
        if payload is None:
            self._frames.append(written(Refusal(call.id, "NotImplemented")))
            return
        check_result(self.version, call.action, payload)
        self._frames.append(written(Result(call.id, payload)))
