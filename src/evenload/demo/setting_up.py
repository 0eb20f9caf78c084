"""Set the demo up as a person would: through the dialogues of both integrations.

What Evenload is told about the house - fuse, battery, car, boiler - comes from the same scenario
file that the simulated house is built from; only the entities' names stand here.
"""

from typing import cast

from evenload.demo.client import Client, Json
from evenload.model.site import Load, Site

ENTRIES = "/api/config/config_entries/flow"
SUBENTRIES = "/api/config/config_entries/subentries/flow"

CAR = "Car"
WATER = "Hot water"
"""What Evenload calls the loads; their devices are called Car charger and Boiler."""


async def set_up_house(client: Client, url: str) -> None:
    """Add the simulated house at `url` to Home Assistant."""
    await client.walk(ENTRIES, "evenload_demo", {"user": {"url": url}})


async def set_up_evenload(client: Client, site: Site) -> None:
    """Put Evenload on the house's entities, with its two loads, and let it control them."""
    car, boiler = site.all_loads
    entry = await client.walk(ENTRIES, "evenload", _site_answers(site))
    # Home Assistant goes on to the first charger by itself.
    _, opened = cast("tuple[str, str]", entry["next_flow"])
    await client.walk_on(SUBENTRIES, opened, _charger_answers(car))
    handler = [cast("Json", entry["result"])["entry_id"], "load"]
    await client.walk(SUBENTRIES, handler, _boiler_answers(boiler))
    await client.call("switch", "turn_on", {"entity_id": "switch.demo_house_control"})


def _site_answers(site: Site) -> dict[str, Json]:
    answers: dict[str, object] = {
        f"grid_{phase.lower()}": f"sensor.grid_meter_current_{phase.lower()}"
        for phase in site.phases
    }
    answers["solar_power"] = "sensor.solar_inverter_power"
    answers["battery"] = _battery_answers(site)
    return {
        "user": {"fuse_current": min(site.fuse.values()), "phases": str(len(site.phases))},
        "sources": answers | {"limits": {}, "main_fuse": {}, "tariff": {}, "behaviour": {}, "ocpp": {}},
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


def _charger_answers(car: Load) -> dict[str, Json]:
    charger: dict[str, object] = {
        "name": CAR,
        "limit_entity": "number.car_charger_charging_current",
        "status_entity": "sensor.car_charger_status",
        "measurement": {
            "power_sensor": "sensor.car_charger_power",
            **{
                f"current_{leg.lower()}": f"sensor.car_charger_current_{leg.lower()}"
                for leg in car.phases
            },
        },
        "levels": {
            "phase_map": "".join(car.phases.values()),
            "min_current": car.minimum,
            "max_current": car.maximum,
            "step": car.step,
            "safe_current": car.minimum,
        },
        "mode": str(car.mode),
        "priority": car.priority,
    }
    return {"user": {}, "charger": charger}


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
    return {"user": load}
