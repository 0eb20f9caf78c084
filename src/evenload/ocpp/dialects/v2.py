"""OCPP 2.0.1 and 2.1: what their messages mean, and how to say ours in them.

2.1 is spoken as 2.0.1 is, but that a lease also ends with the connection where a station can do that; the
rest of what it adds (dynamic schedules, limits per leg) no setpoint needs. A plug is an EVSE. The connector's status says no more than that something is plugged in; the transaction's
charging state says the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from evenload.ocpp.calls import About, Request
from evenload.ocpp.dialects.face import ACCEPTED, written_time
from evenload.ocpp.dialects.v2_reading import read
from evenload.ocpp.dialects.v16 import first_limit, rate_units, split
from evenload.ocpp.heard import (
    Answer,
    Heard,
)
from evenload.ocpp.lenient import fields, flag, items, number, text, whole
from evenload.ocpp.nouns import Abilities, RateUnit, Version
from evenload.ocpp.profiles import Profile

_SECONDS_AHEAD = 60
_STATION_PURPOSE = "ChargingStationMaxProfile"
_LIMITS_OF_ALL = frozenset({_STATION_PURPOSE, "ChargingStationExternalConstraints"})
"""Purposes that can only lower what a plug may draw, and that may be there for a reason."""
_SAMPLED, _SMART = "SampledDataCtrlr", "SmartChargingCtrlr"


class _Variable(NamedTuple):
    component: str
    name: str


_ASKED = (
    _Variable(_SMART, "Enabled"),
    _Variable(_SMART, "RateUnit"),
    _Variable(_SMART, "PeriodsPerSchedule"),
    _Variable(_SMART, "ProfileStackLevel"),
    _Variable(_SMART, "Entries"),
    _Variable(_SMART, "Phases3to1"),
    _Variable(_SMART, "ACPhaseSwitchingSupported"),
    _Variable(_SAMPLED, "TxUpdatedInterval"),
    _Variable(_SAMPLED, "TxUpdatedMeasurands"),
)
_ASKED_IN_21 = (_Variable(_SMART, "SupportsMaxOfflineDuration"),)
_SOME = 4
"""Variables in one call: `ItemsPerMessage` of small stations."""


class Version2:
    """Dialect: OCPP 2.0.1 or 2.1."""

    def __init__(self, version: Version) -> None:
        """Speak this version."""
        self.version = version

    def hear(self, action: str, payload: Mapping[str, object]) -> Heard | None:
        """Return what a station's call means; None: there is no such action."""
        return read(action, payload)

    def answer(self, action: str, answer: Answer) -> dict[str, object]:
        """Return the payload that answers a station's call."""
        token = {"status": ACCEPTED if answer.accepted else "Invalid"}
        match action:
            case "BootNotification":
                return {
                    "currentTime": written_time(answer.utc),
                    "interval": answer.heartbeat,
                    "status": ACCEPTED,
                }
            case "Heartbeat":
                return {"currentTime": written_time(answer.utc)}
            case "Authorize":
                return {"idTokenInfo": token}
            case "TransactionEvent":
                # A token that is in an event must be answered for (E01.FR.11, C01).
                return {"idTokenInfo": token} if answer.token_asked else {}
            case "DataTransfer":
                return {"status": "UnknownVendorId"}
            case _:
                return {}

    def set_profile(self, profile: Profile) -> Request:
        """Return the call that installs a profile."""
        schedule: dict[str, object] = {
            "id": profile.id,
            "chargingRateUnit": profile.unit.value,
            "chargingSchedulePeriod": [
                {"startPeriod": start, "limit": limit} | _phases(profile)
                for start, limit in profile.periods
            ],
        }
        content: dict[str, object] = {
            "id": profile.id,
            "stackLevel": profile.stack,
            "chargingProfilePurpose": profile.purpose or _STATION_PURPOSE,
            "chargingProfileKind": profile.kind.value,
            "chargingSchedule": [schedule],
        }
        if profile.kind.value == "Absolute":
            schedule["startSchedule"] = written_time(profile.start)
            content["validFrom"] = written_time(profile.start)
        if profile.offline is not None:
            content["maxOfflineDuration"] = profile.offline
            content["invalidAfterOfflineDuration"] = True
        if profile.duration is not None:
            schedule["duration"] = profile.duration
        if profile.ends is not None:
            content["validTo"] = written_time(profile.ends)
        if profile.transaction is not None:
            content["transactionId"] = profile.transaction
        return Request(
            about=About.LIMIT if profile.plug else About.STATION_LIMIT,
            action="SetChargingProfile",
            payload={"evseId": profile.plug, "chargingProfile": content},
            plug=profile.plug,
            profile=profile,
        )

    def clear_others(
        self, plug: int, own: Profile, highest_stack: int | None
    ) -> tuple[Request, ...]:
        """Return the calls that list what limits the plug; profiles found are removed by id.

        EVSE 0 has the default profiles for every plug.
        """
        del highest_stack
        return tuple(
            Request(
                about=About.READ_PROFILES,
                action="GetChargingProfiles",
                payload={"requestId": own.id, "evseId": evse, "chargingProfile": {}},
                plug=plug,
            )
            for evse in (plug, 0)
        )

    def clear_found(
        self, profiles: Sequence[Mapping[str, object]], own: frozenset[int]
    ) -> tuple[Request, ...]:
        """Return calls that remove those that are not ours; limits of the whole station stay."""
        found = {
            identifier
            for each in profiles
            if (identifier := whole(each.get("id"))) is not None
            and text(each.get("chargingProfilePurpose")) not in _LIMITS_OF_ALL
        }
        return tuple(
            Request(
                about=About.CLEAR_PROFILE,
                action="ClearChargingProfile",
                payload={"chargingProfileId": identifier},
            )
            for identifier in sorted(found - own)[:8]
        )

    def schedule(self, plug: int, unit: RateUnit) -> Request:
        """Return the call that asks what limit a plug will follow."""
        return Request(
            about=About.SCHEDULE,
            action="GetCompositeSchedule",
            payload={"evseId": plug, "duration": _SECONDS_AHEAD, "chargingRateUnit": unit.value},
            plug=plug,
        )

    def scheduled(self, payload: Mapping[str, object]) -> tuple[RateUnit, float] | None:
        """Return the unit and the present limit from the answer; None: it says none."""
        return first_limit(fields(payload.get("schedule")))

    def discover(self) -> tuple[Request, ...]:
        """Return the calls that read the variables we use."""
        asked = _ASKED + (_ASKED_IN_21 if self.version is Version.V21 else ())
        return tuple(
            _reading(asked[start : start + _SOME]) for start in range(0, len(asked), _SOME)
        )

    def learn(self, request: Request, payload: Mapping[str, object], known: Abilities) -> Abilities:
        """Return what is known with the variables that the station has told."""
        del request
        told: dict[str, str] = {}
        for each in map(fields, items(payload.get("getVariableResult"))):
            name = text(fields(each.get("variable")).get("name"), 50)
            value = text(each.get("attributeValue"), 1000)
            if name and value and each.get("attributeStatus", ACCEPTED) == ACCEPTED:
                told[name] = value
        switching = [flag(told.get(name)) for name in ("Phases3to1", "ACPhaseSwitchingSupported")]
        offline = flag(told.get("SupportsMaxOfflineDuration"))
        enabled, stack = flag(told.get("Enabled")), whole(told.get("ProfileStackLevel"))
        interval, listed = number(told.get("TxUpdatedInterval")), told.get("TxUpdatedMeasurands")
        return replace(
            known,
            smart_charging=enabled if enabled is not None else known.smart_charging,
            rate_units=rate_units(told.get("RateUnit")) or known.rate_units,
            most_periods=whole(told.get("PeriodsPerSchedule")) or known.most_periods,
            most_profiles=whole(told.get("Entries")) or known.most_profiles,
            highest_stack=stack if stack is not None else known.highest_stack,
            phase_switching=True
            if True in switching
            else (False if False in switching else known.phase_switching),
            phase_choice=switching[1] if switching[1] is not None else known.phase_choice,
            offline_limit=offline if offline is not None else known.offline_limit,
            meter_interval=interval if interval is not None else known.meter_interval,
            measurands=split(listed) if listed is not None else known.measurands,
        )

    def configure(
        self, measurands: Sequence[str], interval: float, known: Abilities
    ) -> tuple[Request, ...]:
        """Return the calls that make meter values what we want, where they are not so yet."""
        requests: list[Request] = []
        if known.measurands != tuple(measurands):
            requests.append(self._list_setting(tuple(measurands)))
        if known.meter_interval != interval:
            written = self.write_setting(f"{_SAMPLED}/TxUpdatedInterval", f"{interval:.0f}")
            requests.append(replace(written, meter_interval=interval))
        return tuple(requests)

    def shorter(self, request: Request) -> Request | None:
        """Return the same list without its last measurand; None: nothing is left to leave out."""
        return self._list_setting(request.measurands[:-1]) if request.measurands[1:] else None

    def _list_setting(self, measurands: tuple[str, ...]) -> Request:
        written = self.write_setting(f"{_SAMPLED}/TxUpdatedMeasurands", ",".join(measurands))
        return replace(written, measurands=measurands)

    def write_setting(self, name: str, value: str) -> Request:
        """Return the call that changes a variable, named `Component/Variable`."""
        return Request(
            about=About.WRITE_SETTING,
            action="SetVariables",
            payload={"setVariableData": [_named(name) | {"attributeValue": value[:1000]}]},
        )

    def read_setting(self, name: str) -> Request:
        """Return the call that reads a variable, named `Component/Variable`."""
        return Request(
            about=About.READ_SETTINGS,
            action="GetVariables",
            payload={"getVariableData": [_named(name)]},
        )

    def trigger(self, message: str, plug: int | None) -> Request:
        """Return the call that asks for a message."""
        payload: dict[str, object] = {"requestedMessage": message}
        if plug is not None:
            # A status is asked of a connector; the first one stands for its EVSE.
            connector = {"connectorId": 1} if message == "StatusNotification" else {}
            payload["evse"] = {"id": plug} | connector
        return Request(about=About.TRIGGER, action="TriggerMessage", payload=payload, plug=plug)

    def set_available(self, plug: int) -> Request:
        """Return the call that takes a plug into service."""
        return Request(
            about=About.SET_AVAILABLE,
            action="ChangeAvailability",
            payload={"operationalStatus": "Operative", "evse": {"id": plug}},
            plug=plug,
        )

    def start(self, plug: int, token: str, number: int) -> Request:
        """Return the call that starts a transaction."""
        return Request(
            about=About.START,
            action="RequestStartTransaction",
            payload={
                "evseId": plug,
                "remoteStartId": number,
                "idToken": {"idToken": token[:36], "type": "Central"},
            },
            plug=plug,
        )

    def stop(self, plug: int, transaction: str) -> Request:
        """Return the call that ends a transaction."""
        return Request(
            about=About.STOP,
            action="RequestStopTransaction",
            payload={"transactionId": transaction[:36]},
            plug=plug,
        )

    def reset(self, *, hard: bool) -> Request:
        """Return the call that restarts the station."""
        kind = "Immediate" if hard else "OnIdle"
        return Request(about=About.RESET, action="Reset", payload={"type": kind})

    def unlock(self, plug: int) -> Request:
        """Return the call that unlocks a plug's cable."""
        return Request(
            about=About.UNLOCK,
            action="UnlockConnector",
            payload={"evseId": plug, "connectorId": 1},
            plug=plug,
        )

    def status(self, request: Request, payload: Mapping[str, object]) -> str:
        """Return the status that an answer gives, `Accepted` where it is as wanted."""
        if request.about in {About.WRITE_SETTING, About.READ_SETTINGS}:
            key = "setVariableResult" if request.about is About.WRITE_SETTING else None
            results = items(payload.get(key or "getVariableResult"))
            said = text(fields(results[0]).get("attributeStatus"), 40) if results else None
        else:
            said = text(payload.get("status"), 40)
        also_fine = {"RebootRequired", "Scheduled", "Unlocked"}
        if said is None:
            return "Unknown"
        return ACCEPTED if said in also_fine or said.lower() == ACCEPTED.lower() else said


def _phases(profile: Profile) -> dict[str, object]:
    """Return how many phases a period gives, and which where it is one of several (K01.FR.19)."""
    if profile.phases is None:
        return {}
    chosen: dict[str, object] = {} if profile.phase is None else {"phaseToUse": profile.phase}
    return {"numberPhases": profile.phases} | chosen


def _reading(variables: Sequence[_Variable]) -> Request:
    return Request(
        about=About.READ_SETTINGS,
        action="GetVariables",
        payload={
            "getVariableData": [
                _named(f"{variable.component}/{variable.name}") for variable in variables
            ]
        },
    )


def _named(name: str) -> dict[str, object]:
    component, _, variable = name.partition("/")
    return {"component": {"name": component[:50]}, "variable": {"name": variable[:50]}}
