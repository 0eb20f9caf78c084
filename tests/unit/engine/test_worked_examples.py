"""The examples that the documentation shows come out as shown."""

import json
import re
from pathlib import Path

import pytest

from evenload.engine import allocate
from evenload.model.allocation import Allocations
from evenload.model.document import read_document
from evenload.units import reported

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "engine.md"

EVERYTHING = """
site:
  voltage: 230
  phases: [A, B, C]
  fuse: 25
  margin: 0
  cloud_headroom: 25
  import_limit: 11000
  unbalance_limit: 20
  dimming: {limit: 5500, loads: [left, right]}
  phase_netting: true
  grid_import_allowed: true
  distribution: priority
  excess_threshold: 3000
  off_grid: false
  inverter: {max_power: 10000, max_power_per_phase: 4000, balances_phases: false}
  battery: {soc_min: 20, soc_target: 80, soc_full: 97, max_charge: 5000, max_discharge: 5000,
            priority: 0, helps: minimum}
circuits:
  - {id: garage, parent: main, fuse: 20, reserve: 0}
chargers:
  - id: wallbox
    circuit: garage
    max_current: 32
    max_active: 2
    policy: concurrent
    phases: {L1: A, L2: B, L3: C}
    plugs:
      - {id: left,  min: 6, max: 16, step: 1, mode: eco,      priority: 1}
      - {id: right, min: 6, max: 16, step: 1, mode: standard, priority: 2, legs: [L1]}
loads:
  - {id: boiler, kind: switch, power: 2000, phases: {L1: B}, mode: solar, priority: 1, solar_share: 1}
  - {id: rod, kind: power, min: 500, max: 3000, step: 100, phases: {L1: C}, mode: excess}
  - {id: heater, kind: stepped, levels: [1000, 2000, 3000], phases: {L1: A}, mode: solar}
readings:
  grid: {A: -3.2, B: 1.0, C: 0.4}
  battery: {soc: 63, power: -1200}
  inverter: {A: 6.0, B: 6.1, C: 6.0}
  circuits: {garage: {A: 12.1, B: 6.2, C: 6.0}}
  loads:
    left:   {state: charging, current: {L1: 6.1, L2: 6.1, L3: 6.0}, ceiling: 13}
    right:  {state: connected}
    boiler: {state: "off"}
"""


def shown(answer: Allocations) -> dict[str, object]:
    """Return an answer as the documentation writes it."""
    return {
        "loads": {
            identifier: {
                "current": reported(load.current),
                "power": reported(load.power),
                "reason": load.reason.value,
                "by": load.by,
            }
            for identifier, load in answer.loads.items()
        },
        "limits": {
            name: {
                "base": reported(use.base),
                "allocated": reported(use.allocated),
                "limit": reported(use.limit),
            }
            for name, use in answer.limits.items()
        },
        "pools": {
            "surplus": reported(answer.pools.surplus),
            "excess": reported(answer.pools.excess),
        },
    }


def answer_to(text: str) -> dict[str, object]:
    document = read_document(text, source="example")
    assert document.readings is not None
    return shown(allocate(document.site, document.readings))


def block(language: str) -> str:
    found = re.findall(
        rf"^```{language}\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert len(found) == 1, f"the page should show one block of {language}"
    return found[0]


def test_the_worked_example_of_the_page_comes_out_as_the_page_says() -> None:
    assert answer_to(block("yaml")) == json.loads(block("json"))


def test_a_site_with_every_kind_of_limit() -> None:
    answer = answer_to(EVERYTHING)
    assert answer["pools"] == {"surplus": 800.0, "excess": -2200.0}
    nothing = {"current": 0.0, "power": 0.0, "by": None}
    assert answer["loads"] == {
        "left": {"current": 6.0, "power": 4140.0, "reason": "minimum", "by": None},
        "right": {"current": 8.0, "power": 1840.0, "reason": "limited", "by": "garage/A"},
        "boiler": nothing | {"reason": "waiting_for_surplus"},
        "rod": nothing | {"reason": "not_connected"},
        "heater": nothing | {"reason": "not_connected"},
    }


@pytest.mark.parametrize(
    ("name", "base", "allocated", "limit"),
    [
        ("main/A", -9.3, 14.0, 25.0),
        ("garage/B", 0.1, 6.0, 20.0),
        ("wallbox/C", 0.0, 6.0, 32.0),
        ("wallbox/active", 0.0, 2.0, 2.0),
        ("import", -4600.0, 5980.0, 11000.0),
        ("dimming", 0.0, 5980.0, 6300.0),
        ("unbalance/AB", 4.2, -0.4, 20.0),
    ],
)
def test_every_limit_of_that_site_tells_how_full_it_is(
    name: str, base: float, allocated: float, limit: float
) -> None:
    limits = answer_to(EVERYTHING)["limits"]
    assert isinstance(limits, dict)
    assert limits[name] == {"base": base, "allocated": allocated, "limit": limit}
