"""Without the meter there is no answer: a guess could trip the fuse."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.engine import allocate
from tests.oracle.sites import Case, Wish, cases
from tests.property.answers import often

ON_GRID = Wish(off_grid=False, loads=(1, 2))


@often
@given(cases(ON_GRID), st.data())
def test_a_grid_phase_that_is_missing_is_refused_by_its_name(
    case: Case, data: st.DataObject
) -> None:
    gone = data.draw(st.sampled_from(case.site.phases))
    grid = {phase: current for phase, current in case.readings.grid.items() if phase != gone}
    with pytest.raises(ValueError, match=f"grid phase {gone} is missing"):
        allocate(case.site, replace(case.readings, grid=grid))


@often
@given(cases(ON_GRID), st.data(), st.sampled_from([math.nan, math.inf, -math.inf]))
def test_a_grid_phase_that_is_no_number_is_refused_by_its_name(
    case: Case, data: st.DataObject, value: float
) -> None:
    odd = data.draw(st.sampled_from(case.site.phases))
    grid = {**case.readings.grid, odd: value}
    with pytest.raises(ValueError, match=f"grid phase {odd} is .*not finite"):
        allocate(case.site, replace(case.readings, grid=grid))
