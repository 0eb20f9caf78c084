"""The dialogue that puts right what was found about the wiring, once a person has confirmed it."""

from typing import Any

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState

from evenload.detect.mismatch import MismatchKind

from .const import CONF_INVERTED, CONF_PHASE_MAP
from .coordinator import EvenloadCoordinator


class WiringRepairFlow(RepairsFlow):
    """Shows the evidence, and changes the settings."""

    def __init__(self, about: dict[str, str]) -> None:
        """Keep what the issue is about."""
        self._about = about

    async def async_step_init(self, _issue: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Start; what is handed over is the issue's id alone."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Say what was seen and what will be changed; then change it, if it still is so."""
        if user_input is None:
            return self.async_show_form(step_id="confirm", description_placeholders=self._words)
        entry = self.hass.config_entries.async_get_known_entry(self._about["entry_id"])
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="site_not_running")
        coordinator: EvenloadCoordinator = entry.runtime_data
        still = (coordinator.detection.id_of(each) for each in coordinator.detection.found)
        if self._about["issue"] in still:
            self._apply(coordinator)
        return self.async_create_entry(data={})

    def _apply(self, coordinator: EvenloadCoordinator) -> None:
        if self._about["wiring"] == MismatchKind.PHASE_MAP:
            changes = {CONF_PHASE_MAP: self._about["phases"]}
            coordinator.change_load(self._about["about"], changes)
            return
        entry = coordinator.config_entry
        inverted = set(entry.data.get(CONF_INVERTED, ())) ^ set(self._about["reversed"])
        data = {**entry.data, CONF_INVERTED: sorted(inverted)}
        self.hass.config_entries.async_update_entry(entry, data=data)

    @property
    def _words(self) -> dict[str, str]:
        keys = ("name", "found", "turned", "evidence", "confidence")
        return {key: self._about[key] for key in keys}
