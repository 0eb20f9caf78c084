"""Repairs: missing entities are replaced, tokens are asked about, wiring is put right."""

from typing import Any

from homeassistant.components.repairs import FlowType, RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import SOURCE_RECONFIGURE, SubentryFlowContext
from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .inspect_entity import LASTING, Expected, inspect
from .token_repair import TokenRepairFlow
from .wiring_repair import WiringRepairFlow

type IssueData = dict[str, str | int | float | None]


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: IssueData | None
) -> RepairsFlow:
    """Return the dialogue for an issue."""
    about = {key: str(value) for key, value in (data or {}).items() if value is not None}
    if "question" in about:
        return TokenRepairFlow(about)
    return WiringRepairFlow(about) if "wiring" in about else EntityRepairFlow(about)


class EntityRepairFlow(RepairsFlow):
    """Leads to the settings in which an unusable entity was chosen."""

    def __init__(self, about: dict[str, str]) -> None:
        """Keep what the issue is about."""
        self._about = about

    async def async_step_init(self, _issue: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Start; what is handed over is the issue's id alone."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Say what is wrong; then see whether it still is, and open the settings if so."""
        entity = self._about["entity_id"]
        if user_input is None:
            return self.async_show_form(
                step_id="confirm",
                description_placeholders={"entity": entity, "name": self._about["name"]},
            )
        inspected = inspect(self.hass, entity, Expected(self._about["expected"]))
        if inspected.flaw not in LASTING:
            return self.async_create_entry(data={})
        return self.async_abort(reason="settings_opened", next_flow=await self._open_settings())

    async def _open_settings(self) -> tuple[FlowType, str]:
        """Open the dialogue that changes the site or the load, and return which it is."""
        entry_id, subentry_id = self._about["entry_id"], self._about.get("subentry_id")
        if subentry_id is None:
            site = await self.hass.config_entries.flow.async_init(
                DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry_id}
            )
            return FlowType.CONFIG_FLOW, site["flow_id"]
        entry = self.hass.config_entries.async_get_known_entry(entry_id)
        load = await self.hass.config_entries.subentries.async_init(
            (entry_id, entry.subentries[subentry_id].subentry_type),
            context=SubentryFlowContext(source=SOURCE_RECONFIGURE, subentry_id=subentry_id),
        )
        return FlowType.CONFIG_SUBENTRIES_FLOW, load["flow_id"]
