"""What stations can do besides: switch phases, ask for tokens, and be spoken to as a person wants."""

import pytest
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component

from custom_components.evenload.diagnostics import async_get_config_entry_diagnostics
from evenload.ocpp import switching
from evenload.ocpp.nouns import Version
from evenload.ocpp.tokens import shown
from tests.homeassistant.street import PLUG, STATION, site, state
from tests.homeassistant.test_setup import set_up

pytestmark = [
    pytest.mark.usefixtures("socket_enabled", "_impatient"),
    # Home Assistant's own web server names its parts in a way that aiohttp advises against.
    pytest.mark.filterwarnings(r"ignore:It is recommended to use web\.(AppKey|RequestKey)"),
]

ONE_PLUG = STATION | {"plugs": [PLUG]}
CARD = "04A2B3C4D5E680"
SOMEBODY = "somebody"


def phases(client):
    """Return on how many phases the first plug's car draws."""
    return sum(current > 0.5 for current in client.station.plugs[0].outlet.draws)


async def test_a_solar_car_has_one_phase_or_three_as_the_sun_goes(hass, street, monkeypatch):
    monkeypatch.setattr(switching, "PAUSE", 2.0)
    charger = ONE_PLUG | {"plugs": [PLUG | {"mode": "solar"}]}
    entry = await set_up(hass, site(street, charger=charger, fuse=40.0))
    garage = street.dial(plugs=1, switches_phases=True)
    street.sun = 9000.0
    await street.until(lambda: phases(garage) == 3)
    (subentry,) = entry.subentries.values()
    assert subentry.data["found_switching"] is True, "it has said so"
    most = 4
    for switch in range(most):
        street.sun, other = ((3500.0, 1), (9000.0, 3))[switch % 2]
        await street.until(lambda other=other: phases(garage) == other)
    street.sun = 3500.0
    limit = garage.station.profiles
    await street.until_it_lasts(lambda: phases(garage) == 3 and street.offers(garage) == [6.0])
    assert {period[2] for profile in limit for period in profile.periods} == {3}
    assert await hass.config_entries.async_unload(entry.entry_id)


async def fix_flow(hass):
    """Open the dialogue about the one issue there is, and return it with the issue."""
    assert await async_setup_component(hass, REPAIRS, {})
    (issue,) = ir.async_get(hass).issues.values()
    manager = hass.data[REPAIRS]["flow_manager"]
    return manager, await manager.async_init("evenload", data={"issue_id": issue.issue_id}), issue


@pytest.mark.parametrize("version", [Version.V16, Version.V201])
async def test_a_token_that_nobody_knows_is_asked_about_and_charges_once(
    hass, street, caplog, version
):
    charger = STATION | {"who_may_charge": "listed"}
    entry = await set_up(hass, site(street, charger=charger))
    garage = street.dial(plugs=2, version=version, token=CARD)
    await street.until(lambda: bool(ir.async_get(hass).issues))
    await street.until(lambda: street.offers(garage) == [0, 0])
    manager, flow, issue = await fix_flow(hass)
    assert flow["menu_options"] == ["once", "always", "refuse"]
    assert flow["description_placeholders"] == issue.translation_placeholders
    assert issue.translation_placeholders["token"] == shown(CARD)
    assert issue.translation_placeholders["name"].startswith("Wallbox plug ")
    done = await manager.async_configure(flow["flow_id"], {"next_step_id": "once"})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await street.until(lambda: sum(current > 0 for current in street.offers(garage)) == 1)
    (subentry,) = entry.subentries.values()
    assert "tokens" not in subentry.data, "once is not always"
    assert CARD not in caplog.text
    assert CARD not in str(await async_get_config_entry_diagnostics(hass, entry))
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert not ir.async_get(hass).issues


