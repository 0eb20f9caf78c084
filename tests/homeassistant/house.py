"""A small house whose devices are entities: what is commanded is done, what flows is reported."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

VOLTAGE = 230.0

SITE = {
    "fuse_current": 20.0,
    "phases": 3,
    "grid_a": "sensor.grid_a",
    "grid_b": "sensor.grid_b",
    "grid_c": "sensor.grid_c",
    "solar_power": "sensor.solar",
}
OPTIONS = {"control": True}

PLUG = {
    "plug": "1",
    "managed": True,
    "mode": "standard",
    "priority": 1,
    "limit_entity": "number.station_limit",
    "enable_entity": "switch.station_charging",
    "status_entity": "sensor.station_status",
    "current_l1": "sensor.station_l1",
    "current_l2": "sensor.station_l2",
    "current_l3": "sensor.station_l3",
    "phase_map": "ABC",
    "min_current": 6.0,
    "max_current": 16.0,
    "step": 1.0,
    "safe_current": 6.0,
}
CHARGER = {"charger_max_current": 16.0, "plugs": [PLUG]}
BOILER = {
    "kind": "switch",
    "managed": True,
    "mode": "solar",
    "priority": 2,
    "switch_entity": "switch.boiler",
    "power_sensor": "sensor.boiler_power",
    "rated_power": 2000.0,
    "phase_map": "A",
    "min_on": 60.0,
    "min_off": 60.0,
}


def site_entry(
    *,
    data: Mapping[str, Any] = SITE,
    options: Mapping[str, Any] = OPTIONS,
    charger: Mapping[str, Any] | None = CHARGER,
    load: Mapping[str, Any] | None = BOILER,
) -> MockConfigEntry:
    """Return an entry with a charger called Wallbox and a load called Boiler."""
    subentries = [
        ConfigSubentryData(data=dict(given), subentry_type=kind, title=title, unique_id=None)
        for kind, title, given in (("charger", "Wallbox", charger), ("load", "Boiler", load))
        if given is not None
    ]
    return MockConfigEntry(
        domain="evenload",
        title="Home",
        data=dict(data),
        options=dict(options),
        subentries_data=subentries,
    )


@dataclass
class House:
    """The devices; set what a person or the weather does, then let time pass."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    base: list[float] = field(default_factory=lambda: [2.0, 1.0, 0.5])
    """What the rest of the house draws on each phase [A]."""
    solar: float = 0.0
    """[W], over all phases."""
    solar_unit: str = "W"
    connected: bool = True
    limit: float = 6.0
    enabled: bool = False
    phases: int = 3
    """How many phases the charger gives the car."""
    boiler: bool = False
    meter_works: bool = True
    turned: str = ""
    """Phases of which the meter shows the opposite: `a`."""
    charger_exists: bool = True
    """False: its limit's entity is not there."""
    charger_answers: bool = True
    charger_obeys: bool = True
    extra: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    """Further entities that can be commanded, by id: their state and attributes."""
    extra_power: Callable[[House], float] = lambda _: 0.0
    """What they draw together on phase A [W]."""
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    """Every service call, as entity, service and value."""

    @property
    def car_current(self) -> float:
        """What the car draws on each leg [A]."""
        return self.limit if self.connected and self.enabled else 0.0

    @property
    def grid(self) -> list[float]:
        """What the meter shows [A]."""
        sun = self.solar / VOLTAGE / 3
        heating = BOILER["rated_power"] if self.boiler else 0.0
        boiler = [(heating + self.extra_power(self)) / VOLTAGE, 0.0, 0.0]
        return [
            base + car + heat - sun
            for base, car, heat in zip(self.base, self.car_currents, boiler, strict=True)
        ]

    @property
    def car_currents(self) -> list[float]:
        """What the car draws on each phase [A]."""
        return [self.car_current if leg < self.phases else 0.0 for leg in range(3)]

    def start(self) -> None:
        """Take the services over that drive the devices, and report everything once."""
        for domain, service in (
            ("number", "set_value"),
            ("switch", "turn_on"),
            ("switch", "turn_off"),
            ("input_select", "select_option"),
        ):
            self.hass.services.async_register(domain, service, self._serve)
        self.report()

    def report(self) -> None:
        """Report all states, as devices do, whether or not they have changed."""
        if self.meter_works:
            for phase, current in zip("abc", self.grid, strict=True):
                shown = -current if phase in self.turned else current
                self._sensor(f"sensor.grid_{phase}", round(shown, 2), "A", "current")
        self._sensor("sensor.solar", self.solar, self.solar_unit, "power")
        status = "charging" if self.car_current > 0 else "connected"
        self._set("sensor.station_status", status if self.connected else "disconnected", {})
        for leg, current in enumerate(self.car_currents, start=1):
            self._sensor(f"sensor.station_l{leg}", current, "A", "current")
        self._report_controls()

    async def pass_time(self, seconds: int) -> None:
        """Let time pass, with a report of everything each second."""
        for _ in range(seconds):
            self.freezer.tick(timedelta(seconds=1))
            self.report()
            async_fire_time_changed(self.hass, dt_util.utcnow())
            await self.hass.async_block_till_done(wait_background_tasks=True)

    def called(self, entity_id: str) -> list[tuple[str, Any]]:
        """Return the calls to one entity, as service and value."""
        return [(service, value) for entity, service, value in self.calls if entity == entity_id]

    def _report_controls(self) -> None:
        limits = {"min": 6, "max": 32, "unit_of_measurement": "A"}
        if self.charger_exists:
            self._set("number.station_limit", str(self.limit), limits)
        self._set("switch.station_charging", "on" if self.enabled else "off", {})
        words = {"options": ["Single phase", "Three phases"]}
        self._set("input_select.station_phases", words["options"][self.phases // 3], words)
        self._set("switch.boiler", "on" if self.boiler else "off", {})
        for entity_id, (state, attributes) in self.extra.items():
            self._set(entity_id, state, attributes)
        power = BOILER["rated_power"] if self.boiler else 0.0
        self._sensor("sensor.boiler_power", power, "W", "power")

    async def _serve(self, call: ServiceCall) -> None:
        entity_id = call.data["entity_id"]
        value = call.data.get("value", call.data.get("option"))
        self.calls.append((entity_id, call.service, value))
        if entity_id in self.extra:
            state = str(value) if value is not None else call.service.removeprefix("turn_")
            self.extra[entity_id] = (state, self.extra[entity_id][1])
        elif entity_id == "switch.boiler":
            self.boiler = call.service == "turn_on"
        elif not self.charger_answers:
            raise TimeoutError("the charger does not answer")
        elif not self.charger_obeys and "station" in entity_id:
            return
        elif entity_id == "switch.station_charging":
            self.enabled = call.service == "turn_on"
        elif entity_id == "input_select.station_phases":
            self.phases = 1 if value == "Single phase" else 3
        elif entity_id == "number.station_limit":
            self.limit = value
        self._report_controls()

    def _sensor(self, entity_id: str, value: float, unit: str, device_class: str) -> None:
        attributes = {"unit_of_measurement": unit, "device_class": device_class}
        self._set(entity_id, str(value), attributes)

    def _set(self, entity_id: str, state: str, attributes: dict[str, Any]) -> None:
        self.hass.states.async_set(entity_id, state, attributes)
