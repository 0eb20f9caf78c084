"""A plug of a charger that the custom integration `ocpp` speaks with.

Its limit is a charging profile of Evenload's own that the integration passes on to the connector
(`custom_profile` of its action `set_charge_rate`): its limit in amperes would be one of the charger as a
whole, whatever the connector. Nothing tells whether the charger took it, so it is one lasting period,
which every charger takes; what counts is the measured current.

A current sensor of the integration says the mean of the phases that draw, and each of them in
its attributes, which stay as they were when the current has ended.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evenload.model.quantities import current_in_amperes, power_in_watts
from evenload.model.readings import LoadState
from evenload.model.site import Leg, Load
from evenload.model.snapshot import DeviceSnapshot, Sample
from evenload.ocpp.dialects import dialect
from evenload.ocpp.nouns import Fallback, RateUnit, Setpoint, Version
from evenload.ocpp.profiles import Target, Way, planned
from evenload.ocpp.quirks import Differences

from .call import ActionCall
from .charger_words import load_state_of
from .ocpp_devices import ACTION_LIMIT, INTEGRATION
from .reports import Report, Reports

DRAWING_CURRENT = 0.5
"""A plug without a status is charging from this current on [A]: more than standby."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OcppPlugWiring:
    """One plug, and what it is read and driven through."""

    load: Load
    subentry_id: str
    plug: str
    """The number of its connector."""
    managed: bool
    cpid: str
    """What the integration calls the charger."""
    version: Version
    """The OCPP that the charger speaks, for a profile is written otherwise in each."""
    unit: RateUnit
    status: str | None
    current: str | None
    power: str | None

    @property
    def driven(self) -> tuple[str, ...]:
        """What nothing else may drive."""
        return (f"{INTEGRATION}/{self.cpid}/{self.plug}",)

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities it is read from."""
        return tuple(each for each in (self.status, self.current, self.power) if each)

    def device(self, reports: Reports, voltage: float) -> DeviceSnapshot:
        """Return what its entities say of it; `voltage` is from phase to neutral [V]."""
        current = self._currents(reports.last(self.current))
        power = _power(reports.last(self.power))
        status = reports.last(self.status)
        state = None if status is None else load_state_of(status.value)
        if state is None:
            drawing = max((sample.value for sample in current.values()), default=0.0)
            if power is not None and not current:
                drawing = power.value / voltage
            state = LoadState.CHARGING if drawing >= DRAWING_CURRENT else LoadState.CONNECTED
        return DeviceSnapshot(
            state=state,
            available=any(reports.current(entity) is not None for entity in self.entities),
            current=current,
            power=power,
        )

    def calls(self, setpoint: float, voltage: float, at: datetime) -> tuple[ActionCall, ...]:
        """Return the call that sets it to a current [A per leg]; `at` is now, in UTC."""
        (profile,) = planned(
            Setpoint(current=setpoint),
            Way(Fallback.NONE, self.unit),
            Differences(),
            Target(
                plug=int(self.plug),
                phases=len(self.load.phases),
                voltage=voltage,
                minimum=self.load.minimum,
                station_time=at,
            ),
        )
        payload: dict[str, Any] = dialect(self.version).set_profile(profile).payload
        content = payload[
            "csChargingProfiles" if self.version is Version.V16 else "chargingProfile"
        ]
        data = {"devid": self.cpid, "conn_id": int(self.plug), "custom_profile": content}
        return (ActionCall(domain=INTEGRATION, service=ACTION_LIMIT, service_data=data),)

    def _currents(self, report: Report | None) -> dict[Leg, Sample]:
        """Return what flows on each leg: by the attributes, else the same on every one."""
        legs = tuple(self.load.phases)
        mean = None if report is None or report.number is None else report.number
        if report is None or mean is None:
            return {}
        told = {leg: _of_leg(report, leg) for leg in legs} if mean > 0.0 else {}
        if all(current is None for current in told.values()):
            told = dict.fromkeys(legs, mean)
        found: dict[Leg, Sample] = {}
        for leg, current in told.items():
            amperes = current_in_amperes(current or 0.0, report.unit or "A")
            if amperes is not None:
                found[leg] = Sample(amperes, report.at)
        return found


def _of_leg(report: Report, leg: Leg) -> float | None:
    """Return the current of a leg, which the charger calls L1 or L1-N."""
    for name in (leg, f"{leg}-N"):
        current = report.attributes.get(name)
        if isinstance(current, int | float):
            return float(current)
    return None


def _power(report: Report | None) -> Sample | None:
    if report is None or report.number is None:
        return None
    power = power_in_watts(report.number, report.unit)
    return None if power is None else Sample(power, report.at)
