"""Hostile frames: valid messages of OCPP mutated field by field, in right and wrong order, and noise.

    fuzz(count, seed) -> Damage

talks to stations' sessions as a broken or hostile station would, while a healthy station beside them
goes on. Half of the messages and more are valid ones in which one field was changed, left out, doubled
or given another type; a fifth is valid; the rest is noise. The central system's own calls are answered,
too: rightly, wrongly, late or not at all. Whatever is raised is a failure, and so is a station that
cannot be used afterwards or a healthy one that noticed anything.
"""

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from messages import ANSWERS, OF_1_6, OF_2, Json

from evenload.ocpp.nouns import Moment, Setpoint, Version
from evenload.ocpp.state import MOST_PLUGS, StationSettings
from evenload.ocpp.station import Station
from evenload.ocpp.transactions import TransactionIds

START = datetime(2026, 6, 1, 12, tzinfo=UTC)
SHARES = {"mutated": 0.55, "valid": 0.2, "noise": 0.25}
CONVERSATION = 500
"""Frames in one connection before the station dials again."""

JUNK: tuple[Json, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2,
    33,
    10**9,
    -(10**18),
    10**300,
    0.1,
    -273.15,
    1e308,
    "",
    " ",
    "L1",
    "-0",
    "NaN",
    "Infinity",
    "9,6",
    "1e999",
    "\x00\x1b[31m",
    "x" * 3000,
    "٣",
    "2026-06-01T12:00:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59+14:00",
    "2026-13-45T99:99:99Z",
    [],
    {},
    [[[]]],
    {"value": {}},
    ["A", "W"],
)
NOISE = (
    "",
    "[",
    "null",
    "[]",
    "{}",
    "[2]",
    '[2,"1"]',
    '[2,"1","BootNotification"]',
    '[2,1,"Heartbeat",{}]',
    '[3,"nobody",{}]',
    '[4,"nobody","InternalError","",{}]',
    '[4,"1"]',
    '[5,"1","x","",{}]',
    '[6,"1","NotifyPeriodicEventStream",{}]',
    '[9,"1",{}]',
    '[2,"1","' + "A" * 5000 + '",{}]',
    '[2,"' + "1" * 5000 + '","Heartbeat",{}]',
    "[" * 20_000,
    '{"a":' * 4_000,
    "[2," + "9" * 5000 + "]",
    '[2,"1","MeterValues",{"connectorId":NaN}]',
    '[2,"1","MeterValues",[]]',
    '[2,"1","Heartbeat",null]',
    "\ud800",
    "\x00" * 100,
)


@dataclass(slots=True)
class Damage:
    """What the fuzzing found."""

    frames: int = 0
    mutated: int = 0
    answered: int = 0
    """Frames that the central system sent in turn."""
    failures: list[str] = field(default_factory=list)


