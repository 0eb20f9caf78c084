"""The devices that entities hang on: the site, each charger and load, and each of several plugs."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import ChildDeviceInfo, DeviceEntryType, DeviceInfo

from .const import CONF_PLUGS, DOMAIN, SUBENTRY_CHARGER
from .coordinator import EvenloadConfigEntry
from .kinds import Appliance
from .load_wiring import AnyPlugWiring, LoadWiring


@callback
def register_devices(hass: HomeAssistant, entry: EvenloadConfigEntry) -> None:
    """Create the devices of the site and its subentries, or take over their new names."""
    registry = dr.async_get(hass)
    site = registry.async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, entry.entry_id)},
        name=entry.title,
        entry_type=DeviceEntryType.SERVICE,
    )
    for subentry in entry.subentries.values():
        registry.async_get_or_create(
            config_entry_id=entry.entry_id,
            config_subentry_id=subentry.subentry_id,
            identifiers={(DOMAIN, subentry.subentry_id)},
            name=subentry.title,
            via_device_id=site.id,
        )


def site_device(entry: EvenloadConfigEntry) -> DeviceInfo:
    """Return the device of the site."""
    return DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})


def charger_device(subentry_id: str) -> DeviceInfo:
    """Return the device of a charger as a whole."""
    return DeviceInfo(identifiers={(DOMAIN, subentry_id)})


def load_device(
    hass: HomeAssistant, entry: EvenloadConfigEntry, load: LoadWiring
) -> DeviceInfo | ChildDeviceInfo:
    """Return the device of a load.

    The plug of a charger that has no other is one device with its charger: people call both the
    charger. Several plugs are child devices of their charger.
    """
    own = (DOMAIN, load.subentry_id)
    if isinstance(load, Appliance) or _has_one_plug(entry, load):
        return DeviceInfo(identifiers={own})
    charger = dr.async_get(hass).async_get_device_by_identifier(own, entry.entry_id)
    assert charger is not None  # noqa: S101 - registered before any entity is added
    return ChildDeviceInfo(
        identifiers={(DOMAIN, load.load.id)},
        parent_device_id=charger.id,
        translation_key="plug",
        translation_placeholders={"plug": load.plug},
    )


def _has_one_plug(entry: EvenloadConfigEntry, load: AnyPlugWiring) -> bool:
    subentry = entry.subentries[load.subentry_id]
    return subentry.subentry_type == SUBENTRY_CHARGER and len(subentry.data[CONF_PLUGS]) == 1
