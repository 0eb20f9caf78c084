"""Chargers that the custom integration `ocpp` speaks with: its devices, its entities, its action.

A fake of it stands in Home Assistant's registries with that integration's own identifiers and unique
ids; its action limits the cars that the sensors report of.
"""

import pytest
from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from evenload.model.site import Leg
from tests.homeassistant.house import VOLTAGE, site_entry
from tests.homeassistant.test_setup import set_up


class OcppIntegration:
    """One charger with two connectors, a hungry car at each; its names are the integration's."""

    def __init__(self, hass, house, *, connectors=2, unit="A", phase_names=("L1", "L2", "L3")):
        self.hass, self.house = hass, house
        self.phase_names = phase_names
        self.unit = unit
        self.limits = dict.fromkeys(range(1, connectors + 1), 0.0)
        self.calls = []
        self.entry = MockConfigEntry(domain="ocpp", title="central")
        self.entry.add_to_hass(hass)
        charger = dr.async_get(hass).async_get_or_create(
            config_entry_id=self.entry.entry_id,
            identifiers={("ocpp", "CP_GARAGE"), ("ocpp", "garage")},
            name="Garage",
        )
        self.device = charger
        self.connector_device = charger
        self.entities = {}
        for connector in self.limits:
            part = f"conn{connector}." if connectors > 1 else ""
            if connectors > 1:
                self.connector_device = dr.async_get(hass).async_get_or_create(
                    config_entry_id=self.entry.entry_id,
                    identifiers={("ocpp", f"garage-conn{connector}")},
                    name=f"Garage Connector {connector}",
                    via_device_id=charger.id,
                )
            for what in ("Status.Connector", "Current.Import", "Power.Active.Import"):
                self.entities[connector, what] = self.register(f"{part}{what.lower()}", what)
        self.register("latency_ping", "Latency")
        hass.services.async_register("ocpp", "set_charge_rate", self.set_charge_rate)

    def register(self, unique, name):
        entry = er.async_get(self.hass).async_get_or_create(
            "sensor",
            "ocpp",
            f"ocpp.garage.{unique}.sensor",
            config_entry=self.entry,
            device_id=self.connector_device.id,
            suggested_object_id=f"garage_{unique}",
        )
        del name
        return entry.entity_id

    async def set_charge_rate(self, call):
        self.calls.append(call.data)
        profile = call.data["custom_profile"]
        schedule = profile["chargingSchedule"]
        schedule = schedule[0] if isinstance(schedule, list) else schedule
        (period,) = schedule["chargingSchedulePeriod"]
        assert schedule["chargingRateUnit"] == self.unit
        limit = period["limit"]
        if self.unit == "W":
            limit = limit / VOLTAGE / period["numberPhases"]
        self.limits[call.data["conn_id"]] = limit

    def report(self):
        """Report what each car draws, as the integration does."""
        for connector, limit in self.limits.items():
            draw = limit if limit >= 6 else 0.0
            self.hass.states.async_set(
                self.entities[connector, "Status.Connector"],
                "Charging" if draw else "SuspendedEVSE",
            )
            # The phases of the last value that was not 0 stay in the attributes.
            phases = dict.fromkeys(self.phase_names, draw or 9.9)
            self.hass.states.async_set(
                self.entities[connector, "Current.Import"],
                str(round(draw, 2)),
                {"unit_of_measurement": "A", "device_class": "current", **phases},
                force_update=True,
            )
            self.hass.states.async_set(
                self.entities[connector, "Power.Active.Import"],
                str(round(draw * 3 * VOLTAGE / 1000, 3)),
                {"unit_of_measurement": "kW", "device_class": "power"},
                force_update=True,
            )
        total = sum(limit for limit in self.limits.values() if limit >= 6)
        self.house.base = [1.0 + total] * 3


ANSWERS = {
    "name": "Garage",
    "mode": "standard",
    "priority": 1,
    "station": {
        "charger_max_current": 20,
        "policy": "concurrent",
        "ocpp_version": "ocpp1.6",
        "unit": "a",
    },
    "levels": {
        "phase_map": "ABC",
        "phase_map_2": "ABC",
        "min_current": 6,
        "max_current": 16,
        "step": 1,
        "safe_current": 6,
    },
}
ONE = ANSWERS | {
    "levels": {key: value for key, value in ANSWERS["levels"].items() if key != "phase_map_2"}
}


