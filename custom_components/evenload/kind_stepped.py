"""A load with several steps: a switch for each, or a selection.

With switches the first step is the first switch alone, the second the first two together, and so on. A
selection's first option is off, its others are the steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import override

import probatio
from homeassistant.components.select import ATTR_OPTION, ATTR_OPTIONS, SERVICE_SELECT_OPTION
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import TextSelector

from evenload.model.readings import LoadState
from evenload.model.site import Kind
from evenload.model.snapshot import DeviceSnapshot, Sample

from .call import Call, turn
from .const import (
    CONF_LEVELS,
    CONF_POWER_SENSOR,
    CONF_SELECT_ENTITY,
    CONF_STEP_SWITCHES,
)
from .fields import Fields, entities, entity, power_sensor
from .flow_errors import FormErrors
from .inspect_entity import Expected, inspect
from .kind_switch import SWITCH_DOMAINS
from .load_kind import Appliance, LoadKind
from .preferences import Settings
from .reports import Report, Reports


@dataclass(frozen=True, slots=True, kw_only=True)
class SteppedAppliance(Appliance):
    """A load with several steps."""

    switches: tuple[str, ...]
    """One for each step; empty: it has a selection."""
    selection: str | None
    options: tuple[str, ...]
    """Of the selection, off first."""

    @property
    @override
    def driven(self) -> tuple[str, ...]:
        return self.switches if self.selection is None else (self.selection,)

    @override
    def expected(self, entity_id: str) -> Expected:
        return Expected.STATE

    @override
    def device(self, reports: Reports, voltage: float) -> DeviceSnapshot:
        driven = [reports.last(entity_id) for entity_id in self.driven]
        heard = [report for report in driven if report is not None]
        setpoint = None
        if len(heard) == len(driven):
            at = max(report.at for report in heard)
            setpoint = Sample(self._level(heard), at)
        return DeviceSnapshot(
            state=LoadState.ON if setpoint is not None and setpoint.value > 0 else LoadState.OFF,
            available=all(reports.current(entity_id) is not None for entity_id in self.driven),
            power=self.drawn(reports),
            setpoint=setpoint,
            by_hand_at=reports.set_by_person_at(*self.driven),
        )

    @override
    def calls(self, hass: HomeAssistant, setpoint: float, voltage: float) -> tuple[Call, ...]:
        steps = sum(1 for level in self.load.levels if level <= setpoint)
        if self.selection is not None:
            data = {ATTR_OPTION: self.options[steps]}
            return (Call(entity_id=self.selection, service=SERVICE_SELECT_OPTION, data=data),)
        # Off before on: on the way from one step to another nothing more than either is drawn.
        off = [turn(switch, on=False) for switch in reversed(self.switches[steps:])]
        return (*off, *(turn(switch, on=True) for switch in self.switches[:steps]))

    def _level(self, heard: list[Report]) -> float:
        """Return the power of the step that its entities show [W]; unknown options count as the highest."""
        levels = (0.0, *self.load.levels)
        if self.selection is None:
            # A person may turn them on in any order: as many as are on make the step.
            return levels[sum(report.value == STATE_ON for report in heard)]
        shown = heard[0].value
        return levels[self.options.index(shown)] if shown in self.options else levels[-1]


class SteppedKind(LoadKind):
    """Asks for a load with several steps."""

    name = "stepped"
    kind = Kind.STEPPED
    inspected: Mapping[str, Expected] = {
        CONF_SELECT_ENTITY: Expected.STATE,
        CONF_POWER_SENSOR: Expected.POWER,
    }

    @override
    def fields(self) -> Fields:
        return {
            probatio.Required(CONF_LEVELS): TextSelector(),
            probatio.Optional(CONF_STEP_SWITCHES): entities(*SWITCH_DOMAINS),
            probatio.Optional(CONF_SELECT_ENTITY): entity("select", "input_select"),
            probatio.Optional(CONF_POWER_SENSOR): power_sensor(),
        }

    @override
    def driven(self, answers: Settings) -> Mapping[str, tuple[str, ...]]:
        if CONF_SELECT_ENTITY in answers:
            return {CONF_SELECT_ENTITY: (answers[CONF_SELECT_ENTITY],)}
        return {CONF_STEP_SWITCHES: tuple(answers.get(CONF_STEP_SWITCHES, ()))}

    @override
    def check(self, hass: HomeAssistant, answers: Settings, errors: FormErrors) -> None:
        levels = levels_in(answers[CONF_LEVELS])
        if levels is None:
            errors.add(CONF_LEVELS, "levels_unreadable", answers[CONF_LEVELS])
            return
        switches = answers.get(CONF_STEP_SWITCHES, [])
        for switch in switches:
            errors.add_inspected(CONF_STEP_SWITCHES, inspect(hass, switch, Expected.STATE))
        if bool(switches) == (CONF_SELECT_ENTITY in answers):
            errors.add(CONF_STEP_SWITCHES, "switches_or_selection")
        elif switches and len(switches) != len(levels):
            errors.add(CONF_STEP_SWITCHES, "switches_count", f"{len(switches)}/{len(levels)}")
        elif not switches:
            options = options_of(hass, answers[CONF_SELECT_ENTITY])
            if len(options) != len(levels) + 1:
                given = ", ".join(options)
                errors.add(CONF_SELECT_ENTITY, "options_count", given)

    @override
    def stored(self, hass: HomeAssistant, answers: Settings) -> Settings:
        if CONF_SELECT_ENTITY not in answers:
            return {}
        return {ATTR_OPTIONS: list(options_of(hass, answers[CONF_SELECT_ENTITY]))}

    @override
    def appliance(self, subentry: ConfigSubentry, circuit: str) -> SteppedAppliance:
        data = subentry.data
        return SteppedAppliance(
            load=self.load(subentry, circuit, levels=levels_in(data[CONF_LEVELS]) or ()),
            switches=tuple(data.get(CONF_STEP_SWITCHES, ())),
            selection=data.get(CONF_SELECT_ENTITY),
            options=tuple(data.get(ATTR_OPTIONS, ())),
            **self.common(subentry),
        )


def levels_in(text: str) -> tuple[float, ...] | None:
    """Return the powers [W] in a text as `2000, 4000`; None: it is no list of rising numbers above 0."""
    try:
        levels = tuple(float(part) for part in text.replace(",", " ").replace(";", " ").split())
    except ValueError:
        return None
    rises = all(low < high for low, high in zip((0.0, *levels), levels, strict=False))
    return levels if levels and rises and levels[-1] < float("inf") else None


def options_of(hass: HomeAssistant, entity_id: str) -> tuple[str, ...]:
    """Return the options of a selection; none where it is not there."""
    state = hass.states.get(entity_id)
    return () if state is None else tuple(state.attributes.get(ATTR_OPTIONS, ()))


STEPPED = SteppedKind()
