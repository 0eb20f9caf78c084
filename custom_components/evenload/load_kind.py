"""What every kind of load behind entities can do: be asked for, be read and be driven.

A kind is two small classes. The one is asked in the dialogues: which fields it has, which entities
they name, and what the answers mean to the library. The other is the wired load itself: what its
entities say of it, and which service calls carry a setpoint out.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant

from evenload.model.quantities import power_in_watts
from evenload.model.site import Kind, Load, Mode
from evenload.model.snapshot import DeviceSnapshot, Sample

from .call import Call
from .const import (
    CONF_MANAGED,
    CONF_MODE,
    CONF_PHASE_MAP,
    CONF_POWER_SENSOR,
    CONF_PRIORITY,
)
from .fields import Fields
from .flow_errors import FormErrors
from .inspect_entity import Expected
from .phase_map import phase_map_of
from .preferences import Settings, load_id_of
from .reports import Reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Appliance(ABC):
    """A load behind entities that is no charger."""

    load: Load
    subentry_id: str
    managed: bool
    power: str | None
    """What measures its draw; None: its setpoint is taken for it."""

    @property
    @abstractmethod
    def driven(self) -> tuple[str, ...]:
        """The entities that it is driven through, and that nothing else may drive."""

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities it is read from."""
        return self.driven if self.power is None else (*self.driven, self.power)

    @abstractmethod
    def expected(self, entity_id: str) -> Expected:
        """Return what one of the entities that drive it is to give."""

    @abstractmethod
    def device(self, reports: Reports, voltage: float) -> DeviceSnapshot:
        """Return what its entities say of it; `voltage` is from phase to neutral [V]."""

    @abstractmethod
    def calls(self, hass: HomeAssistant, setpoint: float, voltage: float) -> tuple[Call, ...]:
        """Return the calls, in order, that set it to a power [W]."""

    def drawn(self, reports: Reports) -> Sample | None:
        """Return what it draws [W], where that is measured."""
        report = reports.last(self.power)
        if report is None or report.number is None:
            return None
        power = power_in_watts(report.number, report.unit)
        return None if power is None else Sample(power, report.at)


class LoadKind(ABC):
    """How a kind of load is asked for, and what the answers mean."""

    name: str
    """As stored; the dialogues' steps are called so."""
    kind: Kind
    """What it is to the library: how its draw can be changed."""
    inspected: Mapping[str, Expected]
    """Fields that name one entity, and what it is to give."""
    default_mode = Mode.SOLAR

    @abstractmethod
    def fields(self) -> Fields:
        """Return the fields of its own, between its name and its phases."""

    @abstractmethod
    def driven(self, answers: Settings) -> Mapping[str, tuple[str, ...]]:
        """Return by field the entities that it would be driven through."""

    def check(self, hass: HomeAssistant, answers: Settings, errors: FormErrors) -> None:
        """Note what is wrong with the answers beyond what each entity is."""
        del hass, answers, errors

    def stored(self, hass: HomeAssistant, answers: Settings) -> Settings:
        """Return what is stored besides the answers: what has to be known while entities are away."""
        del hass, answers
        return {}

    def control(self, data: Settings) -> Mapping[str, Any]:
        """Return what its stored answers say of its treatment over time: arguments of a `LoadControl`."""
        del data
        return {}

    @abstractmethod
    def appliance(self, subentry: ConfigSubentry, circuit: str) -> Appliance:
        """Return the load that stored answers describe; `circuit` is the one it hangs on."""

    def load(self, subentry: ConfigSubentry, circuit: str, **levels: Any) -> Load:  # noqa: ANN401
        """Return what the library knows of it; `levels` are those arguments of its kind."""
        data = subentry.data
        return Load(
            id=load_id_of(subentry.subentry_id),
            kind=self.kind,
            phases=phase_map_of(data[CONF_PHASE_MAP]),
            circuit=circuit,
            mode=Mode(data[CONF_MODE]),
            priority=int(data[CONF_PRIORITY]),
            **levels,
        )

    def common(self, subentry: ConfigSubentry) -> dict[str, Any]:
        """Return the arguments that every appliance has besides its load."""
        return {
            "subentry_id": subentry.subentry_id,
            "managed": subentry.data[CONF_MANAGED],
            "power": subentry.data.get(CONF_POWER_SENSOR),
        }
