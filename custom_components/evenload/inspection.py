"""Looks at the entities of a site and its loads while they are used.

The dialogues ask the same of each, see `inspect_entity`: there an answer stops the user, here it goes
to the status, so that a sensor that disappears is missed by name.
"""

from collections.abc import Iterable

from homeassistant.core import HomeAssistant

from evenload.model.finding import Finding

from .inspect_entity import UNITS, Expected, Flaw, Inspected, inspect
from .kinds import Appliance
from .load_wiring import EntityLoadWiring, LoadWiring, StationPlugWiring
from .ocpp_plug import OcppPlugWiring
from .wiring import Wiring

type Wired = tuple[str, Expected]
"""An entity and what it is to give."""


def entities_of_site(wiring: Wiring) -> tuple[Wired, ...]:
    """Return the entities of the site itself, its loads left aside."""
    wired = (
        *((entity, Expected.METER) for entity in wiring.grid.values()),
        *(
            (entity, Expected.METER)
            for circuit in wiring.circuits.values()
            for entity in circuit.meter.values()
        ),
        (wiring.import_average, Expected.POWER),
        (wiring.solar, Expected.POWER),
        (wiring.battery_power, Expected.POWER),
        (wiring.battery_soc, Expected.SOC),
    )
    return tuple((entity, expected) for entity, expected in wired if entity is not None)


def entities_of_load(load: LoadWiring) -> tuple[Wired, ...]:
    """Return the entities of one load; a station's plug has none."""
    if isinstance(load, StationPlugWiring):
        return ()
    return tuple((entity, _expected_of(load, entity)) for entity in load.entities)


def flaws_of(hass: HomeAssistant, entities: Iterable[Wired]) -> tuple[Finding, ...]:
    """Return what is wrong now with these entities."""
    return tuple(
        _finding(inspected, inspected.flaw, expected)
        for inspected, expected in ((inspect(hass, *wired), wired[1]) for wired in entities)
        if inspected.flaw is not None
    )


def _expected_of(load: EntityLoadWiring, entity_id: str) -> Expected:
    if entity_id == load.power:
        return Expected.POWER
    if isinstance(load, Appliance):
        return load.expected(entity_id)
    if isinstance(load, OcppPlugWiring):
        return Expected.CURRENT if entity_id == load.current else Expected.STATE
    if entity_id == load.limit:
        return Expected.LIMIT
    return Expected.CURRENT if entity_id in load.current else Expected.STATE


def _finding(inspected: Inspected, flaw: Flaw, expected: Expected) -> Finding:
    """Return a flaw as the library words what is wrong with a place."""
    problems = {
        Flaw.NOT_FOUND: "does not exist",
        Flaw.UNAVAILABLE: f"is {inspected.given}",
        Flaw.NOT_NUMERIC: f"shows {inspected.given!r}",
        Flaw.WRONG_UNIT: f"is in {inspected.given}",
    }
    units = UNITS.get(expected)
    allowed = "an entity that works" if units is None else f"a number in {', '.join(units)}"
    return Finding(path=inspected.entity_id, problem=problems[flaw], allowed=allowed)
