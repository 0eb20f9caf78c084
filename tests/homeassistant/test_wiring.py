"""What is wired otherwise than entered is found from the car's own starts, told with the evidence, and put right."""

import pytest
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component

from tests.homeassistant.house import CHARGER, PLUG, SITE, site_entry
from tests.homeassistant.test_control import choose, state
from tests.homeassistant.test_setup import set_up

# Home Assistant's own web server names its parts in a way that aiohttp advises against.
pytestmark = pytest.mark.filterwarnings(r"ignore:It is recommended to use web\.(AppKey|RequestKey)")


ROOMY = SITE | {"fuse_current": 50.0}
"""So that nothing but its owner stops the car."""


async def start_and_stop(hass, house, times):
    """Let the car charge and stop, as its owner tells it to."""
    for _ in range(times):
        for mode in ("standard", "off"):
            await choose(hass, "select.wallbox_mode", mode)
            for second in range(70):
                # A meter that stands still is not believed for long.
                house.base[2] = 0.5 + 0.1 * (second % 3)
                await house.pass_time(1)


def issues_of(issue_registry, kind):
    found = (each for each in issue_registry.issues.values() if each.domain == "evenload")
    return [each for each in found if each.translation_key == f"wiring_{kind}"]


async def confirm(hass, issue):
    """Go through the repair's dialogue; return what it showed."""
    manager = hass.data[REPAIRS]["flow_manager"]
    shown = await manager.async_init("evenload", data={"issue_id": issue.issue_id})
    assert shown["step_id"] == "confirm"
    result = await manager.async_configure(shown["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    return shown


@pytest.fixture(autouse=True)
async def repairs(hass):
    assert await async_setup_component(hass, REPAIRS, {})


async def test_a_wrong_phase_map_is_found_told_and_put_right(hass, house, issue_registry):
    house.phases = 1
    plug = PLUG | {"mode": "off", "phase_map": "BCA"}
    entry = await set_up(
        hass, site_entry(data=ROOMY, charger=CHARGER | {"plugs": [plug]}, load=None)
    )
    assert state(hass, "sensor.wallbox_detected_phases") == "unknown"
    await start_and_stop(hass, house, 3)
    assert state(hass, "sensor.wallbox_detected_phases").startswith("A")
    (issue,) = issues_of(issue_registry, "phase_map")
    flow = await confirm(hass, issue)
    assert "phase A" in flow["description_placeholders"]["evidence"]
    subentry = next(iter(entry.subentries.values()))
    assert subentry.data["plugs"][0]["phase_map"].startswith("A")
    await start_and_stop(hass, house, 1)
    assert issues_of(issue_registry, "phase_map") == []


async def test_a_right_phase_map_is_confirmed_without_a_word(hass, house, issue_registry):
    house.phases = 1
    plug = PLUG | {"mode": "off"}
    await set_up(hass, site_entry(data=ROOMY, charger=CHARGER | {"plugs": [plug]}, load=None))
    await start_and_stop(hass, house, 3)
    assert state(hass, "sensor.wallbox_detected_phases").startswith("A")
    assert state(hass, "sensor.home_sign_a") == "right"
    assert not [each for each in issue_registry.issues.values() if each.domain == "evenload"]


async def test_a_phase_that_counts_the_wrong_way_round_is_found_and_turned(
    hass, house, issue_registry
):
    house.turned = "a"
    plug = PLUG | {"mode": "off"}
    entry = await set_up(
        hass, site_entry(data=ROOMY, charger=CHARGER | {"plugs": [plug]}, load=None)
    )
    await start_and_stop(hass, house, 2)
    assert state(hass, "sensor.home_sign_a") == "reversed"
    assert state(hass, "sensor.home_sign_b") == "right"
    (issue,) = issues_of(issue_registry, "phase_reversed")
    await confirm(hass, issue)
    assert entry.data["inverted"] == ["A"]
    await house.pass_time(3)
    headroom = float(state(hass, "sensor.home_headroom_a"))
    assert headroom == pytest.approx(ROOMY["fuse_current"] - house.grid[0], abs=0.1)
    assert issues_of(issue_registry, "phase_reversed") == []


async def test_evidence_survives_a_restart(hass, house):
    house.phases = 1
    plug = PLUG | {"mode": "off"}
    entry = await set_up(
        hass, site_entry(data=ROOMY, charger=CHARGER | {"plugs": [plug]}, load=None)
    )
    await start_and_stop(hass, house, 3)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await house.pass_time(3)
    assert state(hass, "sensor.wallbox_detected_phases").startswith("A")
