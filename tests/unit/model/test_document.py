"""What a sound site file becomes."""

import json
import subprocess
import sys
from dataclasses import fields

import pytest

from evenload.model.control import (
    ControlSettings,
    FuseKind,
    ImportAverage,
    LoadControl,
    PhaseSwitching,
    Preset,
    Protection,
    Window,
)
from evenload.model.document import parse_document, read_document
from evenload.model.document.control_shapes import ControlShape, LoadControlShape
from evenload.model.finding import ConfigurationError
from evenload.model.readings import LoadState, Need
from evenload.model.site import (
    Battery,
    Charger,
    Circuit,
    Kind,
    Leg,
    Load,
    Mode,
    Phase,
    Site,
)
from tests.unit.model.example import EXAMPLE, changed

A, B, C = Phase
L1, L2, L3 = Leg


def test_what_is_left_out_has_the_defaults_of_the_nouns():
    document = parse_document(
        {
            "site": {"fuse": 25, "battery": {"max_charge": 1, "max_discharge": 2}},
            "circuits": [{"id": "garage", "fuse": 20}],
            "chargers": [
                {
                    "id": "wallbox",
                    "max_current": 32,
                    "phases": {"L1": "A"},
                    "plugs": [{"id": "left", "min": 6, "max": 16}],
                }
            ],
            "loads": [{"id": "boiler", "kind": "switch", "power": 2000, "phases": {"L1": "B"}}],
            "readings": None,
        }
    )

    plug = Load(id="left", kind=Kind.EV, phases={L1: A}, circuit="wallbox", minimum=6, maximum=16)
    assert document.site == Site(
        fuse={A: 25, B: 25, C: 25},
        battery=Battery(max_charge=1, max_discharge=2),
        circuits=(Circuit(id="garage", fuse={A: 20, B: 20, C: 20}),),
        chargers=(Charger(id="wallbox", plugs=(plug,), max_current=32),),
        loads=(Load(id="boiler", kind=Kind.SWITCH, phases={L1: B}, levels=(2000,)),),
    )
    assert document.settings == ControlSettings()
    assert document.readings is None
    assert document.plant is None


def test_every_key_reaches_its_noun():
    document = parse_document(changed(("site.fuse", {"A": 25, "B": 20, "C": 16})))
    site, readings = document.site, document.readings
    assert site.fuse == {A: 25, B: 20, C: 16}
    assert site.dimming.loads == ("left", "right")
    assert site.inverter.max_power_per_phase == 4000
    assert site.circuits[1].fuse == {A: 16}
    assert site.names == {"shed": "Garden shed"}
    assert site.chargers[0].plugs[1].legs == (L1,)
    assert site.chargers[0].plugs[0].phases == {L1: A, L2: B, L3: C}
    assert [load.levels for load in site.loads] == [(2000,), (), (1000, 2000), ()]
    assert readings.loads["left"].ceiling == 13
    assert readings.loads["rod"].power == 500
    assert readings.circuits == {"garage": {A: 12.1, B: 6.2, C: 6.0}}
    assert readings.battery.soc == 63


def test_yaml_and_data_say_the_same():
    assert read_document(json.dumps(EXAMPLE)) == parse_document(EXAMPLE)


@pytest.mark.parametrize("word", ["off", '"off"', "OFF", "no"])
def test_off_may_be_written_without_quotes(word):
    text = f"""
        site: {{fuse: 25, phases: [A]}}
        loads: [{{id: boiler, kind: switch, power: 2000, phases: {{L1: A}}, mode: {word}}}]
        readings: {{grid: {{A: 1}}, loads: {{boiler: {{state: {word}}}}}}}
    """
    document = read_document(text)
    assert document.site.loads[0].mode is Mode.OFF
    assert document.readings.loads["boiler"].state is LoadState.OFF


def test_on_may_be_written_without_quotes():
    document = read_document("""
        site: {fuse: 25, phases: [A]}
        loads: [{id: boiler, kind: switch, power: 2000, phases: {L1: A}}]
        readings: {grid: {A: 1}, loads: {boiler: {state: on}}}
    """)
    assert document.readings.loads["boiler"].state is LoadState.ON


def test_a_plug_may_have_a_phase_map_of_its_own():
    document = parse_document(changed(("chargers[0].plugs[1].phases", {"L1": "B", "L2": "C"})))
    left, right = document.site.chargers[0].plugs
    assert left.phases == {L1: A, L2: B, L3: C}
    assert right.phases == {L1: B, L2: C}


def test_settings_of_a_load_fill_up_from_its_kind_and_the_preset():
    settings = parse_document(
        changed(("control", {"preset": "strict", "loads": {"left": {"start_delay": 5}}}))
    ).settings
    assert settings.preset is Preset.STRICT
    assert settings.loads["left"].start_delay == 5
    assert settings.loads["left"].start_share == 1.0
    expected = LoadControl.of_kind(Kind.SWITCH)
    boiler = parse_document(changed(("control.loads", {"boiler": {}}))).settings.loads["boiler"]
    assert boiler == expected


def test_the_plant_is_handed_on_as_it_was_given():
    assert parse_document({**EXAMPLE, "plant": {"seed": 7}}).plant == {"seed": 7}


def test_the_mapping_for_a_replay_is_handed_on_as_it_was_given():
    assert parse_document({**EXAMPLE, "replay": {"gap": 7}}).replay == {"gap": 7}


def test_a_need_is_read():
    document = parse_document(changed(("readings.loads.right.need", "can_store")))
    assert document.readings.loads["right"].need is Need.CAN_STORE


def test_the_given_data_is_left_alone():
    data = changed(("site.fues", 20), ("site.fuse", "x"))
    before = json.dumps(data)
    with pytest.raises(Exception, match="unknown key"):
        parse_document(data)
    assert json.dumps(data) == before


def test_every_setting_of_the_controller_can_be_written():
    assert {*ControlShape.model_fields} == {field.name for field in fields(ControlSettings)}
    assert {*LoadControlShape.model_fields} == {field.name for field in fields(LoadControl)}
    assert parse_document({"site": {"fuse": 25}, "control": {}}).settings == ControlSettings()


def test_a_capacity_tariff_and_a_charger_that_switches_phases_are_read():
    settings = parse_document(
        changed(
            (
                "control",
                {
                    "protection": "thermal",
                    "fuse_kind": "gG",
                    "import_average": {"limit": 5000, "window": "rolling"},
                    "loads": {"left": {"lease": 120, "phase_switching": {"delay": 60}}},
                },
            )
        )
    ).settings
    assert (settings.protection, settings.fuse_kind) == (Protection.THERMAL, FuseKind.GG)
    assert settings.import_average == ImportAverage(limit=5000, window=Window.ROLLING_QUARTER)
    assert settings.loads["left"].phase_switching == PhaseSwitching(delay=60)
    assert settings.loads["left"].lease == 120


def test_thermal_protection_needs_a_fuse_whose_curve_is_known():
    with pytest.raises(ConfigurationError, match="thermal without a fuse"):
        parse_document(changed(("control", {"protection": "thermal", "fuse_kind": "other"})))


@pytest.mark.parametrize("module", ["evenload.model.check", "evenload.model.sentences"])
def test_checks_and_sentences_need_the_standard_library_alone(module):
    code = f"import sys, {module}; print(sorted({{'pydantic', 'yaml'}} & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
