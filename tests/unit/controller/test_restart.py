"""A restart: what runs is adopted, what was learnt survives, what is corrupt is forgotten."""

import json
from dataclasses import replace

import pytest

from evenload.controller import ControllerState, dump_state, load_state, step
from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings
from evenload.model.decision import SiteStatus
from evenload.model.sentences import sentence, status_sentence
from evenload.model.site import Leg, Mode, Phase
from evenload.model.snapshot import Snapshot
from tests.unit.controller.rig import ALL_LEGS, VOLTAGE, Rig, boiler, car, site


def restarted(rig: Rig, state: ControllerState) -> None:
    rig.state = state
    rig.log.clear()


def test_a_restart_in_the_middle_of_charging_interrupts_nothing() -> None:
    rig = Rig(site(car(), boiler(mode=Mode.STANDARD, priority=2), fuse=32.0))
    rig.run(120)
    restarted(rig, ControllerState.initial(rig.now))
    rig.run(300)
    assert rig.commands("car") == rig.commands("boiler") == []
    assert (rig.setpoint("car"), rig.setpoint("boiler")) == (16.0, 2300.0)


def test_a_restart_in_the_middle_of_charging_is_told_in_words() -> None:
    rig = Rig(site(car(), car("idle", priority=2), fuse=20.0), interval=10.0)
    rig.run(120)
    restarted(rig, load_state(dump_state(rig.state, rig.now), rig.now))
    rig.run(4)
    assert rig.decision.status is SiteStatus.WAITING_FOR_METER
    assert status_sentence(rig.decision.status).startswith("Waiting for the grid meter")
    amount = rig.setpoint("car")
    assert amount == rig.devices["car"].told > 0.0
    assert sentence(rig.site, "car", rig.of("car")) == (
        f"Car ran when Evenload started and is left as it is, {amount:g} A,"
        " until the meter has reported twice."
    )
    rig.run(20)
    assert rig.reason("car") is not Reason.ADOPTED


def without_setpoint(snapshot: Snapshot) -> Snapshot:
    """Return what is seen of devices that do not say what they carry."""
    devices = {name: replace(device, setpoint=None) for name, device in snapshot.devices.items()}
    return replace(snapshot, devices=devices)


def test_a_charger_that_says_nothing_of_its_setpoint_is_told_once_what_it_may_draw() -> None:
    rig = Rig(site(car()))
    rig.alter = without_setpoint
    rig.devices["car"].told = 16.0
    rig.devices["car"].takes = 0.0
    rig.run(1)
    assert [setpoint for _, setpoint in rig.commands("car")] == [0.0]
    rig.run(4)
    assert len(rig.commands("car")) == 1


def test_a_charger_that_says_nothing_of_its_setpoint_goes_on_after_a_restart() -> None:
    rig = Rig(site(car()))
    rig.alter = without_setpoint
    rig.run(120)
    restarted(rig, ControllerState.initial(rig.now))
    rig.run(20)
    assert [setpoint for _, setpoint in rig.commands("car")] == [16.0]


def test_a_solar_car_goes_on_after_a_restart() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)))
    rig.solar = 2600.0
    rig.run(200)
    restarted(rig, load_state(json.loads(json.dumps(dump_state(rig.state, rig.now))), rig.now))
    rig.run(300)
    assert [setpoint for _, setpoint in rig.commands("car") if setpoint < 11.0] == []


def test_a_car_on_one_leg_goes_on_after_a_restart_where_the_other_phases_are_full() -> None:
    phases = (Phase.A, Phase.B, Phase.C)
    rig = Rig(site(car(phases=ALL_LEGS), fuse=16.0, phases=phases))
    rig.devices["car"].legs = (Leg.L1,)
    rig.devices["car"].report_interval = 10.0
    rig.run(400)
    rig.house[Phase.B] = 12.0
    rig.run(60)
    assert rig.setpoint("car") == 16.0
    restarted(rig, load_state(json.loads(json.dumps(dump_state(rig.state, rig.now))), rig.now))
    rig.run(60)
    assert rig.commands("car") == []
    assert rig.of("car").power == 16.0 * VOLTAGE


def test_an_adopted_load_above_a_limit_is_cut_at_once() -> None:
    rig = Rig(site(car()))
    rig.run(60)
    rig.house[Phase.A] = 14.0
    restarted(rig, ControllerState.initial(rig.now))
    rig.run(4)
    assert rig.setpoint("car") == 11.0


def test_the_clock_may_begin_anew() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)))
    rig.solar = 3000.0
    rig.run(500)
    rig.solar = 0.0
    rig.until(lambda: rig.setpoint("car") == 0.0, within=400)
    rig.run(10)
    saved = dump_state(rig.state, rig.now)
    state = load_state(saved, 5.0)
    assert -300.0 < state.loads["car"].stopped_at < 5.0
    assert dump_state(state, 5.0) == saved


