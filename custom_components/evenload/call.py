"""One service call: on one entity, or of an action that needs none."""

from dataclasses import dataclass, field
from typing import Any

from homeassistant.const import ATTR_ENTITY_ID, SERVICE_TURN_OFF, SERVICE_TURN_ON
from homeassistant.core import split_entity_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One service call on one entity."""

    entity_id: str
    service: str
    data: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def domain(self) -> str:
        """The domain of the service: that of the entity."""
        return split_entity_id(self.entity_id)[0]

    @property
    def service_data(self) -> dict[str, Any]:
        """What the service is called with."""
        return {ATTR_ENTITY_ID: self.entity_id, **self.data}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCall:
    """One service call that is not about an entity."""

    domain: str
    service: str
    service_data: dict[str, Any]


def turn(entity_id: str, *, on: bool) -> Call:
    """Return the call that turns a switch on or off."""
    return Call(entity_id=entity_id, service=SERVICE_TURN_ON if on else SERVICE_TURN_OFF)
