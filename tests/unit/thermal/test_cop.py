"""Heat from electricity, where no meter says."""

import pytest

from evenload.thermal import carnot_cop, cop_while
from evenload.thermal.cop import LEAST, LIFT, MOST


@pytest.mark.parametrize(
    ("supply", "source", "cop"), [(35, 0, 3.52), (55, 0, 2.39), (35, 10, 4.93)]
)
def test_it_is_a_share_of_what_nature_allows(supply, source, cop):
    assert carnot_cop(supply, source) == pytest.approx(cop, abs=0.01)


def test_storing_more_costs_more_for_each_unit():
    cops = [cop_while(stored, 5.0, LIFT["tank"]) for stored in (40.0, 50.0, 60.0)]
    assert cops == sorted(cops, reverse=True)
    assert cops[0] > cops[-1] + 0.5


def test_it_stays_within_what_machines_do():
    assert carnot_cop(20.0, 25.0) == MOST
    assert carnot_cop(21.0, 20.0) == MOST
    assert carnot_cop(300.0, -100.0, 0.1) == LEAST
