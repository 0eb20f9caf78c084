"""Circuits in Home Assistant: added, shown, changed and removed while a car charges behind them."""

import pytest
from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.data_entry_flow import FlowResultType

from tests.homeassistant.house import CHARGER, PLUG, site_entry
from tests.homeassistant.test_setup import set_up
from tests.homeassistant.test_subentry_flow import WIRED, begin, configure

GARAGE = {"name": "Garage", "fuse_current": 10, "phase_map": "ABC", "meter": {"reserve": 0}}
STANDARD = WIRED | {"mode": "standard", "priority": 1}


@pytest.fixture
async def charging(hass, house):
    """A car that charges with all it can get, behind the main fuse alone."""
    entry = await set_up(hass, site_entry(load=None))
    await house.pass_time(40)
    assert house.car_current == 16
    return entry


async def add_circuit(hass, entry, answers=GARAGE):
    """Add a circuit; return its subentry."""
    result = await configure(hass, await begin(hass, entry, "circuit"), answers)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    return list(entry.subentries.values())[-1]


async def open_again(hass, entry, subentry):
    """Open the dialogue that changes what is there already."""
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, subentry.subentry_type),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": subentry.subentry_id},
    )


async def put_behind(hass, entry, circuit):
    """Move the charger behind the circuit."""
    charger = next(s for s in entry.subentries.values() if s.subentry_type == "charger")
    flow = await open_again(hass, entry, charger)
    result = await configure(hass, flow, WIRED | {"circuit": circuit.subentry_id})
    assert result["reason"] == "reconfigure_successful", result
    await hass.async_block_till_done()


async def test_a_car_moved_behind_a_circuit_obeys_its_fuse_without_a_pause(hass, house, charging):
    await put_behind(hass, charging, await add_circuit(hass, charging))
    await house.pass_time(5)
    assert house.car_current == 10
    assert house.enabled
    assert hass.states.get("sensor.wallbox_status").state == "limited"
    assert float(hass.states.get("sensor.garage_utilisation_a").state) == 100
    assert float(hass.states.get("sensor.garage_headroom_b").state) == 0


async def test_the_circuits_meter_counts_what_others_draw_there(hass, house, charging):
    for phase, current in (("a", "14"), ("b", "10"), ("c", "10")):
        hass.states.async_set(f"sensor.garage_{phase}", current, {"unit_of_measurement": "A"})
    meters = {f"meter_{phase}": f"sensor.garage_{phase}" for phase in "abc"}
    circuit = await add_circuit(hass, charging, GARAGE | {"meter": meters | {"reserve": 0}})
    await put_behind(hass, charging, circuit)
    for _ in range(10):
        for phase, extra in (("a", 3.0), ("b", 0.0), ("c", 0.0)):
            total = str(house.car_current + extra)
            hass.states.async_set(f"sensor.garage_{phase}", total, {"unit_of_measurement": "A"})
        await house.pass_time(1)
    assert house.car_current == 7


async def test_a_removed_circuit_leaves_its_charger_behind_the_main_fuse(hass, house, charging):
    circuit = await add_circuit(hass, charging)
    await put_behind(hass, charging, circuit)
    await house.pass_time(5)
    hass.config_entries.async_remove_subentry(charging, circuit.subentry_id)
    await house.pass_time(60)
    assert house.car_current == 16
    assert hass.states.get("sensor.garage_utilisation_a") is None


async def test_a_circuit_is_changed_while_the_car_charges(hass, house, charging):
    circuit = await add_circuit(hass, charging)
    await put_behind(hass, charging, circuit)
    flow = await open_again(hass, charging, circuit)
    result = await configure(hass, flow, GARAGE | {"fuse_current": 8})
    assert result["reason"] == "reconfigure_successful", result
    await house.pass_time(5)
    assert house.car_current == 8
    assert house.enabled


async def test_circuits_stand_behind_circuits_but_not_in_a_circle(hass, house, charging):
    garage = await add_circuit(hass, charging)
    row = await add_circuit(hass, charging, GARAGE | {"name": "Row", "circuit": garage.subentry_id})
    site = charging.runtime_data.wiring.site
    assert [circuit.parent for circuit in site.circuits] == ["main", garage.subentry_id]
    flow = await open_again(hass, charging, garage)
    result = await configure(hass, flow, GARAGE | {"circuit": row.subentry_id})
    assert result["errors"] == {"base": "invalid_site"}
    assert "Garage" not in str(charging.runtime_data.wiring.site.circuits[1].parent)


@pytest.mark.parametrize(
    ("meter", "errors"),
    [
        pytest.param(
            {"meter_a": "sensor.grid_a"}, {"base": "circuit_meter_incomplete"}, id="incomplete"
        ),
        pytest.param({"meter_a": "sensor.nowhere"}, {"base": "not_found"}, id="not found"),
    ],
)
async def test_a_meter_that_cannot_serve_is_refused(hass, house, charging, meter, errors):
    flow = await begin(hass, charging, "circuit")
    result = await configure(hass, flow, GARAGE | {"meter": meter | {"reserve": 0}})
    assert result["errors"] == errors


async def test_without_circuits_nobody_is_asked_for_one(hass, house, charging):
    flow = await begin(hass, charging, "load")
    assert "circuit" not in [str(key) for key in flow["data_schema"].schema]
    await add_circuit(hass, charging)
    flow = await begin(hass, charging, "load")
    assert "circuit" in [str(key) for key in flow["data_schema"].schema]


async def test_plugs_keep_what_they_had_when_their_charger_moves(hass, house, charging):
    await put_behind(hass, charging, await add_circuit(hass, charging))
    charger = next(s for s in charging.subentries.values() if s.subentry_type == "charger")
    assert charger.data["plugs"] == [PLUG]
    assert charger.data["charger_max_current"] == CHARGER["charger_max_current"]
