"""The kinds of loads besides chargers, one module each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from homeassistant.config_entries import ConfigSubentry

from evenload.model.site import Kind

from .const import CONF_KIND
from .kind_power import POWER
from .kind_stepped import STEPPED
from .kind_switch import SWITCH
from .load_kind import Appliance, LoadKind

__all__ = ["KINDS", "Appliance", "LoadKind", "appliance_of"]

KINDS: Final[Mapping[Kind, LoadKind]] = MappingProxyType(
    {kind.kind: kind for kind in (SWITCH, STEPPED, POWER)}
)
"""In the order in which they are offered."""


def appliance_of(subentry: ConfigSubentry, circuit: str) -> Appliance:
    """Return a load behind entities; `circuit` is the id of the circuit that it hangs on."""
    return KINDS[Kind(subentry.data[CONF_KIND])].appliance(subentry, circuit)
