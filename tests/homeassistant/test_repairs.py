"""An entity that stays away becomes an issue, and the issue leads to where it was chosen."""

import pytest
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.components.repairs import RepairsFlowManager
from homeassistant.components.repairs.const import FlowType
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component

from tests.homeassistant.house import CHARGER, PLUG, site_entry
from tests.homeassistant.test_setup import set_up

# Home Assistant's own web server names its parts in a way that aiohttp advises against.
pytestmark = pytest.mark.filterwarnings(r"ignore:It is recommended to use web\.(AppKey|RequestKey)")


async def wait(house, minutes):
    """Let minutes pass with a report now and then."""
    for _ in range(minutes):
        house.freezer.tick(55)
        await house.pass_time(5)


@pytest.fixture
async def entry(hass, house):
    """A site whose charger is limited through a number that is gone."""
    assert await async_setup_component(hass, REPAIRS, {})
    gone = PLUG | {"limit_entity": "number.gone"}
    return await set_up(hass, site_entry(charger={**CHARGER, "plugs": [gone]}))


def issue_of(issue_registry, entry, entity_id):
    return issue_registry.async_get_issue("evenload", f"{entry.entry_id}_{entity_id}")


async def open_repair(hass, issue):
    manager = hass.data[REPAIRS]["flow_manager"]
    assert isinstance(manager, RepairsFlowManager)
    flow = await manager.async_init("evenload", data={"issue_id": issue.issue_id})
    assert flow["type"] is FlowResultType.FORM
    return await manager.async_configure(flow["flow_id"], {})


async def test_a_missing_entity_is_an_issue_only_once_it_stays_away(
    hass, house, entry, issue_registry
):
    await wait(house, 3)
    assert issue_of(issue_registry, entry, "number.gone") is None
    await wait(house, 4)
    issue = issue_of(issue_registry, entry, "number.gone")
    assert issue.translation_key == "load_entity_unusable"
    assert issue.translation_placeholders == {"entity": "number.gone", "name": "Wallbox"}
    assert len(issue_registry.issues) == 1
    hass.states.async_set("number.gone", "6", {"unit_of_measurement": "A"})
    await house.pass_time(4)
    assert issue_of(issue_registry, entry, "number.gone") is None


async def test_the_issue_of_a_load_opens_its_settings(hass, house, entry, issue_registry):
    await wait(house, 7)
    result = await open_repair(hass, issue_of(issue_registry, entry, "number.gone"))
    assert result["reason"] == "settings_opened"
    kind, flow_id = result["next_flow"]
    assert kind is FlowType.CONFIG_SUBENTRIES_FLOW
    opened = hass.config_entries.subentries.async_get(flow_id)
    assert opened["handler"] == (entry.entry_id, "charger")
    assert opened["step_id"] == "reconfigure"


async def test_the_issue_of_a_site_opens_its_settings(hass, house, entry, issue_registry):
    house.solar_unit = "kWh"
    await wait(house, 7)
    issue = issue_of(issue_registry, entry, "sensor.solar")
    assert issue.translation_key == "site_entity_unusable"
    result = await open_repair(hass, issue)
    kind, flow_id = result["next_flow"]
    assert kind is FlowType.CONFIG_FLOW
    assert hass.config_entries.flow.async_get(flow_id)["step_id"] == "reconfigure"


async def test_an_issue_that_is_over_is_closed(hass, house, entry, issue_registry):
    await wait(house, 7)
    issue = issue_of(issue_registry, entry, "number.gone")
    hass.states.async_set("number.gone", "6", {"unit_of_measurement": "A"})
    result = await open_repair(hass, issue)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_issues_end_with_the_site(hass, house, entry, issue_registry):
    await wait(house, 7)
    assert issue_registry.issues
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert not issue_registry.issues