@pytest.fixture
async def site(hass, house):
    house.connected = False
    return await set_up(hass, site_entry(charger=None, load=None))


async def start(hass, site, **options):
    """Return the flow to add a charger, after its first step."""
    flow = await hass.config_entries.subentries.async_init(
        (site.entry_id, "charger"), context={"source": SOURCE_USER}
    )
    assert flow["menu_options"] == ["ocpp_charger", "device"]
    return flow


async def added(hass, site, answers):
    """Add the charger, and return its subentry."""
    configure = hass.config_entries.subentries.async_configure
    flow = await start(hass, site)
    flow = await configure(flow["flow_id"], {"next_step_id": "ocpp_charger"})
    flow = await configure(flow["flow_id"], {"ocpp_cpid": "garage"})
    result = await configure(flow["flow_id"], answers)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    return next(iter(site.subentries.values()))


async def pass_time(house, integration, seconds):
    for _ in range(seconds):
        integration.report()
        await house.pass_time(1)


async def test_both_connectors_charge_within_the_chargers_maximum(hass, house, site):
    integration = OcppIntegration(hass, house)
    integration.report()
    charger = await added(hass, site, ANSWERS)
    assert [plug["plug"] for plug in charger.data["plugs"]] == ["1", "2"]
    assert charger.data["plugs"][1]["current_l1"] == integration.entities[2, "Current.Import"]
    await pass_time(house, integration, 90)
    assert sum(integration.limits.values()) == pytest.approx(19.0, abs=1.0)
    assert min(integration.limits.values()) >= 6.0
    assert {call["devid"] for call in integration.calls} == {"garage"}
    profile = integration.calls[0]["custom_profile"]
    assert profile["chargingProfilePurpose"] == "TxDefaultProfile"
    ids = {
        call["conn_id"]: call["custom_profile"]["chargingProfileId"] for call in integration.calls
    }
    assert len(set(ids.values())) == 2, "each connector has a profile of its own"
    assert hass.states.get("sensor.garage_plug_2_status") is not None


async def test_an_overload_lowers_a_connector_through_the_action(hass, house, site):
    integration = OcppIntegration(hass, house, connectors=1)
    integration.report()
    await added(hass, site, ONE)
    await pass_time(house, integration, 60)
    assert integration.limits == {1: 16.0}
    integration.report()
    house.base = [25.0, 17.0, 17.0]
    await house.pass_time(2)
    assert integration.limits[1] <= 11.0


@pytest.mark.parametrize(("version", "unit"), [("ocpp2.0.1", "a"), ("ocpp1.6", "w")])
async def test_a_profile_is_written_as_the_charger_understands_it(hass, house, site, version, unit):
    integration = OcppIntegration(hass, house, connectors=1, unit=unit.upper())
    integration.report()
    station = ONE["station"] | {"ocpp_version": version, "unit": unit}
    await added(hass, site, ONE | {"station": station})
    await pass_time(house, integration, 60)
    assert integration.limits == {1: pytest.approx(16.0, abs=0.1)}
    written = {"ocpp1.6": "chargingProfileId", "ocpp2.0.1": "id"}
    assert written[version] in integration.calls[-1]["custom_profile"]


@pytest.mark.parametrize("names", [("L1", "L2", "L3"), ("L1-N", "L2-N", "L3-N"), ()])
async def test_the_phases_are_read_from_the_attributes_only_while_something_flows(
    hass, house, site, names
):
    integration = OcppIntegration(hass, house, connectors=1, phase_names=names)
    integration.report()
    charger = await added(hass, site, ONE)
    load = site.runtime_data.wiring.loads[f"{charger.subentry_id}_1"]
    device = load.device(site.runtime_data.reports, VOLTAGE)
    assert {leg: sample.value for leg, sample in device.current.items()} == dict.fromkeys(Leg, 0.0)
    integration.limits[1] = 10.0
    integration.report()
    await hass.async_block_till_done()
    device = load.device(site.runtime_data.reports, VOLTAGE)
    assert {leg: sample.value for leg, sample in device.current.items()} == dict.fromkeys(Leg, 10.0)
    assert device.power.value == pytest.approx(6900.0)
    assert device.state == "charging"