async def test_a_token_is_accepted_for_good_and_taken_back(hass, street):
    charger = ONE_PLUG | {"who_may_charge": "listed"}
    entry = await set_up(hass, site(street, charger=charger))
    garage = street.dial(plugs=1, token=CARD)
    await street.until(lambda: bool(ir.async_get(hass).issues))
    manager, flow, _ = await fix_flow(hass)
    flow = await manager.async_configure(flow["flow_id"], {"next_step_id": "always"})
    again = await manager.async_configure(flow["flow_id"], {"token_name": " "})
    assert again["step_id"] == "always", "it needs a name"
    await manager.async_configure(flow["flow_id"], {"token_name": "Anna's card"})
    await street.until(lambda: street.offers(garage)[0] > 0)
    (subentry,) = entry.subentries.values()
    assert subentry.data["tokens"] == [{"token": CARD, "token_name": "Anna's card"}]
    assert "Anna" not in str(await async_get_config_entry_diagnostics(hass, entry))

    flow = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "charger"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": subentry.subentry_id},
    )
    assert CARD not in str(flow["data_schema"].schema["station"].schema.schema)
    answers = known_station() | {"station": known_station()["station"] | {"accepted": []}}
    done = await hass.config_entries.subentries.async_configure(flow["flow_id"], answers)
    assert done["reason"] == "reconfigure_successful"
    (subentry,) = entry.subentries.values()
    assert "tokens" not in subentry.data
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_token_that_is_refused_is_asked_about_when_it_is_shown_again(hass, street):
    charger = ONE_PLUG | {"who_may_charge": "listed"}
    entry = await set_up(hass, site(street, charger=charger))
    garage = street.dial(plugs=1, token=CARD)
    await street.until(lambda: bool(ir.async_get(hass).issues))
    manager, flow, _ = await fix_flow(hass)
    await manager.async_configure(flow["flow_id"], {"next_step_id": "refuse"})
    assert not ir.async_get(hass).issues
    assert street.offers(garage) == [0]
    garage.station.start(garage.station.plugs[0], CARD)
    await street.until(lambda: bool(ir.async_get(hass).issues))
    late_manager, late, _ = await fix_flow(hass)
    entry.runtime_data.stations.questions.withdraw()
    over = await late_manager.async_configure(late["flow_id"], {"next_step_id": "once"})
    assert over["reason"] == "question_over"
    assert await hass.config_entries.async_unload(entry.entry_id)


def known_station():
    """Return the answers for a station that is known, with nothing changed."""
    return {
        "name": "Wallbox",
        "station": {
            "charger_max_current": 20,
            "policy": "concurrent",
            "lease": 60,
            "who_may_charge": "listed",
        },
        "levels": {
            "phase_map": "ABC",
            "min_current": 6,
            "max_current": 16,
            "step": 1,
            "safe_current": 6,
        },
        "manner": {},
    }


async def test_what_a_station_was_found_to_support_is_shown_and_can_be_overruled(hass, street):
    entry = await set_up(hass, site(street, charger=ONE_PLUG))
    garage = street.dial(plugs=1, switches_phases=True)
    await street.until(lambda: street.offers(garage)[0] > 0)
    await street.until(lambda: "fallback" in hass.states.get("sensor.wallbox_ocpp").attributes)
    found = hass.states.get("sensor.wallbox_ocpp")
    assert found.state == "ocpp1.6"
    assert found.attributes["units"] == "A"
    assert found.attributes["phase_switching"] is True
    assert found.attributes["fallback"] == {"1": "two_periods"}
    (subentry,) = entry.subentries.values()
    flow = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "charger"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": subentry.subentry_id},
    )
    assert "- units: A" in flow["description_placeholders"]["found"]
    manner = {
        "meter_interval": 3,
        "phase_switching": "no",
        "fallback": "base_and_lease",
        "unit": "a",
        "stack_level": 2,
    }
    answers = known_station() | {"manner": manner}
    answers["station"]["who_may_charge"] = "everybody"
    await hass.config_entries.subentries.async_configure(flow["flow_id"], answers)
    await hass.async_block_till_done()
    await street.until(lambda: garage.station.speech.meter_interval == 3.0)
    await street.until(lambda: {profile.stack for profile in garage.station.profiles} >= {2, 3})
    snapshot = entry.runtime_data.stations.snapshot("garage")
    assert snapshot.phase_switching is False
    assert (
        entry.runtime_data.wiring.settings.loads[f"{subentry.subentry_id}_1"].phase_switching
        is None
    )
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_person_asks_a_station_for_things_by_actions(hass, street):
    entry = await set_up(hass, site(street))

    async def act(what, entity, **more):
        data = {"entity_id": entity} | more
        await hass.services.async_call("evenload", what, data, blocking=True)

    garage = street.dial()
    await street.until(lambda: min(street.offers(garage)) >= 6)
    plug = "sensor.wallbox_plug_1_station_status"
    called = garage.station
    await act("trigger_message", plug)
    assert called.received[-1].payload == {"requestedMessage": "MeterValues", "connectorId": 1}
    await act("trigger_message", "sensor.wallbox_ocpp", message="Heartbeat")
    assert called.received[-1].payload == {"requestedMessage": "Heartbeat"}
    await act("stop_charging", plug)
    await street.until(lambda: street.offers(garage)[0] == 0)
    await act("start_charging", plug, token=SOMEBODY)
    await street.until(lambda: street.offers(garage)[0] > 0)
    assert called.plugs[0].running.token == SOMEBODY
    await act("reset_charger", "sensor.wallbox_ocpp", hard=True)
    assert called.received[-1].payload == {"type": "Hard"}
    for what, entity in (
        ("stop_charging", "sensor.wallbox_ocpp"),
        ("reset_charger", "sensor.home_status"),
        ("reset_charger", "sensor.nowhere"),
    ):
        with pytest.raises(ServiceValidationError, match="belongs to no plug"):
            await act(what, entity)
    assert state(hass, "sensor.wallbox_ocpp") == "ocpp1.6"
    assert await hass.config_entries.async_unload(entry.entry_id)