def test_rest_survives_a_restart() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)))
    rig.solar = 3000.0
    rig.run(500)
    rig.solar = 0.0
    rig.until(lambda: rig.setpoint("car") == 0.0, within=400)
    rig.solar = 3000.0
    restarted(rig, load_state(dump_state(rig.state, rig.now), rig.now))
    rig.run(60)
    assert rig.reason("car") is Reason.RESTING


WHOLE: dict[str, object] = dump_state(ControllerState.initial(0.0), 0.0)


METER = {"interval": 5.0, "pauses": 0.1, "step": None, "stills": [0], "only_changes": False}


def test_what_is_whole_is_read() -> None:
    state = load_state(WHOLE | {"lags": [2.0], "meters": {"grid": METER}}, 7.0)
    assert state.lags == (2.0,)
    assert state.meters["grid"].interval == 5.0


@pytest.mark.parametrize(
    "data",
    [
        None, 1, "x", [], {}, {"version": 0}, {"version": 1}, {"version": 3}, {"version": None},
        WHOLE | {"version": 1}, WHOLE | {"version": 3}, WHOLE | {"loads": []},
        WHOLE | {"meters": {"grid": METER | {"interval": "5"}}},
        WHOLE | {"meters": {"grid": METER | {"interval": float("nan")}}},
        WHOLE | {"meters": {"grid": METER | {"interval": 10**400}}},
        WHOLE | {"meters": {"grid": METER | {"only_changes": 1}}},
        WHOLE | {"meters": {"grid": {"interval": 5.0}}}, WHOLE | {"meters": {"grid": 5.0}},
        WHOLE | {"zone": "sideways"}, WHOLE | {"signed": 1}, WHOLE | {"lags": [-1.0]},
        WHOLE | {"loads": {"car": {}}}, WHOLE | {"loads": {"car": None}},
    ],
)  # fmt: skip
def test_what_cannot_be_read_means_starting_afresh(data: object) -> None:
    assert load_state(data, 7.0) == ControllerState.initial(7.0)


@pytest.mark.parametrize(
    "key",
    [
        "setpoint",
        "mode",
        "started",
        "starts",
        "legs",
        "reactions",
        "cuts",
        "draw",
        "came_up",
    ],
)
@pytest.mark.parametrize("value", ["x", -1.0, float("inf"), {}, True, [["a"]], [[1.0]], [None]])
def test_any_broken_part_of_a_load_means_starting_afresh(key: str, value: object) -> None:
    rig = Rig(site(car()))
    rig.run(60)
    saved = json.loads(json.dumps(dump_state(rig.state, rig.now)))
    saved["loads"]["car"][key] = value
    state = load_state(saved, 7.0)
    assert state == ControllerState.initial(7.0)


def test_loads_that_went_away_and_came_anew_are_no_trouble() -> None:
    rig = Rig(site(car("old"), boiler()))
    rig.run(60)
    rig.site = site(car("new", phases=dict.fromkeys(car().phases, Phase.A)), boiler())
    rig.devices["new"] = rig.devices.pop("old")
    rig.run(60)
    assert set(rig.state.loads) == {"new", "boiler"}


def test_a_changed_phase_map_forgets_the_legs_that_are_no_more() -> None:
    phases = (Phase.A, Phase.B, Phase.C)
    rig = Rig(site(car(phases=ALL_LEGS), phases=phases))
    rig.run(60)
    for legs in ((Leg.L1,), (Leg.L2,), (Leg.L2, Leg.L3)):
        rig.site = site(car(phases={leg: ALL_LEGS[leg] for leg in legs}), phases=phases)
        rig.devices["car"].legs = legs
        restarted(rig, load_state(dump_state(rig.state, rig.now), rig.now))
        rig.run(60)
        assert rig.setpoint("car") == 16.0


def test_a_device_that_appears_late_is_adopted_when_it_does() -> None:
    rig = Rig(site(car()))
    rig.run(60)
    state = load_state(dump_state(rig.state, rig.now), rig.now)
    restarted(rig, state)
    rig.devices["car"].is_available = False
    rig.run(30)
    rig.devices["car"].is_available = True
    rig.run(60)
    assert rig.commands("car") == []
    assert rig.setpoint("car") == 16.0


def test_the_same_arguments_give_the_same_answer() -> None:
    rig = Rig(site(car(), boiler()), ControlSettings())
    rig.run(60)
    snapshot = rig.snapshot()
    assert step(rig.state, snapshot, rig.now) == step(rig.state, snapshot, rig.now)
