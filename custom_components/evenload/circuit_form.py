"""The form for a circuit, and the choice of the circuit that something is behind."""

from collections.abc import Mapping

import probatio
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from evenload.model.quantities import CURRENT_UNITS, POWER_UNITS
from evenload.model.site import MAIN, Phase

from .const import (
    CONF_CIRCUIT,
    CONF_CIRCUIT_METER,
    CONF_FUSE_CURRENT,
    CONF_PHASE_MAP,
    CONF_RESERVE,
)
from .fields import Fields, collapsed, current, letters, sensor, whole

SECTION_METER = "meter"


def circuit_form(phases: tuple[Phase, ...], circuits: Mapping[str, str]) -> probatio.Schema:
    """Return the form for a circuit; `circuits` are those it can be behind, by id with their names."""
    asked: Fields = {
        probatio.Required(CONF_NAME): TextSelector(),
        probatio.Required(CONF_FUSE_CURRENT): current(minimum=1),
        probatio.Required(CONF_PHASE_MAP, default=whole(phases)): letters(phases),
    }
    return probatio.Schema(
        asked
        | behind(circuits)
        | {
            probatio.Required(SECTION_METER): collapsed(
                {
                    probatio.Optional(CONF_CIRCUIT_METER[phase]): sensor(
                        (*CURRENT_UNITS, *POWER_UNITS)
                    )
                    for phase in phases
                }
                | {probatio.Optional(CONF_RESERVE, default=0): current()}
            )
        }
    )


def behind(circuits: Mapping[str, str]) -> Fields:
    """Return the field that asks which circuit something is behind; none where there is but one."""
    if not circuits:
        return {}
    options = [SelectOptionDict(value=key, label=name) for key, name in circuits.items()]
    chosen = SelectSelector(
        SelectSelectorConfig(
            # The main fuse's name is translated; the others are named by people.
            options=[SelectOptionDict(value=MAIN, label=MAIN), *options],
            mode=SelectSelectorMode.DROPDOWN,
            translation_key="circuit",
        )
    )
    return {probatio.Required(CONF_CIRCUIT, default=MAIN): chosen}
