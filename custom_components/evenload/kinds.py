"""The kinds of loads besides chargers, one module each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from homeassistant.config_entries import ConfigSubentry

from .const import CONF_KIND
from .kind_power import POWER
from .kind_pump import PUMP
from .kind_stepped import STEPPED
from .kind_switch import SWITCH
from .kind_tank import TANK
from .load_kind import Appliance, LoadKind

__all__ = ["KINDS", "Appliance", "LoadKind", "appliance_of"]

KINDS: Final[Mapping[str, LoadKind]] = MappingProxyType(
    {kind.name: kind for kind in (SWITCH, TANK, PUMP, STEPPED, POWER)}
)
"""By name, in the order in which they are offered."""


def appliance_of(subentry: ConfigSubentry, circuit: str) -> Appliance:
    """Return a load behind entities; `circuit` is the id of the circuit that it hangs on."""
    return KINDS[subentry.data[CONF_KIND]].appliance(subentry, circuit)
