"""What planners are told."""

from dataclasses import replace

import pytest

from evenload.thermal import Outlook, linearise, predict
from evenload.thermal.stratified import Layers, layered
from evenload.thermal.tank import first_tank
from tests.unit.thermal.houses import ROOM, TANK

DAY = Outlook(power=(0.0,) * 96, outdoor=(5.0,) * 96)


def test_heating_warms_by_what_the_room_holds(room):
    cold = predict(room, DAY, now=room.measured_at)
    warm = predict(room, replace(DAY, power=(8000.0,) * 96), now=room.measured_at)
    gained = warm.temperature[-1] - cold.temperature[-1]
    assert 0.8 < gained / (24 * 8000 / 13_500) < 1.25, "air leads, walls lag, some is lost"
    assert list(cold.temperature) == sorted(cold.temperature, reverse=True)


def test_a_linear_program_sees_the_same(room):
    powers = tuple(500.0 * (slot % 5) for slot in range(96))
    outlook = replace(DAY, power=powers)
    trajectory = predict(room, outlook, now=room.measured_at)
    model = linearise(room, DAY, now=room.measured_at)
    nodes = list(model.initial)
    for power, offset, told in zip(powers, model.offsets, trajectory.temperature, strict=True):
        nodes = [
            sum(a * x for a, x in zip(row, nodes, strict=True)) + per * power + own
            for row, per, own in zip(model.transition, model.per_watt, offset, strict=True)
        ]
        assert nodes[0] == pytest.approx(told)


def test_the_further_ahead_the_less_certain(tank):
    deviations = predict(tank, DAY, now=tank.measured_at).deviation
    assert list(deviations) == sorted(deviations)
    assert deviations[-1] > 2 * deviations[0] > 0.0


def test_a_tank_cools_by_what_people_draw(tank):
    night = predict(tank, DAY, now=tank.measured_at)
    fall = night.temperature[0] - night.temperature[-1]
    assert 12 < fall < 30, "3.8 kWh drawn and 1.6 lost from 233 Wh/K"


def test_an_old_temperature_begins_no_forecast(room):
    assert predict(room, DAY, now=room.measured_at + 7200.0) is None


def test_without_an_outdoor_forecast_there_is_none_for_a_room(room):
    assert predict(room, Outlook(power=(0.0,)), now=room.measured_at) is None
    mild = replace(room, settings=replace(ROOM, ambient=12.0))
    assert predict(mild, Outlook(power=(0.0,)), now=room.measured_at) is not None


def test_other_slots_come_to_the_same(room):
    hours = Outlook(power=(1000.0,) * 24, outdoor=(5.0,) * 24, step=3600.0)
    quarters = replace(DAY, power=(1000.0,) * 96)
    assert predict(room, hours, now=room.measured_at).temperature[-1] == pytest.approx(
        predict(room, quarters, now=room.measured_at).temperature[-1]
    )


def test_in_a_tank_heat_rises_and_cold_water_stays_below():
    tank = first_tank(replace(TANK, sensors=2))
    begun = Layers(upper=55.0, lower=30.0)
    heated = layered(begun, tank, power=2000.0, drawn=0.0, ambient=19.0, hours=1.0)
    assert heated.lower > 45.0
    assert heated.upper == pytest.approx(55.0, abs=0.5)
    through = layered(begun, tank, power=4000.0, drawn=0.0, ambient=19.0, hours=1.0)
    assert through.upper == through.lower > 55.0
    drawn = layered(begun, tank, power=0.0, drawn=2000.0, ambient=19.0, hours=0.25)
    lost = sum(tank.unknowns[:2]) / 2 * (85.0 - drawn.upper - drawn.lower)
    assert lost == pytest.approx(500.0, rel=0.05)
