"""Follows entities whose ids a user changes: the site goes on reading and driving them."""

from collections.abc import Mapping
from typing import Any, cast

from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .coordinator import EvenloadConfigEntry


@callback
def follow_renames(hass: HomeAssistant, entry: EvenloadConfigEntry) -> CALLBACK_TYPE:
    """Keep the entry's settings in step with the registry; returns what ends that."""

    @callback
    def is_ours(data: Mapping[str, Any]) -> bool:
        return data.get("old_entity_id") in entry.runtime_data.wiring.entities

    @callback
    def rename(event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        old, new = cast("str", event.data.get("old_entity_id")), event.data["entity_id"]
        data = _renamed(dict(entry.data), old, new)
        hass.config_entries.async_update_entry(entry, data=data)
        for subentry in entry.subentries.values():
            hass.config_entries.async_update_subentry(
                entry, subentry, data=_renamed(dict(subentry.data), old, new)
            )

    return hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, rename, event_filter=is_ours)


def _renamed(settings: Any, old: str, new: str) -> Any:  # noqa: ANN401 - any JSON
    """Return settings with one entity's id changed, wherever it stands."""
    if isinstance(settings, Mapping):
        return {key: _renamed(value, old, new) for key, value in settings.items()}
    if isinstance(settings, list):
        return [_renamed(value, old, new) for value in settings]
    return new if settings == old else settings
