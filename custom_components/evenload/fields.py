"""The kinds of fields that the forms of all dialogues are made of."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import probatio
from homeassistant.const import (
    UnitOfElectricCurrent,
    UnitOfTemperature,
)
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from evenload.model.quantities import POWER_UNITS, TEMPERATURE_UNITS
from evenload.model.site import Phase

PHASE_MAPS: Final = ("A", "B", "C", "ABC", "BCA", "CAB", "ACB", "BAC", "CBA")

type Fields = dict[probatio.Marker, Any]


def opened(fields: Fields) -> section:
    """Return fields in a section that is open at first."""
    return section(probatio.Schema(fields), {"collapsed": False})


def collapsed(fields: Fields) -> section:
    """Return fields in a section that is closed at first."""
    return section(probatio.Schema(fields), {"collapsed": True})


def number(
    minimum: float, maximum: float, unit: str | None = None, *, step: float = 1
) -> NumberSelector:
    """Return a field for a number, typed in."""
    config = NumberSelectorConfig(min=minimum, max=maximum, step=step, mode=NumberSelectorMode.BOX)
    if unit is not None:
        config["unit_of_measurement"] = unit
    return NumberSelector(config)


def current(minimum: float = 0) -> NumberSelector:
    """Return a field for a current [A]."""
    return number(minimum, 1000, UnitOfElectricCurrent.AMPERE, step=0.1)


def select(options: Iterable[str], translation_key: str) -> SelectSelector:
    """Return a choice among words that are translated."""
    return SelectSelector(
        SelectSelectorConfig(
            options=list(options),
            mode=SelectSelectorMode.DROPDOWN,
            translation_key=translation_key,
        )
    )


def phase_map(phases: tuple[Phase, ...]) -> SelectSelector:
    """Return a choice among the ways to hang on these phases."""
    return SelectSelector(
        SelectSelectorConfig(
            options=[text for text in PHASE_MAPS if set(text) <= set(phases)],
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def letters(phases: tuple[Phase, ...]) -> SelectSelector:
    """Return a choice among single phases and all of them."""
    texts = [whole(phases), *phases] if len(phases) > 1 else [*phases]
    return SelectSelector(SelectSelectorConfig(options=texts, mode=SelectSelectorMode.DROPDOWN))


def several_phases(phases: tuple[Phase, ...]) -> SelectSelector:
    """Return a choice of any of these phases."""
    return SelectSelector(
        SelectSelectorConfig(options=[*phases], mode=SelectSelectorMode.LIST, multiple=True)
    )


def whole(phases: tuple[Phase, ...]) -> str:
    """Return the phase map of a load on all of these phases."""
    return "".join(phases)


def sensor(units: Iterable[str]) -> EntitySelector:
    """Return a choice among sensors in certain units, and helpers, whose units are not filtered."""
    return EntitySelector(
        EntitySelectorConfig(
            filter=[
                {"domain": ["sensor"], "unit_of_measurement": list(units)},
                {"domain": ["input_number"]},
            ]
        )
    )


def entity(*domains: str) -> EntitySelector:
    """Return a choice among entities of these domains."""
    return EntitySelector(EntitySelectorConfig(filter=[{"domain": list(domains)}]))


def entities(*domains: str) -> EntitySelector:
    """Return a choice of several entities of these domains, in their order."""
    return EntitySelector(EntitySelectorConfig(filter=[{"domain": list(domains)}], multiple=True))


def power_sensor() -> EntitySelector:
    """Return a choice among sensors of a power."""
    return sensor(POWER_UNITS)


def temperature() -> NumberSelector:
    """Return a field for a temperature [degC]."""
    return number(0, 110, UnitOfTemperature.CELSIUS, step=0.5)


def temperature_sensor() -> EntitySelector:
    """Return a choice among sensors of a temperature."""
    return sensor(TEMPERATURE_UNITS)


def flattened(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form gave, with the fields of its sections beside the others."""
    flat: dict[str, Any] = {}
    for key, value in user_input.items():
        flat.update(value if isinstance(value, dict) else {key: value})
    return flat


def sectioned(form: probatio.Schema, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return flat values as suggestions for a form: the sections may choose among all of them."""
    sections = {
        str(key): values for key, field in form.schema.items() if isinstance(field, section)
    }
    return {**values, **sections}
