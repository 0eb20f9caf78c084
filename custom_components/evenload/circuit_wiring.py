"""What the entry says of circuits: sub-distributions with a fuse of their own, and what is behind them."""

from collections.abc import Mapping
from dataclasses import dataclass

from homeassistant.config_entries import ConfigSubentry

from evenload.model.site import MAIN, Circuit, Phase

from .const import (
    CONF_CIRCUIT,
    CONF_CIRCUIT_METER,
    CONF_FUSE_CURRENT,
    CONF_PHASE_MAP,
    CONF_RESERVE,
    SUBENTRY_CIRCUIT,
)
from .preferences import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitWiring:
    """One circuit and what measures it."""

    circuit: Circuit
    meter: Mapping[Phase, str]
    """What measures each of its phases, its current or its power; empty: it has no meter."""


def circuits_of(subentries: Mapping[str, ConfigSubentry]) -> dict[str, CircuitWiring]:
    """Return the circuits by id."""
    return {
        subentry_id: CircuitWiring(
            circuit=_circuit(subentry_id, subentry.data, subentries),
            meter={
                phase: subentry.data[key]
                for phase, key in CONF_CIRCUIT_METER.items()
                if key in subentry.data and phase in subentry.data[CONF_PHASE_MAP]
            },
        )
        for subentry_id, subentry in subentries.items()
        if subentry.subentry_type == SUBENTRY_CIRCUIT
    }


def circuit_names(
    subentries: Mapping[str, ConfigSubentry], *, other_than: str | None = None
) -> dict[str, str]:
    """Return what people call the circuits, by id; a circuit is not behind itself."""
    return {
        identifier: subentry.title
        for identifier, subentry in subentries.items()
        if subentry.subentry_type == SUBENTRY_CIRCUIT and identifier != other_than
    }


def circuit_of(answers: Settings) -> dict[str, str]:
    """Return what is stored of a form's answer to which circuit something is behind."""
    return {CONF_CIRCUIT: answers[CONF_CIRCUIT]} if CONF_CIRCUIT in answers else {}


def circuit_id_of(data: Settings, subentries: Mapping[str, ConfigSubentry]) -> str:
    """Return the id of the circuit that something is behind: the main fuse's if it names none that is there."""
    named = subentries.get(data.get(CONF_CIRCUIT, MAIN))
    is_circuit = named is not None and named.subentry_type == SUBENTRY_CIRCUIT
    return named.subentry_id if named is not None and is_circuit else MAIN


def _circuit(subentry_id: str, data: Settings, subentries: Mapping[str, ConfigSubentry]) -> Circuit:
    return Circuit(
        id=subentry_id,
        fuse={Phase(letter): float(data[CONF_FUSE_CURRENT]) for letter in data[CONF_PHASE_MAP]},
        parent=circuit_id_of(data, subentries),
        reserve=float(data.get(CONF_RESERVE, 0.0)),
    )
