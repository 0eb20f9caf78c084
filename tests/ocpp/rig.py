"""A conversation with one station's session, without sockets and in made-up time."""

import json
from datetime import UTC, datetime, timedelta

from evenload.ocpp.nouns import Change, Event, Moment, PlugSnapshot, Setpoint, Version
from evenload.ocpp.state import StationRecord, StationSettings
from evenload.ocpp.station import Station
from evenload.ocpp.transactions import TransactionIds

START = datetime(2026, 6, 1, 12, tzinfo=UTC)
BOOT_16 = {"chargePointVendor": "Maker", "chargePointModel": "Twin"}
BOOT_2 = {"reason": "PowerUp", "chargingStation": {"vendorName": "Maker", "model": "Twin"}}


class Talk:
    """Plays the station; every call of the central system is answered as `answers` says."""

    def __init__(
        self,
        version: Version = Version.V16,
        settings: StationSettings | None = None,
        *,
        record: StationRecord | None = None,
        silent: bool = False,
    ) -> None:
        self.now = 0.0
        self.version = version
        self.ids = TransactionIds(0, START)
        self.station = Station("garage", settings or StationSettings(), self.ids, record)
        self.answers: dict[str, dict[str, object] | str | None] = {}
        """By action: a payload, an error code, or None for silence."""
        self.silent = silent
        self.calls: list[tuple[str, dict[str, object]]] = []
        """What the central system has called, in order."""
        self.events: list[Event] = []
        self._count = 0
        self.station.connect(version, self.moment)

    @property
    def moment(self) -> Moment:
        return Moment(1000.0 + self.now, START + timedelta(seconds=self.now))

    def time(self, ahead: float = 0.0) -> str:
        return (START + timedelta(seconds=self.now + ahead)).isoformat().replace("+00:00", "Z")

    def boot(self, **changed: object) -> dict[str, object]:
        if self.version is Version.V16:
            return self.say("BootNotification", BOOT_16 | changed)
        return self.say("BootNotification", BOOT_2)

    def say(self, action: str, payload: dict[str, object]) -> dict[str, object]:
        """Send a call and return the answer's payload, or {"error": code}."""
        self._count += 1
        identifier = f"s{self._count}"
        self.station.receive(json.dumps([2, identifier, action, payload]), self.moment)
        return self._settle(identifier)

    def send(self, text: str) -> None:
        self.station.receive(text, self.moment)
        self._settle(None)

    def command(self, plug: int, current: float, **more: float | None) -> None:
        settings: dict[str, float | None] = {"fallback": 6.0, "lease": 180.0} | more
        self.station.command(plug, Setpoint(current=current, **settings), self.moment)  # type: ignore[arg-type]
        self._settle(None)

    def wait(self, seconds: float) -> None:
        """Let time pass, waking the session when it wants to be."""
        until = self.now + seconds
        while (wake := self.station.wake_at) is not None and wake - 1000.0 <= until:
            self.now = max(self.now, wake - 1000.0)
            self.station.tick(self.moment)
            self._settle(None)
            if self.station.wake_at == wake:
                break
        self.now = until

    def reconnect(self, away: float = 1.0) -> None:
        self.station.disconnect()
        self.now += away
        self.station.connect(self.version, self.moment)

    def plug(self, number: int = 1) -> PlugSnapshot:
        return self.station.snapshot().plugs[number]

    def profiles(self) -> list[dict[str, object]]:
        """Return the profiles that were sent for plugs, with `plug` in them."""
        found = []
        for action, payload in self.calls:
            if action == "SetChargingProfile":
                plug = payload.get("connectorId", payload.get("evseId"))
                profile = payload.get("csChargingProfiles", payload.get("chargingProfile"))
                schedule = profile["chargingSchedule"]
                schedule = schedule[0] if isinstance(schedule, list) else schedule
                found.append(profile | {"plug": plug, "schedule": schedule})
        return [profile for profile in found if profile["plug"]]

    def limits(self) -> list[tuple[int, list[tuple[int, float]]]]:
        """Return plug, and offset and limit of each period, of every profile sent so far."""
        return [
            (
                profile["plug"],
                [
                    (period["startPeriod"], period["limit"])
                    for period in profile["schedule"]["chargingSchedulePeriod"]
                ],
            )
            for profile in self.profiles()
        ]

    def changes(self) -> list[tuple[Change, int | None]]:
        return [(event.change, event.plug) for event in self.events]

    def status(self, plug: int, word: str, **more: object) -> None:
        if self.version is Version.V16:
            payload: dict[str, object] = {
                "connectorId": plug,
                "status": word,
                "errorCode": "NoError",
            }
        else:
            payload = {"evseId": plug, "connectorId": 1, "connectorStatus": word}
        self.say("StatusNotification", payload | {"timestamp": self.time()} | more)

    def start(self, plug: int = 1, **more: object) -> str:
        """Start a transaction and return its id."""
        if self.version is Version.V16:
            payload = {"connectorId": plug, "idTag": "CARD", "meterStart": 100}
            answer = self.say("StartTransaction", payload | {"timestamp": self.time()} | more)
            return str(answer["transactionId"])
        self.event("Started", plug, **more)
        return f"t{plug}"

    def event(self, kind: str, plug: int, state: str = "Charging", **more: object) -> None:
        payload: dict[str, object] = {
            "eventType": kind,
            "timestamp": self.time(),
            "triggerReason": "ChargingStateChanged",
            "seqNo": 0,
            "transactionInfo": {"transactionId": f"t{plug}", "chargingState": state},
            "evse": {"id": plug, "connectorId": 1},
        }
        self.say("TransactionEvent", payload | more)

    def meter(self, plug: int, *samples: dict[str, object], **more: object) -> None:
        value = [{"timestamp": self.time(), "sampledValue": list(samples)}]
        name = "connectorId" if self.version is Version.V16 else "evseId"
        self.say("MeterValues", {name: plug, "meterValue": value} | more)

    def _settle(self, awaited: str | None) -> dict[str, object]:
        """Answer the central system until it has nothing more to say; return what was awaited."""
        answer: dict[str, object] = {}
        while frames := self.station.take_frames():
            for frame in frames:
                kind, identifier, *rest = json.loads(frame)
                if kind == 2:
                    self.calls.append((rest[0], rest[1]))
                    self._reply(identifier, rest[0])
                elif identifier == awaited:
                    answer = rest[0] if kind == 3 else {"error": rest[0]}
        self.events.extend(self.station.take_events())
        return answer

    def _reply(self, identifier: str, action: str) -> None:
        if self.silent:
            return
        given = self.answers.get(action, {"status": "Accepted"})
        if given is None:
            return
        if isinstance(given, str):
            text = json.dumps([4, identifier, given, "", {}])
        else:
            text = json.dumps([3, identifier, given])
        self.station.receive(text, self.moment)
