"""A load that is on or off, behind a switch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, override

import probatio
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import STATE_ON, UnitOfPower
from homeassistant.core import HomeAssistant

from evenload.model.readings import LoadState
from evenload.model.site import Kind
from evenload.model.snapshot import DeviceSnapshot, Sample

from .call import Call, turn
from .const import CONF_POWER_SENSOR, CONF_RATED_POWER, CONF_SWITCH_ENTITY
from .fields import Fields, entity, number, power_sensor
from .inspect_entity import Expected
from .load_kind import Appliance, LoadKind
from .preferences import Settings
from .reports import Reports

SWITCH_DOMAINS = ("switch", "input_boolean", "light")


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchAppliance(Appliance):
    """A load behind a switch."""

    switch: str

    @property
    @override
    def driven(self) -> tuple[str, ...]:
        return (self.switch,)

    @override
    def expected(self, entity_id: str) -> Expected:
        return Expected.STATE

    @override
    def device(self, reports: Reports, voltage: float) -> DeviceSnapshot:
        switch = reports.last(self.switch)
        on = switch is not None and switch.value == STATE_ON
        rated = self.load.levels[0]
        return DeviceSnapshot(
            state=LoadState.ON if on else LoadState.OFF,
            available=reports.current(self.switch) is not None,
            power=self.drawn(reports),
            setpoint=None if switch is None else Sample(rated if on else 0.0, switch.at),
            by_hand_at=reports.set_by_person_at(self.switch),
        )

    @override
    def calls(self, hass: HomeAssistant, setpoint: float, voltage: float) -> tuple[Call, ...]:
        return (turn(self.switch, on=setpoint > 0),)


class SwitchKind(LoadKind):
    """Asks for a load behind a switch."""

    name = "switch"
    kind = Kind.SWITCH
    inspected: Mapping[str, Expected] = {
        CONF_SWITCH_ENTITY: Expected.STATE,
        CONF_POWER_SENSOR: Expected.POWER,
    }

    @override
    def fields(self) -> Fields:
        return {
            probatio.Required(CONF_SWITCH_ENTITY): entity(*SWITCH_DOMAINS),
            probatio.Required(CONF_RATED_POWER): number(1, 1e6, UnitOfPower.WATT),
            probatio.Optional(CONF_POWER_SENSOR): power_sensor(),
        }

    @override
    def driven(self, answers: Settings) -> Mapping[str, tuple[str, ...]]:
        return {CONF_SWITCH_ENTITY: (answers[CONF_SWITCH_ENTITY],)}

    @override
    def appliance(self, subentry: ConfigSubentry, circuit: str) -> SwitchAppliance:
        return SwitchAppliance(**self.wired(subentry, circuit))

    def wired(self, subentry: ConfigSubentry, circuit: str) -> dict[str, Any]:
        """Return the arguments of everything behind a switch."""
        data = subentry.data
        return {
            "load": self.load(subentry, circuit, levels=(float(data[CONF_RATED_POWER]),)),
            "switch": data[CONF_SWITCH_ENTITY],
            **self.common(subentry),
        }


SWITCH = SwitchKind()
