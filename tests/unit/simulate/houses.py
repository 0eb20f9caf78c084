"""Houses for tests: as small as a test allows, and nothing random in them unless it is asked for."""

from copy import deepcopy

from evenload.simulate.plant import House
from evenload.simulate.scenario import parse_house

QUIET = {
    "site": {"phases": ["A"], "fuse": 25},
    "chargers": [
        {
            "id": "wallbox",
            "max_current": 16,
            "phases": {"L1": "A"},
            "plugs": [{"id": "car", "min": 6, "max": 16, "mode": "standard"}],
        }
    ],
    "loads": [{"id": "boiler", "kind": "switch", "power": 2000, "phases": {"L1": "A"}}],
    "plant": {
        "seed": 1,
        "meter": {"interval": 1, "lag": 0, "resolution": 0, "noise": 0},
        "devices": {"car": {"kind": "car"}, "boiler": {"kind": "tank"}},
    },
}
"""One phase, one car, one tank, a meter that is as good as can be."""


def quiet(**parts: object) -> House:
    """Return the quiet house with parts of its plant replaced; a mapping is merged into what is there."""
    data = deepcopy(QUIET)
    for key, value in parts.items():
        there = data["plant"].get(key)
        both = isinstance(there, dict) and isinstance(value, dict)
        data["plant"][key] = there | value if both else value
    return parse_house(data)


def three_phase(**parts: object) -> House:
    """Return the quiet house on three phases, the car on all of them."""
    data = deepcopy(QUIET)
    data["site"]["phases"] = ["A", "B", "C"]
    data["chargers"][0]["phases"] = {"L1": "A", "L2": "B", "L3": "C"}
    data["plant"] |= parts
    return parse_house(data)
