"""What the dialogues of all kinds of loads share."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME

from evenload.model.check import check_site
from evenload.model.site import Phase

from .circuit_wiring import circuit_names
from .const import (
    CONF_MANAGED,
    CONF_MODE,
    CONF_PHASES,
    CONF_PRIORITY,
)
from .flow_errors import FormErrors
from .inspect_entity import Expected, inspect
from .preferences import Settings
from .wiring import wiring_of

NEW: Settings = MappingProxyType({CONF_MANAGED: True})
"""What a load starts with that no form asks."""


class SubentryFlow(ConfigSubentryFlow):
    """What the dialogues of all kinds of loads share."""

    kind_of_subentry: str

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases of the site."""
        return tuple(Phase)[: self._get_entry().data[CONF_PHASES]]

    def circuits(self, *, other_than: str | None = None) -> dict[str, str]:
        """Return what people call the site's circuits, by id."""
        return circuit_names(self._get_entry().subentries, other_than=other_than)

    def inspect_all(
        self, answers: Settings, entities: Mapping[str, Expected], errors: FormErrors
    ) -> None:
        """Look at each chosen entity."""
        for field, expected in entities.items():
            if field in answers:
                errors.add_inspected(field, inspect(self.hass, answers[field], expected))

    def refuse_driven_twice(
        self, field: str, entity_id: str, own: str | None, errors: FormErrors
    ) -> None:
        """Refuse an entity through which another load is driven already."""
        entry = self._get_entry()
        wired = wiring_of(entry.data, entry.options, entry.subentries).loads.values()
        driven = {each for load in wired if load.subentry_id != own for each in load.driven}
        if entity_id in driven:
            errors.add(field, "driven_already", entity_id)

    def check_whole(
        self, title: str, data: dict[str, Any], own: str | None, errors: FormErrors
    ) -> None:
        """Let the library look at the site as it would be."""
        entry = self._get_entry()
        changed = ConfigSubentry(
            data=MappingProxyType(data),
            subentry_type=self.kind_of_subentry,
            title=title,
            unique_id=None,
            **({} if own is None else {"subentry_id": own}),
        )
        subentries = {**entry.subentries, changed.subentry_id: changed}
        errors.add_findings(check_site(wiring_of(entry.data, entry.options, subentries).site))

    def update(
        self, subentry: ConfigSubentry, title: str, data: dict[str, Any]
    ) -> SubentryFlowResult:
        """Store what was changed; a site that could not start has nobody who listens to that."""
        entry = self._get_entry()
        result = self.async_update_and_abort(entry, subentry, title=title, data=data)
        if entry.state is not ConfigEntryState.LOADED:
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return result


def preferences_of(known: Settings) -> dict[str, Any]:
    """Return the preferences of a load that is known, which no dialogue asks again."""
    return {key: known[key] for key in (CONF_MANAGED, CONF_MODE, CONF_PRIORITY) if key in known}


def without_name(answers: Settings) -> dict[str, Any]:
    """Return the answers but for the name, which is the subentry's title."""
    return {key: value for key, value in answers.items() if key != CONF_NAME}
