"""Everything a site file can get wrong is said with its path, what was given and what is expected."""

import math

import pytest

from evenload.model.document import decode, parse_document, read_document
from evenload.model.finding import ConfigurationError
from tests.unit.model.example import EXAMPLE, MISSING, changed


def findings_of(data: object) -> dict[str, str]:
    """Return what is found wrong, by path."""
    with pytest.raises(ConfigurationError) as caught:
        parse_document(data)
    found: dict[str, str] = {}
    for each in caught.value.findings:
        said = f"{each.problem}; expected {each.allowed}"
        found[each.path] = f"{found[each.path]} | {said}" if each.path in found else said
    return found


PLUG = "chargers[0].plugs[1]"

ONE_THING_WRONG = [
    # path, value, parts of the finding, path of the finding where it is another
    ("site", MISSING, "missing; expected the grid connection"),
    ("site.fuse", MISSING, "missing; expected rating of the main fuse"),
    ("site.fuse", "25", "given '25'; expected a number, without quotes or unit; did you mean 25?"),
    ("site.fuse", True, "given True; expected a number"),
    ("site.fuse", [25], "given [25]; expected a number"),
    ("site.fuse", None, "nothing is given; expected a number"),
    ("site.fuse", 0, "given 0; expected above 0 and at most 10000 A"),
    ("site.fuse", -1, "given -1; expected above 0"),
    ("site.fuse", math.nan, "given nan; expected above 0"),
    ("site.fuse", math.inf, "given inf; expected above 0"),
    ("site.fuse", 25000, "given 25000; expected above 0 and at most 10000 A"),
    ("site.fuse", 10**400, "given a huge number; expected at most 1e+15"),
    ("loads[0].priority", -(10**400), "given a huge number"),
    ("loads[0].priority", 10**9, "given 1000000000; expected 0 to 1000000"),
    ("site.fuse", {"A": 25, "B": 25}, "missing; expected a value for each phase", "site.fuse.C"),
    ("site.fuse", {"A": 25, "B": 25, "C": "x"}, "given 'x'; expected a number", "site.fuse.C"),
    ("site.fuse", {"A": 1, "B": 1, "C": 1, "D": 1}, "given 'D'; expected A, B or C", "site.fuse.D"),
    ("site.voltage", 0.23, "given 0.23; expected 50 to 500 V"),
    ("site.phases", [], "given none; expected at least one"),
    ("site.phases", ["A", "B", "C", "A"], "A again; expected each phase once", "site.phases[3]"),
    ("site.phases", ["A", "N"], "given 'N'; expected A, B or C", "site.phases[1]"),
    ("site.phases", "ABC", "given 'ABC'; expected a list"),
    ("site.margin", -1, "given -1; expected 0 to 10000 A"),
    ("site.cloud_headroom", -1, "given -1; expected 0 to 10000 A"),
    ("site.import_limit", "5 kW", "did you mean 5000?"),
    ("site.import_limit", math.nan, "given nan; expected 0 to 10000000 W"),
    ("site.unbalance_limit", -0.1, "given -0.1"),
    ("site.dimming", {"loads": []}, "missing; expected what these loads", "site.dimming.limit"),
    ("site.dimming.limit", -5, "given -5; expected 0 to"),
    (
        "site.dimming.loads[1]",
        "rigth",
        "no load 'rigth'; expected left, right, boiler, rod, heater",
    ),
    ("site.dimming.loads[1]", "rigth", "did you mean right?"),
    (
        "site.dimming.loads[1]",
        "wallbox",
        "'wallbox' is a charger; expected its plugs: left or right",
    ),
    ("site.dimming.loads[1]", "left", "'left' again; expected each load once"),
    ("site.phase_netting", "true", "given 'true'; expected true or false"),
    ("site.phase_netting", 1, "given 1; expected true or false"),
    ("site.distribution", "fair", "given 'fair'; expected priority, shared, optimized or strict"),
    ("site.distribution", "sharde", "did you mean shared?"),
    ("site.excess_threshold", -1, "given -1"),
    ("site.inverter.max_power", 0, "given 0; expected above 0"),
    ("site.battery.max_charge", MISSING, "missing; expected highest charging power"),
    ("site.battery.soc_min", 101, "given 101; expected 0 to 100 %"),
    ("site.battery.soc_min", 85, "given 85, above soc_target; expected at most soc_target, 80 %"),
    ("site.battery.soc_target", 98, "given 98, above soc_full; expected at most soc_full, 97 %"),
    ("site.battery.priority", -1, "given -1; expected 0 to 1000000"),
    ("site.battery.priority", 1.5, "given 1.5; expected a whole number"),
    ("site.battery.helps", "some", "expected none, minimum or full"),
    ("site.battery", MISSING, "the site has no battery", "readings.battery"),
    ("site.fues", 25, "unknown key; expected battery, cloud_headroom"),
    ("site.inport_limit", 25, "did you mean import_limit?"),
    ("circuits", {}, "given {}; expected a list"),
    ("circuits[0]", 3, "given 3; expected keys with values"),
    ("circuits[0].fuse", -3, "given -3; expected above 0"),
    ("circuits[0].fuse", {}, "given none; expected a rating for each phase"),
    ("circuits[0].reserve", -3, "given -3; expected 0 to"),
    (
        "circuits[0].parent",
        "mian",
        "no circuit 'mian'; expected main, garage or shed; did you mean main",
    ),
    ("circuits[0].parent", "wallbox", "'wallbox' is a charger, it feeds its plugs alone"),
    ("circuits[0].parent", "garage", "'garage' hangs on itself (garage on garage)"),
    ("circuits[0].parent", "shed", "'garage' hangs on itself (garage on shed on garage)"),
    ("circuits[1].fuse", {"A": 9, "D": 1}, "given 'D'; expected A, B or C", "circuits[1].fuse.D"),
    ("circuits[0].id", "main", "'main' is reserved; expected an id other than main"),
    ("circuits[1].id", "garage", "'garage' is already the id at circuits[0].id"),
    ("circuits[1].id", "a/b", "given 'a/b'; expected 1 to 64 letters"),
    ("circuits[1].name", "a\nb", "expected 1 to 100 printable characters"),
    ("circuits[1].name", "\ud800", "expected Unicode text"),
    ("chargers[0].max_current", 0, "given 0; expected above 0"),
    ("chargers[0].max_active", 0, "given 0; expected 1 to 10000"),
    ("chargers[0].max_active", 1.0, "given 1.0; expected a whole number"),
    ("chargers[0].policy", "sequentail", "did you mean sequential?"),
    ("chargers[0].circuit", "garrage", "no circuit 'garrage'; expected main, garage or shed"),
    (
        "chargers[0].phases",
        {"L1": "A", "L2": "A", "L3": "B"},
        "A already has leg L1",
        "chargers[0].phases.L2",
    ),
    ("chargers[0].phases.L4", "A", "given 'L4'; expected L1, L2 or L3"),
    ("chargers[0].phases.L3", "D", "given 'D'; expected A, B or C"),
    ("chargers[0].phases", MISSING, "no leg is mapped; expected at least one, as {L1: A}"),
    (f"{PLUG}.min", 17, "given 17, above max; expected at most max, 16"),
    (f"{PLUG}.min", 0, "given 0; expected above 0"),
    (f"{PLUG}.min", MISSING, "missing; expected lowest level above 0, on each leg"),
    (f"{PLUG}.step", 0, "given 0; expected above 0"),
    (f"{PLUG}.kind", "switch", "given 'switch'; expected ev"),
    (
        f"{PLUG}.mode",
        "slar",
        "given 'slar'; expected off, standard, eco, solar or excess; did you mean solar?",
    ),
    (f"{PLUG}.mode", True, "given 'on'; expected off, standard"),
    (f"{PLUG}.prioritiy", 1, "unknown key; expected eco_share, id"),
    (f"{PLUG}.circuit", "main", "unknown key"),
    (f"{PLUG}.id", "left", "'left' is already the id at chargers[0].plugs[0].id"),
    (f"{PLUG}.legs", ["L1", "L1"], "L1 again; expected each leg once", f"{PLUG}.legs[1]"),
    (f"{PLUG}.legs", [], "given none; expected at least one mapped leg"),
    (f"{PLUG}.phases", {"L1": "C", "L3": "C"}, "C already has leg L1", f"{PLUG}.phases.L3"),
    ("loads[0].kind", MISSING, "missing; expected ev, switch, stepped or power"),
    (
        "loads[0].kind",
        "swich",
        "given 'swich'; expected ev, switch, stepped or power; did you mean switch?",
    ),
    ("loads[0].kind", ["switch"], "given ['switch']; expected ev"),
    ("loads[0].power", 0, "given 0; expected above 0"),
    ("loads[0].power", "2 kW", "did you mean 2000?"),
    ("loads[0].min", 5, "unknown key; expected circuit"),
    ("loads[0].switch", {"power": 1}, "unknown key; expected circuit"),
    ("site.fuse", {"A": 1, "B": 1, "C": 1, "map": 1}, "expected A, B or C", "site.fuse.map"),
    ("loads[0].phases.L2", "B", "B already has leg L1; expected one leg on a phase"),
    ("loads[0].phases", {}, "no leg is mapped"),
    ("loads[0].circuit", "wallbox", "'wallbox' is a charger, it feeds its plugs alone"),
    ("loads[0].circuit", "shed", "circuit shed has no phase B", "loads[0].phases.L1"),
    ("loads[0].solar_share", 1.1, "given 1.1; expected 0 to 1"),
    ("loads[0].eco_share", -0.1, "given -0.1; expected 0 to 1"),
    ("loads[0].priority", -1, "given -1; expected 0 to 1000000"),
    ("loads[0].legs", ["L3"], "L3 is not mapped to a phase; expected L1", "loads[0].legs[0]"),
    ("loads[0].id", 7, "given 7; expected text; put it in quotes"),
    ("loads[0].id", False, "put it in quotes, YAML reads off, no, on and yes as a truth value"),
    ("loads[1].min", 4000, "given 4000, above max; expected at most max, 3000"),
    ("loads[2].levels", [], "given none; expected at least one power"),
    ("loads[2].levels[1]", 1000, "given 1000 after 1000; expected rising levels"),
    ("loads[2].levels[0]", 0, "given 0; expected above 0"),
    ("loads[2].levels[1]", "x", "given 'x'; expected a number"),
    ("loads[3].phases.L1", "B", "circuit shed has no phase B; expected a phase of everything"),
    ("readings.grid.B", MISSING, "missing; expected a current on each phase [A]"),
    ("readings.grid.B", math.nan, "given nan; expected -10000 to 10000 A"),
    ("readings.grid.B", None, "nothing is given; expected a number"),
    ("readings.voltage.B", 0, "given 0; expected 50 to 500 V"),
    ("readings.battery.soc", 130, "given 130; expected 0 to 100 %"),
    ("readings.battery.zone", "over", "expected below, at or above"),
    ("readings.battery.accepts", -1, "given -1"),
    ("readings.circuits.garage.B", MISSING, "missing; expected a current on each phase"),
    ("readings.circuits.garage.B", math.inf, "given inf"),
    (
        "readings.circuits.grage",
        {"A": 1},
        "no circuit 'grage'; expected garage or shed; did you mean garage?",
    ),
    (
        "readings.circuits.shed",
        {"A": 1, "B": 2},
        "there is no phase B; expected A",
        "readings.circuits.shed.B",
    ),
    ("readings.loads.lef", {"state": "connected"}, "no load 'lef'; expected left, right"),
    ("readings.loads.left.state", "chargin", "did you mean charging?"),
    ("readings.loads.left.state", MISSING, "missing; expected what it is doing"),
    ("readings.loads.left.ceiling", -1, "given -1"),
    ("readings.loads.left.current.L1", math.nan, "given nan"),
    ("readings.loads.left.power", 100, "given beside current; expected either current or power"),
    ("readings.loads.left.legs", ["L1", "L4"], "given 'L4'", "readings.loads.left.legs[1]"),
    (
        "readings.loads.boiler.current",
        {"L2": 1},
        "L2 is not mapped to a phase",
        "readings.loads.boiler.current.L2",
    ),
    ("readings.loads.left.legs_certain", "no", "expected true or false"),
    ("control.preset", "balancd", "did you mean balanced?"),
    ("control.raise_rate", 0, "given 0; expected above 0"),
    ("control.loads.left.start_share", 2, "given 2; expected 0 to 1"),
    ("control.loads.lft", {}, "no load 'lft'; expected left"),
    ("plant", 3, "given 3; expected keys with values"),
    (
        "sites",
        {},
        "unknown key; expected chargers, circuits, control, loads, plant, readings, replay or site",
    ),
]


