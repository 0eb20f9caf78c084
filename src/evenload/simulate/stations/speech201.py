"""OCPP 2.0.1 and 2.1 as a station speaks them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from evenload.ocpp.frames import Call
from evenload.ocpp.lenient import fields, items, number, text, whole
from evenload.ocpp.nouns import Version
from evenload.simulate.stations.plug import PlugState, Running, VirtualPlug
from evenload.simulate.stations.profiles import HeldProfile, read_profile
from evenload.simulate.stations.speech import Said, samples, scheduled, written_time

if TYPE_CHECKING:
    from evenload.simulate.stations.station import VirtualStation

_ACCEPTED: dict[str, object] = {"status": "Accepted"}
_CHARGING_STATES = {
    PlugState.AVAILABLE: "Idle",
    PlugState.PREPARING: "EVConnected",
    PlugState.CHARGING: "Charging",
    PlugState.SUSPENDED_CAR: "SuspendedEV",
    PlugState.SUSPENDED_STATION: "SuspendedEVSE",
    PlugState.FINISHING: "EVConnected",
}
_INTERVAL, _LIST = "SampledDataCtrlr/TxUpdatedInterval", "SampledDataCtrlr/TxUpdatedMeasurands"
_HEARTBEAT = "OCPPCommCtrlr/HeartbeatInterval"
_WRITABLE = frozenset({_INTERVAL, _LIST, _HEARTBEAT})


class Speech201:
    """OCPP 2.0.1 or 2.1."""

    def __init__(self, station: VirtualStation, version: Version) -> None:
        """Speak this version for a station."""
        self._station = station
        self._version = version
        behaviour = station.behaviour
        self._variables = {
            "SmartChargingCtrlr/Enabled": "true",
            "SmartChargingCtrlr/RateUnit": behaviour.rate_unit,
            "SmartChargingCtrlr/PeriodsPerSchedule": str(behaviour.most_periods),
            "SmartChargingCtrlr/ProfileStackLevel": "8",
            "SmartChargingCtrlr/Entries": "20",
            "SmartChargingCtrlr/Phases3to1": str(behaviour.switches_phases).lower(),
            "SmartChargingCtrlr/SupportsMaxOfflineDuration": str(behaviour.ends_offline).lower(),
            _INTERVAL: f"{behaviour.meter_interval:.0f}",
            _LIST: "Energy.Active.Import.Register",
            _HEARTBEAT: "60",
        }
        self._transactions = 0
        self._handlers: Mapping[str, Callable[[Mapping[str, object]], dict[str, object]]] = {
            "SetChargingProfile": self._set_profile,
            "ClearChargingProfile": self._clear_profile,
            "GetChargingProfiles": self._get_profiles,
            "GetCompositeSchedule": self._composite,
            "GetVariables": self._get_variables,
            "SetVariables": self._set_variables,
            "TriggerMessage": self._trigger,
            "RequestStartTransaction": self._start,
            "RequestStopTransaction": self._stop,
            "ChangeAvailability": self._change_availability,
            "Reset": self._reset,
            "UnlockConnector": lambda _payload: {"status": "Unlocked"},
        }

    @property
    def meter_interval(self) -> float:
        """Between two meter values [s]."""
        return float(self._variables[_INTERVAL])

    @property
    def heartbeat_interval(self) -> float:
        """Between two heartbeats [s]."""
        return float(self._variables[_HEARTBEAT])

    def boot(self) -> Said:
        """Return the message of a station that has started."""
        behaviour = self._station.behaviour
        return Said(
            action="BootNotification",
            payload={
                "reason": "PowerUp",
                "chargingStation": {
                    "vendorName": behaviour.vendor[:50],
                    "model": behaviour.model[:20],
                    "firmwareVersion": behaviour.firmware,
                },
            },
        )

    def heartbeat(self) -> Said:
        """Return the message of a station that has nothing to say."""
        return Said(action="Heartbeat", payload={})

    def changed(self, plug: VirtualPlug, before: PlugState | None) -> tuple[Said, ...]:
        """Return what is said of a plug whose state has changed."""
        state = plug.present_state()
        said: list[Said] = []
        if before is None or PlugState.AVAILABLE in {before, state}:
            said.append(self._status(plug))
        if plug.running is not None:
            said.append(self._event(plug, plug.running, "Updated", "ChargingStateChanged"))
        return tuple(said)

    def metered(self, plug: VirtualPlug) -> Said:
        """Return a plug's meter values."""
        if plug.running is not None:
            return self._event(plug, plug.running, "Updated", "MeterValuePeriodic", measured=True)
        return Said(
            action="MeterValues",
            payload={"evseId": plug.number, "meterValue": self._meter_value(plug)},
        )

    def started(self, plug: VirtualPlug, running: Running) -> Said:
        """Return the beginning of a transaction."""
        self._transactions += 1
        stamp = int(self._station.time.timestamp())
        running.id = f"{plug.number}-{stamp}-{self._transactions}"
        trigger = "Authorized" if self._station.behaviour.free else "RemoteStart"
        return self._event(plug, running, "Started", trigger, measured=True)

    def stopped(self, plug: VirtualPlug, running: Running, reason: str) -> Said | None:
        """Return the end of a transaction."""
        known = {"EVDisconnected": "EVDisconnected", "Remote": "Remote"}
        stopped = known.get(reason, "ImmediateReset" if "Reset" in reason else "Other")
        said = self._event(plug, running, "Ended", "EVCommunicationLost", measured=True)
        info = {**fields(said.payload["transactionInfo"]), "stoppedReason": stopped}
        return Said(
            action=said.action,
            payload=said.payload | {"transactionInfo": info},
            must_arrive=True,
            running=running,
        )

    def completed(self, said: Said) -> dict[str, object]:
        """Return the payload as it is: the station gives its transactions their ids."""
        return said.payload

    def answered(self, said: Said, payload: Mapping[str, object]) -> None:
        """Take the central system's answer."""
        if said.action == "BootNotification":
            interval = whole(payload.get("interval"))
            if interval:
                self._variables[_HEARTBEAT] = str(interval)
        token = fields(payload.get("idTokenInfo"))
        if said.running is not None and token and token.get("status") != "Accepted":
            for plug in self._station.plugs:
                if plug.running is said.running:
                    self._station.stop(plug, "DeAuthorized")

    def handle(self, call: Call) -> dict[str, object] | None:
        """Do what the central system asks and return the answer; None: not known."""
        handler = self._handlers.get(call.action)
        return None if handler is None else handler(call.payload)

    @property
    def _now(self) -> str:
        return written_time(self._station.time)

    def _status(self, plug: VirtualPlug) -> Said:
        free = plug.present_state() is PlugState.AVAILABLE
        word = ("Available" if free else "Occupied") if plug.available else "Unavailable"
        return Said(
            action="StatusNotification",
            payload={
                "timestamp": self._now,
                "connectorStatus": word,
                "evseId": plug.number,
                "connectorId": 1,
            },
        )

    def _event(
        self,
        plug: VirtualPlug,
        running: Running,
        kind: str,
        trigger: str,
        *,
        measured: bool = False,
    ) -> Said:
        payload: dict[str, object] = {
            "eventType": kind,
            "timestamp": self._now,
            "triggerReason": trigger,
            "seqNo": running.events,
            "offline": not self._station.online,
            "transactionInfo": {
                "transactionId": running.id or "",
                "chargingState": _CHARGING_STATES[plug.present_state()],
            },
            "evse": {"id": plug.number, "connectorId": 1},
        }
        if kind == "Started":
            payload["idToken"] = {"idToken": running.token[:36], "type": "Central"}
        if measured:
            payload["meterValue"] = self._meter_value(plug)
        running.events += 1
        return Said(action="TransactionEvent", payload=payload, must_arrive=True, running=running)

    def _meter_value(self, plug: VirtualPlug) -> list[dict[str, object]]:
        behaviour = self._station.behaviour
        wanted = tuple(self._variables[_LIST].split(","))
        found = samples(plug, wanted, phases=behaviour.phases, tells_soc=behaviour.tells_soc)
        sampled: list[dict[str, object]] = []
        for measurand, leg, value, unit in found:
            sample: dict[str, object] = {"value": value, "measurand": measurand}
            sample["unitOfMeasure"] = {"unit": unit}
            if leg is not None:
                sample["phase"] = leg
            sampled.append(sample)
        if not sampled:
            sampled = [{"value": round(plug.register, 1)}]
        return [{"timestamp": self._now, "sampledValue": sampled}]

    def _plug(self, identifier: object) -> VirtualPlug | None:
        found = whole(identifier)
        return next((each for each in self._station.plugs if each.number == found), None)

    def _set_profile(self, payload: Mapping[str, object]) -> dict[str, object]:
        station, evse = self._station, whole(payload.get("evseId"))
        profile = read_profile(evse or 0, fields(payload.get("chargingProfile")), station.time)
        if evse is None or not 0 <= evse <= len(station.plugs) or profile is None:
            return _rejected("InvalidValue")
        if profile.unit != station.behaviour.rate_unit:
            return _rejected("UnsupportedRateUnit")
        if len(profile.periods) > station.behaviour.most_periods:
            return _rejected("InvalidSchedule")
        twin = any(
            each.purpose == profile.purpose == "TxDefaultProfile"
            and each.stack == profile.stack
            and each.id != profile.id
            and 0 in {each.plug, profile.plug}
            for each in station.profiles
        )
        if twin:
            return _rejected("DuplicateProfile")  # K01.FR.53
        station.profiles.install(profile)
        return _ACCEPTED

    def _clear_profile(self, payload: Mapping[str, object]) -> dict[str, object]:
        criteria = fields(payload.get("chargingProfileCriteria"))
        cleared = self._station.profiles.clear(
            identifier=whole(payload.get("chargingProfileId")),
            plug=whole(criteria.get("evseId")),
            purpose=text(criteria.get("chargingProfilePurpose")),
            stack=whole(criteria.get("stackLevel")),
        )
        return {"status": "Accepted" if cleared else "Unknown"}

    def _get_profiles(self, payload: Mapping[str, object]) -> dict[str, object]:
        station, plug = self._station, whole(payload.get("evseId"))
        found = [each for each in station.profiles if plug is None or each.plug == plug]
        for profile in found:
            content: dict[str, object] = {
                "requestId": whole(payload.get("requestId")) or 0,
                "chargingLimitSource": "CSO",
                "evseId": profile.plug,
                "chargingProfile": [_told(profile)],
                "tbc": profile is not found[-1],
            }
            station.say(Said(action="ReportChargingProfiles", payload=content))
        return {"status": "Accepted" if found else "NoProfiles"}

    def _composite(self, payload: Mapping[str, object]) -> dict[str, object]:
        station, plug = self._station, self._plug(payload.get("evseId"))
        if plug is None:
            return _rejected("UnknownEvse")
        seconds = whole(payload.get("duration")) or 0
        unit = text(payload.get("chargingRateUnit")) or station.behaviour.rate_unit
        schedule = {
            "evseId": plug.number,
            "duration": seconds,
            "scheduleStart": self._now,
            "chargingRateUnit": unit,
            "chargingSchedulePeriod": scheduled(station, plug, seconds, unit),
        }
        return {"status": "Accepted", "schedule": schedule}

    def _get_variables(self, payload: Mapping[str, object]) -> dict[str, object]:
        results: list[dict[str, object]] = []
        for each in map(fields, items(payload.get("getVariableData"))):
            value = self._variables.get(_named(each))
            result: dict[str, object] = {
                "component": each["component"],
                "variable": each["variable"],
                "attributeStatus": "UnknownVariable" if value is None else "Accepted",
            }
            if value is not None:
                result["attributeValue"] = value
            results.append(result)
        return {"getVariableResult": results}

    def _set_variables(self, payload: Mapping[str, object]) -> dict[str, object]:
        results: list[dict[str, object]] = []
        for each in map(fields, items(payload.get("setVariableData"))):
            name, value = _named(each), text(each.get("attributeValue"), 1000) or ""
            status = "Accepted"
            if name not in self._variables:
                status = "UnknownVariable"
            elif name not in _WRITABLE or (name != _LIST and (number(value) or 0.0) <= 0.0):
                status = "Rejected"
            else:
                self._variables[name] = value
            results.append(
                {
                    "component": each["component"],
                    "variable": each["variable"],
                    "attributeStatus": status,
                }
            )
        return {"setVariableResult": results}

    def _trigger(self, payload: Mapping[str, object]) -> dict[str, object]:
        station = self._station
        plug = self._plug(fields(payload.get("evse")).get("id"))
        plugs = station.plugs if plug is None else (plug,)
        match payload.get("requestedMessage"):
            case "StatusNotification":
                said = [self._status(each) for each in plugs]
            case "MeterValues" | "TransactionEvent":
                said = [self.metered(each) for each in plugs]
            case "Heartbeat":
                said = [self.heartbeat()]
            case "BootNotification":
                said = [self.boot()]
            case _:
                return {"status": "NotImplemented"}
        for each in said:
            station.say(each)
        return _ACCEPTED

    def _start(self, payload: Mapping[str, object]) -> dict[str, object]:
        plug = self._plug(payload.get("evseId"))
        token = text(fields(payload.get("idToken")).get("idToken"))
        if plug is None or token is None or plug.running is not None or not plug.outlet.home:
            return _rejected("NotPossible")
        self._station.start(plug, token)
        return _ACCEPTED

    def _stop(self, payload: Mapping[str, object]) -> dict[str, object]:
        for plug in self._station.plugs:
            if plug.running is not None and plug.running.id == payload.get("transactionId"):
                self._station.stop(plug, "Remote")
                return _ACCEPTED
        return _rejected("TxNotFound")

    def _change_availability(self, payload: Mapping[str, object]) -> dict[str, object]:
        plug = self._plug(fields(payload.get("evse")).get("id"))
        for each in self._station.plugs if plug is None else (plug,):
            each.available = payload.get("operationalStatus") == "Operative"
            self._station.say(self._status(each))
        return _ACCEPTED

    def _reset(self, payload: Mapping[str, object]) -> dict[str, object]:
        self._station.reset(hard=payload.get("type") == "Immediate")
        return _ACCEPTED


def _rejected(reason: str) -> dict[str, object]:
    return {"status": "Rejected", "statusInfo": {"reasonCode": reason}}


def _named(given: Mapping[str, object]) -> str:
    component, variable = fields(given.get("component")), fields(given.get("variable"))
    return f"{component.get('name')}/{variable.get('name')}"


def _told(profile: HeldProfile) -> dict[str, object]:
    schedule = {
        "id": profile.id,
        "chargingRateUnit": profile.unit,
        "chargingSchedulePeriod": [
            {"startPeriod": int(start), "limit": limit} for start, limit, _ in profile.periods
        ],
    }
    return {
        "id": profile.id,
        "stackLevel": profile.stack,
        "chargingProfilePurpose": profile.purpose,
        "chargingProfileKind": profile.kind,
        "chargingSchedule": [schedule],
    }
