"""Set the demo up as a person would: through the dialogues of both integrations.

What Evenload is told about the house - fuse, battery, charger, boiler - comes from the same scenario
file that the simulated house is built from; only the entities' names stand here. The charger dials in
over OCPP; what it has, it says itself.
"""

from typing import cast

from evenload.demo.client import Client, Json
from evenload.demo.configuration import LOOPBACK
from evenload.model.site import Charger, Load, Site

ENTRIES = "/api/config/config_entries/flow"
SUBENTRIES = "/api/config/config_entries/subentries/flow"

CHARGER = "Wallbox"
WATER = "Hot water"
"""What Evenload calls the charger and the boiler."""

LEASE = 180
"""After so long without Evenload its cars fall back to their safe current [s]."""


async def set_up_house(client: Client, url: str) -> None:
    """Add the simulated house at `url` to Home Assistant."""
    await client.walk(ENTRIES, "evenload_demo", {"user": {"url": url}})


async def set_up_evenload(client: Client, site: Site, ocpp_port: int) -> None:
    """Put Evenload on the house's entities, with its charger and boiler, and let it control them."""
    (charger,), (boiler,) = site.chargers, site.loads
    entry = await client.walk(ENTRIES, "evenload", _site_answers(site, ocpp_port))
    # Home Assistant goes on to the first charger by itself.
    _, opened = cast("tuple[str, str]", entry["next_flow"])
    await client.walk_on(SUBENTRIES, opened, _charger_answers(charger))
    handler = [cast("Json", entry["result"])["entry_id"], "load"]
    await client.walk(SUBENTRIES, handler, _boiler_answers(boiler))
    await client.call("switch", "turn_on", {"entity_id": "switch.demo_house_control"})


def _site_answers(site: Site, ocpp_port: int) -> dict[str, Json]:
    answers: dict[str, object] = {
        f"grid_{phase.lower()}": f"sensor.grid_meter_current_{phase.lower()}"
        for phase in site.phases
    }
    answers["solar_power"] = "sensor.solar_inverter_power"
    answers["battery"] = _battery_answers(site)
    return {
        "user": {"fuse_current": min(site.fuse.values()), "phases": str(len(site.phases))},
        "sources": answers
        | {
            "limits": {},
            "main_fuse": {},
            "tariff": {},
            "behaviour": {},
            "ocpp": {"ocpp_enabled": True, "ocpp_host": LOOPBACK, "ocpp_port": ocpp_port},
        },
        "confirm": {},
    }


def _battery_answers(site: Site) -> Json:
    if site.battery is None:
        return {}
    return {
        "battery_power": "sensor.battery_power",
        "battery_soc": "sensor.battery_state_of_charge",
        "battery_max_charge": site.battery.max_charge,
        "battery_max_discharge": site.battery.max_discharge,
        "battery_target": site.battery.soc_target,
    }


def _charger_answers(charger: Charger) -> dict[str, Json]:
    """Return what is said of the charger; a second plug is added when it tells of one."""
    plug = charger.plugs[0]
    station: dict[str, object] = {
        "name": CHARGER,
        "mode": str(plug.mode),
        "priority": plug.priority,
        "station": {
            "charger_max_current": charger.max_current,
            "policy": str(charger.policy),
            "lease": LEASE,
        },
        "levels": {
            "phase_map": "".join(plug.phases.values()),
            "min_current": plug.minimum,
            "max_current": plug.maximum,
            "step": plug.step,
            "safe_current": plug.minimum,
        },
        "manner": {},
    }
    return {
        "user": {"next_step_id": "station"},
        "station": {"ocpp_identity": charger.id},
        "new_station": station,
    }


def _boiler_answers(boiler: Load) -> dict[str, Json]:
    load: dict[str, object] = {
        "name": WATER,
        "switch_entity": "switch.boiler_heating",
        "rated_power": boiler.levels[-1],
        "power_sensor": "sensor.boiler_power",
        "phase_map": "".join(boiler.phases.values()),
        "behaviour": {},
        "mode": str(boiler.mode),
        "priority": boiler.priority,
    }
    return {"user": {"next_step_id": "switch"}, "switch": load}
