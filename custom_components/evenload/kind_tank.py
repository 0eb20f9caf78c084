"""A store of heat behind a switch, whose temperature is known: hot water, a buffer, a floor."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, override

import probatio
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import UnitOfTime, UnitOfVolume
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import TimeSelector

from evenload.model.need import DAY, Disinfection, Temperatures
from evenload.model.quantities import temperature_in_celsius
from evenload.model.snapshot import DeviceSnapshot, Sample

from .const import (
    CONF_BOOST,
    CONF_DISINFECTION_DAYS,
    CONF_FLOOR,
    CONF_READY_BY,
    CONF_TARGET,
    CONF_TEMPERATURE_SENSOR,
    CONF_VOLUME,
)
from .fields import Fields, collapsed, number, opened, temperature, temperature_sensor
from .flow_errors import FormErrors
from .inspect_entity import Expected
from .kind_switch import SwitchAppliance, SwitchKind
from .preferences import Settings
from .reports import Reports
from .times import seconds_in

SECTION_TEMPERATURES = "temperatures"
SECTION_WATER = "water"


@dataclass(frozen=True, slots=True, kw_only=True)
class TankAppliance(SwitchAppliance):
    """A store of heat behind a switch."""

    thermometer: str

    @property
    @override
    def entities(self) -> tuple[str, ...]:
        measured = (self.thermometer,) if self.power is None else (self.thermometer, self.power)
        return (self.switch, *measured)

    @override
    def expected(self, entity_id: str) -> Expected:
        return Expected.TEMPERATURE if entity_id == self.thermometer else Expected.STATE

    @override
    def device(self, reports: Reports, voltage: float) -> DeviceSnapshot:
        return replace(
            SwitchAppliance.device(self, reports, voltage), temperature=self._temperature(reports)
        )

    def _temperature(self, reports: Reports) -> Sample | None:
        report = reports.current(self.thermometer)
        if report is None or report.number is None:
            return None
        celsius = temperature_in_celsius(report.number, report.unit)
        return None if celsius is None else Sample(celsius, report.at)


class TankKind(SwitchKind):
    """Asks for a store of heat behind a switch."""

    name = "tank"
    inspected: Mapping[str, Expected] = {
        **SwitchKind.inspected,
        CONF_TEMPERATURE_SENSOR: Expected.TEMPERATURE,
    }

    @override
    def fields(self) -> Fields:
        return (
            super().fields()
            | {probatio.Required(CONF_TEMPERATURE_SENSOR): temperature_sensor()}
            | {
                probatio.Required(SECTION_TEMPERATURES): opened(
                    {
                        probatio.Optional(CONF_FLOOR, default=40): temperature(),
                        probatio.Required(CONF_TARGET, default=50): temperature(),
                        probatio.Optional(CONF_BOOST, default=60): temperature(),
                    }
                ),
                probatio.Required(SECTION_WATER): collapsed(
                    {
                        probatio.Optional(CONF_READY_BY): TimeSelector(),
                        probatio.Optional(CONF_VOLUME): number(1, 1e5, UnitOfVolume.LITERS),
                        probatio.Optional(CONF_DISINFECTION_DAYS): number(1, 90, UnitOfTime.DAYS),
                    }
                ),
            }
        )

    @override
    def check(self, hass: HomeAssistant, answers: Settings, errors: FormErrors) -> None:
        if CONF_READY_BY in answers and CONF_VOLUME not in answers:
            errors.add(CONF_READY_BY, "ready_by_needs_volume")
        rising = [answers[key] for key in (CONF_FLOOR, CONF_TARGET, CONF_BOOST) if key in answers]
        if rising != sorted(rising):
            errors.add(CONF_TARGET, "temperatures_fall")

    @override
    def control(self, data: Settings) -> dict[str, Any]:
        days = data.get(CONF_DISINFECTION_DAYS)
        return {
            "temperatures": Temperatures(
                target=float(data[CONF_TARGET]),
                floor=_given(data, CONF_FLOOR),
                boost=_given(data, CONF_BOOST),
                ready_by=seconds_in(data.get(CONF_READY_BY)),
                volume=_given(data, CONF_VOLUME),
                disinfection=None if days is None else Disinfection(interval=DAY * float(days)),
            )
        }

    @override
    def appliance(self, subentry: ConfigSubentry, circuit: str) -> TankAppliance:
        return TankAppliance(
            thermometer=subentry.data[CONF_TEMPERATURE_SENSOR], **self.wired(subentry, circuit)
        )


def _given(data: Settings, key: str) -> float | None:
    return None if data.get(key) is None else float(data[key])


TANK = TankKind()