@pytest.mark.parametrize("case", ONE_THING_WRONG, ids=lambda case: f"{case[0]}={str(case[1])[:30]}")
def test_one_thing_wrong_is_one_finding_that_says_it(case):
    path, value, words, *elsewhere = case
    found = findings_of(changed((path, value)))
    place = elsewhere[0] if elsewhere else path
    assert place in found, found
    assert words in found[place]
    # Another id is missed by whatever refers to the one there was: that is no false finding.
    if not path.endswith(".id"):
        assert set(found) == {place}


def test_everything_wrong_is_said_at_once_whether_of_shape_or_meaning():
    found = findings_of(
        changed(
            ("site.fues", 25),
            ("site.margin", math.nan),
            ("site.dimming.loads", ["left", "rihgt"]),
            ("circuits[0].fuse", "20A"),
            ("circuits[1].parent", "shed"),
            ("chargers[0].max_current", MISSING),
            ("chargers[0].plugs[0].min", 20),
            ("chargers[0].plugs[1].max", "x"),
            ("loads[0].mode", "slar"),
            ("loads[1]", 3),
            ("loads[2].levels", [2, 1]),
            ("readings.grid.C", MISSING),
            ("readings.loads.left.curent", {}),
            ("control.preset", "lazy"),
        )
    )
    assert set(found) == {
        "site.fues",
        "site.margin",
        "circuits[0].fuse",
        "circuits[1].parent",
        "chargers[0].max_current",
        "chargers[0].plugs[0].min",
        "chargers[0].plugs[1].max",
        "loads[0].mode",
        "loads[1]",
        "loads[2].levels[1]",
        "readings.grid.C",
        "readings.loads.left.curent",
        "control.preset",
    }


