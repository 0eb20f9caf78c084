"""OCPP 1.6, edition 2, over JSON: what its messages mean, and how to say ours in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from evenload.ocpp.calls import About, Request
from evenload.ocpp.dialects.face import ACCEPTED, written_time
from evenload.ocpp.dialects.v16_reading import read
from evenload.ocpp.heard import (
    Answer,
    Heard,
)
from evenload.ocpp.lenient import fields, flag, items, number, text, whole
from evenload.ocpp.nouns import Abilities, RateUnit, Version
from evenload.ocpp.profiles import Profile

_SECONDS_AHEAD = 60
"""Of a composite schedule."""
_DEFAULT, _TX = "TxDefaultProfile", "TxProfile"
_LEVELS_TRIED = 9
"""Stack levels above ours at which others' profiles are looked for, besides the highest."""
_HARD_LIMIT_PURPOSE = "ChargePointMaxProfile"
_LIST_KEY = "MeterValuesSampledData"
_INTERVAL_KEY = "MeterValueSampleInterval"
_LONGEST_TOKEN = 20


class Version16:
    """Dialect: OCPP 1.6J."""

    version = Version.V16

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
            case "StartTransaction":
                number_given = int(answer.transaction) if answer.transaction is not None else -1
                return {"idTagInfo": token, "transactionId": number_given}
            case "Authorize" | "StopTransaction":
                return {"idTagInfo": token}
            case "DataTransfer":
                return {"status": "UnknownVendorId"}
            case _:
                return {}

    def set_profile(self, profile: Profile) -> Request:
        """Return the call that installs a profile."""
        schedule: dict[str, object] = {
            "chargingRateUnit": profile.unit.value,
            "chargingSchedulePeriod": [
                {"startPeriod": start, "limit": limit} | _phases(profile)
                for start, limit in profile.periods
            ],
        }
        content: dict[str, object] = {
            "chargingProfileId": profile.id,
            "stackLevel": profile.stack,
            "chargingProfilePurpose": profile.purpose or _HARD_LIMIT_PURPOSE,
            "chargingProfileKind": profile.kind.value,
            "chargingSchedule": schedule,
        }
        if profile.kind.value == "Absolute":
            schedule["startSchedule"] = written_time(profile.start)
            content["validFrom"] = written_time(profile.start)
        if profile.duration is not None:
            schedule["duration"] = profile.duration
        if profile.ends is not None:
            content["validTo"] = written_time(profile.ends)
        if profile.transaction is not None and profile.transaction.lstrip("-").isdigit():
            content["transactionId"] = int(profile.transaction)
        return Request(
            about=About.LIMIT if profile.plug else About.STATION_LIMIT,
            action="SetChargingProfile",
            payload={"connectorId": profile.plug, "csChargingProfiles": content},
            plug=profile.plug,
            profile=profile,
        )

    def clear_others(
        self, plug: int, own: Profile, highest_stack: int | None
    ) -> tuple[Request, ...]:
        """Return calls that remove profiles of other purposes and higher stack levels than ours.

        All criteria of a call must be met, and none can say "but not this id" (errata 3.25), so that
        those of our purpose go level by level. What lies below ours limits nothing.
        """
        mine, other = own.purpose or _DEFAULT, _TX if own.purpose == _DEFAULT else _DEFAULT
        top = own.stack + _LEVELS_TRIED if highest_stack is None else highest_stack
        levels = {*range(own.stack + 1, min(top, own.stack + _LEVELS_TRIED) + 1), top}
        criteria: list[dict[str, object]] = [
            {"connectorId": plug, "chargingProfilePurpose": other},
            {"connectorId": 0, "chargingProfilePurpose": _DEFAULT},
            *(
                {"connectorId": plug, "chargingProfilePurpose": mine, "stackLevel": level}
                for level in sorted(levels)
                if level > own.stack
            ),
        ]
        return tuple(
            Request(
                about=About.CLEAR_PROFILE,
                action="ClearChargingProfile",
                payload=each,
                plug=plug,
            )
            for each in criteria
        )

    def clear_found(
        self, profiles: Sequence[Mapping[str, object]], own: frozenset[int]
    ) -> tuple[Request, ...]:
        """Return nothing: 1.6 cannot list profiles."""
        del profiles, own
        return ()

    def schedule(self, plug: int, unit: RateUnit) -> Request:
        """Return the call that asks what limit a plug will follow."""
        return Request(
            about=About.SCHEDULE,
            action="GetCompositeSchedule",
            payload={
                "connectorId": plug,
                "duration": _SECONDS_AHEAD,
                "chargingRateUnit": unit.value,
            },
            plug=plug,
        )

    def scheduled(self, payload: Mapping[str, object]) -> tuple[RateUnit, float] | None:
        """Return the unit and the present limit from the answer; None: it says none."""
        return first_limit(fields(payload.get("chargingSchedule")))

    def discover(self) -> tuple[Request, ...]:
        """Return the call that reads all settings."""
        request = Request(about=About.READ_SETTINGS, action="GetConfiguration", payload={})
        return (request,)

    def learn(self, request: Request, payload: Mapping[str, object], known: Abilities) -> Abilities:
        """Return what is known with the settings that the station has told."""
        del request
        told = {
            key: value
            for each in map(fields, items(payload.get("configurationKey")))
            if (key := text(each.get("key"), 50)) and (value := text(each.get("value"), 500))
        }
        profiles = told.get("SupportedFeatureProfiles")
        interval = number(told.get(_INTERVAL_KEY))
        found = replace(
            known,
            smart_charging=_contains(profiles, "SmartCharging", known.smart_charging),
            remote_trigger=_contains(profiles, "RemoteTrigger", known.remote_trigger),
            rate_units=rate_units(told.get("ChargingScheduleAllowedChargingRateUnit"))
            or known.rate_units,
            most_periods=whole(told.get("ChargingScheduleMaxPeriods")) or known.most_periods,
            most_profiles=whole(told.get("MaxChargingProfilesInstalled")) or known.most_profiles,
            plugs=whole(told.get("NumberOfConnectors")) or known.plugs,
            meter_interval=interval if interval is not None else known.meter_interval,
        )
        stack = whole(told.get("ChargeProfileMaxStackLevel"))
        switching = flag(told.get("ConnectorSwitch3to1PhaseSupported"))
        listed = told.get(_LIST_KEY)
        return replace(
            found,
            highest_stack=stack if stack is not None else found.highest_stack,
            phase_switching=switching if switching is not None else found.phase_switching,
            measurands=split(listed) if listed is not None else found.measurands,
        )

    def configure(
        self, measurands: Sequence[str], interval: float, known: Abilities
    ) -> tuple[Request, ...]:
        """Return the calls that make meter values what we want, where they are not so yet."""
        requests: list[Request] = []
        if known.measurands != tuple(measurands):
            requests.append(
                replace(
                    self.write_setting(_LIST_KEY, ",".join(measurands)),
                    measurands=tuple(measurands),
                )
            )
        if known.meter_interval != interval:
            written = self.write_setting(_INTERVAL_KEY, f"{interval:.0f}")
            requests.append(replace(written, meter_interval=interval))
        return tuple(requests)

    def shorter(self, request: Request) -> Request | None:
        """Return the same list without its last measurand; None: nothing is left to leave out."""
        shorter = request.measurands[:-1]
        if not shorter:
            return None
        return replace(self.write_setting(_LIST_KEY, ",".join(shorter)), measurands=shorter)

    def write_setting(self, name: str, value: str) -> Request:
        """Return the call that changes a setting."""
        return Request(
            about=About.WRITE_SETTING,
            action="ChangeConfiguration",
            payload={"key": name[:50], "value": value[:500]},
        )

    def read_setting(self, name: str) -> Request:
        """Return the call that reads a setting."""
        return Request(
            about=About.READ_SETTINGS, action="GetConfiguration", payload={"key": [name[:50]]}
        )

    def trigger(self, message: str, plug: int | None) -> Request:
        """Return the call that asks for a message."""
        payload: dict[str, object] = {"requestedMessage": message}
        if plug is not None:
            payload["connectorId"] = plug
        return Request(about=About.TRIGGER, action="TriggerMessage", payload=payload, plug=plug)

    def set_available(self, plug: int) -> Request:
        """Return the call that takes a plug into service."""
        return Request(
            about=About.SET_AVAILABLE,
            action="ChangeAvailability",
            payload={"connectorId": plug, "type": "Operative"},
            plug=plug,
        )

    def start(self, plug: int, token: str, number: int) -> Request:
        """Return the call that starts a transaction."""
        del number
        return Request(
            about=About.START,
            action="RemoteStartTransaction",
            payload={"connectorId": plug, "idTag": token[:_LONGEST_TOKEN]},
            plug=plug,
        )

    def stop(self, plug: int, transaction: str) -> Request:
        """Return the call that ends a transaction."""
        return Request(
            about=About.STOP,
            action="RemoteStopTransaction",
            payload={"transactionId": whole(transaction) or 0},
            plug=plug,
        )

    def reset(self, *, hard: bool) -> Request:
        """Return the call that restarts the station."""
        return Request(
            about=About.RESET, action="Reset", payload={"type": "Hard" if hard else "Soft"}
        )

    def unlock(self, plug: int) -> Request:
        """Return the call that unlocks a plug's cable."""
        return Request(
            about=About.UNLOCK, action="UnlockConnector", payload={"connectorId": plug}, plug=plug
        )

    def status(self, request: Request, payload: Mapping[str, object]) -> str:
        """Return the status that an answer gives, `Accepted` where it is as wanted."""
        if request.about is About.READ_SETTINGS:
            return ACCEPTED if "configurationKey" in payload else "Unknown"
        said = text(payload.get("status"), 40) or ""
        also_fine = {"RebootRequired", "Scheduled", "Unlocked"}
        return ACCEPTED if said in also_fine or said.lower() == ACCEPTED.lower() else said


def first_limit(schedule: Mapping[str, object]) -> tuple[RateUnit, float] | None:
    """Return unit and limit of a schedule's first period; a negative limit means none."""
    unit = text(schedule.get("chargingRateUnit"))
    periods = items(schedule.get("chargingSchedulePeriod"))
    limit = number(fields(periods[0]).get("limit")) if periods else None
    if limit is None or limit < 0.0 or unit not in RateUnit:
        return None
    return RateUnit(unit), limit


def rate_units(told: str | None) -> tuple[RateUnit, ...]:
    """Return the units in a list of `Current` and `Power`, or `A` and `W`, amperes first."""
    words = {word.lower() for word in split(told or "")}
    found = {RateUnit.A: {"current", "a"}, RateUnit.W: {"power", "w"}}
    return tuple(unit for unit, names in found.items() if words & names)


def split(told: str) -> tuple[str, ...]:
    """Return the members of a list in a setting's value."""
    return tuple(word for each in told.split(",") if (word := each.strip()))


def _contains(told: str | None, name: str, before: bool | None) -> bool | None:  # noqa: FBT001 - a value
    return before if told is None else name in split(told)


def _phases(profile: Profile) -> dict[str, object]:
    return {} if profile.phases is None else {"numberPhases": profile.phases}
