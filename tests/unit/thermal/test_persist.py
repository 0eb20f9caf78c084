"""What was learnt survives a restart, and what is broken means learning afresh."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenload.thermal import assess, begin, dump_memory, load_memory, observe
from tests.unit.thermal.houses import ROOM, TANK, tank_days


@pytest.mark.parametrize("kind", ["room", "tank"])
def test_a_restart_changes_nothing_that_was_learnt(kind, request):
    memory = request.getfixturevalue(kind)
    kept = load_memory(json.loads(json.dumps(dump_memory(memory))), memory.settings)
    before, after = assess(memory), assess(kept)
    assert after.parameters == before.parameters
    assert after.errors == before.errors
    assert after.reason is before.reason
    assert dump_memory(kept)["history"] == dump_memory(memory)["history"]


def test_it_goes_on_learning(tank):
    kept = load_memory(dump_memory(tank), TANK)
    for sample in tank_days(1, seed=3):
        kept = observe(kept, replace(sample, at=sample.at + 7 * 86_400))
    assert kept.tank is not None
    assert kept.tank.rested > tank.tank.rested


@pytest.mark.parametrize("data", [None, 3, [], {}, {"version": 99}, "text"])
def test_what_is_no_memory_begins_anew(data):
    assert load_memory(data, ROOM) == begin(ROOM)


def test_another_kind_of_thing_begins_anew(tank):
    assert load_memory(dump_memory(tank), ROOM) == begin(ROOM)
    two = replace(TANK, sensors=2)
    assert load_memory(dump_memory(tank), two) == begin(two)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_corrupt_part_is_never_an_error(tank, data):
    kept = dump_memory(tank)
    kept["history"] = kept["history"][:2]
    junk = st.sampled_from([None, "x", -1, float("nan"), float("inf"), [], {}, True, [[]]])
    part = data.draw(st.sampled_from(sorted(set(kept) - {"version", "kind", "sensors"})))
    inside = kept[part]
    if isinstance(inside, dict) and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(inside)))
        kept[part] = {**inside, key: data.draw(junk)}
    else:
        kept[part] = data.draw(junk)
    loaded = load_memory(kept, TANK)
    assert not assess(loaded).is_usable or assess(loaded).parameters == assess(tank).parameters