def test_a_misspelt_required_key_is_one_finding_and_its_value_counts():
    found = findings_of(changed(("circuits[0].fuse", MISSING), ("circuits[0].fsue", -1)))
    assert "did you mean fuse?" in found["circuits[0].fsue"]
    assert found["circuits[0].fuse"] == "given -1; expected above 0 and at most 10000 A"
    assert len(found) == 2


def test_an_id_may_be_a_word_of_the_schema():
    named = changed(("circuits[1].id", "fuse"), ("loads[3].circuit", "fuse"))
    found = findings_of(
        {**named, "readings": {**named["readings"], "circuits": {"fuse": {"A": "x"}}}}
    )
    assert found == {"readings.circuits.fuse.A": "given 'x'; expected a number"}


def test_a_load_without_a_kind_is_still_checked():
    found = findings_of(changed(("loads[1].kind", "pwoer"), ("loads[1].phases.L1", "D")))
    assert set(found) == {"loads[1].kind", "loads[1].phases.L1"}


def test_off_the_grid_a_battery_and_the_inverter_are_required():
    off_grid = changed(("site.off_grid", True), ("readings.grid", MISSING))
    assert parse_document(off_grid).readings.grid == {}
    found = findings_of(
        changed(
            ("site.battery", MISSING),
            ("readings.battery", MISSING),
            ("readings.inverter.B", MISSING),
            document=off_grid,
        )
    )
    assert set(found) == {"site.battery", "readings.inverter.B"}