async def test_a_charger_is_found_by_the_device_of_one_of_its_connectors(hass, house, site):
    integration = OcppIntegration(hass, house)
    integration.report()
    configure = hass.config_entries.subentries.async_configure
    for device in (integration.device, integration.connector_device):
        flow = await start(hass, site)
        flow = await configure(flow["flow_id"], {"next_step_id": "device"})
        flow = await configure(flow["flow_id"], {"device": device.id})
        assert flow["step_id"] == "new_ocpp"
        assert (
            integration.entities[2, "Current.Import"]
            in flow["description_placeholders"]["entities"]
        )
        hass.config_entries.subentries.async_abort(flow["flow_id"])


async def test_a_charger_without_the_action_or_a_measurement_is_refused(hass, house, site):
    integration = OcppIntegration(hass, house, connectors=1)
    integration.report()
    configure = hass.config_entries.subentries.async_configure
    flow = await start(hass, site)
    flow = await configure(flow["flow_id"], {"next_step_id": "ocpp_charger"})
    flow = await configure(flow["flow_id"], {"ocpp_cpid": "garage"})
    hass.services.async_remove("ocpp", "set_charge_rate")
    refused = await configure(flow["flow_id"], ONE)
    assert refused["errors"] == {"base": "ocpp_not_loaded"}
    hass.services.async_register("ocpp", "set_charge_rate", integration.set_charge_rate)
    for what in ("Current.Import", "Power.Active.Import"):
        er.async_get(hass).async_remove(integration.entities[1, what])
    flow = await start(hass, site)
    flow = await configure(flow["flow_id"], {"next_step_id": "ocpp_charger"})
    flow = await configure(flow["flow_id"], {"ocpp_cpid": "garage"})
    refused = await configure(flow["flow_id"], ONE)
    assert refused["errors"] == {"base": "draw_not_measured"}


async def test_a_charger_is_changed_and_not_offered_twice(hass, house, site):
    integration = OcppIntegration(hass, house)
    integration.report()
    charger = await added(hass, site, ANSWERS)
    again = await hass.config_entries.subentries.async_init(
        (site.entry_id, "charger"), context={"source": SOURCE_USER}
    )
    assert again["type"] is FlowResultType.FORM, "only another integration's device is left"
    flow = await hass.config_entries.subentries.async_init(
        (site.entry_id, "charger"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": charger.subentry_id},
    )
    assert flow["step_id"] == "known_ocpp"
    answers = {key: value for key, value in ANSWERS.items() if key not in {"mode", "priority"}}
    answers |= {"station": ANSWERS["station"] | {"charger_max_current": 16}}
    done = await hass.config_entries.subentries.async_configure(flow["flow_id"], answers)
    assert done["reason"] == "reconfigure_successful"
    (charger,) = site.subentries.values()
    assert charger.data["charger_max_current"] == 16
    assert [plug["mode"] for plug in charger.data["plugs"]] == ["standard", "standard"]
    for entity in integration.entities.values():
        er.async_get(hass).async_remove(entity)
    gone = await hass.config_entries.subentries.async_init(
        (site.entry_id, "charger"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": charger.subentry_id},
    )
    assert gone["reason"] == "ocpp_charger_gone"


async def test_an_action_that_fails_is_told_and_nothing_else_suffers(hass, house, site, caplog):
    integration = OcppIntegration(hass, house, connectors=1)
    integration.report()
    await added(hass, site, ONE)

    async def fail(_):
        raise TimeoutError("no answer")

    hass.services.async_register("ocpp", "set_charge_rate", fail)
    await pass_time(house, integration, 30)
    assert "ocpp/garage/1: no answer" in str(
        hass.states.get("sensor.garage_status").attributes["problems"]
    )
    assert caplog.text.count("Cannot command Garage: no answer") == 1
