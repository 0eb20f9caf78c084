"""Starting, stopping and changing a site while it runs."""

from homeassistant.config_entries import ConfigEntryState

from tests.homeassistant.house import site_entry


async def test_a_site_starts_with_all_its_entities(hass, house):
    entry = site_entry()
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await house.pass_time(3)
    assert entry.state is ConfigEntryState.LOADED
    assert await hass.config_entries.async_unload(entry.entry_id)
