"""What the entry says of what its loads need by themselves, added to how they are treated."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from homeassistant.config_entries import ConfigSubentry

from evenload.model.control import ControlSettings
from evenload.model.need import ReadyBy

from .const import (
    CONF_ENERGY_TARGET,
    CONF_KIND,
    CONF_PLUG,
    CONF_PLUGS,
    CONF_READY_BY,
    SUBENTRY_CHARGER,
    SUBENTRY_LOAD,
)
from .kinds import KINDS
from .preferences import Settings, load_id_of
from .times import seconds_in


def with_needs(
    settings: ControlSettings, subentries: Mapping[str, ConfigSubentry]
) -> ControlSettings:
    """Return the settings with what each load needs."""
    needs = dict(each for subentry in subentries.values() for each in _needs(subentry))
    return replace(
        settings,
        loads={
            load: replace(treat, **needs[load]) if load in needs else treat
            for load, treat in settings.loads.items()
        },
    )


def _needs(subentry: ConfigSubentry) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the arguments of the `LoadControl` of each load that needs anything."""
    if subentry.subentry_type == SUBENTRY_LOAD:
        kind = KINDS[subentry.data[CONF_KIND]]
        yield load_id_of(subentry.subentry_id), kind.control(subentry.data)
    if subentry.subentry_type == SUBENTRY_CHARGER:
        for plug in subentry.data[CONF_PLUGS]:
            ready_by = _ready_by(plug)
            if ready_by is not None:
                yield load_id_of(subentry.subentry_id, plug[CONF_PLUG]), {"ready_by": ready_by}


def _ready_by(plug: Settings) -> ReadyBy | None:
    """Return when a plug's car must have got how much; None where either is not said."""
    at, energy = seconds_in(plug.get(CONF_READY_BY)), plug.get(CONF_ENERGY_TARGET, 0.0)
    return None if at is None or energy <= 0.0 else ReadyBy(at=at, energy=1000.0 * energy)
