"""Each kind of load in Home Assistant: added by its dialogue, seen to follow the sun, and stopped."""

import pytest
from homeassistant.data_entry_flow import FlowResultType

from custom_components.evenload.kind_stepped import levels_in
from tests.homeassistant.house import VOLTAGE, site_entry
from tests.homeassistant.test_setup import set_up
from tests.homeassistant.test_subentry_flow import configure

COMMON = {
    "name": "Heater",
    "phase_map": "A",
    "behaviour": {"min_on": 0, "min_off": 0},
    "mode": "solar",
    "priority": 1,
}
RODS = ("switch.rod_1", "switch.rod_2", "switch.rod_3")
STEPPED = COMMON | {"levels": "1000, 2000, 3000", "step_switches": list(RODS)}
STAGES = ["Off", "Low", "Middle", "High"]
SELECTED = COMMON | {"levels": "1000 2000 3000", "select_entity": "input_select.stage"}
POWER = COMMON | {
    "number_entity": "number.rod_power",
    "enable_entity": "switch.rod",
    "min_power": 500,
    "max_power": 3000,
    "power_step": 100,
}


def rods_on(house) -> int:
    return sum(house.extra[rod][0] == "on" for rod in RODS)


def power_set(house) -> float:
    """What the heater draws whose number is in the unit that its attributes say [W]."""
    value, attributes = house.extra["number.rod_power"]
    unit = {"W": 1.0, "kW": 1000.0, "%": 30.0, "A": VOLTAGE}[attributes["unit_of_measurement"]]
    return float(value) * unit if house.extra["switch.rod"][0] == "on" else 0.0


@pytest.fixture
async def entry(hass, house):
    house.base = [0.0, 0.0, 0.0]
    entry = await set_up(hass, site_entry(charger=None, load=None))
    house.extra = {
        **dict.fromkeys(RODS, ("off", {})),
        "input_select.stage": ("Off", {"options": STAGES}),
        "number.rod_power": ("0", {"min": 0, "max": 3000, "unit_of_measurement": "W"}),
        "switch.rod": ("off", {}),
    }
    house.report()
    return entry


async def begin(hass, entry, kind):
    manager = hass.config_entries.subentries
    flow = await manager.async_init((entry.entry_id, "load"), context={"source": "user"})
    assert flow["type"] is FlowResultType.MENU
    return await manager.async_configure(flow["flow_id"], {"next_step_id": kind})


async def add(hass, entry, kind, answers):
    result = await configure(hass, await begin(hass, entry, kind), answers)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    return list(entry.subentries.values())[-1]


async def follow_the_sun(house, surplus):
    """Let the sun give a surplus [W] over what the house draws, for long enough to be followed."""
    house.solar = surplus
    await house.pass_time(100)


async def test_steps_behind_switches_follow_the_sun_and_stop(hass, house, entry):
    house.extra_power = lambda house: 1000.0 * rods_on(house)
    await add(hass, entry, "stepped", STEPPED)
    await follow_the_sun(house, 2400)
    assert rods_on(house) == 2
    assert hass.states.get("sensor.heater_status").state == "surplus"
    assert float(hass.states.get("sensor.heater_allocation").state) == 2000
    assert "Heater" in hass.states.get("sensor.heater_status").attributes["explanation"]
    house.solar = 0
    await house.pass_time(260)
    assert rods_on(house) == 0
    assert hass.states.get("sensor.heater_status").state == "waiting_for_surplus"


async def test_steps_are_turned_off_from_the_last_and_before_others_are_turned_on(
    hass, house, entry
):
    house.extra_power = lambda house: 1000.0 * rods_on(house)
    await add(hass, entry, "stepped", STEPPED)
    await follow_the_sun(house, 3500)
    assert rods_on(house) == 3
    house.calls.clear()
    await follow_the_sun(house, 1400)
    offs = [entity for entity, service, _ in house.calls if service == "turn_off"]
    assert offs[:2] in (["switch.rod_3", "switch.rod_2"], ["switch.rod_3"] * 2, ["switch.rod_3"])
    assert house.extra["switch.rod_1"][0] == "on"
    assert rods_on(house) == 1


async def test_steps_of_a_selection_follow_the_sun(hass, house, entry):
    house.extra_power = lambda house: 1000.0 * STAGES.index(house.extra["input_select.stage"][0])
    await add(hass, entry, "stepped", SELECTED)
    await follow_the_sun(house, 3400)
    assert house.extra["input_select.stage"][0] == "High"
    house.solar = 0
    await house.pass_time(260)
    assert house.extra["input_select.stage"][0] == "Off"


