"""A sound document that uses every part of the schema, and ways to change one place of it."""

import copy
import re

MISSING = object()

EXAMPLE = {
    "site": {
        "voltage": 230,
        "phases": ["A", "B", "C"],
        "fuse": 25,
        "margin": 0,
        "cloud_headroom": 25,
        "import_limit": 11000,
        "unbalance_limit": 20,
        "dimming": {"limit": 5500, "loads": ["left", "right"]},
        "phase_netting": True,
        "grid_import_allowed": True,
        "distribution": "priority",
        "excess_threshold": 3000,
        "off_grid": False,
        "inverter": {"max_power": 10000, "max_power_per_phase": 4000, "balances_phases": False},
        "battery": {
            "soc_min": 20,
            "soc_target": 80,
            "soc_full": 97,
            "max_charge": 5000,
            "max_discharge": 5000,
            "priority": 0,
            "helps": "minimum",
        },
    },
    "circuits": [
        {"id": "garage", "parent": "main", "fuse": 20, "reserve": 0},
        {"id": "shed", "name": "Garden shed", "parent": "garage", "fuse": {"A": 16}},
    ],
    "chargers": [
        {
            "id": "wallbox",
            "circuit": "garage",
            "max_current": 32,
            "max_active": 2,
            "policy": "concurrent",
            "phases": {"L1": "A", "L2": "B", "L3": "C"},
            "plugs": [
                {"id": "left", "min": 6, "max": 16, "step": 1, "mode": "eco", "priority": 1},
                {"id": "right", "min": 6, "max": 16, "priority": 2, "legs": ["L1"]},
            ],
        }
    ],
    "loads": [
        {"id": "boiler", "kind": "switch", "power": 2000, "phases": {"L1": "B"}, "mode": "solar"},
        {"id": "rod", "kind": "power", "min": 500, "max": 3000, "step": 100, "phases": {"L1": "C"}},
        {"id": "heater", "kind": "stepped", "levels": [1000, 2000], "phases": {"L1": "A"}},
        {"id": "van", "kind": "ev", "min": 6, "max": 10, "phases": {"L1": "A"}, "circuit": "shed"},
    ],
    "readings": {
        "grid": {"A": -3.2, "B": 1.0, "C": 0.4},
        "voltage": {"A": 231.2, "B": 229.8, "C": 230.4},
        "battery": {"soc": 63, "power": -1200},
        "inverter": {"A": 6.0, "B": 6.1, "C": 6.0},
        "circuits": {"garage": {"A": 12.1, "B": 6.2, "C": 6.0}},
        "loads": {
            "left": {
                "state": "charging",
                "current": {"L1": 6.1, "L2": 6.1, "L3": 6},
                "ceiling": 13,
            },
            "right": {"state": "connected"},
            "boiler": {"state": "off"},
            "rod": {"state": "on", "power": 500},
        },
    },
    "control": {"preset": "balanced", "loads": {"left": {"start_delay": 30}}},
}


def steps_of(path: str) -> list[str | int]:
    """Return the keys and indices of a path as findings write it."""
    return [int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]]+", path)]


def changed(*changes: tuple[str, object], document: object = EXAMPLE) -> dict:
    """Return a copy of a document with other values at some paths; `MISSING` takes a key away."""
    copied = copy.deepcopy(document)
    for path, value in changes:
        *way, last = steps_of(path)
        holder = copied
        for step in way:
            holder = holder[step]
        if value is MISSING:
            del holder[last]
        else:
            holder[last] = value
    return copied
