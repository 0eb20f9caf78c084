import pytest

from evenload.model.quantities import (
    current_in_amperes,
    is_power_unit,
    meter_current,
    power_in_watts,
)


@pytest.mark.parametrize(
    ("value", "unit", "current"),
    [(3.1, "A", 3.1), (3100, "mA", 3.1), (0.0031, "kA", 3.1), (-6, "A", -6)],
)
def test_a_current_is_converted_by_its_unit(value, unit, current):
    assert current_in_amperes(value, unit) == pytest.approx(current)
    assert meter_current(value, unit, voltage=230) == pytest.approx(current)


@pytest.mark.parametrize(("value", "unit", "power"), [(1.5, "kW", 1500), (7, "W", 7)])
def test_a_power_is_converted_by_its_unit(value, unit, power):
    assert power_in_watts(value, unit) == pytest.approx(power)
    assert is_power_unit(unit)


@pytest.mark.parametrize("unit", ["kWh", "V", "%", "", None])
def test_other_units_are_refused(unit):
    assert current_in_amperes(1, unit) is None
    assert power_in_watts(1, unit) is None
    assert meter_current(1, unit, voltage=230) is None
    assert not is_power_unit(unit)


@pytest.mark.parametrize("voltage", [218.5, 230, 241.5])
@pytest.mark.parametrize("current", [10, -10])
def test_a_meter_of_power_never_shows_less_current_than_flows(voltage, current):
    shown = meter_current(current * voltage, "W", voltage=230)
    assert shown is not None
    assert shown >= current - 1e-9