def test_what_a_broken_value_decides_is_not_held_against_the_rest():
    found = findings_of(changed(("site.off_grid", "yes"), ("readings.grid", MISSING)))
    assert set(found) == {"site.off_grid"}
    found = findings_of(changed(("circuits", "none")))
    assert set(found) == {"circuits"}


@pytest.mark.parametrize("data", [None, [], 3, "site", {}, {"loads": []}])
def test_what_is_no_site_file_is_refused(data):
    found = findings_of(data)
    assert len(found) == 1
    assert "site" in " ".join([*found, *found.values()])


def test_keys_must_be_text():
    found = findings_of({**EXAMPLE, 1: 2})
    assert found == {"": "key 1 is not text; expected text; put it in quotes"}


def test_odd_keys_are_quoted_in_paths():
    found = findings_of({**EXAMPLE, "": 1, "a b\n": 2})
    assert set(found) == {"['']", "['a b\\n']"}


def test_deep_and_circular_data_is_refused():
    deep: dict = {}
    deep["site"] = deep
    assert any("nested too deeply" in words for words in findings_of(deep).values())


def test_the_source_stands_before_every_finding():
    with pytest.raises(ConfigurationError) as caught:
        read_document("site: {fuse: x, margin: y}", source="house.yaml")
    assert str(caught.value).splitlines() == [
        "house.yaml: site.fuse: given 'x'; expected a number",
        "house.yaml: site.margin: given 'y'; expected a number",
    ]


