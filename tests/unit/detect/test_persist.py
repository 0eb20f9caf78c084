"""Evidence survives a restart, and nothing that is no evidence does."""

import json

import pytest

from evenload.detect import DetectorState
from evenload.detect.persist import dump_state, load_state
from evenload.detect.verdict import judge
from tests.unit.detect.house import CAR, L1, PHASES, A, House


@pytest.fixture
def kept() -> tuple[House, dict[str, object]]:
    house = House({L1: A})
    house.run(30)
    house.up_and_down(3)
    return house, json.loads(json.dumps(dump_state(house.state, float(house.second))))


def test_a_verdict_stands_after_a_restart(kept: tuple[House, dict[str, object]]) -> None:
    house, data = kept
    again = load_state(data, 5.0)
    assert judge(again.evidence, PHASES).loads[CAR].phases == {L1: A}
    assert again.evidence[CAR].counts == house.state.evidence[CAR].counts
    assert again.evidence[CAR].witnessed[-1].at < 5.0


def test_a_restart_in_the_midst_goes_on_learning() -> None:
    house = House({L1: A}, interval=1)
    house.run(30)
    house.up_and_down(1, 4.0)
    assert house.found is None
    house.state = load_state(dump_state(house.state, float(house.second)), float(house.second))
    house.run(40)
    house.draw(4.0)
    assert house.found == {L1: A}


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.update(version=0),
        lambda data: data.update(lags=[1.0]),
        lambda data: data.update(loads=[]),
        lambda data: data["loads"][CAR].update(legs=["L9"]),
        lambda data: data["loads"][CAR].update(legs=[]),
        lambda data: data["loads"][CAR]["scores"].pop(),
        lambda data: data["loads"][CAR]["scores"].__setitem__(0, "x"),
        lambda data: data["loads"][CAR]["scores"].__setitem__(0, float("nan")),
        lambda data: data["loads"][CAR]["scores"].__setitem__(0, True),
        lambda data: data["loads"][CAR]["counts"].pop(),
        lambda data: data["loads"][CAR]["counts"].__setitem__(0, -1),
        lambda data: data["loads"][CAR].update(witnessed=[[1.0]]),
        lambda data: data["loads"][CAR].update(factor=None),
        lambda data: data["loads"][CAR].update(calibrations=1.5),
        lambda data: data.pop("loads"),
    ],
)
def test_damaged_data_means_learning_afresh(damage, kept) -> None:
    data = kept[1]
    damage(data)
    assert load_state(data, 0.0) == DetectorState()


@pytest.mark.parametrize("data", [None, [], "x", 3, {}, {"version": 1}])
def test_data_of_another_kind_mean_learning_afresh(data: object) -> None:
    assert load_state(data, 0.0) == DetectorState()
