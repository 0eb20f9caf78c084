"""Meter values, as makers send them."""

import pytest

from evenload.model.site import Leg
from evenload.ocpp.measurements import Unphased, measured

L1, L2, L3 = Leg


def values(*samples: dict[str, object]) -> list[dict[str, object]]:
    return [{"timestamp": "2026-06-01T12:00:00Z", "sampledValue": list(samples)}]


def current(value: object, phase: str | None = None, **more: object) -> dict[str, object]:
    sample = {"value": value, "measurand": "Current.Import", "unit": "A"} | more
    return sample if phase is None else sample | {"phase": phase}


def power(value: object, unit: str = "W") -> dict[str, object]:
    return {"value": value, "measurand": "Power.Active.Import", "unit": unit}


@pytest.mark.parametrize(
    ("sample", "amperes"),
    [
        (current("9.7", "L1"), 9.7),
        (current(" 9.6", "L1"), 9.6),
        (current("9,6", "L1"), 9.6),
        (current(9.7, "L1-N"), 9.7),
        (current("9700", "L1", unit="mA"), 9.7),
        (
            {
                "value": 97,
                "measurand": "Current.Import",
                "phase": "L1",
                "unitOfMeasure": {"unit": "A", "multiplier": -1},
            },
            9.7,
        ),
        ({"value": "9.7", "measurand": "Current.Import.L1"}, 9.7),
    ],
)
def test_a_leg_in_every_way_it_is_written(sample, amperes):
    assert measured(values(sample), legs=3).current == {L1: pytest.approx(amperes)}


@pytest.mark.parametrize(
    "sample",
    [
        current("nine", "L1"),
        current("NaN", "L1"),
        current("1e999", "L1"),
        current(True, "L1"),
        current({}, "L1"),
        current("9.7", "L1", unit="Hz"),
        current("9.7", "L1-L2"),
        current("9.7", "L1", context="Transaction.Begin"),
    ],
)
def test_what_makes_no_sense_or_is_old_is_left_out(sample):
    assert measured(values(sample), legs=3).current == {}


def test_power_in_kilowatts_and_per_leg():
    legs = [power("1.1", "kW") | {"phase": leg.value} for leg in Leg]
    assert measured(values(*legs), legs=3).power == pytest.approx(3300.0)
    assert measured(values(power(3.3, "kW")), legs=3).power == pytest.approx(3300.0)


def test_a_value_without_a_measurand_is_the_register():
    assert measured(values({"value": "1234"}), legs=3).energy == 1234.0


def test_a_current_without_a_leg_that_is_the_sum_of_three():
    found = measured(values(current("31.5"), power(7245)), legs=3, setpoint=10.5)
    assert found.current == dict.fromkeys(Leg, 10.5)


def test_a_current_without_a_leg_that_is_that_of_each():
    found = measured(values(current("10.5"), power(7245)), legs=3)
    assert found.current == dict.fromkeys(Leg, 10.5)


def test_a_current_without_a_leg_that_may_be_either_protects_the_fuse():
    found = measured(values(current("12"), power(2760)), legs=3, setpoint=16.0)
    assert found.current == {L1: 12.0}, "one car leg at 12 A, not three at 4 A"


@pytest.mark.parametrize(("meaning", "each"), [(Unphased.SUM, 4.0), (Unphased.EACH, 12.0)])
def test_what_is_known_of_the_station_decides(meaning, each):
    found = measured(values(current("12")), legs=3, unphased=meaning)
    assert found.current == dict.fromkeys(Leg, each)


def test_one_reported_leg_of_three_is_completed_by_power():
    found = measured(values(current("10", "L1"), power(6900)), legs=3)
    assert found.current == dict.fromkeys(Leg, 10.0)
    alone = measured(values(current("10", "L1"), power(2300)), legs=3)
    assert alone.current == {L1: 10.0}


def test_a_current_on_the_neutral_is_one_without_a_leg():
    assert measured(values(current("10", "N")), legs=1).current == {L1: 10.0}


@pytest.mark.parametrize(
    "junk", [None, 3, "x", [], [[]], [{"sampledValue": 7}], {"sampledValue": []}]
)
def test_junk_measures_nothing(junk):
    found = measured(junk, legs=3)
    assert (found.current, found.power, found.energy) == ({}, None, None)