@pytest.mark.parametrize(
    ("unit", "value"), [("W", 2300.0), ("kW", 2.3), ("%", 76.667), ("A", 10.0)]
)
async def test_a_power_is_set_in_the_unit_of_its_number(hass, house, entry, unit, value):
    house.extra["number.rod_power"] = ("0", {"min": 0, "unit_of_measurement": unit})
    house.extra_power = power_set
    house.report()
    await add(hass, entry, "power", POWER)
    await follow_the_sun(house, 2340)
    assert power_set(house) == pytest.approx(2300, abs=1)
    assert float(house.extra["number.rod_power"][0]) == pytest.approx(value)
    house.solar = 0
    await house.pass_time(260)
    assert house.extra["switch.rod"][0] == "off"


async def test_a_power_gives_way_to_the_oven(hass, house, entry):
    house.extra_power = power_set
    await add(hass, entry, "power", POWER | {"mode": "standard"})
    await house.pass_time(40)
    assert power_set(house) == 3000
    house.base = [10.0, 0.0, 0.0]
    await house.pass_time(5)
    assert house.grid[0] <= 20.0
    assert power_set(house) > 0


@pytest.mark.parametrize(
    ("kind", "answers", "errors"),
    [
        pytest.param(
            "stepped", {"levels": "3000, 2000, 1000"}, {"levels": "levels_unreadable"}, id="falling"
        ),
        pytest.param("stepped", {"levels": "a lot"}, {"levels": "levels_unreadable"}, id="words"),
        pytest.param(
            "stepped", {"levels": "1000, 2000"}, {"step_switches": "switches_count"}, id="count"
        ),
        pytest.param(
            "stepped",
            {"select_entity": "input_select.stage"},
            {"step_switches": "switches_or_selection"},
            id="both",
        ),
        pytest.param(
            "stepped",
            {"step_switches": ["switch.rod_1", "switch.rod_2", "switch.nowhere"]},
            {"step_switches": "not_found"},
            id="no such switch",
        ),
        pytest.param(
            "power",
            {"min_power": 4000},
            {"base": "invalid_site"},
            id="minimum above maximum",
        ),
        pytest.param(
            "power", {"number_entity": "number.nowhere"}, {"number_entity": "not_found"}, id="none"
        ),
    ],
)
async def test_answers_that_cannot_be_are_refused_where_they_are(
    hass, entry, kind, answers, errors
):
    given = {"stepped": STEPPED, "power": POWER}[kind] | answers
    result = await configure(hass, await begin(hass, entry, kind), given)
    assert result["errors"] == errors


async def test_a_selection_must_have_an_option_for_each_step(hass, house, entry):
    given = SELECTED | {"levels": "1000, 2000"}
    result = await configure(hass, await begin(hass, entry, "stepped"), given)
    assert result["errors"] == {"select_entity": "options_count"}
    assert result["description_placeholders"]["options_count"] == "Off, Low, Middle, High"


async def test_a_number_that_cannot_be_zero_needs_a_switch(hass, house, entry):
    house.extra["number.rod_power"] = ("500", {"min": 500, "unit_of_measurement": "W"})
    house.report()
    given = {key: value for key, value in POWER.items() if key != "enable_entity"}
    result = await configure(hass, await begin(hass, entry, "power"), given)
    assert result["errors"] == {"number_entity": "cannot_stop"}


@pytest.mark.parametrize(("kind", "answers"), [("stepped", STEPPED), ("power", POWER)])
async def test_a_load_is_changed_by_the_dialogue_of_its_kind(hass, house, entry, kind, answers):
    subentry = await add(hass, entry, kind, answers)
    flow = await entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    assert flow["step_id"] == f"change_{kind}"
    asked = {key: value for key, value in answers.items() if key not in ("mode", "priority")}
    result = await configure(hass, flow, asked | {"phase_map": "B"})
    assert result["reason"] == "reconfigure_successful"
    assert subentry.data["phase_map"] == "B"
    assert subentry.data["mode"] == "solar"


async def test_two_loads_cannot_be_driven_through_the_same_switch(hass, house, entry):
    await add(hass, entry, "stepped", STEPPED)
    answers = COMMON | {"switch_entity": RODS[1], "rated_power": 1000}
    result = await configure(hass, await begin(hass, entry, "switch"), answers)
    assert result["errors"] == {"switch_entity": "driven_already"}


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("2000", (2000.0,)),
        ("2000, 4000;6000", (2000.0, 4000.0, 6000.0)),
        ("", None),
        ("0, 100", None),
        ("100, 100", None),
        ("100, inf", None),
        ("100, nan", None),
        ("1e3 kW", None),
    ],
)
def test_powers_of_steps_rise(text, levels):
    assert levels_in(text) == levels
