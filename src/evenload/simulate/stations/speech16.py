"""OCPP 1.6J as a station speaks it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from evenload.ocpp.frames import Call
from evenload.ocpp.lenient import fields, items, number, text, whole
from evenload.simulate.stations.plug import PlugState, Running, VirtualPlug
from evenload.simulate.stations.profiles import read_profile
from evenload.simulate.stations.speech import Said, samples, scheduled, written_time

if TYPE_CHECKING:
    from evenload.simulate.stations.station import VirtualStation

_ACCEPTED: dict[str, object] = {"status": "Accepted"}
_REJECTED: dict[str, object] = {"status": "Rejected"}
_WRITABLE = frozenset({"MeterValueSampleInterval", "MeterValuesSampledData", "HeartbeatInterval"})
_KNOWN_MEASURANDS = frozenset(
    {
        "Energy.Active.Import.Register",
        "Power.Active.Import",
        "Current.Import",
        "Voltage",
        "Current.Offered",
        "SoC",
    }
)


class Speech16:
    """OCPP 1.6J."""

    def __init__(self, station: VirtualStation) -> None:
        """Speak for a station."""
        self._station = station
        behaviour = station.behaviour
        self._settings = {
            "NumberOfConnectors": str(len(station.plugs)),
            "SupportedFeatureProfiles": "Core,SmartCharging,RemoteTrigger",
            "ChargeProfileMaxStackLevel": "8",
            "ChargingScheduleAllowedChargingRateUnit": {"A": "Current", "W": "Power"}[
                behaviour.rate_unit
            ],
            "ChargingScheduleMaxPeriods": str(behaviour.most_periods),
            "MaxChargingProfilesInstalled": "20",
            "ConnectorSwitch3to1PhaseSupported": str(behaviour.switches_phases).lower(),
            "MeterValueSampleInterval": f"{behaviour.meter_interval:.0f}",
            "MeterValuesSampledData": "Energy.Active.Import.Register,Power.Active.Import",
            "HeartbeatInterval": "60",
        }
        self._handlers: Mapping[str, Callable[[Mapping[str, object]], dict[str, object]]] = {
            "SetChargingProfile": self._set_profile,
            "ClearChargingProfile": self._clear_profile,
            "GetCompositeSchedule": self._composite,
            "GetConfiguration": self._get_configuration,
            "ChangeConfiguration": self._change_configuration,
            "TriggerMessage": self._trigger,
            "RemoteStartTransaction": self._remote_start,
            "RemoteStopTransaction": self._remote_stop,
            "ChangeAvailability": self._change_availability,
            "Reset": self._reset,
            "UnlockConnector": lambda _payload: {"status": "Unlocked"},
        }

    @property
    def meter_interval(self) -> float:
        """Between two meter values [s]."""
        return float(self._settings["MeterValueSampleInterval"])

    @property
    def heartbeat_interval(self) -> float:
        """Between two heartbeats [s]."""
        return float(self._settings["HeartbeatInterval"])

    def boot(self) -> Said:
        """Return the message of a station that has started."""
        behaviour = self._station.behaviour
        return Said(
            action="BootNotification",
            payload={
                "chargePointVendor": behaviour.vendor[:20],
                "chargePointModel": behaviour.model[:20],
                "firmwareVersion": behaviour.firmware,
            },
        )

    def heartbeat(self) -> Said:
        """Return the message of a station that has nothing to say."""
        return Said(action="Heartbeat", payload={})

    def changed(self, plug: VirtualPlug, before: PlugState | None) -> tuple[Said, ...]:
        """Return what is said of a plug whose state has changed."""
        del before
        return (self._status(plug),)

    def metered(self, plug: VirtualPlug) -> Said:
        """Return a plug's meter values."""
        station = self._station
        wanted = tuple(self._settings["MeterValuesSampledData"].split(","))
        found = samples(
            plug,
            wanted,
            phases=station.behaviour.phases,
            tells_soc=station.behaviour.tells_soc,
        )
        sampled = [
            {"value": f"{value:g}" if value < 1e5 else f"{value:.0f}", "measurand": measurand}  # noqa: PLR2004 - %g turns to exponents
            | {"unit": unit}
            | ({"phase": leg} if leg is not None else {})
            for measurand, leg, value, unit in found
        ]
        return Said(
            action="MeterValues",
            payload={
                "connectorId": plug.number,
                "meterValue": [{"timestamp": self._now, "sampledValue": sampled}],
            },
            running=plug.running,
        )

    def started(self, plug: VirtualPlug, running: Running) -> Said:
        """Return the beginning of a transaction."""
        return Said(
            action="StartTransaction",
            payload={
                "connectorId": plug.number,
                "idTag": running.token[:20],
                "meterStart": round(running.meter_start),
                "timestamp": written_time(running.began),
            },
            must_arrive=True,
            running=running,
        )

    def stopped(self, plug: VirtualPlug, running: Running, reason: str) -> Said | None:
        """Return the end of a transaction."""
        return Said(
            action="StopTransaction",
            payload={
                "meterStop": round(plug.register),
                "timestamp": self._now,
                "reason": reason,
                "idTag": running.token[:20],
            },
            must_arrive=True,
            running=running,
        )

    def completed(self, said: Said) -> dict[str, object]:
        """Return a payload with the transaction's id, which may have come meanwhile."""
        running = said.running
        if said.action not in {"MeterValues", "StopTransaction"} or running is None:
            return said.payload
        identifier = whole(running.id)
        if identifier is None:
            # A start that was never answered leaves an end without an id: 5.16.4 of errata v4.
            return said.payload | ({"transactionId": -1} if said.must_arrive else {})
        return said.payload | {"transactionId": identifier}

    def answered(self, said: Said, payload: Mapping[str, object]) -> None:
        """Take the central system's answer."""
        if said.action == "StartTransaction" and said.running is not None:
            said.running.id = text(payload.get("transactionId"))
            refused = fields(payload.get("idTagInfo")).get("status") != "Accepted"
            plug = next(
                (each for each in self._station.plugs if each.running is said.running), None
            )
            if refused and plug is not None:
                self._station.stop(plug, "DeAuthorized")
        elif said.action == "BootNotification":
            interval = whole(payload.get("interval"))
            if interval:
                self._settings["HeartbeatInterval"] = str(interval)

    def handle(self, call: Call) -> dict[str, object] | None:
        """Do what the central system asks and return the answer; None: not known."""
        handler = self._handlers.get(call.action)
        return None if handler is None else handler(call.payload)

    @property
    def _now(self) -> str:
        return written_time(self._station.time)

    def _status(self, plug: VirtualPlug) -> Said:
        word = plug.present_state().value if plug.available else "Unavailable"
        return Said(
            action="StatusNotification",
            payload={
                "connectorId": plug.number,
                "status": word,
                "errorCode": "NoError",
                "timestamp": self._now,
            },
        )

    def _plug(self, payload: Mapping[str, object]) -> VirtualPlug | None:
        number_given = whole(payload.get("connectorId"))
        return next((each for each in self._station.plugs if each.number == number_given), None)

    def _set_profile(self, payload: Mapping[str, object]) -> dict[str, object]:
        station, plug = self._station, whole(payload.get("connectorId"))
        given = fields(payload.get("csChargingProfiles"))
        profile = read_profile(plug or 0, given, station.time)
        if plug is None or not 0 <= plug <= len(station.plugs) or profile is None:
            return _REJECTED
        fits = profile.unit == station.behaviour.rate_unit
        if not fits or len(profile.periods) > station.behaviour.most_periods:
            return _REJECTED
        station.profiles.install(profile)
        return _ACCEPTED

    def _clear_profile(self, payload: Mapping[str, object]) -> dict[str, object]:
        cleared = self._station.profiles.clear(
            identifier=whole(payload.get("id")),
            plug=whole(payload.get("connectorId")),
            purpose=text(payload.get("chargingProfilePurpose")),
            stack=whole(payload.get("stackLevel")),
        )
        return {"status": "Accepted" if cleared else "Unknown"}

    def _composite(self, payload: Mapping[str, object]) -> dict[str, object]:
        station, plug = self._station, self._plug(payload)
        if plug is None:
            return _REJECTED
        seconds = whole(payload.get("duration")) or 0
        unit = text(payload.get("chargingRateUnit")) or station.behaviour.rate_unit
        return {
            "status": "Accepted",
            "connectorId": plug.number,
            "scheduleStart": self._now,
            "chargingSchedule": {
                "duration": seconds,
                "chargingRateUnit": unit,
                "chargingSchedulePeriod": scheduled(station, plug, seconds, unit),
            },
        }

    def _get_configuration(self, payload: Mapping[str, object]) -> dict[str, object]:
        asked = tuple(name for each in items(payload.get("key")) if (name := text(each)))
        names = asked or tuple(self._settings)
        return {
            "configurationKey": [
                {"key": name, "readonly": name not in _WRITABLE, "value": self._settings[name]}
                for name in names
                if name in self._settings
            ],
            "unknownKey": [name for name in names if name not in self._settings],
        }

    def _change_configuration(self, payload: Mapping[str, object]) -> dict[str, object]:
        name, value = text(payload.get("key")), text(payload.get("value"), 500) or ""
        if name not in self._settings:
            return {"status": "NotSupported"}
        if name not in _WRITABLE:
            return _REJECTED
        if name == "MeterValuesSampledData":
            if not set(value.split(",")) <= _KNOWN_MEASURANDS:
                return _REJECTED
        elif (number(value) or 0.0) <= 0.0:
            return _REJECTED
        self._settings[name] = value
        return _ACCEPTED

    def _trigger(self, payload: Mapping[str, object]) -> dict[str, object]:
        station, plug = self._station, self._plug(payload)
        plugs = station.plugs if plug is None else (plug,)
        match payload.get("requestedMessage"):
            case "StatusNotification":
                said = [self._status(each) for each in plugs]
            case "MeterValues":
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

    def _remote_start(self, payload: Mapping[str, object]) -> dict[str, object]:
        plug, token = self._plug(payload), text(payload.get("idTag"))
        if plug is None or token is None or plug.running is not None or not plug.outlet.home:
            return _REJECTED
        self._station.start(plug, token)
        return _ACCEPTED

    def _remote_stop(self, payload: Mapping[str, object]) -> dict[str, object]:
        wanted = text(payload.get("transactionId"))
        for plug in self._station.plugs:
            if plug.running is not None and plug.running.id == wanted:
                self._station.stop(plug, "Remote")
                return _ACCEPTED
        return _REJECTED

    def _change_availability(self, payload: Mapping[str, object]) -> dict[str, object]:
        plug = self._plug(payload)
        for each in self._station.plugs if plug is None else (plug,):
            each.available = payload.get("type") == "Operative"
            self._station.say(self._status(each))
        return _ACCEPTED

    def _reset(self, payload: Mapping[str, object]) -> dict[str, object]:
        self._station.reset(hard=payload.get("type") == "Hard")
        return _ACCEPTED