BAD_TEXT = {
    "a: [": "line 1, column 5: while parsing a flow node",
    "site: 1\nsite: 2": "line 2, column 1: key 'site' again",
    "a: &x [*x]": "line 1, column 8: an alias (*)",
    "site: {}\n---\nsite: {}": "line 2, column 1: a second document",
    "[" * 3000: "line 1, column 33: nested too deeply",
    "- " * 3000: "line 1, column 65: nested too deeply",
    "a: b\0": "line 1, column 5: character U+0000",
    "a: !!python/name:os.system x": "line 1, column 4: a tag (!)",
    "when: 2024-13-45": "line 1, column 7: '2024-13-45' cannot be read",
    "x: " + "1" * 5000: "line 1, column 4: '111",
    "? [1]\n: 2": "line 1, column 3: a key that is no plain word",
    "\ta: 1": "line 1, column 1: while scanning for the next token",
    "%YAML 3.0\n--- a": "line 1, column 1: found incompatible YAML document",
}


@pytest.mark.parametrize("text", BAD_TEXT, ids=lambda text: repr(text[:20]))
def test_text_that_is_no_yaml_of_ours_is_one_finding_with_its_place(text):
    with pytest.raises(ConfigurationError) as caught:
        read_document(text)
    assert len(caught.value.findings) == 1
    assert str(caught.value).startswith(BAD_TEXT[text])


def test_bytes_that_are_not_utf_8_are_one_finding_with_its_place():
    with pytest.raises(ConfigurationError) as caught:
        decode("site:\n  name: Küche".encode("latin-1"))
    assert str(caught.value) == "line 2, column 10: byte 0xfc is not UTF-8; expected UTF-8 text"


def test_a_byte_order_mark_is_no_trouble():
    assert decode(b"\xef\xbb\xbfsite: {}") == "site: {}"


def test_numbers_too_long_to_print_are_refused_all_the_same():
    found = findings_of(changed(("loads[0].priority", 10**5000)))
    assert found == {"loads[0].priority": "given a huge number; expected at most 1e+15"}
    assert findings_of({**EXAMPLE, 10**5000: 1})[""].startswith("key a huge number is not text")
