"""Raises an issue for an entity that no longer fits, and withdraws it when it does again.

Only what no waiting mends is an issue, and only once it has lasted: after a start, and while an
integration is loaded anew, entities are gone for a while.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .inspect_entity import LASTING, Inspected, inspect
from .inspection import Wired, entities_of_load, entities_of_site
from .wiring import Wiring

PATIENCE = 300.0
"""How long an entity may be missing before anybody is asked to do something [s]."""

ISSUE_SITE = "site_entity_unusable"
ISSUE_LOAD = "load_entity_unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """An entity that does not fit, and whose it is."""

    inspected: Inspected
    wired: Wired
    subentry_id: str | None
    """None: of the site itself."""
    name: str
    """What people call the site or the load."""


class Issues:
    """The issues of one site."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Start without issues."""
        self._hass = hass
        self._entry = entry
        self._since: dict[str, float] = {}
        self._raised: set[str] = set()

    @callback
    def note(self, wiring: Wiring, now: float) -> None:
        """Raise what has lasted, and withdraw what is over."""
        unusable = {each.wired[0]: each for each in self._unusable(wiring)}
        self._since = {entity: self._since.get(entity, now) for entity in unusable}
        for entity, since in self._since.items():
            if entity not in self._raised and now - since >= PATIENCE:
                self._raise(unusable[entity])
        for entity in self._raised - unusable.keys():
            self._delete(entity)

    @callback
    def withdraw(self) -> None:
        """Withdraw all issues: nobody looks after them any more."""
        for entity in set(self._raised):
            self._delete(entity)

    def _unusable(self, wiring: Wiring) -> Iterator[Unusable]:
        owned = [(wired, None, self._entry.title) for wired in entities_of_site(wiring)] + [
            (wired, load.subentry_id, self._entry.subentries[load.subentry_id].title)
            for load in wiring.loads.values()
            for wired in entities_of_load(load)
        ]
        for wired, subentry_id, name in owned:
            inspected = inspect(self._hass, *wired)
            if inspected.flaw in LASTING:
                yield Unusable(inspected=inspected, wired=wired, subentry_id=subentry_id, name=name)

    def _raise(self, unusable: Unusable) -> None:
        entity, expected = unusable.wired
        is_site = unusable.subentry_id is None
        self._raised.add(entity)
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._id_of(entity),
            data={
                "entry_id": self._entry.entry_id,
                "subentry_id": unusable.subentry_id,
                "entity_id": entity,
                "expected": expected,
                "name": unusable.name,
            },
            is_fixable=True,
            severity=ir.IssueSeverity.ERROR if is_site else ir.IssueSeverity.WARNING,
            translation_key=ISSUE_SITE if is_site else ISSUE_LOAD,
            translation_placeholders={"entity": entity, "name": unusable.name},
        )

    def _delete(self, entity: str) -> None:
        self._raised.discard(entity)
        ir.async_delete_issue(self._hass, DOMAIN, self._id_of(entity))

    def _id_of(self, entity: str) -> str:
        return f"{self._entry.entry_id}_{entity}"