def mutate(value: Json, chance: random.Random) -> Json:  # noqa: PLR0911 - one a kind of damage
    """Return `value` with one field somewhere in it changed."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(list(value))
        kind = chance.random()
        if kind < 0.12:
            return {name: each for name, each in value.items() if name != key}
        if kind < 0.2:
            return value | {f"{key}X": value[key], "customData": {"vendorId": "x"}}
        return value | {key: mutate(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        index = chance.randrange(len(value))
        kind = chance.random()
        if kind < 0.1:
            return value * chance.choice((2, 700))
        return [*value[:index], mutate(value[index], chance), *value[index + 1 :]]
    if isinstance(value, str) and chance.random() < 0.3:
        return chance.choice((value.lower(), f" {value} ", value + value, value[:1]))
    if isinstance(value, int | float) and not isinstance(value, bool) and chance.random() < 0.4:
        return chance.choice((-value, value + 1, value * 1000, str(value), [value]))
    return chance.choice(JUNK)


class Attacker:
    """A broken station on one session."""

    def __init__(self, version: Version, station: Station, chance: random.Random) -> None:
        """Speak this version, or something like it."""
        self._templates = OF_1_6 if version is Version.V16 else OF_2
        self._version = version
        self._station = station
        self._chance = chance
        self._asked: list[str] = []
        self._sent = 0

    def next_frame(self, moment: Moment) -> tuple[str, bool]:
        """Return the next frame, and whether it is a mutated message."""
        chance = self._chance
        (kind,) = chance.choices(list(SHARES), list(SHARES.values()))
        if kind == "noise":
            return chance.choice(NOISE), False
        changed = kind == "mutated"
        frame = self._answer() if self._asked and chance.random() < 0.4 else self._call(moment)
        if not changed:
            return json.dumps(frame), False
        return json.dumps(self._changed(frame)), True

    def hear(self, frames: tuple[str, ...]) -> None:
        """Take note of what the central system asks."""
        for frame in frames:
            kind, identifier, *_ = json.loads(frame)
            if kind == 2:
                self._asked = [*self._asked[-5:], identifier]

    def _changed(self, frame: list[Json]) -> Json:
        """Return a frame with one field of its payload changed, seldom one of the frame itself."""
        if self._chance.random() < 0.05:
            return mutate(frame, self._chance)
        return [*frame[:-1], mutate(frame[-1], self._chance)]

    def _answer(self) -> list[Json]:
        identifier = self._asked.pop(self._chance.randrange(len(self._asked)))
        if self._chance.random() < 0.1:
            return [4, identifier, "InternalError", "", {}]
        return [3, identifier, self._chance.choice(ANSWERS)]

    def _call(self, moment: Moment) -> list[Json]:
        chance = self._chance
        self._sent += 1
        action = chance.choice(list(self._templates))
        at = moment.utc + timedelta(seconds=chance.choice((0, 0, 0, -30, -7200, 3600)))
        written = json.dumps(self._templates[action]).replace('"T"', json.dumps(at.isoformat()))
        payload = json.loads(written)
        if isinstance(payload, dict) and chance.random() < 0.7:
            self._make_it_fit(payload)
        return [2, f"a{self._sent}", action, payload]

    def _make_it_fit(self, payload: dict[str, Json]) -> None:
        """Let ids be those of a conversation, so that frames come in the right order, too."""
        plug = self._chance.choice((0, 1, 1, 2, 2, 3))
        for name in ("connectorId", "evseId"):
            if name in payload:
                payload[name] = plug
        session = self._station.snapshot().plugs.get(plug)
        running = session.session if session is not None else None
        if running is not None and "transactionId" in payload:
            payload["transactionId"] = int(running.id) if running.id.isdigit() else running.id
        if "status" in payload and "errorCode" in payload:
            payload["status"] = self._chance.choice(("Available", "Preparing", "Charging", "Odd"))
        if "eventType" in payload:
            payload["eventType"] = self._chance.choice(("Started", "Updated", "Ended"))


def fuzz(count: int, seed: int) -> Damage:
    """Send so many frames to three sessions in turn, one of each version."""
    chance = random.Random(seed)
    damage = Damage()
    ids = TransactionIds(0, START)
    healthy = _healthy(ids)
    before = healthy.snapshot()
    seconds = 0.0
    while damage.frames < count:
        for version in Version:
            seconds += _one_conversation(version, ids, chance, seconds, damage)
    if healthy.snapshot() != before:
        damage.failures.append("a healthy station noticed something")
    return damage


def _one_conversation(
    version: Version, ids: TransactionIds, chance: random.Random, seconds: float, damage: Damage
) -> float:
    settings = StationSettings(max_current=20.0, overrides={"remote_start": True})
    station = Station(f"hostile {version}", settings, ids)
    attacker = Attacker(version, station, chance)
    elapsed = 0.0
    for turn in range(CONVERSATION):
        elapsed += chance.choice((0.0, 0.05, 0.3, 1.0, 12.0))
        moment = _moment(seconds + elapsed)
        if turn % 100 == 0:
            station.connect(version, moment)
        frame, mutated = attacker.next_frame(moment)
        try:
            station.receive(frame, moment)
            if chance.random() < 0.2:
                setpoint = Setpoint(
                    current=chance.choice((0.0, 6.0, 16.0)), fallback=6.0, lease=60.0
                )
                station.command(chance.choice((1, 2)), setpoint, moment)
            if (station.wake_at or 0.0) <= moment.now:
                station.tick(moment)
        except Exception as error:
            damage.failures.append(f"{version}: {error!r} after {frame[:200]}")
            raise
        sent = station.take_frames()
        attacker.hear(sent)
        station.take_events()
        damage.frames += 1
        damage.mutated += mutated
        damage.answered += len(sent)
    damage.failures.extend(_still_works(station, version, _moment(seconds + elapsed + 30.0)))
    return elapsed + 60.0


def _still_works(station: Station, version: Version, moment: Moment) -> list[str]:
    """Return what a station that behaves from now on would find wrong."""
    failures: list[str] = []
    if len(station.state.plugs) > MOST_PLUGS:
        failures.append(f"{version}: {len(station.state.plugs)} plugs")
    station.connect(version, moment)
    boot = json.dumps(
        [
            2,
            "sane",
            "BootNotification",
            (OF_1_6 if version is Version.V16 else OF_2)["BootNotification"],
        ]
    )
    station.command(1, Setpoint(current=8.0, fallback=6.0, lease=180.0), moment)
    station.receive(boot, moment)
    sent = [json.loads(frame) for frame in station.take_frames()]
    if [3, "sane"] not in [frame[:2] for frame in sent]:
        failures.append(f"{version}: a boot is not answered")
    if "SetChargingProfile" not in [frame[2] for frame in sent if frame[0] == 2]:
        failures.append(f"{version}: no profile is sent after a boot")
    return failures


def _healthy(ids: TransactionIds) -> Station:
    station = Station("healthy", StationSettings(), ids)
    moment = _moment(0.0)
    station.connect(Version.V16, moment)
    station.receive(json.dumps([2, "1", "BootNotification", OF_1_6["BootNotification"]]), moment)
    station.take_frames()
    station.take_events()
    return station


def _moment(seconds: float) -> Moment:
    return Moment(1000.0 + seconds, START + timedelta(seconds=seconds))
