"""All loads of a site at once, what a need makes of a mode, and what survives a restart."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.model.control import ControlSettings, LoadControl
from evenload.model.need import NeedReason, ReadyBy, Runtime, Temperatures, effective_mode
from evenload.model.readings import LoadState, Need
from evenload.model.site import Kind, Leg, Load, Mode, Phase, Site
from evenload.model.snapshot import DeviceSnapshot, Sample, Snapshot
from evenload.needs import NeedMemory, dump_needs, load_needs, step_needs
from evenload.needs.memory import Goal

NIGHT = dt.datetime(2026, 5, 4, 2, tzinfo=dt.UTC)


def switch(name):
    return Load(id=name, kind=Kind.SWITCH, phases={Leg.L1: Phase.A}, levels=(2000.0,))


SITE = Site(fuse=dict.fromkeys(Phase, 25.0), loads=(switch("tank"), switch("pump"), switch("lamp")))
SETTINGS = ControlSettings(
    loads={
        "tank": LoadControl(temperatures=Temperatures(floor=40.0, target=50.0)),
        "pump": LoadControl(
            runtime=Runtime(daily=3600.0, window_start=36000.0, window_end=50000.0)
        ),
    }
)


def snapshot(temperature=30.0, at=0.0, state=LoadState.OFF):
    tank = DeviceSnapshot(state=state, temperature=Sample(temperature, at))
    return Snapshot(
        site=SITE,
        settings=SETTINGS,
        clock=NIGHT,
        devices={"tank": tank, "pump": DeviceSnapshot(state=state)},
    )


def test_loads_without_a_need_are_left_to_their_modes():
    memories, needs = step_needs({}, snapshot(), 0.0)
    assert set(memories) == set(needs) == {"tank", "pump"}
    assert needs["tank"].why is NeedReason.BELOW_FLOOR
    assert needs["pump"].why is NeedReason.OUTSIDE_WINDOW


def test_an_old_temperature_says_nothing():
    _, needs = step_needs({}, snapshot(at=0.0), 7 * 3600.0)
    assert needs["tank"].need is Need.WANTS
    assert needs["tank"].why is None


def test_a_device_that_is_not_there_needs_nothing():
    bare = Snapshot(site=SITE, settings=SETTINGS, clock=NIGHT)
    _, needs = step_needs({}, bare, 0.0)
    assert {now.need for now in needs.values()} == {Need.WANTS}


@pytest.mark.parametrize(
    ("mode", "need", "served"),
    [
        (Mode.SOLAR, Need.MUST, Mode.STANDARD),
        (Mode.EXCESS, Need.MUST, Mode.STANDARD),
        (Mode.OFF, Need.MUST, Mode.OFF),
        (Mode.STANDARD, Need.CAN_STORE, Mode.SOLAR),
        (Mode.ECO, Need.CAN_STORE, Mode.SOLAR),
        (Mode.EXCESS, Need.CAN_STORE, Mode.EXCESS),
        (Mode.OFF, Need.CAN_STORE, Mode.OFF),
        (Mode.ECO, Need.WANTS, Mode.ECO),
        (Mode.STANDARD, Need.SATISFIED, Mode.STANDARD),
    ],
)
def test_need_and_mode_together_say_from_what_a_load_is_served(mode, need, served):
    assert effective_mode(mode, need) is served


MEMORIES = st.builds(
    NeedMemory,
    goal=st.none() | st.builds(Goal, why=st.sampled_from(NeedReason), amount=st.floats(0, 100)),
    is_warm=st.booleans(),
    is_hot=st.booleans(),
    hot_for=st.floats(0, 1e6),
    disinfected_at=st.none() | st.floats(0, 1e10),
    day=st.none() | st.integers(0, 10**6),
    ran=st.floats(0, 1e5),
    energy=st.floats(0, 1e5),
    most_power=st.floats(0, 1e5),
)


@given(st.dictionaries(st.text(max_size=8), MEMORIES, max_size=3))
def test_memories_survive_a_restart(memories):
    assert load_needs(json.loads(json.dumps(dump_needs(memories)))) == memories


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(JSON, JSON)
def test_what_cannot_be_read_is_forgotten(content, load):
    load_needs(content)
    saved = dump_needs({"tank": NeedMemory(ran=5.0)})
    saved["loads"]["pump"] = load
    assert load_needs(saved)["tank"] == NeedMemory(ran=5.0)


def test_a_car_behind_a_site_is_judged_by_its_draw():
    car = Load(id="car", kind=Kind.EV, phases={Leg.L1: Phase.A}, minimum=6, maximum=16)
    site = Site(fuse=dict.fromkeys(Phase, 25.0), loads=(car,))
    settings = ControlSettings(
        loads={"car": LoadControl(ready_by=ReadyBy(at=3 * 3600.0, energy=5000.0))}
    )
    device = DeviceSnapshot(state=LoadState.CHARGING, current={Leg.L1: Sample(10.0, 0.0)})
    moment = Snapshot(site=site, settings=settings, clock=NIGHT, devices={"car": device})
    memories, needs = step_needs({}, moment, 0.0)
    memories, needs = step_needs(memories, moment, 36.0)
    assert memories["car"].energy == pytest.approx(23.0)
    assert needs["car"].need is Need.MUST


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ran", float("nan")),
        ("ran", "5"),
        ("ran", -1.0),
        ("hot_for", float("inf")),
        ("is_warm", 1),
        ("day", 1.5),
        ("goal", ["below_floor"]),
        ("goal", ["hunger", 40.0]),
    ],
)
def test_a_number_that_is_none_forgets_that_load_alone(key, value):
    saved = dump_needs({"tank": NeedMemory(ran=5.0), "pump": NeedMemory(ran=6.0)})
    saved["loads"]["pump"][key] = value
    assert load_needs(saved) == {"tank": NeedMemory(ran=5.0)}
