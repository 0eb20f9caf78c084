"""`--explain`: the chain that led to an allocation, and changes that do give more when they are made."""

import json

import pytest

from evenload.cli.explain import explain_load
from evenload.engine import allocate
from evenload.model.document import parse_document, read_document
from tests.unit.cli.runs import EXAMPLE, run

BOILER = {"id": "a", "kind": "switch", "power": 2000, "phases": {"L1": "A"}}
ONE_PHASE = {"phases": ["A"], "fuse": 25}


def ev(load: str, **keys: object) -> dict[str, object]:
    return {"id": load, "kind": "ev", "min": 6, "max": 16, "phases": {"L1": "A"}, **keys}


def house(grid: float, *loads: dict[str, object], site: object = None, **readings: object) -> dict:
    connected = {str(load["id"]): {"state": "connected"} for load in loads}
    return {
        "site": {**ONE_PHASE, **(site or {})},
        "loads": [*loads],
        "readings": {"grid": {"A": grid}, "loads": connected | readings},
    }


def gets_with(data: dict, load: str) -> dict[str, float]:
    """Return what each change gives the load [A]."""
    document = parse_document(data)
    explanation = explain_load(document.site, document.readings, load)
    return {each.change: round(each.allocation.current, 3) for each in explanation.remedies}


def test_the_chain_is_shown():
    result = run("allocate", "-", "--explain", "right", text=EXAMPLE)
    assert result.exit_code == 0
    for words in (
        "Right gets 8 A, and no more fits: garage, phase A.",
        "mode     standard: up to its maximum, from any source; priority 2",
        "need     wants: served by its mode",
        "levels   0, or 6 A to 16 A in steps of 1 A",
        "ceiling  none",
        "main fuse, phase A",
        "garage, phase A",
        "wallbox, phase A",
        "9 A  1 A more at garage, phase A",
    ):
        assert words in result.stdout
    assert "main fuse, phase B" not in result.stdout, "it has no leg there"


def test_every_change_gives_more_when_it_is_made():
    result = run("allocate", "-", "--explain", "right", "--json", text=EXAMPLE)
    explained = json.loads(result.stdout)
    assert explained["headroom"]["garage/A"] == 0.0
    assert explained["headroom"]["main/A"] == 20.3
    assert explained["more_with"][0] == {
        "change": "1 A more at garage, phase A", "current": 9.0, "power": 2070.0,
    }  # fmt: skip
    changed = read_document(EXAMPLE.replace("fuse: 20", "fuse: {A: 21, B: 20, C: 20}"))
    assert allocate(changed.site, changed.readings).loads["right"].current == 9.0
    less = read_document(EXAMPLE.replace("fuse: 20", "fuse: {A: 20.9, B: 20, C: 20}"))
    assert allocate(less.site, less.readings).loads["right"].current == 8.0


def test_waiting_for_the_sun():
    assert gets_with(house(-4, ev("a", mode="solar")), "a") == {
        "mode eco": 6.0,
        "mode standard": 16.0,
        "solar_share and eco_share 0": 6.0,
        "460 W more sun, or less used in the house": 6.0,
    }


def test_held_by_a_ceiling_and_by_need():
    held = house(0, ev("a"), a={"state": "connected", "ceiling": 4})
    assert gets_with(held, "a") == {"no ceiling": 16.0}
    satisfied = house(0, ev("a"), a={"state": "connected", "need": "satisfied"})
    assert gets_with(satisfied, "a") == {"need wants": 16.0}


@pytest.mark.parametrize(
    ("load", "words"),
    [
        (
            ev("a", mode="solar"),
            "surplus, 920 W in all; other loads get 0 W; what is left must cover 100% of its minimum, 6 A",
        ),
        (ev("a", mode="eco"), "surplus, 920 W in all; other loads get 0 W\n"),
        (ev("a"), "none, any source will do; other loads get 0 W"),
        ({**BOILER, "mode": "eco"}, "must cover 50% of its minimum, 2 kW"),
        ({**BOILER, "mode": "excess", "solar_share": 0.3}, "excess, 920 W in all"),
    ],
)
def test_the_pool_and_what_it_must_cover(load, words):
    shown = run("allocate", "-", "--explain", "a", text=json.dumps(house(-4, load)), width=200)
    assert words in "\n".join(line.rstrip() for line in shown.stdout.splitlines())


def test_outranked_by_another():
    both = house(14, ev("a"), ev("b", priority=2))
    assert gets_with(both, "b") == {
        "priority 0, first in its mode": 11.0,
        "1 A more at the main fuse": 6.0,
        "230 W more sun, or less used in the house": 6.0,
        "a off": 11.0,
    }


def test_two_things_that_hold_it_back_are_changed_together():
    away = house(1, ev("a", mode="solar"), a={"state": "disconnected"})
    found = gets_with(away, "a")
    assert found["state connected, and mode standard"] == 16.0
    assert found["state connected, and 1.61 kW more sun, or less used in the house"] == 6.0


def test_all_limits_at_once_where_one_does_not_do():
    nested = house(0, ev("a", circuit="box"))
    nested["circuits"] = [
        {"id": "garage", "fuse": 5},
        {"id": "box", "fuse": 5, "parent": "garage"},
    ]
    assert gets_with(nested, "a") == {"1 A more on every limit": 6.0}


def test_a_load_with_all_it_can_have_needs_nothing():
    result = run("allocate", "-", "--explain", "a", text=json.dumps(house(0, ev("a"))))
    assert "Nothing would give it more: it has its highest level." in result.stdout


@pytest.mark.parametrize(
    ("load", "levels"),
    [
        ({"kind": "switch", "power": 2000}, "0 or 2 kW"),
        ({"kind": "stepped", "levels": [500, 1500]}, "0, 500 W, 1.5 kW"),
        ({"kind": "power", "min": 500, "max": 3000}, "0, or 500 W to 3 kW in steps of 1 W"),
    ],
)
def test_levels_of_every_kind(load, levels):
    data = house(0, {"id": "a", "phases": {"L1": "A"}, **load})
    assert levels in run("allocate", "-", "--explain", "a", text=json.dumps(data)).stdout


def test_a_load_that_is_not_there_is_told():
    result = run("allocate", "-", "--explain", "boilr", text=EXAMPLE)
    assert result.exit_code == 2
    assert result.stderr == (
        "standard input: --explain: no load 'boilr'; "
        "expected left, right, boiler, rod or heater; did you mean boiler?\n"
    )


@pytest.mark.parametrize("load", ["left", "right", "boiler", "rod", "heater"])
@pytest.mark.parametrize("width", [30, 200])
def test_every_load_can_be_explained_on_every_terminal(load, width):
    assert run("allocate", "-", "--explain", load, text=EXAMPLE, width=width).exit_code == 0


def test_off_the_grid_the_sun_is_the_inverters_and_the_batterys():
    data = {
        "site": {
            **ONE_PHASE,
            "off_grid": True,
            "inverter": {"max_power": 9000, "max_power_per_phase": 9000},
            "battery": {"max_charge": 5000, "max_discharge": 5000},
        },
        "loads": [ev("a", mode="solar")],
        "readings": {
            "inverter": {"A": 5},
            "battery": {"soc": 80, "power": -1150},
            "loads": {"a": {"state": "connected"}},
        },
    }
    assert gets_with(data, "a")["230 W more sun, or less used in the house"] == 6.0
